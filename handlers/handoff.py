"""担当者に相談: a person is wanted."""

from app.handoff.actions import open_conversation
from app.handoff.messages import person_will_answer
from app.line.postback import Command
from handlers.context import Answer, Context
from handlers.events import Postback


def ask_for_person(ctx: Context) -> Answer:
    """Note that this friend waits for a person; a second wish is the same one."""
    is_new = open_conversation(ctx.session, ctx.friend.id, "wish", ctx.now)
    return person_will_answer(is_new=is_new)


def on_staff_ask(event: Postback, command: Command, ctx: Context) -> Answer:
    """The button 担当者に相談."""
    return ask_for_person(ctx)
