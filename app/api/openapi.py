"""The OpenAPI 3.1 document, made from the endpoints that the dispatcher serves."""

from collections.abc import Iterator, Mapping, Sequence
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


def openapi_document(endpoints: Sequence[Endpoint[Any, Any]], base_url: str) -> Json:
    """The whole document as JSON values; `base_url` is the server's public address."""
    paths: dict[str, Json] = {}
    for endpoint in endpoints:
        paths.setdefault(endpoint.path, {})[endpoint.method.lower()] = _operation(endpoint)
    return {
        "openapi": "3.1.0",
        "info": {"title": "Goen API", "version": "1", "description": cleandoc(_ABOUT_THE_API)},
        "servers": [{"url": base_url + PREFIX}],
        "security": [{"key": []}],
        "tags": [{"name": tag} for tag in dict.fromkeys(map(_tag, endpoints))],
        "paths": paths,
        "components": {
            "schemas": _schemas(endpoints),
            "securitySchemes": {"key": {"type": "http", "scheme": "bearer"}},
        },
    }


def _operation(endpoint: Endpoint[Any, Any]) -> Json:
    about = cleandoc(endpoint.function.__doc__ or "")
    operation: Json = {
        "operationId": endpoint.function.__name__,
        "tags": [_tag(endpoint)],
        "summary": endpoint.summary,
        "description": f"{about}\n\nScope: `{endpoint.scope}`",
        "parameters": list(_parameters(endpoint)),
        "responses": _responses(endpoint),
    }
    if endpoint.has_body:
        operation["requestBody"] = _request_body(endpoint)
    return operation


def _tag(endpoint: Endpoint[Any, Any]) -> str:
    return endpoint.scope.partition(":")[0]


def _parameters(endpoint: Endpoint[Any, Any]) -> Iterator[Json]:
    for name in endpoint.names:
        yield {"name": name, "in": "path", "required": True, "schema": _KEY_IN_PATH}
    if endpoint.given is not None and not endpoint.has_body:
        yield from _query_parameters(endpoint.given)
    if not isinstance(endpoint, Reading | Bulk):
        yield _HEADER


def _query_parameters(model: type[BaseModel]) -> Iterator[Json]:
    schema = model.model_json_schema(ref_template=_REFERENCE)
    for name, found in schema["properties"].items():
        found = {key: value for key, value in found.items() if key not in {"title", "default"}}
        described = {"description": found.pop("description")} if "description" in found else {}
        required = name in schema.get("required", ())
        schema_of_one = next((one for one in found.pop("anyOf", ()) if one.get("type") != "null"), {})
        yield {
            "name": name,
            "in": "query",
            "required": required,
            **described,
            "schema": {**found, **schema_of_one},
        }


def _request_body(endpoint: Endpoint[Any, Any]) -> Json:
    if isinstance(endpoint, Bulk):
        return {
            "required": True,
            "description": "One of these on each line.",
            "content": {media: {"schema": _reference(endpoint.given)} for media in LINES_TYPES[:1]},
        }
    return {
        "required": True,
        "content": {media: {"schema": _body_schema(endpoint)} for media in JSON_TYPES},
    }


def _body_schema(endpoint: Endpoint[Any, Any]) -> Json:
    """The model; what the path says of it need not be said again."""
    shared = [name for name in endpoint.names if name in endpoint.given.model_fields]
    return _reference(endpoint.given, "Without" + "And".join(shared)) if shared else _reference(endpoint.given)


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
        if status != Kind_405
    }


Kind_405 = ABOUT[Kind.METHOD_NOT_ALLOWED].status


def _schemas(endpoints: Sequence[Endpoint[Any, Any]]) -> Json:
    wanted: dict[tuple[type[BaseModel], JsonSchemaMode], None] = {}
    for endpoint in endpoints:
        if endpoint.has_body:
            wanted[(endpoint.given, "validation")] = None
        if endpoint.answer is not None:
            wanted[(endpoint.answer, "serialization")] = None
    for model in (ProblemShown, LineResult, BulkEnd):
        wanted[(model, "serialization")] = None
    _, found = models_json_schema(list(wanted), ref_template=_REFERENCE)
    schemas: Json = dict(found["$defs"])
    for endpoint in endpoints:
        if endpoint.has_body and not isinstance(endpoint, Bulk):
            schemas |= _reduced(endpoint, schemas)
    return schemas


def _reduced(endpoint: Endpoint[Any, Any], schemas: Mapping[str, Json]) -> Json:
    """The schema of a body without what its path says already."""
    reference = _body_schema(endpoint)["$ref"].rpartition("/")[2]
    if reference in schemas:
        return {}
    whole = schemas[_reference(endpoint.given)["$ref"].rpartition("/")[2]]
    return {
        reference: whole
        | {
            "title": reference,
            "properties": {k: v for k, v in whole["properties"].items() if k not in endpoint.names},
            "required": [name for name in whole.get("required", ()) if name not in endpoint.names],
        }
    }


def _reference(model: type[BaseModel], suffix: str = "") -> Json:
    name = model.__name__.replace("[", "_").replace("]", "_").replace(", ", "_")
    return {"$ref": _REFERENCE.format(model=name + suffix)}
