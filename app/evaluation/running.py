"""An evaluation from two files to figures: split, fit on one half, ask about the other."""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from app.evaluation.board import Board, read_board
from app.evaluation.measures import Interval, Outcome, gains, intervals
from app.evaluation.methods import BLEND, CITY, Method, Scores, area_scores, personal_scores
from app.evaluation.splitting import Halves, Split, split_board
from app.recommend.fitting.fit import Material, fit
from app.recommend.fitting.histories import Histories, without_seen
from app.recommend.fitting.trial import TOP
from app.recommend.signals import Floats, Integers

Say = Callable[[str], None]


@dataclass(frozen=True)
class Line:
    """How one method did."""

    key: str
    title: str
    recall: Interval
    ndcg: Interval
    coverage: float
    """The share of all jobs that are among somebody's ten."""
    new_jobs: float
    """The share of shown jobs that nobody did anything with in the training half."""


@dataclass(frozen=True)
class Difference:
    """What the best of ours gains over another method, member by member (nDCG@10)."""

    key: str
    title: str
    ndcg: Interval
    ratio: float | None
    """None: the other found nothing."""


@dataclass(frozen=True)
class Comparison:
    """Methods on the same members."""

    title: str
    members: int
    lines: Sequence[Line]
    best: str
    """The title of the method that the others are compared with."""
    differences: Sequence[Difference]


@dataclass(frozen=True)
class Evaluation:
    """Everything that is shown."""

    split: Split
    seed: int
    jobs: int
    members: int
    training_pairs: int
    held_out_pairs: int
    held_out_on_new_jobs: float
    """The share of held-out pairs whose job nobody did anything with before."""
    fitted: Mapping[str, Any]
    comparisons: Sequence[Comparison]
    notes: Sequence[str] = field(default=())


def evaluate(jobs: Path, activity: Path, *, split: Split | None, seed: int, say: Say) -> Evaluation:
    """Read, split, fit, compare. Errors: ImportRefused, UnreadableFile, NothingToEvaluate."""
    say("Reading …")
    board = read_board(jobs, activity)
    return evaluate_board(board, split_board(board, split, seed), seed=seed, say=say)


def evaluate_board(board: Board, halves: Halves, *, seed: int, say: Say) -> Evaluation:
    """The same with what was read."""
    say(f"Fitting {len(halves.train):,} pairs of {len(np.unique(halves.train.persons)):,} members …")
    material = Material(np.arange(board.jobs), board.words, board.opened, halves.train, halves.today)
    fitted = fit(material, seed=seed)
    say("Comparing …")
    events = np.bincount(halves.train.jobs, minlength=board.jobs)
    asking = _Asking(board, halves, events, seed)
    personal = personal_scores(board, halves, fitted)
    found = [asking.compare("Members with a history", halves.known, personal, BLEND)]
    if halves.split is Split.TIME and board.knows_places:
        title = "Everybody as a newcomer, known only by an area"
        found.append(asking.compare(title, halves.asked, area_scores(board, halves), CITY))
    return Evaluation(
        split=halves.split,
        seed=seed,
        jobs=board.jobs,
        members=board.members,
        training_pairs=len(halves.train),
        held_out_pairs=len(halves.test),
        held_out_on_new_jobs=float((events[halves.test.jobs] == 0).mean()),
        fitted=fitted.figures,
        comparisons=found,
        notes=board.notes,
    )


class _Asking:
    def __init__(self, board: Board, halves: Halves, events: Integers, seed: int) -> None:
        self._jobs, self._is_new, self._seed = board.jobs, events == 0, seed
        self._histories = Histories(halves.train)
        order = np.lexsort((halves.test.jobs, halves.test.persons))
        self._wanted = halves.test.persons[order] * board.jobs + halves.test.jobs[order]
        self._relevant = np.bincount(halves.test.persons, minlength=board.members)

    def compare(self, title: str, members: Integers, scores: Scores, best: Method) -> Comparison:
        outcomes = self._outcomes(members, scores)
        ours, others = outcomes[best], {method: each for method, each in outcomes.items() if method != best}
        recalls = intervals([each.recall for each in outcomes.values()], self._seed)
        ndcgs = intervals([each.ndcg for each in outcomes.values()], self._seed)
        gained = intervals([ours.ndcg - each.ndcg for each in others.values()], self._seed)
        lines = [
            self._line(method, outcome, recall, ndcg)
            for (method, outcome), recall, ndcg in zip(outcomes.items(), recalls, ndcgs, strict=True)
        ]
        differences = [
            Difference(method.key, method.title, gain, _ratio(ours, other))
            for (method, other), gain in zip(others.items(), gained, strict=True)
        ]
        return Comparison(title, len(members), lines, best.title, differences)

    def _outcomes(self, members: Integers, scores: Scores) -> dict[Method, Outcome]:
        recall: defaultdict[Method, Floats] = defaultdict(lambda: np.zeros(len(members)))
        ndcg: defaultdict[Method, Floats] = defaultdict(lambda: np.zeros(len(members)))
        shown: defaultdict[Method, Integers] = defaultdict(lambda: np.zeros(self._jobs, np.int64))
        for chosen, history, strengths in self._histories.blocks(members):
            block = members[chosen]
            for method, points in scores(block, history, strengths).items():
                top = _best(without_seen(points, history))
                hits = np.isin(block[:, None] * self._jobs + top, self._wanted, kind="sort")
                recall[method][chosen], ndcg[method][chosen] = gains(hits, self._relevant[block])
                shown[method] += np.bincount(top.ravel(), minlength=self._jobs)
        return {method: Outcome(recall[method], ndcg[method], shown[method]) for method in recall}

    def _line(self, method: Method, outcome: Outcome, recall: Interval, ndcg: Interval) -> Line:
        return Line(
            method.key,
            method.title,
            recall,
            ndcg,
            coverage=float((outcome.shown > 0).mean()),
            new_jobs=float(outcome.shown[self._is_new].sum() / max(outcome.shown.sum(), 1)),
        )


def _ratio(ours: Outcome, other: Outcome) -> float | None:
    mean = float(other.ndcg.mean())
    return float(ours.ndcg.mean()) / mean if mean else None


def _best(points: Floats) -> Integers:
    """(B, 10) the jobs with the most points, best first; fewer where there are fewer jobs."""
    most = min(TOP, points.shape[1])
    top = np.argpartition(-points, most - 1, axis=1)[:, :most]
    order = np.argsort(-np.take_along_axis(points, top, 1), axis=1, kind="stable")
    return np.take_along_axis(top, order, 1)
