"""Which addresses LINE takes, and LINE's own that open a chat (pure)."""

from collections.abc import Set
from urllib.parse import quote, urlsplit

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


def add_link(line_base_url: str, basic_id: str) -> str:
    """Opens an account: to be added as a friend, or its chat."""
    return f"{line_base_url}/R/ti/p/{quote(basic_id, safe='')}"


def chat_link(line_base_url: str, basic_id: str, text: str) -> str:
    """Opens the chat with an account, with this text in the field for the person to send."""
    return f"{line_base_url}/R/oaMessage/{quote(basic_id, safe='')}/?{quote(text, safe='')}"
