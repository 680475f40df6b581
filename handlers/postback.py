"""A tapped button: read its data, find who handles the action. Nothing in the data is believed."""

from collections.abc import Mapping

from app.friends.actions import record_reaction
from app.friends.messages import button_is_old
from app.line.postback import unpack
from handlers.context import Answer, Context, PostbackHandler
from handlers.events import Event, Postback
from handlers.menus import count_tap


def answer_postback(event: Event, ctx: Context, actions: Mapping[str, PostbackHandler]) -> Answer:
    """Let the action's handler answer; rubbish and unknown actions get a polite word."""
    if not isinstance(event, Postback):
        return button_is_old() if event.reply_token else []
    record_reaction(ctx.friend, event.at, wrote=False)
    command = unpack(event.data)
    handler = None if command is None else actions.get(command.action)
    if command is None or handler is None:
        return button_is_old()
    count_tap(command, ctx)
    return handler(event, command, ctx)
