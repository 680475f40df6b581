"""All friends of an account, as LINE tells them: only to accounts that it has verified."""

import time
from collections.abc import Callable, Iterator

from app.errors import AppError
from app.json_text import from_bytes
from app.line.client import LineClient
from app.line.rules import Outcome, Reply, outcome_of

TRIES = 5
PAUSE_SECONDS = 2.0
_WORDS = {
    Outcome.FORBIDDEN: "LINE tells the ids of all friends only to verified and premium accounts: "
    "give a file of user ids instead (goen import-friends FILE)",
    Outcome.UNAUTHORIZED: "LINE does not take this account's access token",
}


class FollowersNotTold(AppError):
    """LINE does not say who the friends are, or not now."""

    status = 502


def follower_ids(client: LineClient, pause: Callable[[float], None] = time.sleep) -> Iterator[str]:
    """The user id of every friend, page by page. Errors: FollowersNotTold, with what to do instead."""
    start: str | None = None
    while True:
        page = from_bytes(_page(client, start, pause).body)
        yield from page["userIds"]
        start = page.get("next")
        if not start:
            return


def _page(client: LineClient, start: str | None, pause: Callable[[float], None]) -> Reply:
    """One page; what may pass by itself is tried again a few times."""
    for attempt in range(1, TRIES + 1):
        reply = client.follower_ids(start)
        outcome = outcome_of(reply)
        if outcome is Outcome.ACCEPTED:
            return reply
        if outcome in _WORDS:
            raise FollowersNotTold(_WORDS[outcome])
        if outcome is Outcome.REJECTED:
            break
        if attempt < TRIES:
            pause(reply.retry_after_seconds or PAUSE_SECONDS * attempt)
    raise FollowersNotTold(f"LINE did not tell who the friends are ({reply.detail}); run it again")
