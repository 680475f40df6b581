"""Models in the database, and their copies on each host: whole, or not there at all.

Writing: the row and its chunks of at most 1 MB, each in a transaction of its own; then, in one more, the new
model becomes the live one. Whoever is killed before that has changed nothing that anybody reads.
Reading: a copy is made under another name, compared with the digest, and renamed; the old copy stays until then.
"""

import os
import secrets
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

from sqlalchemy import and_, delete, select, update
from sqlalchemy.orm import Session

from app.db import Database, reading, transaction
from app.recommend.errors import BrokenModel
from app.recommend.models import ModelChunk, ModelFile, ModelKind

CHUNK = 1_000_000
COPIES_KEPT = 2
FOLDER_BESIDE_SERVER = Path("var/models")
_SUFFIX, _DRAFT_SUFFIX = ".model", ".part"


@dataclass(frozen=True)
class StoredModel:
    """A model as its row describes it."""

    id: int
    version: str
    digest: str
    size: int
    made_at: datetime
    figures: Mapping[str, Any]


def live_model(session: Session, kind: ModelKind = ModelKind.SIGNALS) -> StoredModel | None:
    """The model in use; None while there is none."""
    columns = (
        ModelFile.id,
        ModelFile.version,
        ModelFile.digest,
        ModelFile.size,
        ModelFile.made_at,
        ModelFile.figures,
    )
    row = session.execute(select(*columns).where(ModelFile.kind == kind, ModelFile.is_live)).first()
    return None if row is None else StoredModel(*row)


def store_model(
    database: Database,
    path: Path,
    figures: Mapping[str, Any],
    now: datetime,
    kind: ModelKind = ModelKind.SIGNALS,
) -> StoredModel:
    """Store a file as the live model of its kind; of older ones the last live one is kept. Errors: OSError."""
    digest, size = _digest_of(path), path.stat().st_size
    model = ModelFile(
        kind=kind,
        version=f"{now:%Y%m%d-%H%M%S}-{secrets.token_hex(4)}",  # the same again after a crash is another
        digest=digest,
        size=size,
        is_live=False,
        made_at=now,
        figures=dict(figures),
    )
    with transaction(database) as session:
        session.add(model)
        session.flush()
    for number, piece in enumerate(_pieces(path)):
        with transaction(database) as session:
            session.add(ModelChunk(model_id=model.id, number=number, bytes=piece))
    former = _make_live(database, model.id, kind)
    _forget_older(database, model.id, former, kind)
    return StoredModel(model.id, model.version, digest, size, now, figures)


def copy_of(database: Database, model: StoredModel, folder: Path) -> Path:
    """This host's copy of a model, made now if it is not there yet.

    Errors: BrokenModel when the stored chunks are not whole, OSError when it cannot be written.
    """
    path = folder / f"{model.digest}{_SUFFIX}"
    if path.exists() and path.stat().st_size == model.size:  # renamed when it was whole
        os.utime(path)
        return path
    folder.mkdir(parents=True, exist_ok=True)
    draft = folder / f".{model.digest}.{os.getpid()}{_DRAFT_SUFFIX}"
    try:
        _write_copy(database, model, draft)
        draft.replace(path)
        _sync_folder(folder)
    finally:
        draft.unlink(missing_ok=True)
    _forget_copies(folder)
    return path


def forget_copy(model: StoredModel, folder: Path) -> None:
    """Remove this host's copy, which has turned out to be damaged: the next is made anew."""
    (folder / f"{model.digest}{_SUFFIX}").unlink(missing_ok=True)


def models_folder(database: Database) -> Path:
    """Where this host keeps its copies: beside the SQLite file, or in var/models."""
    return FOLDER_BESIDE_SERVER if database.lock_path is None else database.lock_path.parent / "models"


def _make_live(database: Database, model_id: int, kind: ModelKind) -> int | None:
    """Swap in one transaction; the id of the model that was live."""
    of_kind = and_(ModelFile.kind == kind, ModelFile.is_live)
    with transaction(database) as session:
        ended = update(ModelFile).where(of_kind).values(is_live=False).returning(ModelFile.id)
        former = session.execute(ended.execution_options(synchronize_session=False)).first()
        session.execute(
            update(ModelFile)
            .where(ModelFile.id == model_id)
            .values(is_live=True)
            .execution_options(synchronize_session=False)
        )
    return None if former is None else former[0]


def _forget_older(database: Database, model_id: int, former: int | None, kind: ModelKind) -> None:
    """Remove older models and what is left of broken-off ones, a chunk at a time."""
    kept = {model_id, former}
    with reading(database) as session:
        older = select(ModelFile.id).where(ModelFile.kind == kind, ModelFile.id < model_id)
        for_removal = [id_ for id_ in session.scalars(older) if id_ not in kept]
        numbered = select(ModelChunk.model_id, ModelChunk.number).where(ModelChunk.model_id.in_(for_removal))
        chunks = session.execute(numbered).all()
    for id_, number in chunks:
        with transaction(database) as session:
            session.execute(delete(ModelChunk).where(ModelChunk.model_id == id_, ModelChunk.number == number))
    for id_ in for_removal:
        with transaction(database) as session:
            session.execute(delete(ModelFile).where(ModelFile.id == id_))


def _write_copy(database: Database, model: StoredModel, path: Path) -> None:
    digest = sha256()
    with path.open("wb") as file:
        for piece in _stored_pieces(database, model.id):
            digest.update(piece)
            file.write(piece)
        file.flush()
        os.fsync(file.fileno())
    if digest.hexdigest() != model.digest:
        raise BrokenModel(f"model {model.version}: what is stored of it is not whole")


def _stored_pieces(database: Database, model_id: int) -> Iterator[bytes]:
    number = 0
    while True:
        with reading(database) as session:
            wanted = select(ModelChunk.bytes).where(
                ModelChunk.model_id == model_id, ModelChunk.number == number
            )
            piece = session.scalars(wanted).first()
        if piece is None:
            return
        yield piece
        number += 1


def _pieces(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        while piece := file.read(CHUNK):
            yield piece


def _digest_of(path: Path) -> str:
    digest = sha256()
    for piece in _pieces(path):
        digest.update(piece)
    return digest.hexdigest()


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _forget_copies(folder: Path) -> None:
    """Remove all but the copies used last; who has one mapped keeps it. Drafts of the dead go too."""
    copies = sorted(folder.glob(f"*{_SUFFIX}"), key=lambda path: path.stat().st_mtime, reverse=True)
    drafts = [path for path in folder.glob(f".*{_DRAFT_SUFFIX}") if not _is_alive(path)]
    for path in [*copies[COPIES_KEPT:], *drafts]:
        path.unlink(missing_ok=True)


def _is_alive(draft: Path) -> bool:
    """Whether the process that writes it, named in the file's name, still runs on this host."""
    try:
        os.kill(int(draft.name.split(".")[2]), 0)
    except PermissionError:
        return True
    except (OSError, ValueError, IndexError):
        return False
    return True
