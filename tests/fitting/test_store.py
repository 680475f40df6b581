"""Models in the database and on hosts: a new one is whole before anybody reads it, whatever dies."""

import hashlib
import os
import signal
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import delete, func, select, update

from app.db import Database, reading, transaction
from app.recommend.errors import BrokenModel
from app.recommend.models import ModelChunk, ModelFile, ModelKind
from app.recommend.store import CHUNK, StoredModel, copy_of, live_model, models_folder, store_model

NOW = datetime(2026, 11, 22, 17, 0, tzinfo=UTC)


def make_file(folder: Path, content: bytes = b"model" * 500_000) -> Path:
    """A file of two and a half chunks."""
    path = folder / "made"
    path.write_bytes(content)
    return path


def store(database: Database, folder: Path, content: bytes, hours: int = 0) -> StoredModel:
    """Store these bytes as the live model."""
    return store_model(database, make_file(folder, content), {"jobs": 1}, NOW + timedelta(hours=hours))


def live(database: Database) -> StoredModel | None:
    with reading(database) as session:
        return live_model(session)


def count(database: Database, table: type[ModelFile] | type[ModelChunk]) -> int:
    with reading(database) as session:
        return session.scalars(select(func.count()).select_from(table)).one()


def test_a_stored_model_is_live_and_its_copy_is_the_same(database: Database, tmp_path: Path) -> None:
    path = make_file(tmp_path)
    stored = store_model(database, path, {"jobs": 7, "seconds": 1.5}, NOW)
    found = live(database)
    assert found == stored
    assert found.figures == {"jobs": 7, "seconds": 1.5}
    assert found.size == path.stat().st_size
    with reading(database) as session:
        sizes = session.scalars(select(func.length(ModelChunk.bytes)).order_by(ModelChunk.number)).all()
    assert sizes == [CHUNK, CHUNK, 500_000]
    copy = copy_of(database, found, tmp_path / "copies")
    assert copy.read_bytes() == path.read_bytes()
    assert [each.name for each in copy.parent.iterdir()] == [f"{found.digest}.model"]


def test_without_a_model_nothing_is_live(database: Database) -> None:
    assert live(database) is None


def test_the_former_model_is_kept_and_older_ones_go(database: Database, tmp_path: Path) -> None:
    versions = [store(database, tmp_path, text, hour) for hour, text in enumerate([b"one", b"two", b"three"])]
    found = live(database)
    assert found is not None
    assert found.version == versions[2].version
    with reading(database) as session:
        kept = session.scalars(select(ModelFile.version).order_by(ModelFile.id)).all()
    assert kept == [each.version for each in versions[1:]]
    assert count(database, ModelChunk) == 2


def test_what_a_broken_off_storing_left_goes_with_the_next(database: Database, tmp_path: Path) -> None:
    with transaction(database) as session:
        half = ModelFile(
            kind=ModelKind.SIGNALS,
            version="half",
            digest="0" * 64,
            size=9,
            is_live=False,
            made_at=NOW,
            figures={},
        )
        session.add(half)
        session.flush()
        session.add(ModelChunk(model_id=half.id, number=0, bytes=b"half"))
    assert live(database) is None
    stored = store(database, tmp_path, b"whole")
    with reading(database) as session:
        assert session.scalars(select(ModelFile.id)).all() == [stored.id]
        assert session.scalars(select(ModelChunk.bytes)).all() == [b"whole"]


def test_a_copy_is_made_once_and_the_two_used_last_are_kept(database: Database, tmp_path: Path) -> None:
    folder = tmp_path / "copies"
    made = []
    for hour, text in enumerate([b"one", b"two", b"three"]):
        made.append(copy_of(database, store(database, tmp_path, text, hour), folder))
        os.utime(made[-1], (hour, hour))
    found = live(database)
    assert found is not None
    before = made[2].stat().st_ino
    assert copy_of(database, found, folder) == made[2]
    assert made[2].stat().st_ino == before
    assert sorted(folder.iterdir()) == sorted(made[1:])


@pytest.mark.parametrize("spoilt", ["a chunk is missing", "a byte is another one"])
def test_a_stored_model_that_is_not_whole_is_never_copied(
    database: Database, tmp_path: Path, spoilt: str
) -> None:
    stored = store(database, tmp_path, b"x" * (CHUNK + 1))
    with transaction(database) as session:
        if spoilt == "a chunk is missing":
            session.execute(delete(ModelChunk).where(ModelChunk.number == 1))
        else:
            session.execute(update(ModelChunk).where(ModelChunk.number == 1).values(bytes=b"y"))
    with pytest.raises(BrokenModel):
        copy_of(database, stored, tmp_path / "copies")
    assert list((tmp_path / "copies").iterdir()) == []


def test_half_a_copy_of_a_dead_process_is_not_used_and_goes(database: Database, tmp_path: Path) -> None:
    folder = tmp_path / "copies"
    folder.mkdir()
    stored = store(database, tmp_path, b"whole")
    dead = subprocess.Popen([sys.executable, "-c", ""])
    dead.wait()
    (folder / f".{stored.digest}.{dead.pid}.part").write_bytes(b"wh")
    (folder / ".notours.part").write_bytes(b"")
    mine = folder / f".other.{os.getpid()}.part"
    mine.write_bytes(b"being written")
    (folder / f"{stored.digest}.model").write_bytes(b"wh")  # cut off: not its size
    copy = copy_of(database, stored, folder)
    assert copy.read_bytes() == b"whole"
    assert sorted(folder.iterdir()) == sorted([copy, mine])


STORING = """
import sys
from datetime import datetime, UTC
from pathlib import Path
from app.db import open_database
from app.recommend.store import live_model, copy_of, store_model
from app.db import reading
database = open_database(sys.argv[1])
print("ready", flush=True)
if sys.argv[2] == "store":
    store_model(database, Path(sys.argv[3]), {}, datetime(2026, 11, 23, tzinfo=UTC))
else:
    with reading(database) as session:
        model = live_model(session)
    copy_of(database, model, Path(sys.argv[3]))
print("done", flush=True)
"""


def start(database: Database, what: str, path: Path) -> "subprocess.Popen[str]":
    """A process that stores or copies, once it is about to."""
    url = database.writer.url.render_as_string(hide_password=False)
    process = subprocess.Popen(
        [sys.executable, "-c", STORING, url, what, str(path)], stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "ready\n"
    return process


@pytest.mark.crash
def test_killed_while_storing_the_old_model_stays_live_and_whole(database: Database, tmp_path: Path) -> None:
    old = store(database, tmp_path, b"old" * 700_000)
    new = tmp_path / "new"
    new.write_bytes(os.urandom(40 * CHUNK))
    for chunks in (1, 5, 20):
        before = count(database, ModelChunk)
        process = start(database, "store", new)
        while count(database, ModelChunk) < before + chunks and process.poll() is None:
            pass
        process.send_signal(signal.SIGKILL)
        process.communicate()
        found = live(database)
        assert found == old or (found is not None and found.size == 40 * CHUNK)  # it was quicker than we
        whole = copy_of(database, found, tmp_path / f"copies{chunks}").read_bytes()
        assert hashlib.sha256(whole).hexdigest() == found.digest
        if found != old:
            return
    process = start(database, "store", new)
    process.communicate()
    found = live(database)
    assert found is not None
    assert found.digest == hashlib.sha256(new.read_bytes()).hexdigest()
    with reading(database) as session:
        assert session.scalars(select(ModelFile.id).order_by(ModelFile.id)).all() == [old.id, found.id]


@pytest.mark.crash
def test_killed_while_copying_no_half_copy_is_ever_used(database: Database, tmp_path: Path) -> None:
    stored = store(database, tmp_path, os.urandom(40 * CHUNK))
    folder = tmp_path / "copies"
    for _ in range(3):
        process = start(database, "copy", folder)
        while not list(folder.glob(".*.part")) and process.poll() is None:
            pass
        process.send_signal(signal.SIGKILL)
        process.communicate()
        for whole in folder.glob("*.model"):
            assert hashlib.sha256(whole.read_bytes()).hexdigest() == stored.digest
    copy = copy_of(database, stored, folder)
    assert hashlib.sha256(copy.read_bytes()).hexdigest() == stored.digest
    assert list(folder.iterdir()) == [copy]


def test_copies_lie_beside_the_database_or_in_var(database: Database) -> None:
    folder = models_folder(database)
    assert folder.name == "models"
    assert folder.parent.exists() or folder == Path("var/models")
