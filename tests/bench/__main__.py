"""`python -m tests.bench [--quick] [--only NAME]`: measure, print, and write docs/benchmarks.md."""

import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path

import click
from rich.console import Console
from rich.table import Table

from tests.bench import ack, drain, idle, kill, outbox, phone, sender, sixty
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
@click.option("--only", multiple=True, type=click.Choice(list(MEASUREMENTS)), help="Only these.")
def main(quick: bool, only: tuple[str, ...]) -> None:
    """Measure on this machine."""
    console = Console()
    results = []
    with tempfile.TemporaryDirectory(prefix="goen-bench-") as folder:
        databases = Databases(Path(folder))
        try:
            for name in only or MEASUREMENTS:
                console.print(f"[bold]{name}[/bold] …")
                result = MEASUREMENTS[name](Bench(Path(folder), databases, quick))
                show(console, result)
                results.append(result)
        finally:
            databases.close()


def show(console: Console, result: Result) -> None:
    """A table of figures and one of targets."""
    table = Table(*result.columns, title=result.title, title_justify="left")
    for row in result.rows:
        table.add_row(*row)
    console.print(table)
    for target in result.targets:
        sign = "≤" if target.at_most else "≥"
        word = "[green]holds[/green]" if target.holds else "[red]missed[/red]"
        unit = target.unit
        console.print(
            f"  {word} {target.text}: {target.measured:,.2f}{unit} ({sign} {target.must:,.2f}{unit})"
        )


if __name__ == "__main__":
    main()
