"""An invented board as two files."""

import csv
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np

from tests.fitting.boards import Taste, invented_pairs

TASTE = Taste(people=700, jobs=400, kinds=40, pairs_each=6, told=0.9)
BEGAN = datetime(2026, 10, 1, tzinfo=UTC)


def write_board(folder: Path, *, timed: bool, taste: Taste = TASTE, seed: int = 1) -> tuple[Path, Path]:
    """Paths of jobs and activity; `timed`: over 30 days."""
    persons, jobs, kinds = invented_pairs(taste, seed)
    random = np.random.default_rng(seed)
    paths = folder / "jobs.csv", folder / "activity.csv"
    with paths[0].open("w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(("求人ID", "kind of work", "tags", "都道府県", "市区町村"))
        for job, kind in enumerate(kinds):
            told = kind if random.random() < taste.told else random.integers(taste.kinds)
            place = f"県{kind % 5}", f"市{kind}"
            writer.writerow((f"J-{job}", f"work {told}", f"{told};{random.integers(50)}", *place))
    with paths[1].open("w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(("会員番号", "求人ID", "種別", *(["日時"] if timed else [])))
        for person, job in zip(persons, jobs, strict=True):
            at = BEGAN + timedelta(days=30 * float(random.random()))
            writer.writerow((f"M-{person}", f"J-{job}", "閲覧", *([at.isoformat()] if timed else [])))
    return paths
