"""The routes that LINE has, all hosts on one port. What happens to every call, whatever it asks."""

import asyncio
import uuid
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from time import perf_counter

from aiohttp import web

from app.simulator import lookups, sending
from app.simulator.answers import Answer, Call, Refused, abort, canned, refusal
from app.simulator.buckets import Bucket
from app.simulator.faults import Fault, Faults
from app.simulator.platform import Platform
from app.simulator.webhooks import Webhooks
from app.simulator.wire import Crossing, Wire

MOST_BYTES = 2 * 1024 * 1024
Handler = Callable[[Call], Answer]
WebHandler = Callable[[web.Request], Awaitable[web.StreamResponse]]


class LineApi:
    """Token, rate, faults, request id and the wire log, around every endpoint."""

    def __init__(self, platform: Platform, faults: Faults, wire: Wire, webhooks: Webhooks) -> None:
        self._platform = platform
        self._faults = faults
        self._wire = wire
        self._bearer = f"Bearer {platform.config.access_token}"
        self._messages = sending.Sending(platform)
        self._lookups = lookups.Lookups(platform, webhooks)

    def routes(self) -> list[web.RouteDef]:
        """Everything under /v2/bot; what is not here answers 404."""
        send, look = self._messages, self._lookups
        bot = "/v2/bot"
        per_second = self._platform.config.calls_per_second
        multicasts = self._platform.config.multicasts_per_second
        validate = self._endpoint("validate", send.validate, per_second)
        return [
            web.post(f"{bot}/message/reply", self._endpoint("reply", send.reply, per_second)),
            web.post(f"{bot}/message/push", self._endpoint("push", send.push, per_second)),
            web.post(f"{bot}/message/multicast", self._endpoint("multicast", send.multicast, multicasts)),
            web.post(bot + "/message/validate/{kind:reply|push|multicast}", validate),
            web.get(bot + "/profile/{user_id}", self._endpoint("profile", look.profile, per_second)),
            web.get(
                bot + "/message/{id:[0-9]+}/content", self._endpoint("content", look.content, per_second)
            ),
            web.get(
                bot + "/message/{id:[0-9]+}/content/transcoding",
                self._endpoint("transcoding", look.transcoding, per_second),
            ),
            web.get(f"{bot}/message/quota", self._endpoint("quota", look.quota, per_second)),
            web.get(
                f"{bot}/message/quota/consumption",
                self._endpoint("consumption", look.consumption, per_second),
            ),
            web.get(f"{bot}/info", self._endpoint("info", look.info, per_second)),
            web.post(bot + "/{kind:group|room}/{id}/leave", self._endpoint("leave", look.leave, per_second)),
            web.post(f"{bot}/chat/loading/start", self._endpoint("loading", look.start_loading, 100)),
            web.route("*", "/v2/{rest:.*}", self._endpoint("unknown", _not_found, per_second)),
        ]

    def _endpoint(self, name: str, handler: Handler, per_second: float) -> WebHandler:
        bucket = Bucket(per_second)

        async def handle(request: web.Request) -> web.StreamResponse:
            body = await _read(request)
            call = Call(name, request, body or b"", str(uuid.uuid4()))
            with self._noted(call) as crossing:
                fault = self._faults.strike(name) if self._faults.scripted else None
                await self._be_late(fault)

                def take() -> Answer:
                    return self._take(call, handler, bucket, is_too_large=body is None)

                answer = take() if fault is None else await self._spoil(call, fault, take)
                self._wire.end(crossing, answer.status, answer.body, note=fault.kind if fault else "")
            return web.Response(
                status=answer.status or 500,
                body=answer.body,
                headers={"X-Line-Request-Id": call.request_id, **answer.headers},
                content_type=answer.content_type,
            )

        return handle

    @contextmanager
    def _noted(self, call: Call) -> Iterator[Crossing]:
        """The call in the wire log, with its time; whoever looks on is told when it is over."""
        started = perf_counter()
        crossing = self._wire.begin(
            "call", self._platform.clock.real_now(), call.request.method, call.request.path, call.body
        )
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

    def _take(self, call: Call, handler: Handler, bucket: Bucket, *, is_too_large: bool) -> Answer:
        """The answer of a platform without faults."""
        try:
            self._authenticate(call)
            if not bucket.take():
                raise canned("429")
            if is_too_large:
                raise refusal(413, "Request Entity Too Large")
            return handler(call)
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
        if given != self._bearer:
            raise canned("401")

    async def _be_late(self, fault: Fault | None) -> None:
        milliseconds = self._faults.latency_ms + (fault.latency_ms if fault else 0)
        if milliseconds:
            await asyncio.sleep(milliseconds / 1000)

    async def _spoil(self, call: Call, fault: Fault, take: Callable[[], Answer]) -> Answer:
        """The answer under a fault; status 0: the connection was broken instead."""
        if fault.kind == "slow":
            return take()
        if fault.kind.startswith("accepted_"):
            answer = take()
            if fault.kind == "accepted_500":
                return canned("500").answer if answer.status == 200 else answer
            abort(call.request)
            return _NO_ANSWER
        if fault.kind in {"timeout", "reset"}:
            if fault.kind == "timeout":
                await asyncio.sleep(self._platform.config.hold_seconds)
            abort(call.request)
            return _NO_ANSWER
        return canned(fault.kind).answer


_NO_ANSWER = Answer(0, b"")


async def _read(request: web.Request) -> bytes | None:
    """The body; None when it is larger than LINE takes."""
    if (request.content_length or 0) > MOST_BYTES:
        return None
    body = await request.read()
    return body if len(body) <= MOST_BYTES else None


def _not_found(call: Call) -> Answer:
    raise refusal(404, "Not found")
