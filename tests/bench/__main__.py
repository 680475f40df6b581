"""`python -m tests.bench [--quick] [--only NAME]`: measure, print, and write docs/benchmarks.md."""

import tempfile
import time
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path

import click
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from tests.bench import ack, drain, idle, kill, outbox, phone, sender, sixty
from tests.bench.machine import facts
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
    "idle": idle.measure,
    "kill": kill.measure,
}


@click.command()
@click.option("--quick", is_flag=True, help="Shorter runs, less to rely on; writes no report.")
@click.option("--only", multiple=True, type=click.Choice(list(MEASUREMENTS)), help="Only these; no report.")
@click.option(
    "--long", multiple=True, type=click.Choice(list(MEASUREMENTS)), help="These at length, even if --quick."
)
@click.option(
    "--report", is_flag=True, help="Write the report after a --quick run too; it says which were short."
)
def main(quick: bool, only: tuple[str, ...], long: tuple[str, ...], report: bool) -> None:
    """Measure on this machine, about 20 minutes; --quick takes about 5."""
    console = Console()
    with tempfile.TemporaryDirectory(prefix="goen-bench-") as folder:
        databases = Databases(Path(folder))
        bench = Bench(Path(folder), databases, quick)
        short = [name for name in MEASUREMENTS if quick and name not in long]
        try:
            machine = [*facts(bench), ("short runs, to be read with care", ", ".join(short) or "none")]
            for name, value in machine:
                console.print(f"{name}: {escape(value)}", highlight=False)
            results = [
                run(console, replace(bench, quick=name in short), name) for name in only or MEASUREMENTS
            ]
        finally:
            databases.close()
    if not only and (report or not quick):
        write_report(machine, results)
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
    """A table of figures, then the targets."""
    table = Table(*result.columns, title=result.title, title_justify="left")
    for row in result.rows:
        table.add_row(*row)
    console.print(table)
    for target in result.targets:
        word = "[green]holds [/green]" if target.holds else "[red]missed[/red]"
        console.print(f"  {word} {target.text}: {measured(target)} ({must(target)})", highlight=False)


if __name__ == "__main__":
    main()
