"""`python -m app.recommend.fitting TIME`: fit a model to what is in the database, store it, say so as JSON."""

import json
import os
import sys
import tempfile
from datetime import datetime
from pathlib import Path

from app.children import NICENESS, answer_parent, end_with_parent
from app.db import Database, open_database
from app.recommend.fitting.catalogue import read_material
from app.recommend.fitting.deeds import read_deeds
from app.recommend.fitting.fit import fit
from app.recommend.signal_file import save
from app.recommend.store import store_model
from app.settings import Settings


def main() -> None:
    """Behind all else on this machine; nothing on standard output but one line."""
    os.nice(NICENESS)
    end_with_parent()
    database = open_database(Settings.from_env().database_url)
    try:
        version = fit_and_store(database, datetime.fromisoformat(sys.argv[1]))
    finally:
        database.dispose()
    answer_parent(json.dumps({"version": version}))


def fit_and_store(database: Database, now: datetime) -> str | None:
    """The version of the new live model; None when nobody has done anything yet, then nothing is stored."""
    deeds = read_deeds(database, now)
    if not len(deeds.events):
        return None
    material = read_material(database, deeds, now)
    del deeds
    if not len(material.pairs):
        return None
    fitted = fit(material, threads=max(1, (os.cpu_count() or 1) // 2))
    with tempfile.TemporaryDirectory(prefix="goen-fitting-") as folder:
        path = Path(folder) / "signals"
        save(fitted.signals, path)
        return store_model(database, path, fitted.figures, now).version


if __name__ == "__main__":
    main()
