"""What happens to every call, whatever it asks: token, rate, faults, request id, wire log."""

import asyncio
import uuid
from collections.abc import Awaitable, Callable, Iterable, Iterator
from contextlib import contextmanager
from time import perf_counter

from aiohttp import web

from app.simulator.answers import Answer, Call, Refused, abort, canned, refusal
from app.simulator.buckets import Bucket
from app.simulator.endpoints import Endpoint, Handler
from app.simulator.faults import Fault, Faults
from app.simulator.platform import Platform
from app.simulator.wire import Crossing, Wire, shown_body, shown_path

MOST_BYTES = 2 * 1024 * 1024
ROOTS = ("/v2/", "/bot/", "/oauth2/", "/friendship/", "/user/")
"""Where LINE's API lies; what is not answered there is 404."""
WebHandler = Callable[[web.Request], Awaitable[web.StreamResponse]]


class LineApi:
    """All hosts of LINE on one port; the parts of the platform bring their endpoints."""

    def __init__(
        self, platform: Platform, faults: Faults, wire: Wire, is_token: Callable[[str], bool]
    ) -> None:
        self._platform = platform
        self._faults = faults
        self._wire = wire
        self._is_token = is_token
        self._bearer = f"Bearer {platform.config.access_token}"
        self._buckets: list[Bucket] = []

    def routes(self, endpoints: Iterable[Endpoint]) -> list[web.RouteDef]:
        """These endpoints, and 404 for everything else below LINE's roots."""
        routes = [web.route(each.method, each.path, self._handle(each)) for each in endpoints]
        for root in ROOTS:
            unknown = Endpoint("*", root + "{rest:.*}", "unknown", _not_found)
            routes.append(web.route("*", unknown.path, self._handle(unknown)))
        return routes

    def reset(self) -> None:
        """Rates start anew."""
        for bucket in self._buckets:
            bucket.fill()

    def _handle(self, endpoint: Endpoint) -> WebHandler:
        name, bucket = endpoint.name, self._bucket(endpoint)

        async def handle(request: web.Request) -> web.StreamResponse:
            body = await _read(request)
            call = Call(name, request, body or b"", str(uuid.uuid4()))
            with self._noted(call) as crossing:
                fault = self._faults.strike(name) if self._faults.scripted else None
                await self._be_late(fault)

                async def take() -> Answer:
                    return await self._take(call, endpoint, bucket, is_too_large=body is None)

                answer = await take() if fault is None else await self._spoil(call, fault, take)
                self._wire.end(crossing, answer.status, _shown(answer), note=fault.kind if fault else "")
            return web.Response(
                status=answer.status or 500,
                body=answer.body,
                headers={"X-Line-Request-Id": call.request_id, **answer.headers},
                content_type=answer.content_type,
            )

        return handle

    def _bucket(self, endpoint: Endpoint) -> Bucket:
        """Rates of a second are real; those of a minute or an hour pass with business time."""
        limit = endpoint.limit
        if limit is None:
            bucket = Bucket(self._platform.config.calls_per_second)
        elif limit.seconds == 1:
            bucket = Bucket(limit.calls)
        else:
            bucket = Bucket(*limit, now=lambda: self._platform.clock.now().timestamp())
        self._buckets.append(bucket)
        return bucket

    @contextmanager
    def _noted(self, call: Call) -> Iterator[Crossing]:
        """The call in the wire log, with its time; whoever looks on is told when it is over."""
        started = perf_counter()
        request = call.request
        body = shown_body(request.content_type, call.body) if call.body else b""
        at = self._platform.clock.real_now()
        crossing = self._wire.begin("call", at, request.method, shown_path(request.path_qs), body)
        crossing.request_id = call.request_id
        crossing.retry_key = call.request.headers.get("X-Line-Retry-Key", "")
        try:
            yield crossing
        except asyncio.CancelledError:
            self._wire.end(crossing, 0, b"", note="the caller went away")
            raise
        finally:
            crossing.milliseconds = (perf_counter() - started) * 1000
            if self._platform.observers:
                self._platform.tell("call", {})

    async def _take(self, call: Call, endpoint: Endpoint, bucket: Bucket, *, is_too_large: bool) -> Answer:
        """The answer of a platform without faults."""
        try:
            if endpoint.needs_token:
                self._authenticate(call)
            if not bucket.take():
                raise canned("429")
            if is_too_large:
                raise refusal(413, "Request Entity Too Large")
            if "X-Line-Retry-Key" in call.request.headers and not endpoint.takes_retry_key:
                raise refusal(400, "The X-Line-Retry-Key header is not supported for this endpoint")
            return await _answered(endpoint.handler, call)
        except Refused as refused:
            self._platform.refused_counts[str(refused.answer.status)] += 1
            return refused.answer

    def _authenticate(self, call: Call) -> None:
        given = call.request.headers.get("Authorization", "")
        if not given.startswith("Bearer "):
            raise refusal(
                401,
                "Authentication failed. Confirm that the access token in the authorization header is valid.",
            )
        if given != self._bearer and not self._is_token(given.removeprefix("Bearer ")):
            raise canned("401")

    async def _be_late(self, fault: Fault | None) -> None:
        milliseconds = self._faults.latency_ms + (fault.latency_ms if fault else 0)
        if milliseconds:
            await asyncio.sleep(milliseconds / 1000)

    async def _spoil(self, call: Call, fault: Fault, take: Callable[[], Awaitable[Answer]]) -> Answer:
        """The answer under a fault; status 0: the connection was broken instead."""
        if fault.kind == "slow":
            return await take()
        if fault.kind.startswith("accepted_"):
            answer = await take()
            if fault.kind == "accepted_500":
                return canned("500").answer if 200 <= answer.status < 300 else answer
            abort(call.request)
            return _NO_ANSWER
        if fault.kind in {"timeout", "reset"}:
            if fault.kind == "timeout":
                await asyncio.sleep(self._platform.config.hold_seconds)
            abort(call.request)
            return _NO_ANSWER
        return canned(fault.kind).answer


_NO_ANSWER = Answer(0, b"")


async def _answered(handler: Handler, call: Call) -> Answer:
    answer = handler(call)
    return answer if isinstance(answer, Answer) else await answer


async def _read(request: web.Request) -> bytes | None:
    """The body; None when it is larger than LINE takes."""
    if (request.content_length or 0) > MOST_BYTES:
        return None
    body = await request.read()
    return body if len(body) <= MOST_BYTES else None


def _shown(answer: Answer) -> bytes:
    return (
        answer.body
        if answer.content_type == "application/json"
        else shown_body(answer.content_type, answer.body)
    )


def _not_found(call: Call) -> Answer:
    raise refusal(404, "Not found")
