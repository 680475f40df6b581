"""Encryption at rest with key rotation: the first of the secret keys writes, every one of them reads.

What must be found again without being readable is stored as a keyed hash beside the encrypted text. The keys of
both are derived from the same secret, each for its own use.
"""

import hmac
from base64 import urlsafe_b64encode
from collections.abc import Sequence

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from app.errors import SettingsError


class Encryption:
    """Turns text into tokens that can be stored, and back; and into hashes that find it again."""

    def __init__(self, secret_keys: Sequence[str]) -> None:
        """`secret_keys`: newest first, at least one."""
        fernets = [Fernet(urlsafe_b64encode(_derive(key, b"goen encryption at rest"))) for key in secret_keys]
        self._newest = fernets[0]
        self._every = MultiFernet(fernets)
        self._hash_keys = [_derive(key, b"goen keyed hash") for key in secret_keys]
        self.key_names = tuple(_derive(key, b"goen name of a key")[:4].hex() for key in secret_keys)
        """What tells the keys apart without telling anything about them, newest first."""

    def encrypt(self, text: str) -> str:
        """A token of ASCII characters; the same text gives another token each time."""
        return self._newest.encrypt(text.encode()).decode("ascii")

    def decrypt(self, token: str) -> str:
        """The text again. Errors: SettingsError when none of the keys made this token."""
        try:
            return self._every.decrypt(token.encode("ascii")).decode()
        except InvalidToken:
            raise SettingsError(
                "SECRET_KEY cannot read what is stored: keep the old key behind the new one, comma-separated"
            ) from None

    def rotated(self, token: str) -> str:
        """A token of the same text by the newest key; the token itself when that key made it already."""
        try:
            self._newest.decrypt(token.encode("ascii"))
        except InvalidToken:
            return self.encrypt(self.decrypt(token))
        return token

    def keyed_hash(self, kind: str, text: str) -> str:
        """64 hexadecimal digits by the newest key: what is stored. Kinds are apart: equal texts differ."""
        return _keyed_hash(self._hash_keys[0], kind, text)

    def keyed_hashes(self, kind: str, text: str) -> list[str]:
        """The same by every key, newest first: what is looked for while a rotation is not over."""
        return [_keyed_hash(key, kind, text) for key in self._hash_keys]


def _keyed_hash(key: bytes, kind: str, text: str) -> str:
    return hmac.digest(key, f"{kind}:{text}".encode("utf-8", "surrogatepass"), "sha256").hex()


def _derive(secret_key: str, use: bytes) -> bytes:
    return HKDF(algorithm=SHA256(), length=32, salt=None, info=use).derive(secret_key.encode())
