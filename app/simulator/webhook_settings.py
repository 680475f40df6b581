"""Endpoints that say where webhooks go, and try whether anybody is there (line-platform facts, 1.8).

Real LINE wants https and any host; this platform takes addresses of this machine only, http too, so that it
never speaks to anybody else.
"""

from typing import Any
from urllib.parse import urlsplit

from app.simulator.answers import Answer, Call, ok, refusal
from app.simulator.bodies import checked
from app.simulator.checks.shapes import Record, Text
from app.simulator.endpoints import BOT, Endpoint, Limit, get, post
from app.simulator.platform import Platform
from app.simulator.webhooks import Webhooks

MOST_URL = 500
_LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})
_PATH = "/channel/webhook/endpoint"
_SET = Record({"endpoint": Text(10_000)}, ("endpoint",), missing="must be specified")
_TEST = Record({"endpoint": Text(10_000)})


class WebhookSettings:
    """One address per channel."""

    def __init__(self, platform: Platform, webhooks: Webhooks) -> None:
        self._platform = platform
        self._webhooks = webhooks

    def endpoints(self) -> list[Endpoint]:
        """A thousand a minute; sixty tests an hour."""
        often = Limit(1000, 60)
        return [
            get(_PATH, "webhook.get", self.show, often),
            Endpoint("PUT", BOT + _PATH, "webhook.set", self.change, often),
            post("/channel/webhook/test", "webhook.test", self.test, Limit(60, 3600)),
        ]

    def reset(self) -> None:
        """The account keeps its address, as it keeps its id."""

    def show(self, call: Call) -> Answer:
        """The address."""
        if self._webhooks.url is None:
            raise refusal(404, "Webhook endpoint not found")
        return ok({"endpoint": self._webhooks.url, "active": True})

    def change(self, call: Call) -> Answer:
        """Another address, from the next webhook on."""
        self._webhooks.url = _checked_url(checked(call, _SET)["endpoint"])
        return ok({})

    async def test(self, call: Call) -> Answer:
        """A signed webhook without events, to the address or to another one."""
        url = checked(call, _TEST).get("endpoint") if call.body else None
        url = _checked_url(url) if url is not None else self._webhooks.url
        if url is None:
            raise refusal(404, "Webhook endpoint not found")
        status, reason, detail = await self._webhooks.probe(url)
        body: dict[str, Any] = {
            "success": reason == "OK",
            "timestamp": f"{self._platform.clock.now():%Y-%m-%dT%H:%M:%S.%fZ}",
            "statusCode": status,
            "reason": reason,
            "detail": detail,
        }
        return ok(body)


def _checked_url(url: str) -> str:
    try:
        parts = urlsplit(url)
    except ValueError:
        raise refusal(400, "Invalid webhook endpoint URL") from None
    is_ours = parts.scheme in {"http", "https"} and parts.hostname in _LOOPBACK
    if not is_ours or len(url) > MOST_URL:
        raise refusal(400, "Invalid webhook endpoint URL")
    return url
