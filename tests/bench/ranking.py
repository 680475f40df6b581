"""Rankings on real views: the nearest list with enough people against one list for the whole country.

The file is given by GOEN_BENCH_VIEWS, in the form of sjr_job_views.csv (docs/rankings.md); without it this
measurement is left out by name.
"""

import csv
import math
import os
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from statistics import fmean, stdev

from app.rankings.rules import (
    ANY_OCCUPATION,
    JAPAN,
    SHOWN,
    WINDOW_DAYS,
    Cell,
    CountedList,
    ListedJob,
    Tally,
    choose_list,
    weight,
)
from tests.bench.results import Bench, Result, Target, number

VARIABLE = "GOEN_BENCH_VIEWS"
MUST = 2.5
TRAINED = 0.8
"""This share of the views, the oldest ones, is counted; the rest is what people looked at afterwards."""


@dataclass(frozen=True)
class _View:
    at: datetime
    person: str
    job: str
    city: int
    prefecture: int


def measure(bench: Bench) -> Result:
    """nDCG@10 of each way to choose a list, for everybody who looked at jobs in the last fifth of the views."""
    path = os.environ.get(VARIABLE)
    if path is None:
        return Result(
            "ranking", "Rankings on real views", (), (), reading=f"Left out: {VARIABLE} names no file."
        )
    views = sorted(_read(Path(path)), key=lambda view: view.at)
    cut = int(len(views) * TRAINED)
    lists, numbers = _counted(views[:cut])
    judge = _Judge(views[cut:], numbers, lists)
    ways: Mapping[str, Callable[[_View], Sequence[int]]] = {
        "one national list": lambda _: judge.chosen((JAPAN,)),
        "prefecture, all": lambda view: judge.chosen((view.prefecture, JAPAN)),
        "city, prefecture, all": lambda view: judge.chosen((view.city, view.prefecture, JAPAN)),
        "the same without near jobs": lambda view: judge.ranked((view.city, view.prefecture, JAPAN)),
    }
    found = {name: judge.gains(way) for name, way in ways.items()}
    nation = fmean(found["one national list"])
    rows = [
        (
            name,
            number(fmean(gains), 4),
            number(_error(gains), 4),
            f"{fmean(gains) / nation:.2f}x",
        )
        for name, gains in found.items()
    ]
    ratio = fmean(found["city, prefecture, all"]) / nation
    return Result(
        name="ranking",
        title=f"Rankings for newcomers on {len(views):,} views, split by time at {TRAINED:.0%}",
        columns=("list", f"nDCG@{SHOWN}", "standard error", "to the national list"),
        rows=rows,
        targets=[Target("city, prefecture, all against one national list", ratio, MUST)],
        reading=(
            f"{len(judge.people):,} people, each known by the place of their first view after the split only. "
            f"The lists are counted by the product's rules: {WINDOW_DAYS} days, a half-life of a week, the guard "
            "against small numbers, near jobs first."
        ),
        growth="The views are of one board in the United States: states stand for prefectures.",
        notes=(
            "The stated place is that of a view that is judged, so all lists by place are flattered alike.",
        ),
    )


def _read(path: Path) -> Iterable[_View]:
    codes: dict[object, int] = defaultdict(lambda: len(codes) + 1)
    with path.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            state = codes[row["State.Code"]]
            city = codes[row["State.Code"], row["City"]]
            at = datetime.fromisoformat(row["View.Start"].removesuffix(" UTC") + "+00:00")
            yield _View(at, row["Applicant.ID"], row["Job.ID"], 10**6 + city, state)


def _counted(views: Sequence[_View]) -> tuple[dict[Cell, CountedList], dict[str, int]]:
    """Every list as it stood after these views, and the numbers of the jobs in them."""
    today, tally = views[-1].at.date(), Tally()
    newest: dict[tuple[str, str], _View] = {(view.person, view.job): view for view in views}
    people: dict[str, int] = {}
    jobs: dict[str, int] = {}
    for (person, job), view in newest.items():
        days = (today - view.at.date()).days
        if days < WINDOW_DAYS:
            number_ = jobs.setdefault(job, len(jobs))
            listed = ListedJob(number_, (view.prefecture,), view.city, "all")
            tally.add(listed, people.setdefault(person, len(people)), weight(days))
    return {(each.area, each.occupation): each for each in tally.lists({})}, jobs


class _Judge:
    """Who looked at what afterwards, and what each way to choose a list would have gained by it."""

    def __init__(
        self, views: Sequence[_View], numbers: Mapping[str, int], lists: Mapping[Cell, CountedList]
    ) -> None:
        self.people: dict[str, _View] = {}
        self._looked: dict[str, set[int]] = defaultdict(set)
        self._lists = lists
        for view in views:
            self.people.setdefault(view.person, view)
            self._looked[view.person].add(numbers.get(view.job, -1 - hash(view.job) % 10**9))

    def chosen(self, areas: Sequence[int]) -> list[int]:
        """What the product shows."""
        found = choose_list(self._of(areas))
        if found is None:
            return []
        return list(dict.fromkeys([*found.near, *(place.job_id for place in found.ranking.places)]))[:SHOWN]

    def ranked(self, areas: Sequence[int]) -> list[int]:
        """The same without near jobs."""
        found = choose_list(self._of(areas))
        return [place.job_id for place in found.ranking.places][:SHOWN] if found else []

    def gains(self, way: Callable[[_View], Sequence[int]]) -> list[float]:
        """nDCG for each person."""
        return [_ndcg(way(view), self._looked[person]) for person, view in self.people.items()]

    def _of(self, areas: Sequence[int]) -> list[CountedList]:
        none = CountedList(JAPAN, ANY_OCCUPATION, (), is_thin=True)
        return [self._lists.get((area, ANY_OCCUPATION), none) for area in areas]


def _error(gains: Sequence[float]) -> float:
    """Standard error of their mean."""
    return stdev(gains) / math.sqrt(len(gains))


def _ndcg(shown: Sequence[int], looked: set[int]) -> float:
    gain = sum(1 / math.log2(place + 2) for place, job in enumerate(shown) if job in looked)
    best = sum(1 / math.log2(place + 2) for place in range(min(SHOWN, len(looked))))
    return gain / best
