"""Which pairs are learnt from and which are asked about."""

from dataclasses import dataclass
from enum import StrEnum

import numpy as np
import numpy.typing as npt

from app.evaluation.board import Board, NothingToEvaluate
from app.recommend.fitting.pairs import Events, Pairs, pairs_of, random_part
from app.recommend.signals import Integers

HELD_OUT = 0.2


class Split(StrEnum):
    """How pairs are held out."""

    TIME = "time"
    """The last fifth of all events: what a member did next."""
    RANDOM = "random"
    """A fifth of each member's jobs, at least one: what a member did besides."""


@dataclass(frozen=True, eq=False)
class Halves:
    """Training pairs, and held-out ones that are not among them."""

    split: Split
    train: Pairs
    test: Pairs
    today: float
    """The day on which training ends; NaN without times."""

    @property
    def known(self) -> Integers:
        """Members with training pairs and held-out ones."""
        return np.intersect1d(self.train.persons, self.test.persons)

    @property
    def asked(self) -> Integers:
        """Members with held-out pairs."""
        return np.unique(self.test.persons)


def has_times(events: Events) -> bool:
    """True when the time of every event is known."""
    return bool(len(events)) and not np.isnan(events.days).any()


def split_board(board: Board, split: Split | None, seed: int) -> Halves:
    """By time where all times are known, else at random, unless one is named.

    Errors: NothingToEvaluate.
    """
    chosen = split or (Split.TIME if has_times(board.events) else Split.RANDOM)
    if chosen is Split.TIME and not has_times(board.events):
        raise NothingToEvaluate("時刻のない行があるため、時間では分けられません(--split random)")
    halves = _by_time(board) if chosen is Split.TIME else _at_random(board, seed)
    if not len(halves.known):
        raise NothingToEvaluate("学習とテストの両方に行動がある会員がいません")
    return halves


def _by_time(board: Board) -> Halves:
    shape = (board.members, board.jobs)
    order = np.argsort(board.events.days, kind="stable")
    is_late = np.zeros(len(order), bool)
    is_late[order[len(order) - round(HELD_OUT * len(order)) :]] = True
    early = board.events.among(~is_late)
    today = float(early.days.max(initial=-np.inf))
    train = pairs_of(early, today, shape)
    late = pairs_of(board.events.among(is_late), today, shape)
    return Halves(Split.TIME, train, late.among(~_are_in(late, train)), today)


def _at_random(board: Board, seed: int) -> Halves:
    """Times are known for none or some: nothing fades, and nothing is fresh."""
    timeless = Events(
        board.events.persons, board.events.jobs, board.events.strengths, np.full(len(board.events), np.nan)
    )
    pairs = pairs_of(timeless, np.nan, (board.members, board.jobs))
    held = random_part(pairs, HELD_OUT, np.random.default_rng(seed))
    return Halves(Split.RANDOM, pairs.among(~held), pairs.among(held), np.nan)


def _are_in(pairs: Pairs, others: Pairs) -> npt.NDArray[np.bool_]:
    jobs = pairs.shape[1]
    return np.isin(pairs.persons * jobs + pairs.jobs, others.persons * jobs + others.jobs)
