"""What a job says of itself, as words: its attributes, and pieces of its title (pure).

A job is a list of fields and a field a list of words. Fields count alike, however many words they have: a
long title does not outweigh the occupation.
"""

import math
import re
import unicodedata
from collections.abc import Sequence
from typing import NamedTuple

from app.jobs.models import Job
from app.jobs.vocabulary import flags_of, licences_of

Fields = list[list[str]]
WAGE_STEP = math.log(1.1)
_LATIN = re.compile(r"[a-z0-9][a-z0-9+#.]*")
_JAPANESE = re.compile(r"[\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff々〆ー]+")


class JobWording(NamedTuple):
    """The columns of a job that its content is made of, in the order of WORDING_COLUMNS."""

    title: str
    employer: str
    occupation: str
    employment: str
    prefecture: int
    city: int | None
    wage_type: str
    wage_min: int
    flags: int
    licences: int


WORDING_COLUMNS = tuple(getattr(Job, name) for name in JobWording._fields)
"""To select: `JobWording(*row)`."""


def job_fields(job: JobWording) -> Fields:
    """The fields of a job; nothing about the people who looked at it."""
    wage = round(math.log(max(job.wage_min, 1)) / WAGE_STEP)
    return [
        text_words(job.title),
        [f"employer={job.employer}"],
        [f"occupation={job.occupation}"],
        [f"employment={job.employment}"],
        [f"prefecture={job.prefecture}"],
        [] if job.city is None else [f"city={job.city}"],
        [f"wage={job.wage_type}:{wage + step}" for step in (-1, 0, 1)],
        [f"flag={flag}" for flag in sorted(flags_of(job.flags))],
        [f"licence={name}" for name in sorted(licences_of(job.licences))],
    ]


def text_words(text: str) -> list[str]:
    """Latin words and numbers whole, Japanese in overlapping pieces of two and three characters, each once."""
    folded = unicodedata.normalize("NFKC", text).casefold()
    words = dict.fromkeys(_LATIN.findall(folded))
    for run in _JAPANESE.findall(folded):
        words.update(dict.fromkeys(_pieces(run)))
    return list(words)


def _pieces(run: str) -> Sequence[str]:
    if len(run) < 2:
        return [run]
    return [run[at : at + size] for size in (2, 3) for at in range(len(run) - size + 1)]
