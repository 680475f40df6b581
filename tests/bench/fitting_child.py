"""`python -m tests.bench.fitting_child WHAT JOBS PAIRS`: fit an invented board; seconds and peak memory as JSON."""

import json
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from pathlib import Path

import numpy as np
from implicit.cpu.als import AlternatingLeastSquares
from scipy.sparse import csr_array, csr_matrix, diags_array
from threadpoolctl import threadpool_limits

from app.recommend.contents import word_matrix
from app.recommend.fitting.content import BUCKETS
from app.recommend.fitting.fit import Material, fit
from app.recommend.fitting.neighbours import as_table
from app.recommend.fitting.pairs import Pairs
from app.recommend.signal_file import save

JOBS_OF_A_KIND = 50
PAIRS_OF_A_PERSON = 5
LOYALTY = 0.7


def board(jobs: int, pairs: int) -> Material:
    """Invented: people mostly look at jobs of one kind, of which the first are the most popular."""
    random = np.random.default_rng(1)
    people, kinds = pairs // PAIRS_OF_A_PERSON, jobs // JOBS_OF_A_KIND
    persons = random.integers(people, size=pairs)
    own = random.integers(kinds, size=people)[persons]
    kind = np.where(random.random(pairs) < LOYALTY, own, random.integers(kinds, size=pairs))
    chosen = kind + kinds * (random.random(pairs) ** 2 * JOBS_OF_A_KIND).astype(np.int64)
    persons, chosen = np.divmod(np.unique(persons * jobs + chosen), jobs)
    days = 70 + 30 * random.random(len(persons))
    found = Pairs(persons, chosen, np.ones(len(persons)), days, (people, jobs))
    words = word_matrix((_fields(job, kinds, random) for job in range(jobs)), BUCKETS)
    return Material(np.arange(jobs), words, 100 * random.random(jobs), found, 100.0)


def _fields(job: int, kinds: int, random: np.random.Generator) -> list[list[str]]:
    kind = job % kinds
    title = [f"title={kind}:{word}" for word in random.integers(20, size=12)]
    return [title, [f"kind={kind}"], [f"prefecture={kind % 47}"], [f"employer={random.integers(5_000)}"]]


def fit_goen(material: Material) -> float:
    """All signals, weights from a trial, and the file; its size in MB."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "signals"
        save(fit(material, threads=1).signals, path)
        return path.stat().st_size / 1e6


def fit_implicit(material: Material) -> float:
    """implicit's own defaults but for the number of factors: ALS alone."""
    with threadpool_limits(1, "blas"):
        model = AlternatingLeastSquares(factors=128, num_threads=1, random_state=1)
        model.fit(csr_matrix(material.pairs.matrix()), show_progress=False)
    return float(model.item_factors.nbytes) / 1e6


def fit_cosine(material: Material) -> float:
    """Cosine neighbours by one product of sparse matrices."""
    matrix = material.pairs.matrix()
    lengths = np.sqrt(np.asarray(matrix.multiply(matrix).sum(axis=0)).ravel())
    scaled = matrix @ diags_array(1 / np.maximum(lengths, 1e-9))
    similar = csr_array(scaled.T @ scaled)
    similar.setdiag(0)
    similar.eliminate_zeros()
    table, weights = as_table(similar, 30)
    return (table.nbytes + weights.nbytes) / 1e6


WAYS: Mapping[str, Callable[[Material], float]] = {
    "goen": fit_goen,
    "implicit": fit_implicit,
    "cosine": fit_cosine,
}


def main() -> None:
    """One line of JSON."""
    what, jobs, pairs = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
    material = board(jobs, pairs)
    begun = time.perf_counter()
    megabytes = WAYS[what](material)
    seconds = time.perf_counter() - begun
    sys.stdout.write(json.dumps({"seconds": seconds, "peak": _peak(), "file": megabytes}))


def _peak() -> float:
    """MB. Not `getrusage`: on Linux a program is told the peak of whoever started it, where that is higher."""
    status = Path("/proc/self/status").read_text(encoding="ascii")
    return int(status.partition("VmHWM:")[2].split()[0]) / 1024


if __name__ == "__main__":
    main()
