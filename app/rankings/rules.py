"""How a ranking is counted, and which one a person is shown (pure; docs/rankings.md).

A job's score is the number of different people who looked at it, clicked, saved it or applied within 28 days,
each counting half as much for every seven days since. Where somebody had been shown the job by us before, they
count less the more people we showed it to: else our own sendings would decide what is popular.
"""

import heapq
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from app.areas import city_of

WINDOW_DAYS = 28
HALF_LIFE_DAYS = 7
ENOUGH_PEOPLE = 5
"""Of fewer, a first place would tell of one person's evening."""
ENOUGH_JOBS = 3
SHOWN = 10
KEPT = 30
"""Places of a list: enough to show ten when some are closed or hidden."""
NEAR = 2
"""Jobs from nearer, thinner lists that may stand before a ranking, without a rank."""
RANKING_COMMAND = "ranking.show"
JAPAN = 0
ANY_OCCUPATION = ""
Cell = tuple[int, str]
"""Area (a municipality, a prefecture, or JAPAN) and occupation (or ANY_OCCUPATION)."""


@dataclass(frozen=True)
class ListedJob:
    """A job that may stand in a ranking: where it can be worked, and as what."""

    id: int
    prefectures: tuple[int, ...]
    city: int | None
    occupation: str

    @cached_property
    def cells(self) -> tuple[Cell, ...]:
        """Every list that the job belongs to: of its ward, the city, all its prefectures, and the country."""
        areas = (*city_and_parent(self.city), *self.prefectures, JAPAN)
        return tuple((area, word) for area in areas for word in (self.occupation, ANY_OCCUPATION))


@dataclass(frozen=True)
class Place:
    """One place in a list."""

    job_id: int
    score: float
    people: int


@dataclass(frozen=True)
class CountedList:
    """A list, best first."""

    area: int
    occupation: str
    places: tuple[Place, ...]
    is_thin: bool


@dataclass(frozen=True)
class Chosen:
    """What a person is shown: near jobs without a rank, then a ranking."""

    near: tuple[int, ...]
    ranking: CountedList


def weight(days: int) -> float:
    """What one person counts; `days` in Tokyo since they last did something with the job."""
    return float(0.5 ** (max(days, 0) / HALF_LIFE_DAYS))


def shares(shown: Mapping[int, int]) -> dict[int, float]:
    """By job, what somebody counts to whom we had shown it: 1 at most, less for what we showed more than usual.

    `shown`: how many people each job was shown to. What is usual is the mean of those that were shown at all, so
    a job sent to ten times as many people gets a tenth for each: the inverse of how likely it was to be seen.
    """
    if not shown:
        return {}
    usual = sum(shown.values()) / len(shown)
    return {key: min(1.0, usual / count) for key, count in shown.items()}


def ladder(cities: Sequence[int], prefectures: Sequence[int]) -> tuple[int, ...]:
    """The areas that are looked through for somebody, the nearest first."""
    city = cities[0] if cities else None
    prefecture = city // 1000 if city is not None else next(iter(prefectures), None)
    steps = [*city_and_parent(city), prefecture, JAPAN]
    return tuple(step for step in steps if step is not None)


def cells_for(areas: Sequence[int], occupation: str | None) -> list[Cell]:
    """Which lists may be shown, the best suited first: of the occupation in wider and wider areas, then of all."""
    words = [ANY_OCCUPATION] if occupation is None else [occupation, ANY_OCCUPATION]
    return [(area, word) for word in words for area in areas]


def choose_list(lists: Sequence[CountedList]) -> Chosen | None:
    """The first list that counts enough people and jobs, with a few jobs from nearer ones that do not.

    `lists` in the order of `cells_for`. None: nobody has looked at enough anywhere.
    """
    ranking = next((each for each in lists if is_enough(each)), None)
    if ranking is None:
        return None
    ranked = {place.job_id for place in ranking.places[:SHOWN]}
    nearer = [each for each in lists[: lists.index(ranking)] if each.occupation == lists[0].occupation]
    near = dict.fromkeys(
        place.job_id
        for each in nearer
        if each.area != JAPAN
        for place in each.places
        if place.job_id not in ranked
    )
    return Chosen(tuple(near)[:NEAR], ranking)


def is_enough(counted: CountedList) -> bool:
    """Whether the list may call itself a ranking, after closed jobs were taken out of it too."""
    return not counted.is_thin and len(counted.places) >= ENOUGH_JOBS


class Tally:
    """Counts people one after the other: any number of them, in memory for jobs and lists only."""

    def __init__(self) -> None:
        self._jobs: dict[int, ListedJob] = {}
        self._alone: dict[int, float] = defaultdict(float)
        self._after_us: dict[int, float] = defaultdict(float)
        self._people: dict[int, int] = defaultdict(int)
        self._seen: dict[Cell, set[int]] = defaultdict(set)

    def add(self, job: ListedJob, person: int, weight: float, *, was_shown: bool = False) -> None:
        """One person with one job, each pair once; `was_shown` by us before they did anything with it."""
        self._jobs[job.id] = job
        (self._after_us if was_shown else self._alone)[job.id] += weight
        self._people[job.id] += 1
        for cell in job.cells:
            seen = self._seen[cell]
            if len(seen) < ENOUGH_PEOPLE:
                seen.add(person)

    def lists(self, shown: Mapping[int, int]) -> list[CountedList]:
        """All lists, best first in each; equal scores in the order of ids, so that counting again is the same.

        `shown`: how many people each job was shown to.
        """
        share = shares(shown)
        places: dict[Cell, list[Place]] = defaultdict(list)
        for job in self._jobs.values():
            score = self._alone[job.id] + share.get(job.id, 1.0) * self._after_us[job.id]
            place = Place(job.id, round(score, 6), self._people[job.id])
            for cell in job.cells:
                places[cell].append(place)
        return [self._list(cell, found) for cell, found in sorted(places.items())]

    def _list(self, cell: Cell, found: Iterable[Place]) -> CountedList:
        best = tuple(heapq.nsmallest(KEPT, found, key=lambda place: (-place.score, place.job_id)))
        is_thin = len(self._seen[cell]) < ENOUGH_PEOPLE or len(best) < ENOUGH_JOBS
        return CountedList(*cell, best, is_thin)


def city_and_parent(code: int | None) -> tuple[int, ...]:
    """A ward with its city, a city alone."""
    if code is None:
        return ()
    city = city_of(code)
    return (code,) if city is None or city.parent is None else (code, city.parent)
