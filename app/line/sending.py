"""The calls that reach a person: reply, push, multicast. Only the sender may import this module.

Bodies are the SDK's models, posted on one aiohttp session of our own: the SDK's asynchronous client makes
two thread hops for each request (docs/decisions/0002-sender.md). No call raises: each gives a Reply.
"""

from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from types import TracebackType
from typing import Any, NamedTuple, Self

import aiohttp
from linebot.v3.messaging import Message

from app.json_text import from_bytes, to_bytes
from app.line.rules import Reply, error_detail

CONNECTIONS = 200
"""2,000 calls a second at 50 ms each keep 100 busy."""
TIMEOUT = aiohttp.ClientTimeout(total=10, connect=3)
KEPT_HEADERS = ("x-line-request-id", "x-line-accepted-request-id", "retry-after")
"""All that anybody asks of an answer."""


class _Addresses(NamedTuple):
    """Where each kind of message goes."""

    reply: str
    push: str
    multicast: str


class LineSession:
    """An open session to LINE for one channel; use it with `async with`."""

    def __init__(self, base_url: str, access_token: str) -> None:
        self._addresses = _Addresses(*(f"{base_url}/v2/bot/message/{what}" for what in _Addresses._fields))
        self._headers = {"Authorization": f"Bearer {access_token}", "Content-Type": "application/json"}
        self._session: aiohttp.ClientSession | None = None

    async def __aenter__(self) -> Self:
        self._session = aiohttp.ClientSession(
            trust_env=False,
            connector=aiohttp.TCPConnector(limit=CONNECTIONS),
            cookie_jar=aiohttp.DummyCookieJar(),
            headers=self._headers,
            timeout=TIMEOUT,
        )
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._session is not None:
            await self._session.close()

    async def reply(self, reply_token: str, messages: Sequence[Mapping[str, Any]]) -> Reply:
        """Answer an event; free, once, within a minute. It has no retry key."""
        return await self._post(
            self._addresses.reply,
            lambda: _body({"replyToken": reply_token}, messages),
            {},
        )

    async def push(self, to: str, messages: Sequence[Mapping[str, Any]], retry_key: str) -> Reply:
        """Send to one person; the same retry key never delivers twice within a day."""
        key = {"X-Line-Retry-Key": retry_key}
        return await self._post(self._addresses.push, lambda: _body({"to": to}, messages), key)

    async def multicast(
        self, to: Sequence[str], messages: Sequence[Mapping[str, Any]], retry_key: str
    ) -> Reply:
        """Send the same to up to 500 people."""
        key = {"X-Line-Retry-Key": retry_key}
        return await self._post(self._addresses.multicast, lambda: _body({"to": list(to)}, messages), key)

    async def _post(self, url: str, write: Callable[[], bytes], headers: Mapping[str, str]) -> Reply:
        try:
            data = write()
        except (ValueError, LookupError, TypeError, AttributeError) as error:
            # LINE would answer 400; its models say so first, and nothing has left this machine.
            return Reply(400, detail=f"the SDK refused the body: {type(error).__name__}")
        if self._session is None:
            raise RuntimeError("a LineSession is used with `async with`")
        try:
            async with self._session.post(url, data=data, headers=headers, allow_redirects=False) as answer:
                return _read(answer.status, answer.headers, await answer.read())
        except (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError) as error:
            return Reply(None, connected=False, detail=type(error).__name__)
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            return Reply(None, detail=type(error).__name__)


def _body(whom: dict[str, Any], messages: Sequence[Mapping[str, Any]]) -> bytes:
    """The request: whom, and the messages as the SDK's models write them.

    The models of the requests themselves would check each message twice more.
    """
    return to_bytes({**whom, "messages": [_checked(to_bytes(message)) for message in messages]})


@lru_cache(maxsize=1024)
def _checked(message: bytes) -> dict[str, Any]:
    """Equal messages are checked once, however many people get them."""
    checked: dict[str, Any] = Message.from_dict(from_bytes(message)).to_dict()
    return checked


def _read(status: int, headers: Mapping[str, str], body: bytes) -> Reply:
    kept = {name: headers[name] for name in KEPT_HEADERS if name in headers}
    return Reply(status, headers=kept, body=body, detail="" if status < 300 else error_detail(status, body))
