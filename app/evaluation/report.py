"""An evaluation as data and as tables."""

import dataclasses
from typing import Any

from rich.table import Table

from app.evaluation.measures import Interval
from app.evaluation.running import Comparison, Evaluation

LIST_COLUMNS = ("method", "nDCG@10", "recall@10", "coverage", "new jobs")


def as_data(evaluation: Evaluation) -> dict[str, Any]:
    """For machines: every figure, unrounded."""
    return dataclasses.asdict(evaluation)


def summary(evaluation: Evaluation) -> list[str]:
    """What was compared, in sentences."""
    fitted = evaluation.fitted
    weights = ", ".join(f"{name} {weight:g}" for name, weight in fitted["weights"].items() if weight)
    how = (
        "the last fifth by time" if evaluation.split == "time" else f"a random fifth, seed {evaluation.seed}"
    )
    return [
        f"{evaluation.jobs:,} jobs, {evaluation.members:,} members; {evaluation.training_pairs:,} pairs to learn "
        f"from, {evaluation.held_out_pairs:,} held out ({how}), {evaluation.held_out_on_new_jobs:.0%} of them on "
        "jobs that nobody had done anything with.",
        f"Weights found on a part of the pairs to learn from: {weights}; leaning {fitted['leaning']:g}.",
        *evaluation.notes,
    ]


def tables(comparison: Comparison) -> list[Table]:
    """Figures with their 95 % intervals, and what the best gains over each other method."""
    title = f"{comparison.title} ({comparison.members:,})"
    figures = Table(*LIST_COLUMNS, title=title, title_justify="left")
    for line in comparison.lines:
        figures.add_row(
            line.title, _told(line.ndcg), _told(line.recall), f"{line.coverage:.3f}", f"{line.new_jobs:.1%}"
        )
    gained = Table(
        "against", "nDCG@10 gained", "ratio", title=f"{comparison.best} gains", title_justify="left"
    )
    for each in comparison.differences:
        ratio = "–" if each.ratio is None else f"{each.ratio:.2f}×"
        gained.add_row(each.title, _told(each.ndcg, signed=True), f"{ratio}{_doubt(each.ndcg)}")
    return [figures, gained]


def _told(interval: Interval, *, signed: bool = False) -> str:
    form = "+.4f" if signed else ".4f"
    return f"{interval.value:{form}} [{interval.low:{form}}, {interval.high:{form}}]"


def _doubt(interval: Interval) -> str:
    return "" if interval.low > 0 or interval.high < 0 else " (not certain)"
