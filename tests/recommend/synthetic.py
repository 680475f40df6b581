"""An invented labour market at full size, made quickly: for measurements of speed only.

Prefectures are as unequal as Japan's, occupations follow Zipf's law, everybody says what and where unless told
otherwise; half have a history.
"""

import numpy as np
import numpy.typing as npt

from app.areas import CITIES
from app.jobs.rules import EmploymentType, JobFacts, JobWishes, WageType
from app.jobs.vocabulary import LICENCES, OCCUPATION_WORDS, JobFlag, flags_of, licences_of
from app.recommend.folding import folding_in
from app.recommend.layout import Fitted, board_of
from app.recommend.openings import EMPLOYMENTS, UNITS, Openings
from app.recommend.points import Scorer, scorer_of
from app.recommend.ports import Feedback, Seeker, Seen
from app.recommend.signals import PARTS, Signals
from tests.jobs.factories import make_facts

TODAY = 739_000
PEOPLE = np.fromstring(
    "52 12 12 23 9 10 18 28 19 19 73 63 140 92 22 10 11 8 8 20 20 36 75 18 14 26 88 "
    "54 13 9 6 7 19 28 13 7 10 13 7 51 8 13 17 11 11 16 15",
    np.int64,
    sep=" ",
)
"""Of each prefecture, in hundred thousands."""
WORK = tuple(OCCUPATION_WORDS)
MONTHLY = (180_000, 420_000)


def synthetic_openings(count: int, seed: int = 1) -> Openings:
    """`count` open jobs; one in twenty can be worked in a further prefecture."""
    chance = np.random.default_rng(seed)
    prefectures = _prefectures(chance, count)
    bits = np.uint64(1) << prefectures.astype(np.uint64)
    further = chance.random(count) < 0.05
    bits[further] |= np.uint64(1) << _prefectures(chance, int(further.sum())).astype(np.uint64)
    units = chance.choice(len(UNITS), count, p=(0.25, 0.05, 0.6, 0.1))
    monthly = chance.uniform(*MONTHLY, count)
    licences = np.where(chance.random(count) < 0.4, 1 << chance.integers(0, 12, count), 0)
    return Openings(
        job_ids=np.arange(1, count + 1),
        employers=chance.integers(0, max(count // 5, 1), count).astype(np.int32),
        employer_numbers={f"法人{n}": n for n in range(max(count // 5, 1))},
        occupations=_occupations(chance, count).astype(np.int32),
        occupation_names=WORK,
        employments=chance.choice(len(EMPLOYMENTS), count, p=(0.5, 0.1, 0.1, 0.28, 0.02)),
        prefectures=prefectures,
        all_prefectures=bits,
        cities=_cities(chance, prefectures),
        units=units,
        wages=(monthly / np.array([160, 20, 1, 1 / 12])[units]).astype(np.int64),
        flags=chance.integers(0, 1 << len(JobFlag), count) & chance.integers(0, 1 << len(JobFlag), count),
        licences=licences.astype(np.uint64),
        opened=TODAY - chance.integers(0, 90, count),
        folds=np.arange(count),
    )


def synthetic_signals(count: int, seed: int = 2, *, d: int = 128, c: int = 32, k: int = 50) -> Signals:
    """A model of the jobs 1 to `count`."""
    chance = np.random.default_rng(seed)
    factors = chance.normal(0, 0.2, (count, d)).astype("<f4")
    content = chance.normal(0, 1, (count, c)).astype("<f4")
    content /= np.linalg.norm(content, axis=1, keepdims=True)
    return Signals(
        job_ids=np.arange(1, count + 1),
        factors=factors.astype("<f2"),
        gram=factors.T @ factors,
        neighbours=chance.integers(0, count, (count, k)).astype("<i4"),
        neighbour_weights=np.sort(chance.uniform(0, 5, (count, k)), axis=1)[:, ::-1].astype("<f2"),
        popularity=chance.beta(1, 6, count).astype("<f4"),
        content=content.astype("<f2"),
        idf=np.ones(64, "<f4"),
        components=np.zeros((64, c), "<f2"),
        projection=np.zeros((c, d), "<f4"),
        scales=dict.fromkeys(PARTS, 1.0) | {"als": 0.6, "knn": 5.0},
        weights=dict.fromkeys(PARTS, 1.0) | {"knn": 0.5, "content": 0.3, "popular": 0.05, "fresh": 0.3},
        alpha=10.0,
        regularisation=0.1,
    )


def synthetic_scorer(openings: Openings, signals: Signals) -> Scorer:
    """All jobs of the model are open."""
    content = np.asarray(signals.content, np.float32)
    return scorer_of(board_of(openings, Fitted(signals, content), TODAY), folding_in(signals))


def facts_of_all(openings: Openings) -> list[JobFacts]:
    """The same jobs as plain values, for comparing with the rules."""
    columns = zip(
        *(
            getattr(openings, name).tolist()
            for name in ("job_ids", "occupations", "employments", "prefectures", "all_prefectures", "cities")
        ),
        *(getattr(openings, name).tolist() for name in ("units", "wages", "flags", "licences", "employers")),
        strict=True,
    )
    return [_facts(*column) for column in columns]


def _facts(*column: int) -> JobFacts:
    id_, occupation, employment, prefecture, bits, city, unit, wage, flags, licences, employer = column
    return make_facts(
        id=id_,
        employer=f"法人{employer}",
        occupation=WORK[occupation],
        employment=EMPLOYMENTS[employment],
        prefecture=prefecture,
        prefectures=tuple(code for code in range(48) if bits >> code & 1),
        city=None if city == -1 else city,
        wage_type=UNITS[unit],
        wage_min=wage,
        flags=flags_of(flags),
        licences=licences_of(licences),
    )


def synthetic_seekers(count: int, openings: Openings, seed: int, *, silent: float = 0.0) -> list[Seeker]:
    """People who look for jobs, each with 20 that they must not be shown.

    `silent`: this share does not say where, and the same share, drawn apart, does not say what.
    """
    chance = np.random.default_rng(seed)
    columns = zip(
        chance.random((count, 8)).tolist(),
        chance.integers(0, len(openings), (count, 40)).tolist(),
        _prefectures(chance, (count, 2)).tolist(),
        _occupations(chance, (count, 2)).tolist(),
        chance.uniform(0.5, 8, (count, 20)).tolist(),
        strict=True,
    )
    cities = _by_prefecture()
    return [_seeker(number, *column, cities, silent) for number, column in enumerate(columns)]


def _seeker(
    number: int,
    dice: list[float],
    jobs: list[int],
    prefectures: list[int],
    work: list[int],
    strengths: list[float],
    cities: dict[int, list[int]],
    silent: float,
) -> Seeker:
    says_where, says_what = dice[0] >= silent, dice[1] >= silent
    is_city = says_where and dice[2] < 0.3
    wishes = JobWishes(
        occupations=tuple(WORK[n] for n in work[: 1 + (dice[3] < 0.2)]) if says_what else (),
        prefectures=tuple(prefectures[: 1 + (dice[3] > 0.7)]) if says_where and not is_city else (),
        cities=(cities[prefectures[0]][number % 9 % len(cities[prefectures[0]])],) if is_city else (),
        employment_types=(EmploymentType.FULL_TIME, EmploymentType.CONTRACT) if dice[4] < 0.4 else (),
        wage_type=WageType.MONTH if dice[5] < 0.5 else None,
        wage_min=200_000 + 10_000 * int(dice[5] * 20) if dice[5] < 0.5 else None,
        licences=(LICENCES[number % 12],) if dice[6] < 0.4 else None,
        flags=(JobFlag.NO_NIGHT,) if dice[7] < 0.1 else (),
        excluded_areas=(prefectures[1],) if dice[7] > 0.97 else (),
    )
    length = (0, 0, 5, 20)[number % 4]
    return Seeker(
        wishes=wishes,
        history=tuple(
            Seen(job + 1, strength) for job, strength in zip(jobs[:length], strengths, strict=False)
        ),
        excluded=frozenset(job + 1 for job in jobs[20:]),
        leanings={JobFlag.NIGHT_OK: 0.25} if dice[6] > 0.8 else {},
        feedback=Feedback(employers=(f"法人{jobs[20] // 5}",)) if dice[4] > 0.8 else Feedback(),
        seed=number,
    )


def _prefectures(chance: np.random.Generator, shape: int | tuple[int, int]) -> npt.NDArray[np.int64]:
    return chance.choice(np.arange(1, 48), shape, p=PEOPLE / PEOPLE.sum())


def _occupations(chance: np.random.Generator, shape: int | tuple[int, int]) -> npt.NDArray[np.int64]:
    weights = 1 / np.arange(1, len(WORK) + 1)
    return chance.choice(len(WORK), shape, p=weights / weights.sum())


def _cities(chance: np.random.Generator, prefectures: npt.NDArray[np.int64]) -> npt.NDArray[np.int32]:
    cities = np.full(len(prefectures), -1, np.int32)
    for prefecture, codes in _by_prefecture().items():
        lies_there = np.flatnonzero(prefectures == prefecture)
        cities[lies_there] = chance.choice(codes, len(lies_there))
    return cities


def _by_prefecture() -> dict[int, list[int]]:
    codes: dict[int, list[int]] = {}
    for city in CITIES:
        codes.setdefault(city.prefecture, []).append(city.code)
    return codes
