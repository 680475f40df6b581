"""The same vacancy told twice: by two feeds, or posted anew under another number (pure)."""

import unicodedata
from hashlib import sha256

from app.jobs.rows import JobRow

KEY_LENGTH = 32


def fold_key(row: JobRow) -> str:
    """Equal for jobs of one employer with one title at one place, however they are spelt.

    Width, spaces and case do not count. A full-time and a part-time vacancy are two, and so are two worksites:
    who looks for one of them must not be kept from it by the other.
    """
    words = (row.employer, row.title, row.worksite or "")
    place = f"{row.prefecture}:{row.city or ''}:{row.employment}"
    told = "\0".join((*map(_folded, words), place))
    return sha256(told.encode()).hexdigest()[:KEY_LENGTH]


def _folded(text: str) -> str:
    return "".join(unicodedata.normalize("NFKC", text).split()).casefold()
