"""Refusals of the API as RFC 9457 problems: one kind for each reason, with the fields that are wrong (pure)."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, NamedTuple

from pydantic import ValidationError

from app.errors import AppError, InvalidFields

MEDIA_TYPE = "application/problem+json"
_MOST_FAULTS = 50
_PLAIN_WORDS = {
    "missing": "is missing",
    "extra_forbidden": "is not a known field",
    "string_too_short": "must not be empty",
}


class Kind(StrEnum):
    """Why a request was refused; the end of the problem's `type`, which never changes."""

    NOT_JSON = "not-json"
    BODY_BROKE_OFF = "body-broke-off"
    BAD_HEADER = "bad-header"
    UNAUTHORIZED = "unauthorized"
    FORBIDDEN = "forbidden"
    NOT_FOUND = "not-found"
    METHOD_NOT_ALLOWED = "method-not-allowed"
    CONFLICT = "conflict"
    IN_PROGRESS = "in-progress"
    GONE = "gone"
    TOO_LARGE = "too-large"
    MEDIA_TYPE = "media-type"
    INVALID = "invalid"
    KEY_REUSED = "key-reused"
    INTERNAL = "internal"
    LINE_FAILED = "line-failed"
    BUSY = "busy"


class _About(NamedTuple):
    status: int
    title: str


ABOUT: Mapping[Kind, _About] = {
    Kind.NOT_JSON: _About(400, "The body is not JSON."),
    Kind.BODY_BROKE_OFF: _About(400, "The body ended before its announced end."),
    Kind.BAD_HEADER: _About(400, "A header cannot be used."),
    Kind.UNAUTHORIZED: _About(401, "A valid key is needed."),
    Kind.FORBIDDEN: _About(403, "The key may not do this."),
    Kind.NOT_FOUND: _About(404, "There is no such thing here."),
    Kind.METHOD_NOT_ALLOWED: _About(405, "This address does not know the method."),
    Kind.CONFLICT: _About(409, "The present state does not allow this."),
    Kind.IN_PROGRESS: _About(409, "The same request is being answered right now."),
    Kind.GONE: _About(410, "This person was forgotten."),
    Kind.TOO_LARGE: _About(413, "The body is too large."),
    Kind.MEDIA_TYPE: _About(415, "The body has another media type than expected."),
    Kind.INVALID: _About(422, "Something in the request is not valid."),
    Kind.KEY_REUSED: _About(422, "This Idempotency-Key was used for another request."),
    Kind.INTERNAL: _About(500, "The request could not be answered."),
    Kind.LINE_FAILED: _About(502, "LINE did not do its part."),
    Kind.BUSY: _About(503, "Too busy: please try again."),
}


_KINDS = {404: Kind.NOT_FOUND, 409: Kind.CONFLICT, 410: Kind.GONE, 502: Kind.LINE_FAILED}
"""Which kind a refusal of ours is, by its status."""


@dataclass(frozen=True)
class Fault:
    """What is wrong with one field; its name is a path such as `facts.area`, empty for the whole body."""

    field: str
    message: str

    def as_json(self) -> dict[str, str]:
        """As it stands in a problem's `errors`."""
        return {"field": self.field, "message": self.message}


class Problem(Exception):
    """A request is refused; nothing of it was kept."""

    def __init__(
        self,
        kind: Kind,
        detail: str,
        *,
        errors: Sequence[Fault] = (),
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(detail)
        self.kind = kind
        self.detail = detail
        self.errors = tuple(errors)
        self.headers = dict(headers or {})

    @property
    def status(self) -> int:
        """The HTTP status."""
        return ABOUT[self.kind].status

    def as_json(self) -> dict[str, Any]:
        """The members of RFC 9457, and `errors`."""
        return {
            "type": f"urn:goen:problem:{self.kind}",
            "title": ABOUT[self.kind].title,
            "status": self.status,
            "detail": self.detail,
            "errors": [fault.as_json() for fault in self.errors],
        }


def invalid(*faults: Fault) -> Problem:
    """422 for these fields."""
    detail = "; ".join(
        f"{fault.field}: {fault.message}" if fault.field else fault.message for fault in faults
    )
    return Problem(Kind.INVALID, detail, errors=faults)


def invalid_field(field: str, message: str) -> Problem:
    """422 for one field."""
    return invalid(Fault(field, message))


def not_found(what: str) -> Problem:
    """404; `what` is such as `job`."""
    return Problem(Kind.NOT_FOUND, f"there is no such {what}")


def busy(detail: str, retry_after_seconds: int = 1) -> Problem:
    """503 with the time to wait."""
    return Problem(Kind.BUSY, detail, headers={"Retry-After": str(retry_after_seconds)})


def problem_behind(error: AppError) -> Problem:
    """What a refusal of ours is to the site: 404, 409, 410, or 422 with the fields it names."""
    if isinstance(error, InvalidFields):
        return invalid(*(Fault(field, message) for field, message in error.faults))
    return Problem(_KINDS.get(error.status, Kind.INVALID), error.message)


def faults_of(error: ValidationError) -> list[Fault]:
    """What pydantic found wrong, field by field; never the value, which may be personal."""
    found = error.errors(include_url=False, include_input=False, include_context=False)
    return [Fault(_path(fault["loc"]), _message(fault)) for fault in found[:_MOST_FAULTS]]


def is_not_json(error: ValidationError) -> bool:
    """Whether the text could not even be read."""
    return any(
        fault["type"] == "json_invalid" for fault in error.errors(include_url=False, include_input=False)
    )


def _path(location: Iterable[int | str]) -> str:
    return ".".join(str(part)[:100] for part in location)


def _message(fault: Any) -> str:
    message = str(fault["msg"]).removeprefix("Value error, ")
    return _PLAIN_WORDS.get(fault["type"], message[:1].lower() + message[1:])
