"""Rules about staff (pure): roles, which passwords will do, how long a failed sign-in makes one wait."""

import unicodedata
from collections.abc import Sequence
from datetime import datetime, timedelta
from enum import StrEnum

SHORTEST_PASSWORD = 12
LONGEST_PASSWORD = 200
"""Hashing costs the same for any length, reading an endless one does not."""
WINDOW = timedelta(hours=1)
"""Tries older than this are forgotten."""
TRIES_OF_MAIL = 5
TRIES_OF_ADDRESS = 20
"""An office shares one network address."""
FIRST_WAIT = timedelta(seconds=30)
LONGEST_WAIT = timedelta(minutes=15)


class Role(StrEnum):
    """What a staff member may do; which page is for whom stands in app/console/access.py."""

    ADMIN = "admin"
    RECRUITER = "recruiter"
    EDITOR = "editor"


def fold_mail(mail: str) -> str:
    """A mail address as it is stored and signed in with: NFKC, small letters, no spaces around."""
    return unicodedata.normalize("NFKC", mail).strip().casefold()


def fault_of_password(password: str, mail: str) -> str | None:
    """Why this password will not do, as a sentence; None: it will."""
    if len(password) < SHORTEST_PASSWORD:
        return f"パスワードは{SHORTEST_PASSWORD}文字以上にしてください。"
    if len(password) > LONGEST_PASSWORD:
        return f"パスワードは{LONGEST_PASSWORD}文字までです。"
    if len(set(password)) < 5:
        return "同じ文字が多すぎます。5種類以上の文字を使ってください。"
    if mail and (password.casefold() in mail or mail.split("@")[0] in password.casefold()):
        return "メールアドレスと同じ言葉は使えません。"
    return None


def open_again_at(tries: Sequence[datetime], free: int) -> datetime | None:
    """When the next try may be made; None: at once.

    `tries` are the failed ones of the last hour. After `free` of them each costs twice the wait of the one
    before, from 30 seconds up to 15 minutes, counted from the newest.
    """
    if len(tries) < free:
        return None
    wait = FIRST_WAIT * (1 << min(len(tries) - free, 10))
    return max(tries) + min(wait, LONGEST_WAIT)
