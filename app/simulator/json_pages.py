"""Pages of the control API: JSON in, JSON out."""

import binascii
from collections.abc import Awaitable, Callable
from typing import Any

from aiohttp import web

from app.simulator.faults import BadFault
from app.simulator.json_text import from_bytes, to_bytes
from app.simulator.phones import Impossible

ROOT = "/simulator/api"
Body = dict[str, Any]
WebHandler = Callable[[web.Request], Awaitable[web.StreamResponse]]


def as_json(page: Callable[[web.Request, Body], Any]) -> WebHandler:
    """JSON in, JSON out; 409 for what a phone cannot do, 400 for what makes no sense."""

    async def handle(request: web.Request) -> web.StreamResponse:
        try:
            body = from_bytes(await request.read()) if request.can_read_body else {}
            if not isinstance(body, dict):
                return answer_json({"message": "a JSON object is expected"}, 400)
            return answer_json(page(request, body))
        except Impossible as error:
            return answer_json({"message": str(error)}, 409)
        except (BadFault, KeyError, ValueError, TypeError, binascii.Error) as error:
            return answer_json({"message": f"{type(error).__name__}: {error}"}, 400)

    return handle


def answer_json(value: Any, status: int = 200) -> web.Response:
    """A value as an answer."""
    return web.Response(status=status, body=to_bytes(value), content_type="application/json")
