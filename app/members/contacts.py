"""Phone numbers and mail addresses as they are stored, compared and handed to LINE (pure)."""

import re
import unicodedata
from hashlib import sha256

import phonenumbers

from app.errors import InvalidFields

COUNTRY = "JP"
"""Whose number it is when it does not begin with a plus."""
MAIL_LENGTH = 254
_LONGEST_PHONE = 60
_MAIL = re.compile(
    r"[^@\s\x00-\x1f\x7f<>()\[\]\\,;:\"]{1,64}@(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}"
)


def read_phone(text: str) -> str:
    """E.164, such as +819012345678, of a number in any usual spelling, full-width too.

    Errors: InvalidFields when it is no number, or one that nobody can have.
    """
    try:
        number = phonenumbers.parse(_folded(text)[:_LONGEST_PHONE], COUNTRY)
    except phonenumbers.NumberParseException:
        raise InvalidFields(("phone", "電話番号として読めません(例: 090-1234-5678)")) from None
    if number.extension or not phonenumbers.is_valid_number(number):
        raise InvalidFields(("phone", "使われていない形の電話番号です"))
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def read_mail(text: str) -> str:
    """The address in small letters without spaces around it.

    Errors: InvalidFields when mail could not be sent to it.
    """
    mail = _folded(text).casefold()
    if len(mail) > MAIL_LENGTH or _MAIL.fullmatch(mail) is None:
        raise InvalidFields(("mail", "メールアドレスとして読めません"))
    return mail


def notification_hash(phone: str) -> str:
    """What LINE knows a number by in notification messages: SHA-256 of E.164.

    Made when it is needed, never stored and never logged: anybody can count through all numbers.
    """
    return sha256(phone.encode("ascii")).hexdigest()


def _folded(text: str) -> str:
    return unicodedata.normalize("NFKC", text).strip()
