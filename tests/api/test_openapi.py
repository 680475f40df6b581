"""The document: valid, complete, kept by what is served; no request that follows it, or does not, is a 5xx."""

import json
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from openapi_spec_validator import OpenAPIV31SpecValidator
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.core.result import Ok
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from app.api.blueprint import _document
from app.api.table import ENDPOINTS
from tests.api.site import (
    Site,
    activity_body,
    application_body,
    appointment_body,
    consent_body,
    placement_body,
)

CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
]
LIMITS = settings(
    max_examples=10,
    deadline=None,
    derandomize=True,
    database=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
)


@pytest.fixture(scope="module")
def document(shared: Site) -> dict[str, Any]:
    answer = shared.client.get("/api/v1/openapi.json")
    assert answer.status_code == 200
    found: dict[str, Any] = answer.get_json()
    return found


def test_it_is_made_once_since_anybody_may_ask_for_it(shared: Site) -> None:
    made = _document.cache_info().misses
    for _ in range(3):
        assert shared.client.get("/api/v1/openapi.json").status_code == 200
    assert _document.cache_info().misses - made <= 1


def test_the_document_is_valid(document: dict[str, Any]) -> None:
    assert document["openapi"] == "3.1.0"
    OpenAPIV31SpecValidator(document).validate()


def test_every_endpoint_is_in_it_with_its_scope_and_words(document: dict[str, Any]) -> None:
    for endpoint in ENDPOINTS:
        operation = document["paths"][endpoint.path][endpoint.method.lower()]
        assert operation["summary"]
        assert len(operation["description"]) > len(f"\n\nScope: `{endpoint.scope}`")
        assert f"`{endpoint.scope}`" in operation["description"]
    ids = [operation["operationId"] for path in document["paths"].values() for operation in path.values()]
    assert len(ids) == len(set(ids))


def test_a_body_need_not_say_again_what_its_path_says(document: dict[str, Any]) -> None:
    schema = document["components"]["schemas"]["JobRow_without_external_id"]
    assert "external_id" not in schema["properties"]
    assert "external_id" not in schema["required"]
    assert "external_id" in document["components"]["schemas"]["JobRow"]["required"]


@pytest.fixture(scope="module")
def lively(shared: Site) -> Site:
    """One of everything is there, so that some requests find something."""
    shared.has_member()
    shared.has_job()
    shared.put("/applications/A-1", application_body())
    shared.put("/placements/P-1", placement_body())
    shared.put("/appointments/T-1", appointment_body())
    shared.post("/members/M-1/consents", consent_body())
    shared.bulk("/activity/bulk", [activity_body()])
    return shared


@schemathesis.serializer("application/x-ndjson")
def json_lines(_context: Any, value: Any) -> bytes:
    """A generated line, as a body of one line."""
    return json.dumps(value, ensure_ascii=True, default=str).encode() + b"\n"


@pytest.mark.parametrize("mode", list(GenerationMode))
def test_no_request_is_answered_by_a_5xx_and_every_answer_is_as_documented(
    lively: Site, mode: GenerationMode
) -> None:
    schema = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", lively.app)
    headers = {"Authorization": f"Bearer {lively.key}"}
    operations = [found.ok() for found in schema.get_all_operations() if isinstance(found, Ok)]
    assert len(operations) == len(ENDPOINTS)
    for operation in operations:

        @LIMITS
        @given(case=operation.as_strategy(generation_mode=mode))
        def check(case: Any) -> None:
            case.call_and_validate(headers=headers, checks=CHECKS)

        check()
