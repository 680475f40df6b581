"""`python -m tests.bench [--quick] [--only NAME]`: measure, print, and write docs/benchmarks.md.

A measurement that ran at length replaces its own last one; the report shows for each when it was made.
"""

import tempfile
import time
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from pathlib import Path

import click
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from tests.bench import (
    ack,
    catalogue,
    drain,
    evaluation,
    fitting,
    idle,
    kill,
    members,
    menu,
    outbox,
    parse,
    phone,
    ranking,
    recommend,
    sender,
    sixty,
)
from tests.bench.keeping import Kept, keep, kept
from tests.bench.machine import facts, load_averages
from tests.bench.report import REPORT, measured, must, write_report
from tests.bench.results import Bench, Result
from tests.databases import Databases

MEASUREMENTS: Mapping[str, Callable[[Bench], Result]] = {
    "ack": ack.measure,
    "drain": drain.measure,
    "outbox": outbox.measure,
    "sender": sender.measure,
    "sixty": sixty.measure,
    "phone": phone.measure,
    "members": members.measure,
    "catalogue": catalogue.measure,
    "ranking": ranking.measure,
    "recommend": recommend.measure,
    "fitting": fitting.measure,
    "evaluation": evaluation.measure,
    "menu": menu.measure,
    "parse": parse.measure,
    "idle": idle.measure,
    "kill": kill.measure,
}


@click.command()
@click.option("--quick", is_flag=True, help="Shorter runs, less to rely on; the report keeps what it had.")
@click.option("--only", multiple=True, type=click.Choice(list(MEASUREMENTS)), help="Only these.")
def main(quick: bool, only: tuple[str, ...]) -> None:
    """Measure on this machine, about 25 minutes; --quick takes about 5. Nothing else should run meanwhile."""
    console = Console()
    with tempfile.TemporaryDirectory(prefix="goen-bench-") as folder:
        databases = Databases(Path(folder), durable=True)
        bench = Bench(Path(folder), databases, quick)
        try:
            machine = facts(bench)
            for name, value in machine:
                console.print(f"{name}: {escape(value)}", highlight=False)
            for name in only or MEASUREMENTS:
                result = run(console, bench, name)
                if not quick and result.rows:
                    keep(Kept(result, datetime.now(UTC), load_averages(), dict(machine)))
        finally:
            databases.close()
    if not quick:
        write_report([each for name in MEASUREMENTS if (each := kept(name)) is not None])
        console.print(f"Written: {REPORT.relative_to(Path.cwd())}")


def run(console: Console, bench: Bench, name: str) -> Result:
    """One measurement, shown when it is done."""
    started = time.monotonic()
    console.print(f"\n[bold]{name}[/bold] …")
    result = MEASUREMENTS[name](bench)
    show(console, result)
    console.print(f"  ({time.monotonic() - started:.0f} s)")
    return result


def show(console: Console, result: Result) -> None:
    """A table of figures, then the targets; why, where nothing was measured."""
    if not result.rows:
        console.print(f"  {result.reading}", highlight=False)
        return
    table = Table(*result.columns, title=result.title, title_justify="left")
    for row in result.rows:
        table.add_row(*row)
    console.print(table)
    for target in result.targets:
        word = "[green]holds [/green]" if target.holds else "[red]missed[/red]"
        console.print(f"  {word} {target.text}: {measured(target)} ({must(target)})", highlight=False)


if __name__ == "__main__":
    main()
