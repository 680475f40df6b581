"""What choosing jobs goes by (pure): its numbers, and how wishes are widened when too few jobs meet them."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from enum import StrEnum

from app.jobs.rules import JobWishes
from app.recommend.nearby import NEIGHBOURS, RELATED

PER_EMPLOYER = 2
LIST_LENGTH = 10
"""Jobs in a stored list."""
POOL = 50
"""Candidates that are kept before the lists of several cells are merged and employers are capped."""
HISTORY = 20
"""What somebody did last that is looked at; each job counts once."""
SHOWN_LATELY = timedelta(days=14)
"""A job that was shown is not chosen again for so long."""
FRESH_DAYS = 14.0
"""Freshness is e times less after so long."""
NEW_DAYS = 7
"""So long a job counts as new: it is said, and it may be drawn by chance."""
LEANING = 0.25
"""Points for something that a person said they would like, or could do."""
EMPLOYER_HIDDEN = -1.0
OCCUPATION_HIDDEN = -0.5
PLACE_HIDDEN = -0.5
MOST_HIDDEN = 8
"""The newest hidden jobs that speak against others of their kind."""
EXPLORED_PLACE = 5
"""This place of a list, counted from 1, is for a new job drawn by chance, so that jobs nobody has seen yet are
seen; a shorter list has none."""
WAGE_SHARE = (9, 10)
"""Of the wished pay that is enough once pay is relaxed."""


class Relaxation(StrEnum):
    """A condition that was widened because too few jobs met it, in the order in which this is tried.

    Never the licence, 夜勤なし, another demanded flag, or what the person excluded.
    """

    PLACE = "place"
    """The whole prefecture of a wished city, then the neighbouring ones."""
    OCCUPATION = "occupation"
    """A related occupation."""
    WAGE = "wage"
    """Up to a tenth less pay."""
    EMPLOYMENT = "employment"
    """Another type of employment."""


def widened(wishes: JobWishes) -> Iterator[JobWishes]:
    """Wishes in the order in which they are tried, each wider than the one before; none if nothing can be widened."""
    for widen in (_by_prefecture, _by_neighbours, _by_occupation, _by_wage, _by_employment):
        wider = widen(wishes)
        if wider != wishes:
            yield wider
            wishes = wider


def _by_prefecture(wishes: JobWishes) -> JobWishes:
    """The prefectures of the wished cities as a whole."""
    if not wishes.cities:
        return wishes
    whole = {code // 1000 if code >= 100 else code for code in wishes.cities}
    return replace(wishes, prefectures=tuple(sorted(whole.union(wishes.prefectures))), cities=())


def _by_neighbours(wishes: JobWishes) -> JobWishes:
    near = {code for wished in wishes.prefectures for code in (wished, *NEIGHBOURS.get(wished, ()))}
    return replace(wishes, prefectures=tuple(sorted(near))) if near - set(wishes.prefectures) else wishes


def _by_occupation(wishes: JobWishes) -> JobWishes:
    related = [name for wished in wishes.occupations for name in RELATED.get(wished, ())]
    return replace(wishes, occupations=tuple(dict.fromkeys((*wishes.occupations, *related))))


def _by_wage(wishes: JobWishes) -> JobWishes:
    if not wishes.wage_min:
        return wishes
    share, of = WAGE_SHARE
    return replace(wishes, wage_min=wishes.wage_min * share // of)


def _by_employment(wishes: JobWishes) -> JobWishes:
    return replace(wishes, employment_types=())
