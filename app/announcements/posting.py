"""One delivery over the network: look the name up once, judge every address, connect to exactly these.

Between the judgement and the connection nothing is looked up again, so a name that changes what it stands
for (DNS rebinding) gains nothing. Redirects are not followed, an answer is read to a few kilobytes, and no
call outlives its ten seconds.
"""

import asyncio
import contextlib
import socket
from collections.abc import Awaitable, Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial

import aiohttp
from aiohttp.abc import AbstractResolver, ResolveResult

from app.announcements.rules import Target, is_allowed, read_target, refusal_of_url
from app.line.rules import Reply

TOTAL_SECONDS = 10.0
LOOK_UP_SECONDS = 4.0
TIMEOUT = aiohttp.ClientTimeout(total=None, sock_connect=3)
ANSWER_SECONDS = 2.0
MOST_ANSWER = 4096
MOST_ADDRESSES = 4
KEPT_HEADERS = ("retry-after",)
_THREADS = ThreadPoolExecutor(32, "names")
"""Of its own: a name server that hangs must not take the threads of anybody else."""

LookUp = Callable[[str, int], Awaitable[Sequence[str]]]
"""A name and a port -> IP addresses, in text. Errors: OSError when there is none."""


class Names:
    """This machine's resolver. One that hangs over a name is not asked for it again meanwhile."""

    def __init__(self) -> None:
        self._asking: dict[tuple[str, int], asyncio.Future[list[str]]] = {}

    async def look_up(self, name: str, port: int) -> list[str]:
        """The addresses of a name. Errors: OSError when it has none."""
        asked = self._asking.get((name, port))
        if asked is None:
            asked = asyncio.get_running_loop().run_in_executor(_THREADS, _addresses, name, port)
            self._asking[name, port] = asked
            asked.add_done_callback(partial(self._answered, (name, port)))
        return await asyncio.shield(asked)

    def _answered(self, key: tuple[str, int], answer: asyncio.Future[list[str]]) -> None:
        self._asking.pop(key, None)
        if not answer.cancelled():
            answer.exception()  # whoever asked may have lost patience: then nobody else looks at it


def _addresses(name: str, port: int) -> list[str]:
    found = socket.getaddrinfo(name, port, type=socket.SOCK_STREAM, proto=socket.IPPROTO_TCP)
    return list(dict.fromkeys(str(address[0]) for *_, address in found))


class Poster:
    """Posts to addresses that somebody entered, and to nothing that they must not reach."""

    def __init__(
        self,
        *,
        private_allowed: bool,
        look_up: LookUp | None = None,
        may_reach: Callable[[str], bool] | None = None,
        patience_seconds: float = TOTAL_SECONDS,
    ) -> None:
        """`may_reach` judges an IP address in text; by default the rule of this installation."""
        self._private_allowed = private_allowed
        self._look_up = look_up or Names().look_up
        self._patience_seconds = patience_seconds
        self._may_reach = may_reach or (lambda ip: is_allowed(ip, private_allowed=private_allowed))

    async def post(self, url: str, body: bytes, headers: Mapping[str, str]) -> Reply:
        """Make the call; never raises. What may not be called is as if it could not be connected to."""
        try:
            async with asyncio.timeout(self._patience_seconds):
                return await self._post(url, body, headers)
        except TimeoutError:
            return Reply(None, detail="no answer in time")

    async def _post(self, url: str, body: bytes, headers: Mapping[str, str]) -> Reply:
        refusal = refusal_of_url(url, private_allowed=self._private_allowed)
        target = read_target(url)
        if refusal is not None or target is None:
            return _not_called(refusal or "not a plain web address")
        try:
            async with asyncio.timeout(LOOK_UP_SECONDS):
                addresses = await self._addresses(target)
        except (OSError, UnicodeError):  # a timeout is an OSError
            return _not_called("its name cannot be looked up")
        if not addresses or not all(map(self._may_reach, addresses)):
            return _not_called("its name stands for an address that is not public")
        return await _call(url, body, headers, addresses[:MOST_ADDRESSES])

    async def _addresses(self, target: Target) -> Sequence[str]:
        return [target.host] if target.is_ip else await self._look_up(target.host, target.port)


class _Pinned(AbstractResolver):
    """Knows the addresses already, whatever the name."""

    def __init__(self, addresses: Sequence[str]) -> None:
        self._addresses = addresses

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        return [
            ResolveResult(
                hostname=host,
                host=address,
                port=port,
                family=socket.AF_INET6 if ":" in address else socket.AF_INET,
                proto=socket.IPPROTO_TCP,
                flags=socket.AI_NUMERICHOST,
            )
            for address in self._addresses
        ]

    async def close(self) -> None:
        """Nothing is open."""


async def _call(url: str, body: bytes, headers: Mapping[str, str], addresses: Sequence[str]) -> Reply:
    """A session for this one call: a pooled connection would be one that nobody judged today."""
    connector = aiohttp.TCPConnector(resolver=_Pinned(addresses), use_dns_cache=False, force_close=True)
    try:
        async with (
            aiohttp.ClientSession(
                connector=connector,
                cookie_jar=aiohttp.DummyCookieJar(),
                trust_env=False,
                auto_decompress=False,
                timeout=TIMEOUT,
            ) as session,
            session.post(url, data=body, headers=headers, allow_redirects=False) as answer,
        ):
            return await _read(answer)
    except (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError) as error:
        return Reply(None, connected=False, detail=type(error).__name__)
    except (aiohttp.ClientError, OSError, ValueError) as error:
        return Reply(None, detail=type(error).__name__)


async def _read(answer: aiohttp.ClientResponse) -> Reply:
    """The status decides; of the body only the beginning is read, and not for long."""
    said = bytearray()
    with contextlib.suppress(TimeoutError, aiohttp.ClientError):
        async with asyncio.timeout(ANSWER_SECONDS):
            while len(said) < MOST_ANSWER and (some := await answer.content.read(MOST_ANSWER - len(said))):
                said += some
    kept = {name: answer.headers[name] for name in KEPT_HEADERS if name in answer.headers}
    detail = "" if 200 <= answer.status < 300 else f"HTTP {answer.status}"
    return Reply(answer.status, headers=kept, body=bytes(said), detail=detail)


def _not_called(why: str) -> Reply:
    return Reply(None, connected=False, detail=f"not called: {why}")
