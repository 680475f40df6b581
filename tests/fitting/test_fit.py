"""Fitting: each signal says what it should, and the whole is no worse than its parts."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from app.recommend.dense import blended, dense, raw_parts
from app.recommend.fitting.als import fit_factors, gram_of
from app.recommend.fitting.borrowing import borrowed, fit_projection
from app.recommend.fitting.fit import Material, fit, freshness
from app.recommend.fitting.histories import LONGEST, Histories, without_seen
from app.recommend.fitting.neighbours import as_table, fit_neighbours
from app.recommend.fitting.pairs import (
    Events,
    Pairs,
    last_part,
    newest_part,
    pairs_of,
    random_part,
    usual_strength,
)
from app.recommend.fitting.trial import Trial, ideal_gain
from app.recommend.fitting.weighing import USUAL_WEIGHTS
from app.recommend.folding import confidences, fold_factors, folding_in
from app.recommend.signals import PARTS, Floats, Integers
from tests.fitting.boards import Taste, make_material
from tests.fitting.invented import make_signals


def make_pairs(*pairs: tuple[int, int], days: list[float] | None = None) -> Pairs:
    """Pairs of strength 1."""
    persons, jobs = (np.array(column, np.int64) for column in zip(*pairs, strict=True))
    known = np.full(len(pairs), np.nan) if days is None else np.array(days)
    return Pairs(persons, jobs, np.ones(len(pairs)), known, (int(persons.max()) + 1, int(jobs.max()) + 1))


def test_events_add_up_by_person_and_job_and_fade() -> None:
    events = Events(
        np.array([0, 0, 1, 0]),
        np.array([2, 2, 2, 1]),
        np.array([1.0, 8.0, 3.0, 1.0]),
        np.array([100, 86, 72, 130]),
    )
    pairs = pairs_of(events, 100.0, (2, 3))
    assert list(zip(pairs.persons.tolist(), pairs.jobs.tolist(), strict=True)) == [(0, 1), (0, 2), (1, 2)]
    assert pairs.strengths.tolist() == [1.0, 1 + 8 / 2, 3 / 4]  # what lies ahead counts as of today
    assert pairs.days.tolist() == [130, 100, 72]


def test_nobody_is_believed_without_end() -> None:
    events = Events(np.zeros(50, int), np.zeros(50, int), np.full(50, 8.0), np.full(50, np.nan))
    pairs = pairs_of(events, np.nan, (1, 1))
    assert pairs.strengths.tolist() == [16.0]
    assert np.isnan(pairs.days).all()


def test_the_last_part_is_the_newest_of_all() -> None:
    pairs = make_pairs((0, 0), (0, 1), (1, 0), (1, 1), (2, 0), days=[5, 1, 4, 2, 3])
    assert last_part(pairs, 0.4).tolist() == [True, False, True, False, False]
    with pytest.raises(ValueError, match="without times"):
        last_part(make_pairs((0, 0)), 0.2)


def test_of_each_person_some_are_held_out_but_never_all() -> None:
    pairs = make_pairs(*((0, job) for job in range(10)), (1, 0), (1, 1), (2, 0), days=[*range(10), 3, 2, 1])
    assert newest_part(pairs, 0.2).tolist() == [False] * 8 + [True, True] + [True, False] + [False]
    held = random_part(pairs, 0.2, np.random.default_rng(5))
    assert np.bincount(pairs.persons[held], minlength=3).tolist() == [2, 1, 0]
    again = random_part(pairs, 0.2, np.random.default_rng(5))
    assert held.tolist() == again.tolist()


def test_a_history_holds_the_newest_jobs_of_a_person() -> None:
    many = [(1, job) for job in range(LONGEST + 1)]
    pairs = make_pairs((0, 7), *many, days=[0, *range(LONGEST + 1)])
    found = {int(who[0]): (rows, strengths) for who, rows, strengths in _one_by_one(pairs)}
    assert found[0][0].tolist() == [[7]]
    assert sorted(found[1][0][0].tolist()) == list(range(1, LONGEST + 1))


def _one_by_one(pairs: Pairs) -> Iterator[tuple[list[int], Integers, Floats]]:
    histories = Histories(pairs)
    for person in range(pairs.shape[0]):
        for chosen, rows, strengths in histories.blocks(np.array([person])):
            yield [person for _ in chosen], rows, strengths


def test_a_person_without_pairs_has_an_empty_history() -> None:
    blocks = list(Histories(make_pairs((1, 0))).blocks(np.array([0, 1])))
    (chosen, rows, strengths), *rest = blocks
    assert not rest
    assert chosen.tolist() == [0, 1]
    assert rows.tolist() == [[-1], [0]]
    assert strengths.tolist() == [[0], [1]]


def test_seen_jobs_come_last() -> None:
    scores = without_seen(np.ones((2, 3), np.float32), np.array([[0, -1], [1, 2]]))
    assert np.isinf(scores).tolist() == [[True, False, False], [False, True, True]]


def test_folding_in_solves_the_same_equations_as_fitting() -> None:
    material = make_material()
    factors, alpha = fit_factors(material.pairs, factors=16, seed=1, threads=1)
    changes: dict[str, Any] = {"factors": factors.astype("<f2"), "gram": gram_of(factors), "alpha": alpha}
    n = len(factors)
    signals = replace(make_signals(n, 16), **changes)
    histories = Histories(material.pairs)
    persons = np.arange(20)
    for chosen, history, strengths in histories.blocks(persons):
        found = fold_factors(folding_in(signals), history, strengths)
        for row in range(len(chosen)):
            wide = np.asarray(signals.factors, np.float64)[history[row]]
            confidence = confidences(strengths[row], alpha)
            system = signals.gram + 0.1 * np.eye(16) + (wide.T * (confidence - 1)) @ wide
            expected = np.linalg.solve(system, wide.T @ confidence)
            np.testing.assert_allclose(found[row], expected, atol=2e-3)


def test_a_job_without_events_has_no_factors_of_its_own() -> None:
    pairs = make_pairs((0, 0), (0, 2), (1, 0), (1, 2), (2, 2))
    factors, alpha = fit_factors(pairs, factors=4, seed=0, threads=1)
    assert not factors[1].any()
    assert factors[0].any()
    assert alpha == 10.0


def test_it_does_not_matter_whether_people_only_view_or_only_apply() -> None:
    views = make_material().pairs
    applications = replace(views, strengths=views.strengths * 8)
    assert usual_strength(applications) == 8
    for one, other in zip(
        _both(views),
        _both(applications),
        strict=True,
    ):
        np.testing.assert_allclose(one, other, atol=1e-4)


def _both(pairs: Pairs) -> tuple[Floats, Floats]:
    factors, _ = fit_factors(pairs, factors=8, seed=0, threads=1)
    return factors, np.asarray(fit_neighbours(pairs, threads=1).toarray())


def test_neighbours_are_jobs_of_the_same_people_the_nearest_first() -> None:
    pairs = make_pairs((0, 0), (0, 1), (1, 0), (1, 1), (2, 0), (2, 2), (3, 3), (3, 4))
    table, weights = as_table(fit_neighbours(pairs, threads=1), 3)
    assert table[0].tolist() == [1, 2]
    assert table[1].tolist() == [0, -1]
    assert set(table[3].tolist()) == {4, -1}
    assert (np.diff(weights.astype(float), axis=1) <= 0).all()
    assert weights.max() == 1
    narrow, _ = as_table(fit_neighbours(pairs, threads=1), 1)
    assert narrow[0].tolist() == [1]


def test_rare_jobs_borrow_what_jobs_of_like_content_have() -> None:
    random = np.random.default_rng(2)
    content = np.repeat(np.eye(2), 20, axis=0).astype(np.float32)
    factors = (content @ np.array([[1.0, 0, 0], [0, 1, 1]]) + random.normal(0, 0.1, (40, 3))).astype(
        np.float32
    )
    events = np.full(40, 9)
    events[0], factors[0] = 0, 0
    projection = fit_projection(factors, content, events)
    own = borrowed(factors, content, events, projection, 0)
    np.testing.assert_array_equal(own, factors)
    leaning = borrowed(factors, content, events, projection, 1)
    assert leaning[0] @ factors[5] > 3 * abs(leaning[0] @ factors[30])
    np.testing.assert_allclose(leaning[5], 0.9 * factors[5] + 0.1 * (content[5] @ projection), atol=1e-5)


def test_freshness_halves_and_unknown_ages_count_nothing() -> None:
    found = freshness(np.array([100.0, 86.0, 101.0, np.nan]), 100.0)
    np.testing.assert_allclose(found, [1, np.exp(-1), 1, 0], atol=1e-6)
    assert not freshness(np.array([1.0]), np.nan).any()


@pytest.mark.parametrize(
    ("scores", "gain"),
    [
        pytest.param([3.0, 2.0, 1.0], 1 / np.log2(3), id="second place"),
        pytest.param([2.0, 3.0, 1.0], 1.0, id="first place"),
        pytest.param([1.0, 1.0, 1.0], 1 / np.log2(4), id="a tie is no find"),
    ],
)
def test_gain_is_what_the_place_of_a_held_out_job_is_worth(scores: list[float], gain: float) -> None:
    values = np.array(scores, np.float32)[None, :, None]
    trial = Trial(values, np.array([0]), np.array([1]), ideal_gain(np.array([1])))
    assert trial.gain(np.array([1.0], np.float32)) == pytest.approx(gain)


def test_the_ideal_gain_grows_with_what_is_relevant_up_to_ten() -> None:
    gains = ideal_gain(np.array([1, 2, 10, 50]))
    assert gains[:2].tolist() == [1, 1 + 1 / np.log2(3)]
    assert gains[2] == gains[3]


def test_a_board_with_people_gets_all_signals_and_weights_from_a_trial() -> None:
    material = make_material(Taste(people=600))
    fitted = fit(material, seed=1, threads=1)
    fitted.signals.check()
    assert fitted.signals.job_ids.tolist() == material.job_ids.tolist()
    assert fitted.signals.factors.shape[1] == 128
    assert fitted.signals.neighbours.shape[1] > 0
    assert fitted.figures["held_out_ndcg"] is not None
    assert fitted.figures["people"] == 600
    assert set(fitted.signals.weights) == set(PARTS)


def test_fitting_is_the_same_again() -> None:
    material = make_material()
    one, other = (fit(material, seed=3, threads=1).signals for _ in range(2))
    np.testing.assert_array_equal(one.factors, other.factors)
    np.testing.assert_array_equal(one.content, other.content)
    assert one.weights == other.weights


def test_few_events_make_a_model_of_content_only() -> None:
    material = make_material(Taste(people=20, pairs_each=3))
    signals = fit(material, threads=1).signals
    signals.check()
    assert signals.factors.shape == (300, 0)
    assert signals.neighbours.shape == (300, 0)
    assert signals.weights == USUAL_WEIGHTS
    parts = raw_parts(dense(signals), np.array([[0, 1]]), np.ones((1, 2), np.float32))
    assert blended(dense(signals), parts).shape == (1, 300)


def test_jobs_without_a_word_do_not_stop_it() -> None:
    material = make_material()
    wordless = replace(material, words=material.words * 0)
    wordless.words.eliminate_zeros()
    signals = fit(wordless, threads=1).signals
    signals.check()
    assert not signals.content.any()


def test_without_any_event_there_is_no_model() -> None:
    material = make_material()
    nothing = material.pairs.among(np.zeros(len(material.pairs), bool))
    with pytest.raises(ValueError, match="nobody"):
        fit(replace(material, pairs=nothing))


@pytest.mark.parametrize("timed", [False, True], ids=["without times", "with times"])
def test_the_blend_is_no_worse_than_each_signal(timed: bool) -> None:
    material = make_material(Taste(people=900, jobs=500, kinds=40), timed=timed, seed=4)
    pairs = material.pairs
    held = newest_part(pairs, 0.2) if timed else random_part(pairs, 0.2, np.random.default_rng(0))
    train = Material(material.job_ids, material.words, material.opened, pairs.among(~held), material.today)
    fitted = fit(train, seed=0, threads=1)
    model = dense(fitted.signals, freshness(material.opened, material.today))
    found = dict.fromkeys((*PARTS, "blend"), 0.0)
    wanted = pairs.among(held)
    keys = wanted.persons * 500 + wanted.jobs
    persons = np.unique(wanted.persons)
    for chosen, history, strengths in Histories(train.pairs).blocks(persons):
        parts = raw_parts(model, history, strengths)
        for name, scores in {**parts, "blend": blended(model, parts)}.items():
            best = np.argsort(-without_seen(np.array(scores), history), axis=1)[:, :10]
            found[name] += float(np.isin(persons[chosen][:, None] * 500 + best, keys).sum())
    assert all(found["blend"] >= 0.97 * found[name] for name in PARTS), found
    assert found["blend"] > 1.5 * found["popular"]
