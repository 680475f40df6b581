"""LINE's calls about rich menus: made, given a picture, named, given to people. They are few, and repeatable.

Not by the SDK: its client for pictures wants its header in a private argument, and its models drop what they do
not know. No call raises: each gives a Reply.
"""

from collections.abc import Sequence
from typing import Any, Protocol
from urllib.parse import quote, urlencode

import urllib3

from app.json_text import to_bytes
from app.line.rules import Reply, error_detail

TIMEOUT = urllib3.Timeout(connect=3, read=10)
MOST_AT_ONCE = 500
"""People in one bulk call."""
MOST_MOVES = 1000
"""Operations in one batch."""


class MenuCalls(Protocol):
    """What publishing needs of LINE; tests give one that dies on the way."""

    def call(self, method: str, path: str, body: Any = None) -> Reply:
        """A call of the API: JSON in, JSON out."""
        ...

    def upload(self, rich_menu_id: str, picture: bytes, mime: str) -> Reply:
        """A menu's picture."""
        ...


class LineMenus:
    """The calls for one channel."""

    def __init__(self, base_url: str, data_base_url: str, access_token: str) -> None:
        self._base_url, self._data_base_url = base_url, data_base_url
        self._pool = urllib3.PoolManager(headers={"Authorization": f"Bearer {access_token}"}, retries=False)

    def close(self) -> None:
        """Close the pooled connections."""
        self._pool.clear()

    def call(self, method: str, path: str, body: Any = None) -> Reply:
        """A call of the API; `path` begins behind /v2/bot."""
        data = None if body is None else to_bytes(body)
        mime = None if body is None else "application/json"
        return self._request(method, f"{self._base_url}/v2/bot{path}", data, mime)

    def upload(self, rich_menu_id: str, picture: bytes, mime: str) -> Reply:
        """A menu's picture, once: LINE never replaces one."""
        url = f"{self._data_base_url}/v2/bot/richmenu/{quote(rich_menu_id, safe='')}/content"
        return self._request("POST", url, picture, mime)

    def _request(self, method: str, url: str, data: bytes | None, mime: str | None) -> Reply:
        headers = dict(self._pool.headers) | ({} if mime is None else {"Content-Type": mime})
        try:
            answer = self._pool.request(
                method, url, body=data, headers=headers, timeout=TIMEOUT, redirect=False
            )
        except (urllib3.exceptions.NewConnectionError, urllib3.exceptions.ConnectTimeoutError) as error:
            return Reply(None, connected=False, detail=type(error).__name__)
        except urllib3.exceptions.HTTPError as error:
            return Reply(None, detail=type(error).__name__)
        kept = {name.lower(): value for name, value in answer.headers.items()}
        detail = "" if answer.status < 300 else error_detail(answer.status, answer.data)
        return Reply(answer.status, headers=kept, body=answer.data, detail=detail)


def link_body(rich_menu_id: str, line_user_ids: Sequence[str]) -> dict[str, Any]:
    """Give many people a menu."""
    return {"richMenuId": rich_menu_id, "userIds": list(line_user_ids)}


def batch_body(moves: Sequence[tuple[str, str]], key: str) -> dict[str, Any]:
    """Move everybody who has one menu to another, for each pair; the key makes a repetition the same batch."""
    operations = [{"type": "link", "from": old, "to": new} for old, new in moves[:MOST_MOVES]]
    return {"operations": operations, "resumeRequestKey": key}


def progress_path(request_id: str) -> str:
    """Where a batch's progress is asked for."""
    return f"/richmenu/progress/batch?{urlencode({'requestId': request_id})}"
