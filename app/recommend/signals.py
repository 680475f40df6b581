"""What fitting found out about jobs, as arrays: the side of scoring that is the same for everybody.

A row is a job, in the order of `job_ids`. Members are not in it: they are folded in from what they did
(app/recommend/folding.py). As a file: app/recommend/signal_file.py.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from app.recommend.errors import BrokenModel

ALS, KNN, CONTENT, POPULAR, FRESH = "als", "knn", "content", "popular", "fresh"
PARTS = (ALS, KNN, CONTENT, POPULAR, FRESH)
"""The signals of a score; each has a scale and a weight. `fresh` is not fitted, its weight is."""
ARRAYS: Mapping[str, tuple[str, int]] = {
    "job_ids": ("<i8", 1),
    "factors": ("<f2", 2),
    "gram": ("<f4", 2),
    "neighbours": ("<i4", 2),
    "neighbour_weights": ("<f2", 2),
    "popularity": ("<f4", 1),
    "content": ("<f2", 2),
    "idf": ("<f4", 1),
    "components": ("<f2", 2),
    "projection": ("<f4", 2),
}
"""Name, type (little-endian) and number of dimensions of every array."""
NUMBERS = ("alpha", "regularisation")
Floats = npt.NDArray[np.floating[Any]]
Integers = npt.NDArray[np.integer[Any]]


@dataclass(frozen=True, eq=False)
class Signals:
    """Shapes: n jobs, d factors (0: no ALS), K neighbours (0: none), c content dimensions, F buckets of words.

    Errors: BrokenModel from `check` when the parts do not fit together.
    """

    job_ids: Integers
    """(n,) strictly rising."""
    factors: Floats
    """(n, d) ALS, the side of jobs; one that few did anything with borrows from jobs of like content."""
    gram: Floats
    """(d, d) factorsᵀ · factors before anything was borrowed, which folding in a member needs."""
    neighbours: Integers
    """(n, K) rows of similar jobs, the most similar first; -1: none."""
    neighbour_weights: Floats
    """(n, K) how similar, BM25; 0 where there is none."""
    popularity: Floats
    """(n,) logarithm of the decayed number of people, 1 for the most popular job."""
    content: Floats
    """(n, c) what a job says of itself, of length 1 (0 for a job without a known word)."""
    idf: Floats
    """(F,) how rare a word is, by its bucket."""
    components: Floats
    """(F, c) from words to content: app/recommend/contents.py projects a new job with it."""
    projection: Floats
    """(c, d) from content to the factors of a job that nobody did anything with; zeros: nothing is borrowed."""
    scales: Mapping[str, float]
    """For each of PARTS the value that counts as 1: half of the members' best jobs have more."""
    weights: Mapping[str, float]
    """For each of PARTS how much a 1 is worth."""
    alpha: float
    """Confidence of ALS in a strength of 1."""
    regularisation: float

    def __len__(self) -> int:
        return len(self.job_ids)

    def coefficients(self) -> dict[str, float]:
        """For each of PARTS what its raw value is multiplied by in a score."""
        return {part: self.weights[part] / self.scales[part] for part in PARTS}

    def rows_of(self, job_ids: Integers) -> Integers:
        """The row of each job id; -1 for a job that the model does not know."""
        if not len(self):
            return np.full(len(job_ids), -1, np.int64)
        rows = np.searchsorted(self.job_ids, job_ids)
        found = self.job_ids[np.minimum(rows, len(self) - 1)] == job_ids
        return np.where(found, np.minimum(rows, len(self) - 1), -1)

    def check(self) -> None:
        """Errors: BrokenModel, naming the first thing that is not as it must be."""
        for name, (kind, dimensions) in ARRAYS.items():
            array = getattr(self, name)
            if array.dtype != np.dtype(kind) or array.ndim != dimensions:
                raise BrokenModel(f"model: {name} is {array.dtype} with {array.ndim} dimensions")
            if array.dtype.kind == "f" and not np.isfinite(array).all():
                raise BrokenModel(f"model: {name} has values that are no numbers")
        n, d, c = len(self), self.factors.shape[1], self.content.shape[1]
        shapes: Mapping[str, tuple[int, ...]] = {
            "factors": (n, d),
            "gram": (d, d),
            "neighbours": (n, self.neighbours.shape[1]),
            "neighbour_weights": self.neighbours.shape,
            "popularity": (n,),
            "content": (n, c),
            "components": (len(self.idf), c),
            "projection": (c, d),
        }
        for name, shape in shapes.items():
            if getattr(self, name).shape != shape:
                raise BrokenModel(f"model: {name} has the shape {getattr(self, name).shape}, not {shape}")
        self._check_values(n)

    def _check_values(self, n: int) -> None:
        if (np.diff(self.job_ids) <= 0).any():
            raise BrokenModel("model: job_ids do not rise")
        if self.neighbours.size and not (self.neighbours.min() >= -1 and self.neighbours.max() < n):
            raise BrokenModel("model: a neighbour that is no row")
        if set(self.scales) != set(PARTS) or not all(0 < scale < np.inf for scale in self.scales.values()):
            raise BrokenModel("model: scales are not above 0 for every signal")
        if set(self.weights) != set(PARTS) or not all(0 <= each < np.inf for each in self.weights.values()):
            raise BrokenModel("model: weights are not at least 0 for every signal")
        if not (0 < self.alpha < np.inf and 0 < self.regularisation < np.inf):
            raise BrokenModel("model: alpha and regularisation are not above 0")
