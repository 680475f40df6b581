"""Request bodies as LINE reads them: JSON that fits a shape, or a refusal in LINE's words."""

from typing import Any

from app.json_text import from_bytes
from app.simulator.answers import Call, Refused, refusal
from app.simulator.checks.sendable import plain_error
from app.simulator.checks.shapes import Shape


def read_json(call: Call) -> Any:
    """The request's JSON; 415 for another media type, 400 for what is not JSON."""
    if call.request.content_type != "application/json":
        raise refusal(415, "The media type is not supported")
    try:
        return from_bytes(call.body)
    except ValueError as error:
        text = "The request body could not be parsed as JSON"
        raise refusal(400, f"{text} ({error})" if str(error).isascii() else text) from None


def checked(call: Call, shape: Shape) -> dict[str, Any]:
    """The request as a JSON object of this shape; 400 with every fault and its place."""
    body = read_json(call)
    if not isinstance(body, dict):
        raise refusal(400, "The request body could not be parsed as JSON object")
    faults = shape.faults(body)
    if faults:
        raise Refused(400, plain_error(faults))
    return body


def invalid_property(name: str) -> Refused:
    """A value that is of the right kind, and still nobody's."""
    return refusal(400, f"The property, {name}, in the request body is invalid (line: -, column: -)")
