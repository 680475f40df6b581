"""Work that may take minutes, of which a request waits for the first seconds only; it goes on behind the answer."""

import threading
from collections.abc import Callable, Hashable
from concurrent.futures import Future
from concurrent.futures import TimeoutError as NotYet
from typing import Generic, TypeVar

from app.api.problems import busy

T = TypeVar("T")
PATIENCE_SECONDS = 15.0
AGAIN_SECONDS = 30
AT_ONCE = 2


class LongWork(Generic[T]):
    """Does the same thing once, however many ask for it meanwhile.

    Its threads are daemons: a process that ends leaves the rest to whatever goes on with what was broken off.
    """

    def __init__(self, patience_seconds: float = PATIENCE_SECONDS) -> None:
        self._patience_seconds = patience_seconds
        self._under_way: dict[Hashable, Future[T]] = {}
        self._beginning = threading.Lock()

    def result(self, key: Hashable, work: Callable[[], T]) -> T:
        """What came of it. Errors: those of `work`, and a 503 problem when it is not over or cannot begin yet."""
        future = self._begun(key, work)
        try:
            return future.result(self._patience_seconds)
        except NotYet:
            if future.done():
                raise  # a TimeoutError of the work itself
            raise busy("it goes on without this request", AGAIN_SECONDS) from None

    def _begun(self, key: Hashable, work: Callable[[], T]) -> Future[T]:
        with self._beginning:
            if key in self._under_way:
                return self._under_way[key]
            if len(self._under_way) >= AT_ONCE:
                raise busy(f"{AT_ONCE} of these are under way already", AGAIN_SECONDS)
            future = self._under_way[key] = Future()
        threading.Thread(target=self._do, args=(key, work, future), name="long-work", daemon=True).start()
        return future

    def _do(self, key: Hashable, work: Callable[[], T], future: Future[T]) -> None:
        try:
            done = work()
        except BaseException as error:
            self._end(key)
            future.set_exception(error)
        else:
            self._end(key)
            future.set_result(done)

    def _end(self, key: Hashable) -> None:
        with self._beginning:
            self._under_way.pop(key, None)
