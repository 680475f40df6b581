"""What invented people do with invented jobs: mostly near and in their occupation, some jobs far more than others."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import accumulate
from random import Random

from app.clock import TOKYO, today_in_tokyo
from app.jobs.invented import InventedPerson
from app.jobs.models import ActivityKind
from app.jobs.rows import JobRow

DAYS = 45
DEEDS_A_PERSON = 14
"""On average; a few people do most of it."""
_POOLS = {"here": 78, "trade": 8, "place": 10, "all": 4}
"""Where somebody looks, in hundredths: their trade in their prefecture, elsewhere, other trades, anything."""


@dataclass(frozen=True)
class Deed:
    """Something that somebody did, `number` in their own count."""

    number: int
    kind: ActivityKind
    job: str
    """Its external id."""
    at: datetime


@dataclass
class _Pool:
    """Jobs with the sums of their popularity, to draw from."""

    jobs: list[tuple[str, date]]
    sums: list[float]


class Board:
    """The invented jobs by where and what they are, each with a popularity of its own."""

    def __init__(self, seed: int) -> None:
        self._random = Random(f"popularity {seed}")  # noqa: S311 - repeatable on purpose, nothing secret
        self._jobs: dict[object, list[tuple[str, date]]] = {}
        self._popularity: dict[object, list[float]] = {}
        self._pools: dict[object, _Pool] = {}

    def add(self, rows: Sequence[JobRow]) -> None:
        """More jobs; all of them before anybody looks."""
        for row in rows:
            popularity = min(self._random.paretovariate(1.1), 60)
            for key in ((row.occupation, row.prefecture), row.occupation, row.prefecture, None):
                self._jobs.setdefault(key, []).append((row.external_id, row.opened_on))
                self._popularity.setdefault(key, []).append(popularity)

    def draw(self, random: Random, person: InventedPerson) -> tuple[str, date] | None:
        """A job that this person may look at; None when there is none of the drawn kind."""
        [where] = random.choices(tuple(_POOLS), tuple(_POOLS.values()))
        keys: dict[str, object] = {
            "here": (person.occupation, person.prefecture),
            "trade": person.occupation,
            "place": person.prefecture,
            "all": None,
        }
        pool = self._pool(keys[where])
        return random.choices(pool.jobs, cum_weights=pool.sums)[0] if pool.jobs else None

    def _pool(self, key: object) -> _Pool:
        if key not in self._pools:
            sums = list(accumulate(self._popularity.get(key, [])))
            self._pools[key] = _Pool(self._jobs.get(key, []), sums)
        return self._pools[key]


def invented_deeds(random: Random, person: InventedPerson, board: Board, now: datetime) -> Iterator[Deed]:
    """Views of the last weeks, lately more; some of the jobs are saved, hidden or applied to a little later."""
    number = 0
    for _ in range(min(1 + int(random.expovariate(1 / DEEDS_A_PERSON)), 60)):
        drawn = board.draw(random, person)
        at = _moment(random, now)
        if drawn is None or at >= now or at.astimezone(TOKYO).date() < drawn[1]:
            continue
        for kind, minutes in _steps(random):
            number += 1
            yield Deed(number, kind, drawn[0], min(at + timedelta(minutes=minutes), now))


def _moment(random: Random, now: datetime) -> datetime:
    """In the evening more often than in the morning."""
    day = today_in_tokyo(now) - timedelta(days=min(int(random.expovariate(1 / 14)), DAYS))
    hour = random.triangular(7, 24, 21)
    return datetime.combine(day, time(), TOKYO) + timedelta(hours=hour)


def _steps(random: Random) -> list[tuple[ActivityKind, int]]:
    """What follows a view, and after how many minutes."""
    steps = [(ActivityKind.VIEW, 0)]
    chance = random.random()
    if chance < 0.14:
        steps.append((ActivityKind.SAVE, 1))
    elif chance < 0.19:
        steps.append((ActivityKind.HIDE, 1))
    if random.random() < 0.04:
        steps.append((ActivityKind.APPLY, 15))
    return steps
