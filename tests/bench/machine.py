"""What the measurements ran on: the facts that bound them."""

import os
import platform
import sqlite3
import time
from pathlib import Path
from statistics import median

import psutil
from sqlalchemy import create_engine, make_url, text

from tests.bench.results import Bench

FSYNCS = 200


def facts(bench: Bench) -> list[tuple[str, str]]:
    """Names and values, as the report lists them."""
    return [
        ("processor", f"{os.cpu_count()} cores ({_processor()})"),
        ("memory", f"{psutil.virtual_memory().total / 2**30:.0f} GiB"),
        ("system", f"{platform.system()} {platform.release()}, Python {platform.python_version()}"),
        ("SQLite", f"{sqlite3.sqlite_version}, WAL, synchronous = FULL"),
        ("PostgreSQL", _postgresql(bench)),
        ("write and fdatasync of 4 KiB, median", f"{_sync_milliseconds(bench.folder):.2f} ms"),
    ]


def load_averages() -> str:
    """Of the last 1, 5 and 15 minutes: what else ran shows here."""
    return ", ".join(f"{value:.1f}" for value in os.getloadavg())


def _processor() -> str:
    path = Path("/proc/cpuinfo")
    lines = path.read_text().splitlines() if path.exists() else []
    names = [line.split(":", 1)[1].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.machine()


def _postgresql(bench: Bench) -> str:
    url = make_url(bench.databases.empty_url("postgresql")).set(drivername="postgresql+psycopg")
    engine = create_engine(url)
    names = ("server_version", "fsync", "synchronous_commit", "shared_buffers")
    with engine.connect() as connection:
        values = [connection.scalar(text(f"SHOW {name}")) for name in names]
    engine.dispose()
    version, *settings = values
    described = ", ".join(f"{name} = {value}" for name, value in zip(names[1:], settings, strict=True))
    return f"{version}, {described}, by a socket on the same machine"


def _sync_milliseconds(folder: Path) -> float:
    """How long the disk takes to keep something: the floor under every commit."""
    took = []
    descriptor = os.open(folder / "sync", os.O_WRONLY | os.O_CREAT, 0o600)
    try:
        for _ in range(FSYNCS):
            started = time.perf_counter()
            os.write(descriptor, bytes(4096))
            os.fdatasync(descriptor)
            took.append(time.perf_counter() - started)
    finally:
        os.close(descriptor)
    return median(took) * 1000
