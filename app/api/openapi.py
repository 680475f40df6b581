"""The OpenAPI 3.1 document, made from the endpoints that the dispatcher serves."""

import re
from collections.abc import Iterator, Sequence
from inspect import cleandoc
from typing import Any

from pydantic import BaseModel
from pydantic.json_schema import JsonSchemaMode, models_json_schema

from app.api.bulk import BATCH, LINE_BYTES, MOST_LINES, BulkEnd, LineResult, ProblemShown
from app.api.dispatch import PREFIX
from app.api.endpoint import Bulk, Endpoint, Networked, Reading
from app.api.problems import ABOUT, MEDIA_TYPE, Kind
from app.api.requests import JSON_TYPES, LINES_TYPES, MOST_BYTES
from app.api.values import KEY_LENGTH

Json = dict[str, Any]
_REFERENCE = "#/components/schemas/{model}"
_ABOUT_THE_API = f"""
How the job site and Goen work together: docs/api.md of the distribution shows it by examples.

Send `Authorization: Bearer …` with a key of `goen api-key add`; each address names the scope it needs.
Bodies are strict: what is not listed is refused by name, times are ISO 8601 with a zone. Refusals are problems
(RFC 9457, `{MEDIA_TYPE}`) whose `errors` name the fields. A write with an `Idempotency-Key` happens once: the
same request within 48 hours gets the same answer. A body is at most {MOST_BYTES // 1024:,} KiB.

Bulk addresses take JSON lines, at most {MOST_LINES:,} of {LINE_BYTES // 1024} KiB, and answer with a result for
each line and a last line that says whether all of them were taken. Lines are written in batches of {BATCH}: a
body that breaks off leaves the finished batches in. Sending a line again does no harm.
"""
_HEADER = {
    "name": "Idempotency-Key",
    "in": "header",
    "required": False,
    "description": "1 to 100 visible ASCII characters: the same request again is not done again.",
    "schema": {"type": "string", "minLength": 1, "maxLength": 100, "pattern": "^[!-~]+$"},
}
_KEY_IN_PATH = {"type": "string", "minLength": 1, "maxLength": KEY_LENGTH, "pattern": "^[^/\\s]+$"}


def openapi_document(endpoints: Sequence[Endpoint[Any, Any]]) -> Json:
    """The whole document as JSON values."""
    paths: dict[str, Json] = {}
    for endpoint in endpoints:
        paths.setdefault(endpoint.path, {})[endpoint.method.lower()] = _operation(endpoint)
    return {
        "openapi": "3.1.0",
        "info": {"title": "Goen API", "version": "1", "description": cleandoc(_ABOUT_THE_API)},
        "servers": [{"url": PREFIX}],
        "security": [{"key": []}],
        "tags": [{"name": tag} for tag in dict.fromkeys(map(_tag, endpoints))],
        "paths": paths,
        "components": {
            "schemas": _schemas(endpoints),
            "securitySchemes": {"key": {"type": "http", "scheme": "bearer"}},
        },
    }


def _operation(endpoint: Endpoint[Any, Any]) -> Json:
    about = cleandoc(endpoint.run.__doc__ or "")
    operation: Json = {
        "operationId": endpoint.run.__name__,
        "tags": [_tag(endpoint)],
        "summary": endpoint.summary,
        "description": f"{about}\n\nScope: `{endpoint.scope}`",
        "parameters": list(_parameters(endpoint)),
        "responses": _responses(endpoint),
    }
    if endpoint.body is not None:
        operation["requestBody"] = _request_body(endpoint, endpoint.body)
    return operation


def _tag(endpoint: Endpoint[Any, Any]) -> str:
    return endpoint.scope.partition(":")[0]


def _parameters(endpoint: Endpoint[Any, Any]) -> Iterator[Json]:
    for name in endpoint.names:
        yield {"name": name, "in": "path", "required": True, "schema": _KEY_IN_PATH}
    if endpoint.query is not None:
        yield from _query_parameters(endpoint.query)
    if not isinstance(endpoint, Reading | Bulk):
        yield _HEADER


def _query_parameters(model: type[BaseModel]) -> Iterator[Json]:
    schema = model.model_json_schema(ref_template=_REFERENCE)
    for name, whole in schema["properties"].items():
        found = {key: value for key, value in whole.items() if key not in {"title", "default"}}
        described = {"description": found.pop("description")} if "description" in found else {}
        required = name in schema.get("required", ())
        of_one: Json = next((one for one in found.pop("anyOf", ()) if one.get("type") != "null"), {})
        yield {
            "name": name,
            "in": "query",
            "required": required,
            **described,
            "schema": {**found, **of_one},
        }


def _request_body(endpoint: Endpoint[Any, Any], body: type[BaseModel]) -> Json:
    if isinstance(endpoint, Bulk):
        content = {LINES_TYPES[0]: {"schema": _reference(body)}}
        return {"required": True, "description": "One of these on each line.", "content": content}
    content = {JSON_TYPES[0]: {"schema": _reference(body, _suffix(endpoint))}}
    return {"required": True, "content": content}


def _suffix(endpoint: Endpoint[Any, Any]) -> str:
    """Of the name of a body's schema that does not say again what the path says."""
    return "".join(f"_without_{name}" for name in endpoint.shared_names)


def _responses(endpoint: Endpoint[Any, Any]) -> Json:
    responses: Json = {}
    if isinstance(endpoint, Bulk):
        lines = {"oneOf": [_reference(LineResult), _reference(BulkEnd)]}
        responses["200"] = {
            "description": "Every line was taken: one of these on each line, the end last.",
            "content": {LINES_TYPES[0]: {"schema": lines}},
        }
    elif endpoint.answer is None:
        responses["204"] = {"description": "Done."}
    else:
        content = {"application/json": {"schema": _reference(endpoint.answer)}}
        responses["200"] = {"description": "Done.", "content": content}
    return responses | _problem_responses(endpoint)


def _problem_responses(endpoint: Endpoint[Any, Any]) -> Json:
    kinds: dict[int, list[Kind]] = {}
    for kind in Kind:
        if kind is not Kind.LINE_FAILED or isinstance(endpoint, Networked):
            kinds.setdefault(ABOUT[kind].status, []).append(kind)
    content: Json = {MEDIA_TYPE: {"schema": _reference(ProblemShown)}}
    if isinstance(endpoint, Bulk):
        content |= {LINES_TYPES[0]: {"schema": {"oneOf": [_reference(LineResult), _reference(BulkEnd)]}}}
    return {
        str(status): {
            "description": " ".join(f"`{kind}`: {ABOUT[kind].title}" for kind in among),
            "content": content,
        }
        for status, among in sorted(kinds.items())
        if status != ABOUT[Kind.METHOD_NOT_ALLOWED].status
    }


def _schemas(endpoints: Sequence[Endpoint[Any, Any]]) -> Json:
    wanted: dict[tuple[type[BaseModel], JsonSchemaMode], None] = {}
    for endpoint in endpoints:
        if endpoint.body is not None:
            wanted[(endpoint.body, "validation")] = None
        if endpoint.answer is not None:
            wanted[(endpoint.answer, "serialization")] = None
    for model in (ProblemShown, LineResult, BulkEnd):
        wanted[(model, "serialization")] = None
    _, found = models_json_schema(list(wanted), ref_template=_REFERENCE)
    schemas: Json = dict(found["$defs"])
    for endpoint in endpoints:
        if endpoint.body is not None and endpoint.shared_names and not isinstance(endpoint, Bulk):
            name = _name(endpoint.body)
            schemas[name + _suffix(endpoint)] = _reduced(schemas[name], endpoint.shared_names)
    return schemas


def _reduced(whole: Json, without: Sequence[str]) -> Json:
    """The schema of an object without some of its fields."""
    properties = {name: schema for name, schema in whole["properties"].items() if name not in without}
    required = [name for name in whole.get("required", ()) if name not in without]
    return {**whole, "properties": properties, "required": required}


def _reference(model: type[BaseModel], suffix: str = "") -> Json:
    return {"$ref": _REFERENCE.format(model=_name(model) + suffix)}


def _name(model: type[BaseModel]) -> str:
    """As pydantic names it in the document: `Page[JobShown]` is Page_JobShown_."""
    return re.sub(r"[^\w.-]", "_", model.__name__)
