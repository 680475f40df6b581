"""A person's side of the thread: what they wrote and sent, and what they took back."""

from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256

import filetype
from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from app.inserting import insert_unless_there
from app.line.text import clean_text
from app.messaging.models import Attachment, InboxEvent, Message, OutboxMessage
from app.messaging.rules import ENDED, event_cause, reply_key


@dataclass(frozen=True)
class NewMessage:
    """One message of a person; `text` is what they wrote, or a file's name or an address."""

    friend_id: int
    kind: str
    line_message_id: str
    inbox_event_id: int
    at: datetime
    text: str | None = field(default=None, repr=False)


def store_message(session: Session, message: NewMessage) -> bool:
    """Keep a message once; False when the person took it back before it came: then its event is emptied."""
    values = {**message.__dict__, "text": clean_text(message.text)}
    is_new = insert_unless_there(session, Message, **values) is not None
    if is_new or not _is_unsent(session, message.line_message_id):
        return True
    _empty_event(session, message.inbox_event_id)
    return False


def unsend_message(session: Session, friend_id: int, line_message_id: str, at: datetime) -> None:
    """送信取消: empty the stored copy, its file, the raw event and our reply's copy of it.

    Leaves a mark even if the message comes later.
    """
    values = {
        "friend_id": friend_id,
        "kind": "unsent",
        "line_message_id": line_message_id,
        "at": at,
        "unsent_at": at,
    }
    if insert_unless_there(session, Message, **values) is not None:
        return
    row = _locked_message(session, line_message_id)
    if row is None or row.friend_id != friend_id:
        return
    row.text, row.unsent_at = None, row.unsent_at or at
    attachment_id, row.attachment_id = row.attachment_id, None
    session.flush()
    if attachment_id is not None:
        session.execute(delete(Attachment).where(Attachment.id == attachment_id))
    if row.inbox_event_id is not None:
        _empty_event(session, row.inbox_event_id)
        _empty_reply(session, row.inbox_event_id)


def keep_attachment(session: Session, line_message_id: str, content: bytes, now: datetime) -> None:
    """Keep a downloaded file with its message, unless the message was taken back meanwhile."""
    row = _locked_message(session, line_message_id)
    if row is None or row.unsent_at is not None or row.attachment_id is not None:
        return
    attachment = Attachment(
        sha256=sha256(content).hexdigest(),
        mime=filetype.guess_mime(content) or "application/octet-stream",
        size=len(content),
        content=content,
        created_at=now,
    )
    session.add(attachment)
    session.flush()
    row.attachment_id = attachment.id


def _locked_message(session: Session, line_message_id: str) -> Message | None:
    """The message as it is now, until commit nobody else's: a file may arrive while it is taken back."""
    query = select(Message).where(Message.line_message_id == line_message_id).with_for_update()
    return session.scalars(query, execution_options={"populate_existing": True}).one_or_none()


def _is_unsent(session: Session, line_message_id: str) -> bool:
    query = select(Message.id).where(
        Message.line_message_id == line_message_id, Message.unsent_at.is_not(None)
    )
    return session.execute(query).first() is not None


def _empty_reply(session: Session, inbox_event_id: int) -> None:
    """Our reply may repeat the words. One that has not ended keeps its body: a retry must be identical."""
    query = select(InboxEvent.channel_id, InboxEvent.webhook_event_id).where(InboxEvent.id == inbox_event_id)
    for channel_id, webhook_event_id in session.execute(query):
        key = reply_key(event_cause(channel_id, webhook_event_id))
        session.execute(
            update(OutboxMessage)
            .where(OutboxMessage.dedupe_key == key, OutboxMessage.status.in_(ENDED))
            .values(body={}, frozen=None, preview=None)
            .execution_options(synchronize_session=False)
        )


def _empty_event(session: Session, inbox_event_id: int) -> None:
    session.execute(
        update(InboxEvent)
        .where(InboxEvent.id == inbox_event_id)
        .values(payload=None)
        .execution_options(synchronize_session=False)
    )
