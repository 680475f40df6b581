"""Popular within the city, then within the prefecture, then everywhere: what newcomers are shown."""

import numpy as np

from app.evaluation.board import Board
from app.evaluation.splitting import Halves
from app.recommend.signals import Floats, Integers

HALF_LIFE_DAYS = 7.0


class AreaRanking:
    """Jobs by different people, each counting half as much for every seven days since."""

    def __init__(self, board: Board, halves: Halves) -> None:
        pairs = halves.train
        ages = np.nan_to_num(np.maximum(halves.today - pairs.days, 0))
        people = np.bincount(pairs.jobs, 0.5 ** (ages / HALF_LIFE_DAYS), minlength=board.jobs)
        self._people = (people / max(people.max(initial=0), 1e-9)).astype(np.float32)
        self._prefectures, self._cities = board.prefectures, board.cities
        self._first = _first_jobs(halves)

    def stated(self, members: Integers) -> Integers:
        """(B,) the job whose place each member is taken to have stated: the earliest held-out one."""
        return self._first[members]

    def looked_at(self, history: Integers) -> Integers:
        """(B,) a job in the city where most of a history's jobs are; -1 without a history."""
        if not history.shape[1]:
            return np.full(len(history), -1)
        cities = np.where(history >= 0, self._cities[history], -1)
        counts = (cities[:, :, None] == cities[:, None, :]).sum(axis=2) * (cities >= 0) + 0.1 * (history >= 0)
        return np.asarray(history[np.arange(len(history)), counts.argmax(axis=1)])

    def points(self, jobs: Integers, *, narrowest: bool) -> Floats:
        """(B, n) people, and before them all jobs of the prefecture (and city) of each of `jobs` (B,)."""
        prefecture = np.where(jobs >= 0, self._prefectures[jobs], -1)
        is_near = (self._prefectures[None, :] == prefecture[:, None]) & (prefecture >= 0)[:, None]
        points = self._people[None, :] + 2 * is_near
        if narrowest:
            city = np.where(jobs >= 0, self._cities[jobs], -1)
            points = points + 4 * ((self._cities[None, :] == city[:, None]) & (city >= 0)[:, None])
        return np.asarray(np.where(self._people > 0, points, 0), np.float32)


def _first_jobs(halves: Halves) -> Integers:
    """(m,) each member's earliest held-out job; -1 without one."""
    order = np.argsort(-np.nan_to_num(halves.test.days), kind="stable")
    first = np.full(halves.test.shape[0], -1)
    first[halves.test.persons[order]] = halves.test.jobs[order]  # the earliest is written last
    return first
