"""`goen evaluate`: what the recommender is worth on a board's own log (docs/evaluation.md)."""

import json
from pathlib import Path

import rich_click as click
from rich.console import Console

from app.errors import AppError

FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.command()
@click.option("--jobs", type=FILE, required=True, help="CSV (or JSON lines): an id, and any other columns.")
@click.option(
    "--activity", type=FILE, required=True, help="CSV with member, job, and, if known, kind and time."
)
@click.option(
    "--split", type=click.Choice(["time", "random"]), help="By time if every row has one, else random."
)
@click.option("--seed", type=int, default=0, show_default=True, help="Of everything that is drawn by chance.")
@click.option("--json", "as_json", is_flag=True, help="For machines.")
@click.option("--plot", type=click.Path(dir_okay=False, path_type=Path), help="Also write a page with plots.")
def evaluate(
    jobs: Path, activity: Path, split: str | None, seed: int, as_json: bool, plot: Path | None
) -> None:
    """Compare Goen's recommendations with simpler ones, on what members did next.

    A fifth of the log is held out; each method learns from the rest and puts all jobs in order for each member.
    """
    from app.evaluation.plot import write_plot
    from app.evaluation.report import as_data, summary, tables
    from app.evaluation.running import evaluate as run
    from app.evaluation.splitting import Split

    found = run(
        jobs,
        activity,
        split=Split(split) if split else None,
        seed=seed,
        say=lambda words: click.echo(words, err=True),
    )
    if plot is not None:
        try:
            write_plot(found, plot)
        except OSError as error:
            raise AppError(f"the page cannot be written: {error.strerror}") from None
    if as_json:
        click.echo(json.dumps(as_data(found), ensure_ascii=False))
        return
    console = Console()
    for sentence in summary(found):
        console.print(sentence, highlight=False)
    for comparison in found.comparisons:
        for table in tables(comparison):
            console.print(table)
