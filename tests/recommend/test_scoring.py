"""The lists equal those of the plain way, for people of every kind."""

import random
from collections import Counter
from dataclasses import dataclass, replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.jobs.rules import JobFacts, JobWishes, WageType, unmet_conditions
from app.jobs.vocabulary import JobFlag
from app.recommend.answers import picks_of
from app.recommend.crowd import crowd_of
from app.recommend.masks import fitting
from app.recommend.points import Scorer
from app.recommend.ports import Pick, Relaxation, Seeker, Signal
from app.recommend.rules import EXPLORED_PLACE, PER_EMPLOYER
from app.recommend.scoring import choose
from app.recommend.shelves import TOP_ROWS, pairs_of, shelves_of, whole
from app.recommend.signals import Signals
from tests.recommend.oracle import Found, best_jobs, scores_of
from tests.recommend.world import (
    invented_job,
    invented_seeker,
    invented_signals,
    invented_wishes,
    make_board,
    make_scorer,
)

COUNT = 10
CHANCE = random.Random(7)
JOBS = [invented_job(number, CHANCE) for number in range(1, 1001)]
BY_ID = {job.id: job for job in JOBS}
FOLDS = {job_id: f"twin {job_id % 9}" for job_id in range(100, 130)}
KNOWN = [job.id for job in JOBS if job.id % 4] + [5001, 5002]
"""Jobs of the model: a fourth of those on the board are newer than it, two have closed since."""
SIGNALS = invented_signals(sorted(KNOWN), 3)


@pytest.fixture(scope="module")
def scorer() -> Scorer:
    return make_scorer(make_board(JOBS, SIGNALS, FOLDS))


def lists_of(scorer: Scorer, seekers: list[Seeker]) -> list[list[Pick]]:
    return [list(picks) for picks in picks_of(scorer.board, choose(scorer, seekers, COUNT))]


@dataclass(frozen=True)
class Market:
    """Jobs, what a model says of them, and which of them are the same vacancy."""

    jobs: list[JobFacts]
    signals: Signals
    folds: dict[int, str]


def test_a_thousand_people_get_what_the_plain_way_gives() -> None:
    seekers = [invented_seeker(number, JOBS, KNOWN) for number in range(1000)]
    lists = _assert_all_same(Market(JOBS, SIGNALS, FOLDS), seekers)
    assert {0, COUNT} <= {len(picks) for picks in lists}
    assert any(pick.relaxed for picks in lists for pick in picks)
    assert any(pick.propensity for picks in lists for pick in picks)


def _assert_all_same(market: Market, seekers: list[Seeker]) -> list[list[Pick]]:
    """What the plain way gives, but for the drawn job, which takes a place."""
    scorer = make_scorer(make_board(market.jobs, market.signals, market.folds))
    lists = lists_of(scorer, seekers)
    for seeker, picks in zip(seekers, lists, strict=True):
        ranked = [pick for pick in picks if pick.propensity is None]
        places = COUNT - len(picks) + len(ranked)
        scores = scores_of(market.signals, market.jobs, seeker)
        _assert_same(ranked, best_jobs(scores, market.jobs, market.folds, seeker, places), scores)
    return lists


def _assert_same(picks: list[Pick], expected: list[Found], scores: dict[int, float]) -> None:
    """The same jobs, or others that score the same to four decimals."""
    assert len(picks) == len(expected)
    ours = [scores[pick.job_id] for pick in picks]
    assert ours == pytest.approx([found.score for found in expected], abs=1e-4)
    for pick, score in zip(picks, ours, strict=True):
        assert sum(pick.parts.values()) == pytest.approx(
            score, abs=4e-4
        )  # seven parts, each to four decimals


@settings(max_examples=60, deadline=None)
@given(seed=st.integers(0, 2**32), size=st.integers(1, 40))
def test_in_any_small_market_too(seed: int, size: int) -> None:
    chance = random.Random(seed)
    jobs = [invented_job(number, chance) for number in range(1, size + 1)]
    known = sorted(chance.sample(range(1, size + 3), max(2, size // 2)))
    market = Market(jobs, invented_signals(known, seed), {1: "twins", size: "twins"} if size > 1 else {})
    _assert_all_same(market, [invented_seeker(seed + number, jobs, known) for number in range(10)])


def test_the_top_of_a_long_shelf_is_enough_only_where_it_is() -> None:
    """Of these people only wishes are known: some find enough at the top of all jobs, some far below."""
    chance = random.Random(7)
    jobs = [invented_job(number, chance) for number in range(1, 4 * TOP_ROWS + 101)]
    market = Market(jobs, invented_signals([job.id for job in jobs if job.id % 3], 7), {})
    rare = JobWishes(wage_type=WageType.MONTH, wage_min=max(job.wage_min for job in jobs))
    wishes = [JobWishes(), JobWishes(flags=(JobFlag.NO_NIGHT,)), rare]
    seekers = [
        Seeker(wishes[number % 3], excluded=frozenset(chance.sample(range(1, len(jobs)), 300)), seed=number)
        for number in range(30)
    ]
    assert {len(picks) for picks in _assert_all_same(market, seekers)} >= {COUNT}


def test_few_jobs_that_stand_in_every_prefecture_are_no_long_shelf() -> None:
    chance = random.Random(7)
    somewhere = [invented_job(number, chance) for number in range(1, 101)]
    jobs = [replace(job, prefectures=(job.prefecture, *everywhere_but(job.prefecture))) for job in somewhere]
    assert sum(len(job.prefectures) for job in jobs) > 4 * TOP_ROWS
    market = Market(jobs, invented_signals([job.id for job in jobs], 7), {})
    _assert_all_same(market, [Seeker(JobWishes(), seed=number) for number in range(5)])


def everywhere_but(prefecture: int) -> list[int]:
    return [code for code in range(1, 48) if code != prefecture]


def test_one_person_alone_gets_the_same_as_among_many(scorer: Scorer) -> None:
    seekers = [invented_seeker(number, JOBS, KNOWN) for number in range(2000, 2200)]
    together = lists_of(scorer, seekers)
    alone = [lists_of(scorer, [seeker])[0] for seeker in seekers]
    assert [[pick.job_id for pick in picks] for picks in alone] == [
        [pick.job_id for pick in picks] for picks in together
    ]


def test_conditions_are_broken_only_where_it_is_said(scorer: Scorer) -> None:
    seekers = [invented_seeker(number, JOBS, KNOWN) for number in range(3000, 3400)]
    for seeker, picks in zip(seekers, lists_of(scorer, seekers), strict=True):
        employers = Counter(BY_ID[pick.job_id].employer for pick in picks)
        assert all(number <= PER_EMPLOYER for number in employers.values())
        assert not seeker.excluded & {pick.job_id for pick in picks}
        folds = [FOLDS.get(pick.job_id, pick.job_id) for pick in picks]
        assert len(set(folds)) == len(folds)
        for pick in picks:
            unmet = {each.value for each in unmet_conditions(BY_ID[pick.job_id], seeker.wishes)}
            assert unmet == {each.value for each in pick.relaxed}


def test_the_drawn_job_is_new_and_meets_every_wish_and_its_chance_is_told(scorer: Scorer) -> None:
    base = replace(invented_seeker(1, JOBS, KNOWN), wishes=JobWishes(), excluded=frozenset())
    drawn = Counter[int]()
    for seed in range(400):
        picks = lists_of(scorer, [replace(base, seed=seed)])[0]
        for place, pick in enumerate(picks, start=1):
            if pick.propensity is not None:
                assert place == EXPLORED_PLACE
                drawn[pick.job_id] += 1
                assert pick.propensity == pytest.approx(1 / _new_jobs(scorer))
    assert len(drawn) > 0.5 * _new_jobs(scorer)  # 400 draws of some 150 jobs
    assert max(drawn.values()) < 20


def _new_jobs(scorer: Scorer) -> int:
    return len(np.unique(scorer.board.rows.jobs[scorer.board.rows.is_new]))


def test_because_names_a_job_that_was_seen(scorer: Scorer) -> None:
    seekers = [invented_seeker(number, JOBS, KNOWN) for number in range(4000, 4100)]
    for seeker, picks in zip(seekers, lists_of(scorer, seekers), strict=True):
        seen = {each.job_id for each in seeker.history}
        for pick in picks:
            assert (pick.because is None) == (Signal.KNN not in pick.parts)
            assert pick.because is None or pick.because in seen


@settings(max_examples=150, deadline=None)
@given(seed=st.integers(0, 2**32))
def test_arrays_say_of_any_job_and_wishes_what_the_rules_say(seed: int) -> None:
    chance = random.Random(seed)
    jobs = [invented_job(number, chance) for number in range(1, 41)]
    board = make_board(jobs, invented_signals([job.id for job in jobs], 1))
    seekers = [Seeker(invented_wishes(chance)) for _ in range(20)]
    crowd = crowd_of(board, seekers)
    found: list[set[int]] = [set() for _ in seekers]
    people, codes = pairs_of(crowd)
    for shelf in shelves_of(board, codes):
        before, part = people[shelf.pairs], whole(board, shelf.code)
        fits = fitting(crowd.part(before), part.rows, part.prefecture)
        for person, row in zip(*np.nonzero(fits), strict=True):
            found[before[person]].add(jobs[part.rows.jobs[row]].id)
    for seeker, ids in zip(seekers, found, strict=True):
        assert ids == {job.id for job in jobs if not unmet_conditions(job, seeker.wishes)}


def test_somebody_whom_a_large_employer_would_fill_up_gets_others_too() -> None:
    flood = [replace(job, employer="架空の大法人", wage_min=900_000) for job in JOBS[:400]]
    others = [replace(job, employer=f"架空の小法人{job.id}") for job in JOBS[400:420]]
    jobs: list[JobFacts] = [*flood, *others]
    signals = invented_signals([job.id for job in jobs], 5)
    signals.popularity[:400] += 50
    picks = lists_of(make_scorer(make_board(jobs, signals)), [Seeker(JobWishes())])[0]
    employers = [job.employer for pick in picks for job in jobs if job.id == pick.job_id]
    assert len(picks) == COUNT
    assert employers.count("架空の大法人") == PER_EMPLOYER


def test_nobody_and_no_jobs_give_no_lists(scorer: Scorer) -> None:
    assert lists_of(scorer, []) == []
    empty = make_scorer(make_board([], invented_signals([], 1)))
    assert lists_of(empty, [Seeker(JobWishes()), Seeker(JobWishes(prefectures=(14,)))]) == [[], []]


def test_relaxed_wishes_come_after_those_that_are_met(scorer: Scorer) -> None:
    order = list(Relaxation)
    seekers = [invented_seeker(number, JOBS, KNOWN) for number in range(5000, 5300)]
    for picks in lists_of(scorer, seekers):
        steps = [max((order.index(each) for each in pick.relaxed), default=-1) for pick in picks]
        assert steps == sorted(steps)
