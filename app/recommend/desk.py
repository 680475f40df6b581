"""Where the worker asks for jobs: a scoring process behind it, and the popular ones while there is none.

The process is renewed every hour, with each new day, and for each new model; the old one answers until the new one
is ready. One that dies or hangs is replaced, later and later if it goes on.
"""

import threading
import time
from dataclasses import dataclass
from datetime import date, datetime

import structlog
from sqlalchemy.exc import SQLAlchemyError

from app.clock import Clock, today_in_tokyo
from app.db import Database, reading
from app.recommend.child import ChildEnded, ScoringChild
from app.recommend.popular import PopularRecommender
from app.recommend.ports import Picks, Recommender, Seeker
from app.recommend.serving_state import forget_state, say_state
from app.recommend.store import live_model

RENEWED_SECONDS = 3600.0
LOOK_SECONDS = 2.0
READY_SECONDS = 180.0
LONGEST_PAUSE_SECONDS = 300.0
log = structlog.get_logger(__name__)


@dataclass
class Desk:
    """A Recommender for all threads of a worker; `keep` looks after its process in a thread of its own."""

    database: Database
    clock: Clock
    _answering: ScoringChild | None = None
    _coming: ScoringChild | None = None
    _made_for: tuple[str, date] | None = None
    """The model and the day of the newest process."""
    _failures: int = 0
    _not_before: float = 0.0

    def __post_init__(self) -> None:
        self._popular: Recommender = PopularRecommender(self.database)

    def recommend(self, seeker: Seeker, count: int, now: datetime) -> Picks:
        """See Recommender."""
        child = self._answering
        if child is not None:
            try:
                picks = child.ask(seeker, count)
            except (ChildEnded, OSError, ValueError) as error:
                log.warning("scoring_not_answered", error=type(error).__name__)
            else:
                if picks is not None:
                    return picks
                log.warning("scoring_late")
        return self._popular.recommend(seeker, count, now)

    def keep(self, stop: threading.Event) -> None:
        """Keep a process ready until `stop`; then end it."""
        say_state(self.database, None, "starting", self.clock.now())
        try:
            while not stop.wait(LOOK_SECONDS if self._coming is None else 0.1):
                self.look()
        finally:
            for child in (self._answering, self._coming):
                if child is not None:
                    child.end()
            self._answering = self._coming = None
            forget_state(self.database)

    def look(self) -> None:
        """One look: who has died, who is ready, who is wanted."""
        self._bury()
        if self._coming is not None:
            self._welcome(self._coming)
        elif time.monotonic() >= self._not_before:
            wanted = self._wanted()
            if wanted is not None and (wanted != self._made_for or self._is_old()):
                self._made_for = wanted
                self._coming = ScoringChild(self.database.url, self.clock.now())

    def _wanted(self) -> tuple[str, date] | None:
        """The model and the day that a process should be of; None while there is no model."""
        try:
            with reading(self.database) as session:
                live = live_model(session)
        except SQLAlchemyError as error:
            log.error("model_not_read", error=type(error).__name__)
            return None
        if live is None:
            say_state(self.database, None, "no model", self.clock.now())
            return None
        return live.version, today_in_tokyo(self.clock.now())

    def _is_old(self) -> bool:
        child = self._answering
        return child is None or time.monotonic() - child.begun > RENEWED_SECONDS

    def _bury(self) -> None:
        child = self._answering
        if child is not None and not child.is_alive():
            self._answering = None
            child.end()
            self._failed("the scoring process has ended")

    def _welcome(self, child: ScoringChild) -> None:
        """The coming process takes the place of the one that answers once it is ready."""
        try:
            is_ready = child.is_ready()
            if not is_ready and time.monotonic() - child.begun > READY_SECONDS:
                raise ChildEnded("the scoring process does not get ready")
        except (ChildEnded, OSError, ValueError) as error:
            self._coming = None
            child.end()
            self._failed(str(error))
            return
        if is_ready:
            former, self._answering, self._coming = self._answering, child, None
            self._failures = 0
            version = str(child.about["model_version"])
            say_state(self.database, version, None, self.clock.now())
            log.info("scoring_ready", model=version, jobs=child.about["jobs"])
            if former is not None:
                former.end()

    def _failed(self, why: str) -> None:
        """Try again, later each time; an older process goes on answering."""
        self._failures += 1
        pause = min(2.0**self._failures, LONGEST_PAUSE_SECONDS)
        self._not_before = time.monotonic() + pause
        self._made_for = None
        log.error("scoring_failed", why=why, again_in=pause)
        if self._answering is None:
            say_state(self.database, None, why, self.clock.now())
