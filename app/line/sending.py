"""The calls that reach a person: reply, push, multicast. Only the sender may import this module.

Bodies are the SDK's models, posted on one aiohttp session of our own: the SDK's asynchronous client makes
two thread hops for each request (docs/decisions/0002-sender.md). No call raises: each gives a Reply.
"""

from collections.abc import Callable, Mapping, Sequence
from types import TracebackType
from typing import Any, Self

import aiohttp
from linebot.v3.messaging import MulticastRequest, PushMessageRequest, ReplyMessageRequest
from pydantic.v1 import ValidationError

from app.line.rules import Reply, error_detail

CONNECTIONS = 200
"""2,000 calls a second at 50 ms each keep 100 busy."""
TIMEOUT = aiohttp.ClientTimeout(total=10, connect=3)
JSON = {"Content-Type": "application/json"}


class LineSession:
    """An open session to LINE for one channel; use it with `async with`."""

    def __init__(self, base_url: str, access_token: str) -> None:
        self._base_url = base_url
        self._headers = {"Authorization": f"Bearer {access_token}"}
        self._session: aiohttp.ClientSession | None = None

    async def __aenter__(self) -> Self:
        self._session = aiohttp.ClientSession(
            trust_env=False,
            connector=aiohttp.TCPConnector(limit=CONNECTIONS),
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
        body = {"replyToken": reply_token, "messages": messages}
        return await self._post("/v2/bot/message/reply", lambda: ReplyMessageRequest.from_dict(body), {})

    async def push(self, to: str, messages: Sequence[Mapping[str, Any]], retry_key: str) -> Reply:
        """Send to one person; the same retry key never delivers twice within a day."""
        body = {"to": to, "messages": messages}
        key = {"X-Line-Retry-Key": retry_key}
        return await self._post("/v2/bot/message/push", lambda: PushMessageRequest.from_dict(body), key)

    async def multicast(
        self, to: Sequence[str], messages: Sequence[Mapping[str, Any]], retry_key: str
    ) -> Reply:
        """Send the same to up to 500 people."""
        body = {"to": list(to), "messages": messages}
        key = {"X-Line-Retry-Key": retry_key}
        return await self._post("/v2/bot/message/multicast", lambda: MulticastRequest.from_dict(body), key)

    async def _post(self, path: str, model: Callable[[], Any], headers: Mapping[str, str]) -> Reply:
        try:
            data = model().to_json().encode()
        except (ValidationError, ValueError) as error:
            # LINE would answer 400; its models say so first, and nothing has left this machine.
            return Reply(400, detail=f"the SDK refused the body: {type(error).__name__}")
        if self._session is None:
            raise RuntimeError("a LineSession is used with `async with`")
        try:
            async with self._session.post(
                self._base_url + path, data=data, headers={**JSON, **headers}
            ) as answer:
                return _read(answer.status, answer.headers, await answer.read())
        except (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError) as error:
            return Reply(None, connected=False, detail=type(error).__name__)
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            return Reply(None, detail=type(error).__name__)


def _read(status: int, headers: Mapping[str, str], body: bytes) -> Reply:
    lower = {name.lower(): value for name, value in headers.items()}
    return Reply(status, headers=lower, body=body, detail="" if status < 300 else error_detail(status, body))
