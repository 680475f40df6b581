"""Encryption at rest with key rotation: the first of the secret keys writes, every one of them reads."""

from base64 import urlsafe_b64encode
from collections.abc import Sequence

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from app.errors import SettingsError


class Encryption:
    """Turns text into tokens that can be stored, and back."""

    def __init__(self, secret_keys: Sequence[str]) -> None:
        """`secret_keys`: newest first, at least one."""
        self._fernet = MultiFernet([Fernet(_derive(key)) for key in secret_keys])

    def encrypt(self, text: str) -> str:
        """A token of ASCII characters; the same text gives another token each time."""
        return self._fernet.encrypt(text.encode()).decode("ascii")

    def decrypt(self, token: str) -> str:
        """The text again. Errors: SettingsError when none of the keys made this token."""
        try:
            return self._fernet.decrypt(token.encode("ascii")).decode()
        except InvalidToken:
            raise SettingsError(
                "SECRET_KEY cannot read what is stored: keep the old key behind the new one, comma-separated"
            ) from None


def _derive(secret_key: str) -> bytes:
    kdf = HKDF(algorithm=SHA256(), length=32, salt=None, info=b"goen encryption at rest")
    return urlsafe_b64encode(kdf.derive(secret_key.encode()))
