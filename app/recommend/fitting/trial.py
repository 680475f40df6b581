"""Held-out pairs and what each signal says of them: the material that weights are chosen on."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np

from app.recommend.fitting.histories import Histories, without_seen
from app.recommend.fitting.pairs import Pairs
from app.recommend.signals import Floats, Integers

TOP = 10
CANDIDATES = 50
"""The best of each signal; what is among the best ten of a blend is in one of these."""
PartsOf = Callable[[Integers, Floats], Mapping[str, Floats]]
"""From histories and their strengths, (B, H) twice, to each signal's points, (B, n)."""
_SHARES = 1 / np.log2(np.arange(2, TOP + 2))


@dataclass(frozen=True, eq=False)
class Trial:
    """Of P persons at most C candidates each; the last axis of `values` is the signal."""

    values: Floats
    """(P, C, S) float32; NaN where a person has fewer candidates."""
    person: Integers
    """(h,) of each held-out pair that is among the candidates: the person's row …"""
    candidate: Integers
    """(h,) … and the candidate's place."""
    ideal: Floats
    """(P,) the gain of the best possible ten."""

    def gain(self, weights: Floats) -> float:
        """The mean nDCG@10 with these weights: (S,) -> 0..1."""
        scores = self.values @ weights
        own = scores[self.person, self.candidate]
        ranks = (scores[self.person] >= own[:, None]).sum(axis=1) - 1  # of equals the last: they are no find
        gains = np.where(ranks < TOP, _SHARES[np.minimum(ranks, TOP - 1)], 0)
        return float((np.bincount(self.person, gains, minlength=len(self.ideal)) / self.ideal).mean())


def ideal_gain(relevant: Integers) -> Floats:
    """What the best ten gain when so many jobs are relevant (at least one)."""
    return np.asarray(np.cumsum(_SHARES)[np.minimum(relevant, TOP) - 1])


def make_trial(
    parts_of: PartsOf, names: tuple[str, ...], histories: Histories, persons: Integers, held: Pairs
) -> Trial:
    """What the signals `names` say of each person's candidates. Each of `persons` has a held-out pair."""
    order = np.argsort(held.persons, kind="stable")
    starts = np.searchsorted(held.persons[order], persons)
    ends = np.searchsorted(held.persons[order], persons, side="right")
    width = CANDIDATES * len(names)
    values = np.full((len(persons), width, len(names)), np.nan, np.float32)
    rows: list[int] = []
    places: list[int] = []
    for chosen, history, strengths in histories.blocks(persons):
        parts = parts_of(history, strengths)
        best = _best(parts, names, history)
        for row, person in enumerate(chosen):
            candidates = np.unique(best[row][best[row] >= 0])
            for place, name in enumerate(names):
                values[person, : len(candidates), place] = parts[name][row, candidates]
            wanted = held.jobs[order[starts[person] : ends[person]]]
            found = np.nonzero(np.isin(candidates, wanted))[0].tolist()
            rows += [int(person)] * len(found)
            places += found
    return Trial(values, np.array(rows, np.int64), np.array(places, np.int64), ideal_gain(ends - starts))


def _best(parts: Mapping[str, Floats], names: tuple[str, ...], history: Integers) -> Integers:
    """(B, …) rows of jobs that one of the signals has among its best, -1 for those that a person has seen."""
    found = []
    for name in names:
        scores = without_seen(np.array(parts[name]), history)
        most = min(CANDIDATES, scores.shape[1])
        top = np.argpartition(-scores, most - 1, axis=1)[:, :most]
        found.append(np.where(np.isinf(np.take_along_axis(scores, top, 1)), -1, top))
    return np.concatenate(found, axis=1)
