"""Calls to LINE that nobody waits for: profiles, content, menus, account info. They may be repeated safely."""

from app.line.client import LineClient
from app.line.rules import Reply
from app.messaging.outbox import OutboxRow
from app.messaging.rules import Carrier


def call_in_background(client: LineClient, row: OutboxRow) -> Reply:
    """Make the call that a background row asks for; what LINE answered, or how it failed."""
    recipient = row.recipient or ""
    match row.carrier:
        case Carrier.PROFILE:
            return client.profile(recipient)
        case Carrier.CONTENT:
            return client.content(str(row.body["message_id"]))
        case Carrier.INFO:
            return client.bot_info()
        case Carrier.MENU:
            return client.link_menu(recipient, str((row.frozen or {})["rich_menu_id"]))
        case Carrier.LEAVE if row.body["place"] == "room":
            return client.leave_room(recipient)
        case Carrier.LEAVE:
            return client.leave_group(recipient)
    return Reply(400, detail=f"no way to send by {row.carrier}")
