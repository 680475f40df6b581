"""Pages of the platform as a browser without JavaScript uses them."""

import urllib.error
import urllib.request
from dataclasses import dataclass
from email.message import Message
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit


class _Stay(urllib.request.HTTPRedirectHandler):
    """Where a page leads is looked at, not followed."""

    def redirect_request(self, *args: Any) -> None:
        return None


@dataclass(frozen=True)
class Page:
    """What came back."""

    status: int
    text: str
    headers: "Message[str, str]"

    @property
    def location(self) -> str:
        """Where it leads, without the query."""
        return self.headers["Location"].partition("?")[0]

    @property
    def led(self) -> dict[str, str]:
        """The query of where it leads."""
        return dict(parse_qsl(urlsplit(self.headers["Location"]).query))


def visit(url: str, form: dict[str, str] | None = None, **headers: str) -> Page:
    """Open a page, or send its form."""
    raw = urlencode(form).encode() if form is not None else None
    request = urllib.request.Request(url, data=raw, headers=headers)
    try:
        with urllib.request.build_opener(_Stay).open(request, timeout=10) as answer:
            return Page(answer.status, answer.read().decode(), answer.headers)
    except urllib.error.HTTPError as error:
        with error:
            return Page(error.code, error.read().decode(), error.headers)
