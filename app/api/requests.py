"""Reading a request: its body within bounds, then checked values. What is wrong is named field by field."""

from collections.abc import Mapping
from typing import Any

from flask import request
from pydantic import BaseModel, ValidationError
from pydantic_core import from_json
from werkzeug.exceptions import ClientDisconnected, RequestEntityTooLarge

from app.api.endpoint import Endpoint
from app.api.problems import Fault, Kind, Problem, faults_of, invalid, invalid_field, is_not_json, not_found
from app.api.values import is_key
from app.json_text import to_bytes

MOST_BYTES = 1024 * 1024
CHUNK_BYTES = 64 * 1024
JSON_TYPES = ("application/json",)
LINES_TYPES = ("application/x-ndjson", "application/jsonl", "application/json-lines")


def check_media_type(*allowed: str) -> None:
    """Errors: a 415 problem that names what is taken."""
    if request.mimetype not in allowed:
        raise Problem(Kind.MEDIA_TYPE, f"send the body as {allowed[0]}")


def read_chunk(size: int = CHUNK_BYTES) -> bytes:
    """The next part of the body, empty at its end. Errors: a problem when it is too large or breaks off."""
    try:
        return request.stream.read(size)
    except RequestEntityTooLarge:
        raise Problem(Kind.TOO_LARGE, f"at most {request.max_content_length:,} bytes are taken") from None
    except (ClientDisconnected, OSError):
        raise Problem(Kind.BODY_BROKE_OFF, "the connection ended in the middle of the body") from None


def read_body() -> bytes:
    """The whole body, 1 MiB at most; a chunked one is read to its end, never cut."""
    request.max_content_length = MOST_BYTES
    return b"".join(iter(read_chunk, b""))


def parse_given(endpoint: Endpoint[Any, Any], body: bytes, path: Mapping[str, str]) -> BaseModel | None:
    """The checked query of a GET, the checked body of anything else; None where there is none."""
    query = _single_values()
    if endpoint.query is not None:
        return _checked_query(endpoint.query, query)
    if query:
        raise invalid(*(Fault(name, "is not a known parameter") for name in query))
    if endpoint.body is None:
        if body.strip() not in {b"", b"{}"}:
            raise invalid_field("", "this takes no body")
        return None
    check_media_type(*JSON_TYPES)
    shared = {name: path[name] for name in endpoint.shared_names}
    return parse_json(endpoint.body, _joined(body, shared) if shared else body)


def parse_json(model: type[BaseModel], body: bytes) -> BaseModel:
    """A checked value. Errors: a 400 problem when it is not JSON, 422 with every field that is wrong."""
    try:
        return model.model_validate_json(body)
    except ValidationError as error:
        if is_not_json(error):
            raise _not_json() from None
        raise invalid(*faults_of(error)) from None


def checked_path(values: Mapping[str, str]) -> Mapping[str, str]:
    """The path's values. Errors: a 404 problem for what can be nobody's key, such as one with a NUL in it."""
    for name, value in values.items():
        if not is_key(value):
            raise not_found(name.removesuffix("_id").replace("_", " "))
    return values


def _single_values() -> dict[str, str]:
    twice = [name for name, values in request.args.lists() if len(values) > 1]
    if twice:
        raise invalid(*(Fault(name, "is given twice") for name in twice))
    return request.args.to_dict()


def _checked_query(model: type[BaseModel], query: Mapping[str, str]) -> BaseModel:
    try:
        return model.model_validate(query)
    except ValidationError as error:
        raise invalid(*faults_of(error)) from None


def _joined(body: bytes, shared: Mapping[str, str]) -> bytes:
    """The body with the path's values in it; one that says otherwise is refused."""
    try:
        found = from_json(body, allow_inf_nan=False)
    except ValueError:
        raise _not_json() from None
    if not isinstance(found, dict):
        raise invalid_field("", "must be an object")
    different = [name for name, value in shared.items() if found.get(name, value) != value]
    if different:
        raise invalid(*(Fault(name, "is not the one in the address") for name in different))
    return to_bytes({**found, **shared})


def _not_json() -> Problem:
    return Problem(Kind.NOT_JSON, "the body cannot be read as JSON in UTF-8")
