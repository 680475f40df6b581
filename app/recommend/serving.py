"""`python -m app.recommend.serving TIME`: chooses jobs for one person at a time, asked over its standard input.

Started by the worker, which it ends with: its input ends then. First it says that it is ready, with the model that
it uses, or why it is of no use; then each line is a question and gets an answer.
"""

import gc
import os
import sys
from datetime import datetime
from typing import BinaryIO

from app.db import Database, open_database, reading
from app.errors import AppError
from app.jobs.rules import JobWishes
from app.json_text import to_bytes
from app.recommend.answers import picks_of
from app.recommend.catalogue import read_scorer
from app.recommend.errors import BrokenModel
from app.recommend.points import Scorer
from app.recommend.ports import Picks, Seeker
from app.recommend.scoring import choose
from app.recommend.signal_file import load
from app.recommend.store import copy_of, forget_copy, live_model, models_folder
from app.recommend.wire import answer_line, read_question
from app.settings import Settings

NO_MODEL = "no model"
_ANYTHING = JobWishes()


def main() -> None:
    """Until the input ends."""
    database = open_database(Settings.from_env().database_url)
    output = os.fdopen(os.dup(sys.stdout.fileno()), "wb", buffering=0)
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())  # no library may write between the answers
    try:
        scorer, version = scorer_of_live_model(database, datetime.fromisoformat(sys.argv[1]))
    except (AppError, OSError) as error:
        output.write(to_bytes({"ready": False, "why": str(error)}) + b"\n")
        return
    finally:
        database.dispose()
    serve(scorer, version, sys.stdin.buffer, output)


def scorer_of_live_model(database: Database, now: datetime) -> tuple[Scorer, str]:
    """Everything that is open with the model in use, and its version.

    Errors: AppError when there is none, BrokenModel when it is not whole, OSError.
    """
    with reading(database) as session:
        live = live_model(session)
    if live is None:
        raise AppError(NO_MODEL)
    folder = models_folder(database)
    try:
        signals = load(copy_of(database, live, folder))
    except BrokenModel:  # the copy may be what is damaged
        forget_copy(live, folder)
        signals = load(copy_of(database, live, folder))
    with reading(database) as session:
        return read_scorer(session, signals, now), live.version


def serve(scorer: Scorer, version: str, questions: BinaryIO, answers: BinaryIO) -> None:
    """Answer each line until there are no more."""
    for _ in range(3):  # what is done for the first time takes longer
        picks_for(scorer, version, Seeker(wishes=_ANYTHING), 10)
    gc.collect()
    gc.freeze()
    answers.write(
        to_bytes({"ready": True, "model_version": version, "jobs": len(scorer.board.openings)}) + b"\n"
    )
    for line in questions:
        number, seeker, count = read_question(line)
        answers.write(answer_line(number, picks_for(scorer, version, seeker, count)))


def picks_for(scorer: Scorer, version: str, seeker: Seeker, count: int) -> Picks:
    """One person's jobs."""
    [picks] = picks_of(scorer.board, choose(scorer, [seeker], count))
    return Picks(picks, version)


if __name__ == "__main__":
    main()
