"""From words to content vectors: hashed TF-IDF, projected; the same for a job that came after fitting."""

from collections.abc import Iterable, Sequence
from functools import lru_cache
from zlib import crc32

import numpy as np
from scipy.sparse import csr_array

from app.recommend.signals import Floats, Signals

Fields = Sequence[Sequence[str]]


def content_of(signals: Signals, jobs: Iterable[Fields]) -> Floats:
    """Content vectors of jobs by their fields (app/recommend/wording.py), fitted or not.

    Shapes: m jobs -> (m, c) float32, each of length 1, or 0 when it has no known word.
    """
    words = word_matrix(jobs, len(signals.idf))
    return projected(words, signals.idf, signals.components)


def factors_of(signals: Signals, content: Floats) -> Floats:
    """ALS factors of jobs that the model does not know, from their content: (m, c) -> (m, d) float32."""
    return np.asarray(content @ signals.projection, np.float32)


def word_matrix(jobs: Iterable[Fields], buckets: int) -> csr_array:
    """(m, F) float32: each field's words, hashed, together of length 1 before collisions."""
    columns: list[int] = []
    values: list[float] = []
    ends = [0]
    for fields in jobs:
        for words in fields:
            if words:
                columns += [_bucket(word) for word in words]
                values += [len(words) ** -0.5] * len(words)
        ends.append(len(columns))
    hashed = np.array(columns, np.int64) % max(buckets, 1)
    matrix = csr_array(
        (np.array(values, np.float32), hashed.astype(np.int32), np.array(ends, np.int32)),
        shape=(len(ends) - 1, buckets),
    )
    matrix.sum_duplicates()
    return matrix


def weighed(words: csr_array, idf: Floats) -> csr_array:
    """The same with each word worth its rarity and each job of length 1."""
    values = words.data * idf[words.indices]
    rows = np.repeat(np.arange(words.shape[0]), np.diff(words.indptr))
    lengths = np.sqrt(np.bincount(rows, values**2, minlength=words.shape[0]))
    lengths[lengths == 0] = 1
    return csr_array(
        ((values / lengths[rows]).astype(np.float32), words.indices, words.indptr), shape=words.shape
    )


def projected(words: csr_array, idf: Floats, components: Floats) -> Floats:
    """(m, c) float32 of length 1."""
    return unit_rows(weighed(words, idf) @ components.astype(np.float32))


def unit_rows(vectors: Floats) -> Floats:
    """Each row divided by its length; rows of zeros stay."""
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    return np.asarray(vectors / np.where(lengths > 1e-9, lengths, 1), np.float32)


@lru_cache(1 << 17)
def _bucket(word: str) -> int:
    return crc32(word.encode("utf-8", "surrogatepass"))
