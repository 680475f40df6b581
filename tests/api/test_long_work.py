"""Work that a request does not wait for to its end."""

import threading

import pytest

from app.api.long_work import AT_ONCE, LongWork
from app.api.problems import Problem
from tests.waiting import wait_until


def test_what_is_quick_is_answered_and_what_it_raises_too() -> None:
    work: LongWork[int] = LongWork()
    assert work.result("one", lambda: 1) == 1

    def fail() -> int:
        raise TimeoutError("the database")

    with pytest.raises(TimeoutError, match="the database"):
        work.result("one", fail)
    assert work.result("one", lambda: 2) == 2, "nothing is kept"


def test_what_takes_long_goes_on_once_and_is_told_to_whoever_asks_again() -> None:
    work: LongWork[int] = LongWork(patience_seconds=0.05)
    may_end, ends, begun = threading.Event(), threading.Event(), []

    def slow() -> int:
        begun.append(1)
        may_end.wait(30)
        ends.set()
        return 7

    for _ in range(3):
        with pytest.raises(Problem) as told:
            work.result("one", slow)
        assert (told.value.status, told.value.headers["Retry-After"]) == (503, "30")
    assert begun == [1]
    for number in range(AT_ONCE - 1):
        with pytest.raises(Problem):
            work.result(number, slow)
    with pytest.raises(Problem, match="under way"):
        work.result("too many", lambda: 1)
    may_end.set()
    assert ends.wait(30)

    def is_free() -> bool:
        try:
            return work.result("again", lambda: 8) == 8
        except Problem:
            return False

    wait_until(is_free, 30, lambda: "its place is not free again")
