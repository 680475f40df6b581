"""The signature of a webhook: HMAC-SHA256 over the raw body, base64 (line-platform facts, 1.2)."""

import hmac
from base64 import b64encode
from collections.abc import Sequence


def sign(body: bytes, secret: str) -> str:
    """What LINE puts into `X-Line-Signature` for exactly these bytes."""
    return b64encode(hmac.digest(secret.encode(), body, "sha256")).decode("ascii")


def is_signed(body: bytes, signature: str, secrets: Sequence[str]) -> bool:
    """True if one of the channel's secrets (newest first) signed exactly these bytes.

    Every secret is tried in constant time, so that neither the result nor the time tells which one fits.
    """
    given = signature.encode("utf-8", "surrogateescape")
    matches = [hmac.compare_digest(sign(body, secret).encode("ascii"), given) for secret in secrets]
    return any(matches)
