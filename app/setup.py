"""What this release and this machine's environment bring into the database: accounts and definitions."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.db import Database, transaction
from app.encryption import Encryption
from app.errors import SettingsError
from app.messaging.channels import DEFAULT_CHANNEL, Credentials, store_channel
from app.messaging.models import Channel
from app.settings import Settings
from app.tables import every_table
from richmenu.actions import load_shipped_menus
from surveys.actions import load_shipped_surveys


def set_up(settings: Settings, database: Database, encryption: Encryption, now: datetime) -> None:
    """Write the environment's account, the shipped surveys and menus, where they are new or changed.

    Errors: SettingsError when half an account is given.
    """
    every_table()
    with transaction(database) as session:
        _store_default_channel(session, settings, encryption)
        load_shipped_surveys(session, now)
        load_shipped_menus(session, now)


def _store_default_channel(session: Session, settings: Settings, encryption: Encryption) -> None:
    secrets, token = settings.line_channel_secrets, settings.line_channel_access_token
    if not secrets and token is None:
        return
    if (settings.line_login_channel_id is None) != (settings.line_login_channel_secret is None):
        raise SettingsError("LINE_LOGIN_CHANNEL_ID and LINE_LOGIN_CHANNEL_SECRET belong together: set both")
    if not secrets or token is None:
        missing = "LINE_CHANNEL_ACCESS_TOKEN" if secrets else "LINE_CHANNEL_SECRET"
        raise SettingsError(f"{missing} is not set: an account needs both its secret and its token")
    title = session.scalar(select(Channel.title).where(Channel.name == DEFAULT_CHANNEL).with_for_update())
    given = Credentials(
        secrets=secrets,
        access_token=token,
        title=title,  # LINE said it, and no variable does: it stays
        login_channel_id=settings.line_login_channel_id,
        login_secret=settings.line_login_channel_secret,
        site_url=settings.site_url,
    )
    store_channel(session, encryption, DEFAULT_CHANNEL, given)
