"""Forms of the OAuth endpoints, and errors in OAuth's own shape, which differs from the Messaging API's."""

from collections.abc import Mapping
from urllib.parse import parse_qsl

from app.simulator.answers import Call, Refused


def oauth_refusal(error: str, description: str, status: int = 400) -> Refused:
    """`{"error": …, "error_description": …}`."""
    return Refused(status, {"error": error, "error_description": description})


def read_form(call: Call) -> dict[str, str]:
    """The fields of an urlencoded body; 400 for another media type."""
    if call.request.content_type != "application/x-www-form-urlencoded":
        raise oauth_refusal("invalid_request", "content type must be application/x-www-form-urlencoded")
    return dict(parse_qsl(call.body.decode("utf-8", "replace"), keep_blank_values=True))


def needed(form: Mapping[str, str], *names: str) -> None:
    """400 when one of these is missing."""
    for name in names:
        if not form.get(name):
            raise oauth_refusal("invalid_request", f"{name} is required")
