"""Id tokens: JWTs signed with the channel secret (HS256), as LINE signs them for web login."""

import hmac
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Mapping
from typing import Any

from app.json_text import from_bytes, to_bytes

ISSUER = "https://access.line.me"
LIFE_SECONDS = 3600
_HEADER = {"alg": "HS256", "typ": "JWT"}


def sign_token(claims: Mapping[str, Any], secret: str) -> str:
    """The three parts of a JWT."""
    signed = f"{_encode(to_bytes(_HEADER))}.{_encode(to_bytes(dict(claims)))}"
    return f"{signed}.{_encode(_signature(signed, secret))}"


def read_token(token: str, secret: str) -> dict[str, Any] | None:
    """The claims; None for whatever this secret has not signed with HS256."""
    signed, _, signature = token.rpartition(".")
    header, _, payload = signed.partition(".")
    try:
        is_signed = hmac.compare_digest(_decode(signature), _signature(signed, secret))
        is_known = is_signed and from_bytes(_decode(header)).get("alg") == "HS256"
        claims = from_bytes(_decode(payload)) if is_known else None
    except (ValueError, AttributeError):
        return None
    return claims if isinstance(claims, dict) else None


def _signature(signed: str, secret: str) -> bytes:
    return hmac.digest(secret.encode(), signed.encode(), "sha256")


def _encode(raw: bytes) -> str:
    return urlsafe_b64encode(raw).rstrip(b"=").decode("ascii")


def _decode(text: str) -> bytes:
    return urlsafe_b64decode(text + "=" * (-len(text) % 4))
