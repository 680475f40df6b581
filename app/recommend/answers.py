"""Chosen rows as the plain values that others speak of."""

from collections.abc import Iterator

import numpy as np

from app.recommend.board import Board
from app.recommend.lists import NONE
from app.recommend.ports import Pick
from app.recommend.scoring import Chosen

SMALLEST = 0.00005
"""Points below it are left out: they would be written as 0."""


def picks_of(board: Board, chosen: Chosen) -> Iterator[tuple[Pick, ...]]:
    """The list of each person, best first."""
    ids = board.openings.job_ids[board.rows.jobs[chosen.rows]] if len(board.rows) else chosen.rows
    tallies = chosen.tallies
    names = tuple(tallies.parts)
    parts = np.stack([tallies.parts[name] for name in names], axis=-1).round(4)
    relaxed = np.stack(list(tallies.relaxed.values()), axis=-1)
    for person in range(len(chosen.rows)):
        filled = int((chosen.rows[person] != NONE).sum())
        yield tuple(
            Pick(
                job_id=int(ids[person, place]),
                parts={
                    name.value: float(points)
                    for name, points in zip(names, parts[person, place], strict=True)
                    if abs(points) > SMALLEST
                },
                because=int(at) if (at := tallies.because[person, place]) != NONE else None,
                relaxed=tuple(
                    name for name, unmet in zip(tallies.relaxed, relaxed[person, place], strict=True) if unmet
                ),
                propensity=1 / int(chosen.drawn_from[person]) if chosen.is_drawn[person, place] else None,
            )
            for place in range(filled)
        )
