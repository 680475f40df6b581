"""Passwords: argon2id. One hash takes about 0.1 s and 64 MiB, so whoever asks is throttled before."""

import secrets
import unicodedata

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

_HASHER = PasswordHasher()
NOBODYS_HASH = (
    "$argon2id$v=19$m=65536,t=3,p=4$ZAecapqR6rl3ol/FK5+hmA$BipWKgBiVjp/IIR+vWrz6GkmWcDgqtFkJvcQga1HEcw"
)
"""Of a password that nobody knows, made with the same parameters: an unknown account costs the same time."""
_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"
"""Without those that look alike."""


def hash_password(password: str) -> str:
    """What is stored."""
    return _HASHER.hash(_normal(password))


def is_password(password: str, stored: str | None) -> bool:
    """Whether this is the password; None for an account that does not exist takes just as long."""
    try:
        _HASHER.verify(stored or NOBODYS_HASH, _normal(password))
    except (VerificationError, InvalidHashError):
        return False
    return stored is not None


def is_same_password(one: str, other: str) -> bool:
    """Whether both are one password: a temporary one must not stay, since somebody else knows it."""
    return _normal(one) == _normal(other)


def is_outdated(stored: str) -> bool:
    """Whether the hash was made with weaker parameters than those of today."""
    return _HASHER.check_needs_rehash(stored)


def make_password() -> str:
    """A random one that can be read aloud: four groups of five, 99 bits."""
    groups = ("".join(secrets.choice(_LETTERS) for _ in range(5)) for _ in range(4))
    return "-".join(groups)


def _normal(password: str) -> str:
    """The same characters typed on another keyboard or phone give the same password."""
    return unicodedata.normalize("NFKC", password)
