"""Official accounts that are added and changed while Goen runs, and what LINE says of each. Nothing commits."""

import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import and_, select, update
from sqlalchemy.orm import Session

from app.clock import today_in_tokyo
from app.db import Database, transaction
from app.encryption import Encryption
from app.errors import AppError
from app.line.addresses import WEB, is_address
from app.line.text import clean_text
from app.messaging.channels import (
    ChannelKeys,
    Credentials,
    learn_bot_user_id,
    read_channels,
    store_channel,
)
from app.messaging.models import Channel
from app.messaging.outbox import NewOutboxMessage, enqueue
from app.messaging.rules import Carrier

_NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,39}")
_UNSEEN = re.compile(r"[\x21-\x2b\x2d-\x7e]+")
"""Printed ASCII without a comma, which stands between two secrets where they are stored."""
_DIGITS = re.compile(r"[0-9]{1,20}")
LONGEST_TITLE = 100
_BASIC_ID = re.compile(r"@[A-Za-z0-9._-]{1,32}")


class BadAccount(AppError):
    """An account that cannot be added or changed so."""

    status = 422


def find_account(session: Session, encryption: Encryption, name: str) -> ChannelKeys:
    """The account of this name. Errors: BadAccount when there is none."""
    found = next((each for each in read_channels(session, encryption) if each.name == name), None)
    if found is None:
        raise BadAccount(f"there is no account {name}")
    return found


def add_account(session: Session, encryption: Encryption, name: str, given: Credentials) -> ChannelKeys:
    """Add an account; its sender begins within seconds.

    Errors: BadAccount when the name is taken, or cannot stand in the webhook's address.
    """
    if not _NAME.fullmatch(name):
        raise BadAccount(
            "a name has lower-case letters, digits and hyphens, 40 at most: it stands in an address"
        )
    _check(given)
    if any(each.name == name for each in read_channels(session, encryption)):
        raise BadAccount(f"there is an account {name} already")
    store_channel(session, encryption, name, given)
    return find_account(session, encryption, name)


def change_account(
    session: Session, encryption: Encryption, name: str, changes: Mapping[str, Any]
) -> ChannelKeys:
    """Change what is named in `changes` (fields of Credentials); a new token starts its sender anew.

    Errors: BadAccount when there is no such account.
    """
    changed = replace(_credentials(find_account(session, encryption, name)), **changes)
    _check(changed)
    store_channel(session, encryption, name, changed)
    return find_account(session, encryption, name)


def add_channel_secret(session: Session, encryption: Encryption, name: str, secret: str) -> None:
    """A new channel secret; webhooks signed by the one before are taken until `drop_old_channel_secrets`."""
    known = find_account(session, encryption, name)
    change_account(session, encryption, name, {"secrets": (secret, known.secrets[0])})


def drop_old_channel_secrets(session: Session, encryption: Encryption, name: str) -> None:
    """LINE signs by the new one now: nothing else opens the door."""
    known = find_account(session, encryption, name)
    change_account(session, encryption, name, {"secrets": known.secrets[:1]})


def _check(given: Credentials) -> None:
    """Errors: BadAccount for what could not be stored or sent; the message shows no value."""
    unseen = (*given.secrets, given.access_token or "-", given.login_secret or "-")
    if not given.secrets or not all(_UNSEEN.fullmatch(text) for text in unseen):
        raise BadAccount("a secret or token has letters that none of LINE's has")
    if (given.login_channel_id is None) != (given.login_secret is None):
        raise BadAccount("a login channel needs both its id and its secret")
    if given.login_channel_id is not None and not _DIGITS.fullmatch(given.login_channel_id):
        raise BadAccount("a login channel's id is a number")
    if given.site_url is not None and not is_address(given.site_url, WEB):
        raise BadAccount("the site's address must start with http:// or https://")
    if len(given.title or "") > LONGEST_TITLE:
        raise BadAccount(f"a title has {LONGEST_TITLE} letters at most")


def _credentials(known: ChannelKeys) -> Credentials:
    return Credentials(
        secrets=known.secrets,
        access_token=known.access_token,
        title=known.title,
        login_channel_id=known.login_channel_id,
        login_secret=known.login_secret,
        site_url=known.site_url,
    )


def ask_who_they_are(session: Session, now: datetime, *, known_too: bool) -> int:
    """Queue the question to LINE for each account that may call it, once a day; how many were asked about.

    `known_too`: also of accounts whose basic id is known, since it can change.
    """
    query = select(Channel.id).where(Channel.access_token.is_not(None))
    if not known_too:
        query = query.where(Channel.basic_id.is_(None))
    ids = session.scalars(query).all()
    enqueue(session, [_question(id_, f"{today_in_tokyo(now):%Y%m%d}:{known_too}") for id_ in ids], now)
    return len(ids)


def ask_who_all_are(database: Database, now: datetime) -> int:
    """The daily task."""
    with transaction(database) as session:
        return ask_who_they_are(session, now, known_too=True)


def _question(channel_id: int, cause: str) -> NewOutboxMessage:
    return NewOutboxMessage(
        carrier=Carrier.INFO, channel_id=channel_id, dedupe_key=f"info:{channel_id}:{cause}", body={}
    )


def keep_bot_info(session: Session, channel_id: int, info: Mapping[str, Any]) -> None:
    """Keep what LINE says of an account: its basic id; its name and its own user id while those are not known."""
    basic_id, bot_user_id = info.get("basicId"), info.get("userId")
    if isinstance(basic_id, str) and _BASIC_ID.fullmatch(basic_id):
        session.execute(update(Channel).where(Channel.id == channel_id).values(basic_id=basic_id))
    if isinstance(bot_user_id, str) and bot_user_id:
        learn_bot_user_id(session, channel_id, bot_user_id)
    name = info.get("displayName")
    if isinstance(name, str) and (title := clean_text(name).strip()):
        is_nameless = and_(Channel.id == channel_id, Channel.title.is_(None))
        session.execute(update(Channel).where(is_nameless).values(title=title[:LONGEST_TITLE]))
