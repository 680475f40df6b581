"""Other ways to find each person's best jobs, with an easier task: one cell, a floor of pay, a dot product."""

import sqlite3
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

import duckdb
import numpy as np
import numpy.typing as npt
import polars as pl

from app.recommend.crowd import crowd_of
from app.recommend.openings import Openings
from app.recommend.points import Scorer, tastes_of
from app.recommend.ports import Seeker

CHUNK = 2_000
Vectors = npt.NDArray[np.float32]


@dataclass(frozen=True, eq=False)
class Market:
    """People who want one occupation in one prefecture, and all jobs; the vectors are those of our own scoring."""

    jobs: pl.DataFrame
    people: pl.DataFrame
    job_vectors: Vectors
    people_vectors: Vectors


Way = Callable[[Market], float]
"""Seconds that it takes."""


def one_cell(seekers: Sequence[Seeker]) -> list[Seeker]:
    """Those who want exactly one occupation in exactly one prefecture."""
    return [
        each
        for each in seekers
        if len(each.wishes.prefectures) == len(each.wishes.occupations) == 1 and not each.wishes.cities
    ]


def market_of(scorer: Scorer, seekers: Sequence[Seeker]) -> Market:
    """The same jobs and people as frames."""
    openings: Openings = scorer.board.openings
    main = scorer.board.rows.is_main
    vectors = np.zeros((len(openings), scorer.board.rows.vectors.shape[1]), np.float32)
    vectors[scorer.board.rows.jobs[main]] = scorer.board.rows.vectors[main]
    crowd = crowd_of(scorer.board, seekers)
    jobs = {
        "job": np.arange(len(openings)),
        "prefecture": openings.prefectures,
        "occupation": openings.occupations.astype(np.int64),
        "wage": openings.wages,
    }
    people = {
        "person": np.arange(len(seekers)),
        "prefecture": np.array([each.wishes.prefectures[0] for each in seekers]),
        "occupation": crowd.occupations[:, 0].astype(np.int64),
        "floor": np.array([each.wishes.wage_min or 0 for each in seekers]) // 1_000,
    }
    return Market(pl.DataFrame(jobs), pl.DataFrame(people), vectors, tastes_of(scorer, crowd).vectors)


def by_polars(market: Market) -> float:
    """A join, a dot product of the pairs by numpy, the ten best of each."""
    return _timed(lambda: sum(map(partial(_joined, market), market.people.iter_slices(CHUNK))))


def _joined(market: Market, people: pl.DataFrame) -> int:
    pairs = people.join(market.jobs, on=["prefecture", "occupation"]).filter(
        pl.col("wage") >= pl.col("floor")
    )
    person, job = pairs["person"].to_numpy(), pairs["job"].to_numpy()
    points = np.einsum("ij,ij->i", market.people_vectors[person], market.job_vectors[job])
    best = pairs.with_columns(points=points).sort("points", descending=True).group_by("person").head(10)
    return int(best.height)


def by_duckdb(market: Market) -> float:
    """The same in SQL, by its own vectors, from files that polars has written."""
    width = market.job_vectors.shape[1]
    query = (
        f"SELECT person, job, array_inner_product(vector::FLOAT[{width}], taste::FLOAT[{width}]) AS points "
        "FROM 'people.parquet' JOIN 'jobs.parquet' USING (prefecture, occupation) WHERE wage >= floor "
        "QUALIFY row_number() OVER (PARTITION BY person ORDER BY points DESC) <= 10"
    )
    with tempfile.TemporaryDirectory(prefix="goen-bench-") as folder, duckdb.connect() as connection:
        jobs = market.jobs.with_columns(
            vector=pl.Series(market.job_vectors.tolist(), dtype=pl.List(pl.Float32))
        )
        tastes = pl.Series(market.people_vectors.tolist(), dtype=pl.List(pl.Float32))
        jobs.write_parquet(f"{folder}/jobs.parquet")
        market.people.with_columns(taste=tastes).write_parquet(f"{folder}/people.parquet")
        connection.execute("SET threads = 1")
        query = query.replace("people.parquet", f"{folder}/people.parquet")
        query = query.replace("jobs.parquet", f"{folder}/jobs.parquet")
        return _timed(lambda: len(connection.execute(query).fetchall()))


def by_sqlite(market: Market) -> float:
    """A query for each person, sorted by a stored number instead of a vector."""
    with sqlite3.connect(":memory:") as connection:
        connection.execute("CREATE TABLE job (job, prefecture, occupation, wage, base)")
        base = market.job_vectors[:, 0].tolist()
        rows = [(*row, points) for row, points in zip(market.jobs.rows(), base, strict=True)]
        connection.executemany("INSERT INTO job VALUES (?, ?, ?, ?, ?)", rows)
        connection.execute("CREATE INDEX cell ON job (occupation, prefecture, base)")
        query = (
            "SELECT job FROM job WHERE prefecture = ? AND occupation = ? AND wage >= ? "
            "ORDER BY base DESC LIMIT 10"
        )
        people = market.people.rows()
        return _timed(lambda: sum(len(connection.execute(query, row[1:]).fetchall()) for row in people))


def seconds_of(way: Way, market: Market) -> float:
    """Once through everybody, without making ready."""
    return way(market)


PEERS: dict[str, Way] = {
    "polars: join, dot product, ten best": by_polars,
    "duckdb: the same in SQL": by_duckdb,
    "SQLite: a query for each, no vector": by_sqlite,
}


def _timed(work: Callable[[], int]) -> float:
    begun = time.perf_counter()
    work()
    return time.perf_counter() - begun
