"""An invented small labour market: jobs, people and a model, the same for the same seed."""

import random
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any

import numpy as np

from app.jobs.rules import EmploymentType, JobFacts, JobWishes, WageType
from app.jobs.vocabulary import JobFlag, flag_bits, licence_bits
from app.recommend.board import Board
from app.recommend.folding import folding_in
from app.recommend.layout import Fitted, board_of
from app.recommend.openings import OpeningRow, openings_of
from app.recommend.points import Scorer, scorer_of
from app.recommend.ports import Feedback, Seeker, Seen
from app.recommend.signals import PARTS, Floats, Integers, Signals
from tests.jobs.factories import make_facts

TODAY = date(2026, 11, 20)
NOW = datetime(2026, 11, 20, 3, 0, tzinfo=UTC)  # noon in Tokyo
OCCUPATIONS = ("看護師", "准看護師", "看護助手", "介護職", "一般事務", "営業", "架空の職")
PLACES = (
    (14, 14104),
    (14, 14101),
    (14, 14131),
    (13, 13104),
    (13, None),
    (11, 11103),
    (27, 27127),
    (14, None),
)
LICENCES = ("看護師", "准看護師", "介護福祉士", "普通自動車免許")
FLAGS = (JobFlag.NO_NIGHT, JobFlag.NIGHT_OK, JobFlag.WEEKEND_OFF, JobFlag.REMOTE, JobFlag.NEAR_STATION)
PAY = {WageType.HOUR: 1_500, WageType.DAY: 12_000, WageType.MONTH: 250_000, WageType.YEAR: 3_600_000}


def invented_job(job_id: int, chance: random.Random) -> JobFacts:
    """A job somewhere in four prefectures; some can be worked in further ones."""
    prefecture, city = chance.choice(PLACES)
    further = chance.choice(((), (), (), (13,), (11, 27)))
    unit = chance.choice(tuple(WageType))
    return make_facts(
        id=job_id,
        external_id=f"J-{job_id}",
        title=f"架空の求人{job_id}",
        employer=f"架空法人{chance.randrange(40)}",
        occupation=chance.choice(OCCUPATIONS),
        employment=chance.choice(tuple(EmploymentType)),
        prefecture=prefecture,
        prefectures=tuple(sorted({prefecture, *further})),
        city=city,
        wage_type=unit,
        wage_min=round(PAY[unit] * chance.uniform(0.7, 1.6)),
        wage_max=None,
        flags=frozenset(flag for flag in FLAGS if chance.random() < 0.4),
        licences=frozenset(name for name in LICENCES if chance.random() < 0.2),
        opened_on=TODAY - timedelta(days=chance.randrange(60)),
    )


def opening_row(job: JobFacts, fold_key: str) -> OpeningRow:
    """As the database gives it."""
    return OpeningRow(
        id=job.id,
        employer=job.employer,
        occupation=job.occupation,
        employment=job.employment.value,
        prefecture=job.prefecture,
        city=job.city,
        wage_type=job.wage_type.value,
        wage_min=job.wage_min,
        flags=flag_bits(job.flags),
        licences=licence_bits(job.licences),
        opened_on=job.opened_on,
        fold_key=fold_key,
    )


def invented_signals(job_ids: Sequence[int], seed: int, *, factors: int = 16, content: int = 8) -> Signals:
    """A model of these jobs with every signal, as if fitted."""
    numbers = np.random.default_rng(seed)
    n, width = len(job_ids), min(12, max(len(job_ids) - 1, 0))
    items = numbers.normal(0, 0.3, (n, factors)).astype("<f2")
    described = numbers.normal(0, 1, (n, content))
    described /= np.linalg.norm(described, axis=1, keepdims=True)
    neighbours = np.array([numbers.permutation(n)[:width] for _ in range(n)], "<i4").reshape(n, width)
    wide = items.astype("<f4")
    return Signals(
        job_ids=np.array(job_ids, "<i8"),
        factors=items,
        gram=wide.T @ wide,
        neighbours=neighbours,
        neighbour_weights=np.sort(numbers.uniform(0.1, 3, (n, width)), axis=1)[:, ::-1].astype("<f2"),
        popularity=numbers.uniform(0, 1, n).astype("<f4"),
        content=described.astype("<f2"),
        idf=np.ones(64, "<f4"),
        components=numbers.normal(0, 1, (64, content)).astype("<f2"),
        projection=numbers.normal(0, 0.1, (content, factors)).astype("<f4"),
        scales=dict.fromkeys(PARTS, 1.0) | {"als": 0.7, "knn": 4.0},
        weights=dict.fromkeys(PARTS, 1.0) | {"knn": 0.5, "content": 0.3, "popular": 0.1},
        alpha=10.0,
        regularisation=0.1,
    )


def contents(signals: Signals, job_ids: Integers) -> Floats:
    """What the model says, and something of its own for each job that it does not know."""
    known = signals.rows_of(job_ids)
    content = np.sin(job_ids[:, None] * np.arange(1, signals.content.shape[1] + 1)).astype(np.float32)
    content /= np.linalg.norm(content, axis=1, keepdims=True)
    content[known >= 0] = signals.content[known[known >= 0]]
    return content


def make_board(jobs: Sequence[JobFacts], signals: Signals, folds: dict[int, str] | None = None) -> Board:
    """A board of these jobs, in rising order of id; the model need not know them all."""
    rows = [opening_row(job, (folds or {}).get(job.id, f"vacancy {job.id}")) for job in jobs]
    areas = [(job.id, code) for job in jobs for code in job.prefectures if code != job.prefecture]
    openings = openings_of(rows, areas)
    return board_of(openings, Fitted(signals, contents(signals, openings.job_ids)), TODAY.toordinal())


def make_scorer(board: Board) -> Scorer:
    """Ready for scoring."""
    return scorer_of(board, folding_in(board.signals))


def invented_wishes(chance: random.Random) -> JobWishes:
    """What somebody may want; most people give some conditions, some give none."""

    def some(values: Sequence[Any], most: int, share: float) -> tuple[Any, ...]:
        return tuple(chance.sample(list(values), chance.randint(1, most))) if chance.random() < share else ()

    unit = chance.choice((None, None, *WageType))
    return JobWishes(
        occupations=some((*OCCUPATIONS, "どこにもない職"), 2, 0.7),
        excluded_occupations=some(OCCUPATIONS, 1, 0.1),
        prefectures=some((11, 13, 14, 27, 47), 2, 0.5),
        cities=some((14100, 14104, 14131, 13104, 11100, 27127), 2, 0.3),
        excluded_areas=some((13, 14101, 27, 14130), 1, 0.15),
        employment_types=some(tuple(EmploymentType), 3, 0.3),
        wage_type=unit,
        wage_min=None
        if unit is None or chance.random() < 0.1
        else round(PAY[unit] * chance.uniform(0.6, 1.2)),
        wage_max=round(PAY[unit] * 1.3) if unit is not None and chance.random() < 0.1 else None,
        licences=some((*LICENCES, "助産師"), 2, 1.0) if chance.random() < 0.4 else None,
        flags=some((*FLAGS, JobFlag.NO_LICENSE, JobFlag.NIGHT_ONLY), 1, 0.2),
    )


def invented_seeker(number: int, jobs: Sequence[JobFacts], known: Sequence[int]) -> Seeker:
    """A person with a history, feedback and jobs that they must not be shown."""
    chance = random.Random(number)
    seen = chance.sample(list(known), min(len(known), chance.choice((0, 0, 3, 20))))
    return Seeker(
        wishes=invented_wishes(chance),
        history=tuple(Seen(job_id, round(chance.uniform(0.2, 8), 2)) for job_id in seen),
        excluded=frozenset(job.id for job in chance.sample(list(jobs), min(len(jobs), 20))),
        leanings={JobFlag.NIGHT_OK: 0.25} if chance.random() < 0.2 else {},
        feedback=_feedback(chance) if chance.random() < 0.3 else Feedback(),
        seed=number,
    )


def _feedback(chance: random.Random) -> Feedback:
    return Feedback(
        employers=tuple(f"架空法人{chance.randrange(40)}" for _ in range(2)),
        occupations=(chance.choice(OCCUPATIONS),),
        cities=(chance.choice((14100, 14104, 13)),),
    )
