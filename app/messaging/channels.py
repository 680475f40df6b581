"""Official accounts as their doors and senders need them, with their secrets decrypted."""

import threading
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field

import structlog
from sqlalchemy import Connection, select, update
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from app.db import Database, reading
from app.encryption import Encryption
from app.errors import AppError
from app.inserting import insert_unless_there
from app.messaging.models import Channel

DEFAULT_CHANNEL = "default"
CHANNELS_FRESH_SECONDS = 5.0
FIRST_READ_SECONDS = 1.0
log = structlog.get_logger(__name__)


@dataclass(frozen=True, kw_only=True)
class Credentials:
    """What an operator says about an account."""

    secrets: tuple[str, ...] = field(repr=False)
    """Newest first; two are valid during a rotation."""
    access_token: str | None = field(repr=False)
    """None: the account receives and cannot send."""
    title: str | None = None
    """What people call it; None: its name."""
    login_channel_id: str | None = None
    """Its LINE Login channel; None: linking by LINE Login is off."""
    login_secret: str | None = field(default=None, repr=False)
    site_url: str | None = None
    """Where a member signs in at the job site to be linked from the chat; None: that way is off."""


@dataclass(frozen=True, kw_only=True)
class ChannelKeys(Credentials):
    """One account: what proves its webhooks and what lets us send."""

    id: int
    name: str
    bot_user_id: str | None
    basic_id: str | None
    """With its @; None until learnt from LINE."""


def read_channels(session: Session, encryption: Encryption) -> list[ChannelKeys]:
    """Every account, in the order they were added."""
    rows = session.scalars(select(Channel).order_by(Channel.id))
    return [_keys(row, encryption) for row in rows]


def store_channel(session: Session, encryption: Encryption, name: str, given: Credentials) -> None:
    """Write an account's credentials, new or changed; nothing is written when nothing changed.

    An account that gets a new access token is taken to be mended: its `problem` is cleared.
    """
    if insert_unless_there(session, Channel, name=name, **_sealed(given, encryption)) is not None:
        return
    row = session.scalars(select(Channel).where(Channel.name == name)).one()
    known = _credentials(row, encryption)
    changed = {key for key, value in asdict(given).items() if value != getattr(known, key)}
    for key, value in _sealed(given, encryption).items():
        if key in changed:
            setattr(row, key, value)
    if "access_token" in changed:
        row.problem = None


def require_channel_id(session: Session, name: str) -> int:
    """The id of the account of this name. Errors: AppError."""
    found = session.scalars(select(Channel.id).where(Channel.name == name)).one_or_none()
    if found is None:
        raise AppError(f"there is no account {name}")
    return found


def learn_bot_user_id(connection: Session | Connection, channel_id: int, bot_user_id: str) -> None:
    """Keep an account's own user id, as a verified body named it; the first one stays."""
    taken = select(Channel.id).where(Channel.bot_user_id == bot_user_id).exists()
    connection.execute(
        update(Channel)
        .where(Channel.id == channel_id, Channel.bot_user_id.is_(None), ~taken)
        .values(bot_user_id=bot_user_id)
    )


def channel_for(
    channels: Sequence[ChannelKeys], name: str | None, destination: str | None
) -> ChannelKeys | None:
    """Which account a request is for: by name, else by the body's unproven `destination`, else the default.

    None when the name is unknown, or there is no account at all.
    """
    if name is not None:
        return next((channel for channel in channels if channel.name == name), None)
    by_bot = (channel for channel in channels if destination and channel.bot_user_id == destination)
    by_default = (channel for channel in channels if channel.name == DEFAULT_CHANNEL)
    return next(by_bot, None) or next(by_default, None)


def _keys(row: Channel, encryption: Encryption) -> ChannelKeys:
    found = _credentials(row, encryption)
    return ChannelKeys(
        **vars(found), id=row.id, name=row.name, bot_user_id=row.bot_user_id, basic_id=row.basic_id
    )


def _credentials(row: Channel, encryption: Encryption) -> Credentials:
    return Credentials(
        secrets=tuple(encryption.decrypt(row.secrets).split(",")),
        access_token=_opened(row.access_token, encryption),
        title=row.title,
        login_channel_id=row.login_channel_id,
        login_secret=_opened(row.login_secret, encryption),
        site_url=row.site_url,
    )


def _sealed(given: Credentials, encryption: Encryption) -> dict[str, str | None]:
    def seal(text: str | None) -> str | None:
        return None if text is None else encryption.encrypt(text)

    return asdict(given) | {
        "secrets": encryption.encrypt(",".join(given.secrets)),
        "access_token": seal(given.access_token),
        "login_secret": seal(given.login_secret),
    }


def _opened(token: str | None, encryption: Encryption) -> str | None:
    return None if token is None else encryption.decrypt(token)


class KnownChannels:
    """The accounts and their secrets, read again every few seconds by a thread that no request waits for."""

    def __init__(self, database: Database, encryption: Encryption) -> None:
        self._database = database
        self._encryption = encryption
        self._channels: list[ChannelKeys] = []
        self._read_at = float("-inf")
        self._reader: threading.Thread | None = None
        self._starting = threading.Lock()

    def current(self) -> list[ChannelKeys]:
        """All accounts as last read. Only the first requests wait for the list, and for a second at most."""
        if time.monotonic() - self._read_at > CHANNELS_FRESH_SECONDS:
            reader = self._ensure_reading()
            if not self._channels:
                reader.join(FIRST_READ_SECONDS)
        return self._channels

    def close(self) -> None:
        """Let a read that is under way end; for those who make several in one process."""
        if self._reader is not None:
            self._reader.join()

    def _ensure_reading(self) -> threading.Thread:
        with self._starting:
            if self._reader is None or not self._reader.is_alive():
                self._reader = threading.Thread(target=self._read, name="channels", daemon=True)
                self._reader.start()
            return self._reader

    def _read(self) -> None:
        try:
            with reading(self._database) as session:
                self._channels = read_channels(session, self._encryption)
        except (SQLAlchemyError, AppError) as error:
            log.error("channels_not_read", error=type(error).__name__)
        finally:
            self._read_at = time.monotonic()
