"""The signature of a delivery: `Goen-Signature: t=<unix seconds>,v1=<hex>` over `<t>.<body>` (pure).

While a secret is being replaced there is one `v1` for each of the two, and a receiver takes either.
"""

import hmac
from collections.abc import Sequence
from datetime import datetime, timedelta

HEADER = "Goen-Signature"
TOLERANCE = timedelta(minutes=5)
"""How old a delivery may be: after that somebody else may be sending it again."""


def sign_delivery(secrets: Sequence[str], at: datetime, body: bytes) -> str:
    """The header's value. `at` is machine time: the receiver compares it with its own clock."""
    moment = str(int(at.timestamp()))
    return ",".join([f"t={moment}", *(f"v1={_digest(secret, moment, body)}" for secret in secrets)])


def is_genuine(
    secrets: Sequence[str], header: str, body: bytes, now: datetime, tolerance: timedelta = TOLERANCE
) -> bool:
    """Whether one of these secrets has signed exactly this body, lately: what a receiver checks."""
    parts = [part.partition("=")[::2] for part in header.split(",")]
    moments = [value for name, value in parts if name == "t"]
    given = [value for name, value in parts if name == "v1"]
    if len(moments) != 1 or not (moments[0].isascii() and moments[0].isdigit() and len(moments[0]) < 12):
        return False
    wanted = [_digest(secret, moments[0], body) for secret in secrets]
    is_signed = any(hmac.compare_digest(one.encode(), other.encode()) for one in wanted for other in given)
    return is_signed and abs(now.timestamp() - int(moments[0])) <= tolerance.total_seconds()


def _digest(secret: str, moment: str, body: bytes) -> str:
    return hmac.digest(secret.encode(), moment.encode() + b"." + body, "sha256").hex()
