"""Which addresses LINE takes (pure)."""

from collections.abc import Set
from urllib.parse import urlsplit

WEB = frozenset({"http", "https"})


def is_address(text: str, schemes: Set[str]) -> bool:
    """Whether it has one of the schemes, somewhere to go, and is percent-encoded."""
    if not text.isascii() or any(letter <= " " or letter == "\x7f" for letter in text):
        return False
    try:
        parts = urlsplit(text)
    except ValueError:
        return False
    rest = parts.netloc if parts.scheme in WEB else text.partition(":")[2]
    return parts.scheme in schemes and bool(rest)
