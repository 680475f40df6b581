"""Scoring in processes of their own: one that answers, and one that makes everybody's lists."""

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import select, update

from app.children import ChildFailed, run_child
from app.clock import Clock
from app.db import Database, reading, transaction
from app.friends.models import Friend
from app.jobs.actions import close_job
from app.jobs.models import ActivityKind
from app.jobs.rules import JobWishes, WageType
from app.jobs.vocabulary import JobFlag
from app.recommend.child import ScoringChild
from app.recommend.desk import Desk
from app.recommend.hourly import refresh_lists
from app.recommend.models import ModelFile, Recommendation
from app.recommend.ports import Feedback, Pick, Picks, Relaxation, Seeker, Seen
from app.recommend.serving import scorer_of_live_model
from app.recommend.serving_state import scoring_states
from app.recommend.signal_file import save
from app.recommend.store import copy_of, live_model, models_folder, store_model
from app.recommend.wire import answer_line, question_line, read_answer, read_question
from tests.factories import make_friend
from tests.recommend.doing import do, make_jobs
from tests.recommend.world import NOW, invented_signals
from tests.waiting import wait_until as wait

ON_ONE_DATABASE = pytest.mark.parametrize("database", ["sqlite"], indirect=True)
"""For what processes do with each other: it takes seconds, and the kind of database has no part in it."""
ANYTHING = Seeker(JobWishes())
FULL = Seeker(
    wishes=JobWishes(
        occupations=("看護師",),
        cities=(14104,),
        wage_type=WageType.MONTH,
        wage_min=250_000,
        licences=("看護師",),
        flags=(JobFlag.NO_NIGHT,),
    ),
    history=(Seen(3, 1.5),),
    excluded=frozenset({1, 2}),
    leanings={JobFlag.NIGHT_OK: 0.25},
    feedback=Feedback(("架空法人",), ("営業",), (13,)),
    seed=2**62 + 1,
)


def wait_until(happens: Callable[[], bool]) -> None:
    """Processes start meanwhile, on a machine that others use."""
    wait(happens, seconds=90, what=lambda: "the scoring processes")


def url_of(database: Database) -> str:
    return database.writer.url.render_as_string(hide_password=False)


def give_model(database: Database, folder: Path, job_ids: list[int], seed: int = 1) -> str:
    """A live model; its version."""
    path = folder / "signals"
    save(invented_signals(job_ids, seed), path)
    return store_model(database, path, {}, NOW).version


@contextmanager
def kept(database: Database) -> Iterator[Desk]:
    """A desk as a worker keeps it."""
    desk, stop = Desk(database, Clock()), threading.Event()
    thread = threading.Thread(target=desk.keep, args=(stop,))
    thread.start()
    try:
        yield desk
    finally:
        stop.set()
        thread.join()


def answers_with(desk: Desk, version: str | None) -> Callable[[], bool]:
    return lambda: desk.recommend(ANYTHING, 3, NOW).model_version == version


def test_questions_and_answers_come_back_as_they_were() -> None:
    assert read_question(question_line(7, FULL, 5)) == (7, FULL, 5)
    picks = Picks((Pick(4, {"als": 0.5}, 3, (Relaxation.PLACE,), None), Pick(5, {}, None, (), 0.25)), "v")
    assert read_answer(answer_line(8, picks)) == (8, picks)


def test_without_a_model_the_popular_jobs_answer_and_it_is_said(database: Database) -> None:
    jobs = make_jobs(database, "a", "b")
    with kept(database) as desk:
        assert {pick.job_id for pick in desk.recommend(ANYTHING, 3, NOW).picks} == set(jobs)
        wait_until(lambda: _state(database) == (None, "no model"))
    assert _state(database) is None, "gone with the worker"


def _state(database: Database) -> tuple[str | None, str | None] | None:
    with reading(database) as session:
        states = scoring_states(session)
    return (states[0].model_version, states[0].why) if states else None


def test_a_new_model_answers_as_soon_as_its_process_is_ready(database: Database, tmp_path: Path) -> None:
    jobs = make_jobs(database, *(f"J{n}" for n in range(6)))
    first = give_model(database, tmp_path, jobs)
    with kept(database) as desk:
        wait_until(answers_with(desk, first))
        seeker = replace(ANYTHING, history=(Seen(jobs[0]),), excluded=frozenset({jobs[1]}))
        picks = desk.recommend(seeker, 3, NOW).picks
        assert len(picks) == 3
        assert jobs[1] not in {pick.job_id for pick in picks}
        assert "als" in picks[0].parts
        assert _state(database) == (first, None)
        second = give_model(database, tmp_path, jobs, seed=2)
        wait_until(answers_with(desk, second))


@ON_ONE_DATABASE
def test_a_process_that_dies_is_replaced_and_meanwhile_the_popular_answer(
    database: Database, tmp_path: Path
) -> None:
    version = give_model(database, tmp_path, make_jobs(database, "a", "b"))
    with kept(database) as desk:
        wait_until(answers_with(desk, version))
        assert desk._answering is not None
        os.kill(desk._answering._process.pid, signal.SIGKILL)
        wait_until(answers_with(desk, None))
        wait_until(answers_with(desk, version))


@ON_ONE_DATABASE
def test_a_process_that_hangs_is_not_waited_for(database: Database, tmp_path: Path) -> None:
    jobs = make_jobs(database, "a", "b")
    version = give_model(database, tmp_path, jobs)
    with kept(database) as desk:
        wait_until(answers_with(desk, version))
        assert desk._answering is not None
        pid = desk._answering._process.pid
        os.kill(pid, signal.SIGSTOP)
        try:
            asked = desk._answering._number
            assert desk.recommend(ANYTHING, 3, NOW).model_version is None
            assert desk.recommend(ANYTHING, 3, NOW).model_version is None
            assert desk._answering._number == asked + 1, "the second did not ask: the first is still owed"
        finally:
            os.kill(pid, signal.SIGCONT)
        wait_until(answers_with(desk, version))


@ON_ONE_DATABASE
def test_several_threads_are_each_told_their_own_answer(database: Database, tmp_path: Path) -> None:
    jobs = make_jobs(database, *(f"J{n}" for n in range(8)))
    version = give_model(database, tmp_path, jobs)
    wrong: list[Picks] = []
    with kept(database) as desk:
        wait_until(answers_with(desk, version))

        def ask(mine: int) -> None:
            seeker = replace(ANYTHING, excluded=frozenset(jobs) - {mine})
            for _ in range(25):
                picks = desk.recommend(seeker, 3, NOW)
                if [pick.job_id for pick in picks.picks] != [mine]:
                    wrong.append(picks)

        threads = [threading.Thread(target=ask, args=(job,)) for job in jobs[:4]]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert wrong == []


@ON_ONE_DATABASE
def test_a_broken_model_is_said_and_not_used(database: Database, tmp_path: Path) -> None:
    make_jobs(database, "a")
    give_model(database, tmp_path, [1])
    with transaction(database) as session:
        session.execute(update(ModelFile).values(digest="0" * 64))
    with kept(database) as desk:
        wait_until(lambda: "not whole" in str(_state(database)))
        assert desk.recommend(ANYTHING, 3, NOW).model_version is None


@ON_ONE_DATABASE
def test_a_damaged_copy_is_made_anew(database: Database, tmp_path: Path) -> None:
    version = give_model(database, tmp_path, make_jobs(database, "a"))
    with reading(database) as session:
        live = live_model(session)
    assert live is not None
    copy = copy_of(database, live, models_folder(database))
    whole = copy.read_bytes()
    copy.write_bytes(bytes(len(whole)))  # as long as it was, so that only reading it shows the damage
    assert scorer_of_live_model(database, NOW)[1] == version
    assert copy.read_bytes() == whole


@ON_ONE_DATABASE
def test_the_scoring_process_ends_when_whoever_asks_it_is_killed(database: Database, tmp_path: Path) -> None:
    give_model(database, tmp_path, make_jobs(database, "a"))
    program = (
        "import sys, time\n"
        "from datetime import datetime\n"
        "from app.recommend.child import ScoringChild\n"
        "child = ScoringChild(sys.argv[1], datetime.fromisoformat(sys.argv[2]))\n"
        "while not child.is_ready():\n    time.sleep(0.05)\n"
        "print(child._process.pid, flush=True)\n"
        "time.sleep(600)\n"
    )
    command = [sys.executable, "-c", program, url_of(database), NOW.isoformat()]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as parent:
        assert parent.stdout is not None
        pid = int(parent.stdout.readline())
        parent.kill()
    wait_until(lambda: not _is_alive(pid))


def _is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return Path(f"/proc/{pid}/stat").read_text().split()[2] != "Z"


def test_every_friend_gets_a_list_and_it_is_renewed(
    database: Database, friend: Friend, tmp_path: Path
) -> None:
    blocked = make_friend(database, NOW)
    others = [make_friend(database, NOW) for _ in range(5)]
    with transaction(database) as session:
        session.execute(update(Friend).where(Friend.id == blocked.id).values(blocked_at=NOW))
    jobs = make_jobs(database, *(f"J{n}" for n in range(12)))
    assert refresh_lists(database, NOW) == 0, "no model yet"
    version = give_model(database, tmp_path, jobs)
    assert refresh_lists(database, NOW) == 6
    lists = _lists(database)
    assert set(lists) == {friend.id, *(each.id for each in others)}
    assert {row.model_version for row in lists.values()} == {version}
    assert len(lists[friend.id].jobs) == 10
    gone = lists[friend.id].jobs[0]["job"]
    do(database, ActivityKind.APPLY, gone, friend_id=friend.id)
    with transaction(database) as session:
        close_job(session, "J3", NOW)
    assert refresh_lists(database, NOW) == 6
    again = {job["job"] for job in _lists(database)[friend.id].jobs}
    assert not again & {gone, jobs[3]}
    assert len(again) == 10


def _lists(database: Database) -> dict[int, Recommendation]:
    with reading(database) as session:
        return {row.friend_id: row for row in session.scalars(select(Recommendation))}


@ON_ONE_DATABASE
def test_lists_that_cannot_be_made_are_said(database: Database, tmp_path: Path) -> None:
    give_model(database, tmp_path, [1])
    with transaction(database) as session:
        session.execute(update(ModelFile).values(digest="0" * 64))
    with pytest.raises(ChildFailed, match="batch ended with"):
        refresh_lists(database, NOW)


def test_a_child_ends_when_whoever_started_it_is_killed(tmp_path: Path) -> None:
    """Its module writes its number and waits; nobody ends it but the pipe."""
    program = (
        "import sys\nfrom app.children import run_child\n"
        "run_child('tests.recommend.waiting_child', [sys.argv[1]], {}, patience_seconds=600)\n"
    )
    note = tmp_path / "pid"
    with subprocess.Popen([sys.executable, "-c", program, str(note)]) as parent:
        wait_until(lambda: note.exists() and note.read_text() != "")
        parent.kill()
    pid = int(note.read_text())
    wait_until(lambda: not _is_alive(pid))


def test_a_child_that_takes_too_long_is_ended(tmp_path: Path) -> None:
    note = tmp_path / "pid"
    for patience in (3, 10, 30):  # on a loaded machine it may be ended before it has begun
        with pytest.raises(ChildFailed, match="not done within"):
            run_child("tests.recommend.waiting_child", [str(note)], {}, patience_seconds=patience)
        if note.exists():
            break
    assert not _is_alive(int(note.read_text())), "it is ended when the answer is given, not some time after"


@ON_ONE_DATABASE
def test_a_child_can_be_asked_before_it_is_ready(database: Database, tmp_path: Path) -> None:
    give_model(database, tmp_path, make_jobs(database, "a"))
    child = ScoringChild(url_of(database), NOW)
    try:
        assert child.is_alive()
        wait_until(child.is_ready)
        assert child.about["jobs"] == 1
    finally:
        child.end()
    assert not child.is_alive()
