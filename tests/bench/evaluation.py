"""`goen evaluate` on real views: the blend against each of its parts, by time and at random.

The file is given by GOEN_BENCH_VIEWS, in the form of sjr_job_views.csv (docs/rankings.md); without it this
measurement is left out by name.
"""

import csv
import os
from pathlib import Path

from app.evaluation.measures import Interval
from app.evaluation.running import Comparison, evaluate
from app.evaluation.splitting import Split
from tests.bench.results import Bench, Result, Target, number

VARIABLE = "GOEN_BENCH_VIEWS"
JOB = {
    "Job.ID": "id",
    "Title": "title",
    "Position": "position",
    "Company": "company",
    "City": "city",
    "State.Name": "state",
    "Industry": "industry",
}
ACTIVITY = {"Applicant.ID": "member", "Job.ID": "job", "View.Start": "time"}
PARTS = ("popularity", "bm25", "als", "content")


def measure(bench: Bench) -> Result:
    """Both splits; the blend must hold against its best part."""
    source = os.environ.get(VARIABLE)
    if source is None:
        return Result(
            "evaluation", "The blend on real views", (), (), reading=f"Left out: {VARIABLE} names no file."
        )
    jobs, activity = _as_two_files(Path(source), bench.folder)
    rows, targets = [], []
    for split in Split:
        found = evaluate(jobs, activity, split=split, seed=0, say=lambda _: None)
        personal = found.comparisons[0]
        for line in personal.lines:
            figures = (_told(line.ndcg), _told(line.recall), f"{line.coverage:.3f}", f"{line.new_jobs:.1%}")
            rows.append((f"{split}, {personal.members:,}", line.title, *figures))
        targets.append(Target(f"split by {split}: the blend against its best part", _against(personal), 1))
        for areas in found.comparisons[1:]:
            ratio = next(each.ratio for each in areas.differences if each.key == "national") or 0
            text = f"newcomers by {split}: city, prefecture, all against one list"
            targets.append(Target(text, ratio, 2.5))
    return Result(
        name="evaluation",
        title="The blend on real views, as goen evaluate says",
        columns=("split, members", "method", "nDCG@10", "recall@10", "coverage", "new jobs"),
        rows=rows,
        targets=targets,
        reading=(
            "All methods put all jobs in order without those seen. In brackets the 95 % interval over members. "
            "By time few members came back, so that split shows an order rather than a difference."
        ),
        growth="Weights are found on a part of the training half, as every night.",
    )


def _against(comparison: Comparison) -> float:
    """The blend's nDCG@10 over that of the best of its parts."""
    ndcg = {line.key: line.ndcg.value for line in comparison.lines}
    return ndcg["blend"] / max(ndcg[part] for part in PARTS)


def _told(interval: Interval) -> str:
    return f"{number(interval.value, 4)} [{interval.low:.4f}, {interval.high:.4f}]"


def _as_two_files(source: Path, folder: Path) -> tuple[Path, Path]:
    paths = folder / "evaluated-jobs.csv", folder / "evaluated-activity.csv"
    with source.open(encoding="utf-8", newline="") as file:
        views = list(csv.DictReader(file))
    for path, columns, rows in (
        (paths[0], JOB, {view["Job.ID"]: view for view in views}.values()),
        (paths[1], ACTIVITY, views),
    ):
        with path.open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file)
            writer.writerow(columns.values())
            writer.writerows([view[column] for column in columns] for view in rows)
    return paths
