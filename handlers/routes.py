"""受付コード: somebody sends the code of a route, and so proves that they came by it."""

from app.line.limits import Message
from app.routes.actions import prove_by_code
from app.routes.messages import came_by_ended_route, came_by_route, code_unknown
from app.routes.queries import find_route_by_code
from app.routes.rules import read_code
from handlers.context import Answer, Context
from handlers.events import Text


def answer_route_code(event: Text, ctx: Context) -> Answer | None:
    """Thanks and what the route promises; None when there is no code in the message.

    A printed code is sent long after its route has ended: the visit is as true as before, the promise is not.
    """
    code = read_code(event.text)
    return None if code is None else _welcome(code, ctx)


def _welcome(code: str, ctx: Context) -> list[Message]:
    route = find_route_by_code(ctx.session, ctx.friend.channel_id, code)
    if route is None:
        return code_unknown()
    prove_by_code(ctx.session, route, ctx.friend, ctx.now)
    return came_by_route(route.promise) if route.is_open else came_by_ended_route()
