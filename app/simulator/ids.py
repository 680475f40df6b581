"""Ids as LINE makes them."""

import secrets
import time
from itertools import count

_CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
# From the time of start, so that a restarted simulator never gives an id out again.
_message_numbers = count(time.time_ns() // 1_000 * 100)


def new_user_id() -> str:
    """`U` and 32 hex digits."""
    return f"U{secrets.token_hex(16)}"


def new_group_id() -> str:
    """`C` and 32 hex digits."""
    return f"C{secrets.token_hex(16)}"


def new_message_id() -> str:
    """A numeric string, unique over everything this platform ever carried."""
    return str(next(_message_numbers))


def new_token() -> str:
    """A reply, quote or read token."""
    return secrets.token_hex(16)


def new_ulid(milliseconds: int) -> str:
    """A ULID of this moment: 26 letters, sorted by time."""
    number = (milliseconds << 80) | secrets.randbits(80)
    return "".join(_CROCKFORD[(number >> shift) & 31] for shift in range(125, -1, -5))
