"""会員連携, as far as this installation has it."""

from app.friends.messages import linking_is_off
from app.line.postback import Command
from handlers.context import Answer, Context
from handlers.events import Postback


def on_link_ask(event: Postback, command: Command, ctx: Context) -> Answer:
    """Without a login channel linking is off, and the bot says so."""
    return linking_is_off()
