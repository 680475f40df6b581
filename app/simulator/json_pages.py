"""Control routes: JSON in, JSON out."""

import binascii
from collections.abc import Awaitable, Callable
from typing import Any

from aiohttp import web

from app.json_text import from_bytes, to_bytes
from app.simulator.faults import BadFault
from app.simulator.phones import Impossible

ROOT = "/simulator/api"
Body = dict[str, Any]
WebHandler = Callable[[web.Request], Awaitable[web.StreamResponse]]


def json_page(page: Callable[[web.Request, Body], Any]) -> WebHandler:
    """A page of the control; 409 for what a phone cannot do, 400 for what makes no sense."""

    async def handle(request: web.Request) -> web.StreamResponse:
        try:
            body = from_bytes(await request.read()) if request.can_read_body else {}
            if not isinstance(body, dict):
                return json_answer({"message": "a JSON object is expected"}, 400)
            return json_answer(page(request, body))
        except Impossible as error:
            return json_answer({"message": str(error)}, 409)
        except (BadFault, KeyError, ValueError, TypeError, binascii.Error) as error:
            return json_answer({"message": f"{type(error).__name__}: {error}"}, 400)

    return handle


def json_answer(value: Any, status: int = 200) -> web.Response:
    """JSON with a status."""
    return web.Response(status=status, body=to_bytes(value), content_type="application/json")
