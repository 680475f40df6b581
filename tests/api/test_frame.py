"""What every endpoint shares: keys, scopes, bodies, problems."""

import json
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import pytest
from pydantic import BaseModel, ValidationError, create_model
from sqlalchemy import select, text

from app.api.door import AT_ONCE
from app.api.requests import MOST_BYTES
from app.api.table import ENDPOINTS
from app.api.values import Body, Query, Shown
from app.clock import Clock
from app.db import Database, reading, transaction, write_lock
from app.site_keys.actions import list_api_keys, revoke_api_key
from app.site_keys.models import ApiKey
from app.site_keys.scopes import Scope
from tests.api.site import Site, fields_of, job_body, kind_of, member_body

JSON = {"Content-Type": "application/json"}


@pytest.mark.parametrize(
    "headers",
    [
        pytest.param({"Authorization": ""}, id="no key"),
        pytest.param({"Authorization": "Bearer"}, id="no token"),
        pytest.param({"Authorization": "Bearer goen_invented"}, id="a key that was never made"),
        pytest.param({"Authorization": "Basic Z29lbjpnb2Vu"}, id="another scheme"),
        pytest.param({"Authorization": "Bearer " + "x" * 10_000}, id="an endless one"),
        pytest.param({"Authorization": "Bearer 鍵"}, id="no ASCII"),
    ],
)
def test_without_a_valid_key_the_answer_is_401_and_says_how(shared: Site, headers: Mapping[str, str]) -> None:
    answer = shared.ask("GET", "/jobs", headers)
    assert (answer.status_code, kind_of(answer)) == (401, "unauthorized")
    assert answer.headers["WWW-Authenticate"].startswith("Bearer")


def test_a_revoked_key_opens_nothing(shared: Site) -> None:
    other = shared.with_key()
    assert other.get("/jobs").status_code == 200
    with transaction(shared.database) as session:
        newest = list_api_keys(session)[-1]
        assert revoke_api_key(session, newest.id, Clock().now())
    assert other.get("/jobs").status_code == 401
    assert shared.get("/jobs").status_code == 200
    with transaction(shared.database) as session:
        assert not revoke_api_key(session, newest.id, Clock().now())


def test_only_the_hash_of_a_key_is_stored(shared: Site) -> None:
    with reading(shared.database) as session:
        rows = session.scalars(select(ApiKey)).all()
    assert shared.key not in {text for row in rows for text in (row.token_hash, row.name)}
    assert {len(row.token_hash) for row in rows} == {64}


MATRIX = [
    pytest.param(endpoint.method, endpoint.path, endpoint.scope, id=f"{endpoint.method} {endpoint.path}")
    for endpoint in ENDPOINTS
]


@pytest.mark.parametrize(("method", "path", "scope"), MATRIX)
def test_a_key_with_every_other_scope_is_refused_and_told_which_it_lacks(
    shared: Site, method: str, path: str, scope: Scope
) -> None:
    others = shared.with_key(*(set(Scope) - {scope}))
    answer = others.ask(method, path.replace("{", "").replace("}", ""))
    assert (answer.status_code, kind_of(answer)) == (403, "forbidden")
    assert scope in answer.get_json()["detail"]


@pytest.mark.parametrize(("method", "path", "scope"), MATRIX)
def test_a_key_with_this_one_scope_passes(shared: Site, method: str, path: str, scope: Scope) -> None:
    answer = shared.with_key(scope).ask(method, path.replace("{", "").replace("}", ""))
    assert answer.status_code not in {401, 403, 405, 500}


@pytest.mark.parametrize(
    ("body", "headers", "expected"),
    [
        pytest.param(b"{}", {}, (415, "media-type", []), id="no media type"),
        pytest.param(b"{}", {"Content-Type": "text/plain"}, (415, "media-type", []), id="another media type"),
        pytest.param(b"{", JSON, (400, "not-json", []), id="half an object"),
        pytest.param(b"", JSON, (400, "not-json", []), id="empty"),
        pytest.param(b"\xff", JSON, (400, "not-json", []), id="not UTF-8"),
        pytest.param(b'{"name": "\\ud800"}', JSON, (400, "not-json", []), id="a lone surrogate"),
        pytest.param(b"[" * 5000, JSON, (400, "not-json", []), id="nested too deeply"),
        pytest.param(b"[]", JSON, (422, "invalid", [""]), id="no object"),
        pytest.param(b'{"name": "\\u0000"}', JSON, (422, "invalid", ["name"]), id="a NUL"),
        pytest.param(b'{"name": 1}', JSON, (422, "invalid", ["name"]), id="a number for a text"),
        pytest.param(b'{"nmae": "x"}', JSON, (422, "invalid", ["nmae"]), id="an unknown field"),
        pytest.param(b'{"external_id": "M-2"}', JSON, (422, "invalid", ["external_id"]), id="another key"),
        pytest.param(b" " * (MOST_BYTES + 1), JSON, (413, "too-large", []), id="too large"),
    ],
)
def test_a_body_that_cannot_be_used_is_refused_by_name(
    shared: Site, body: bytes, headers: Mapping[str, str], expected: tuple[int, str, list[str]]
) -> None:
    answer = shared.ask("PUT", "/members/M-1", headers, data=body)
    assert (answer.status_code, kind_of(answer), fields_of(answer)) == expected
    assert shared.get("/members/M-1").status_code == 404


def test_a_problem_never_repeats_what_was_sent(shared: Site) -> None:
    answer = shared.put("/members/M-1", member_body(phone="0000-secret", name="\x07secret"))
    assert fields_of(answer) == ["name", "phone"]
    assert "secret" not in answer.text


@pytest.mark.parametrize(
    ("method", "path", "expected"),
    [
        pytest.param("GET", "/nothing", (404, "not-found"), id="an unknown address"),
        pytest.param("GET", "/", (404, "not-found"), id="the root"),
        pytest.param("DELETE", "/jobs/J-1", (405, "method-not-allowed"), id="another method"),
        pytest.param("OPTIONS", "/jobs", (405, "method-not-allowed"), id="OPTIONS"),
        pytest.param("GET", "/jobs/%00", (404, "not-found"), id="a NUL in a key"),
        pytest.param("GET", "/jobs/" + "x" * 101, (404, "not-found"), id="a key too long"),
        pytest.param("GET", "/jobs/%20x", (404, "not-found"), id="a space before a key"),
    ],
)
def test_an_address_that_is_none_is_a_problem_too(
    shared: Site, method: str, path: str, expected: tuple[int, str]
) -> None:
    answer = shared.ask(method, path)
    assert (answer.status_code, kind_of(answer)) == expected
    assert ("Allow" in answer.headers) == (expected[0] == 405)


@pytest.mark.parametrize(
    ("query", "field"),
    [
        pytest.param("limit=0", "limit", id="no row"),
        pytest.param("limit=1001", "limit", id="too many"),
        pytest.param("limit=many", "limit", id="no number"),
        pytest.param("limit=1&limit=2", "limit", id="twice"),
        pytest.param("offset=3", "offset", id="unknown"),
        pytest.param("updated_since=2026-11-22T10:00:00", "updated_since", id="a time without a zone"),
        pytest.param("updated_since=1700000000", "updated_since", id="seconds"),
        pytest.param("updated_since=0001-01-01T00:00:00%2B09:00", "updated_since", id="a time before all"),
        pytest.param("cursor=xyz", "cursor", id="an invented cursor"),
    ],
)
def test_a_query_that_cannot_be_used_is_refused_by_name(shared: Site, query: str, field: str) -> None:
    answer = shared.ask("GET", f"/jobs?{query}")
    assert (answer.status_code, fields_of(answer)) == (422, [field])


def test_a_write_takes_no_query_and_an_endpoint_without_a_body_takes_none(shared: Site) -> None:
    assert fields_of(shared.ask("PUT", "/jobs/J-1?dry=1", json=job_body())) == ["dry"]
    shared.has_job()
    assert fields_of(shared.post("/jobs/J-1/close", {"at": "now"})) == [""]
    assert shared.post("/jobs/J-1/close", {}).status_code == 200


def test_answers_are_not_to_be_kept_by_anybody_between(shared: Site) -> None:
    assert shared.get("/jobs").headers["Cache-Control"] == "no-store"


@contextmanager
def locked(database: Database) -> Iterator[None]:
    """Somebody else is in the middle of a long write."""
    if database.is_sqlite:
        with write_lock(database.lock_path):
            yield
    else:
        with database.writer.begin() as connection:
            connection.execute(text("LOCK TABLE job IN EXCLUSIVE MODE"))
            yield


def test_a_locked_database_is_a_503_that_says_when_to_come_again(shared: Site) -> None:
    with locked(shared.database):
        answer = shared.put("/jobs/J-locked", job_body())
        assert (answer.status_code, kind_of(answer)) == (503, "busy")
        assert int(answer.headers["Retry-After"]) > 0
        assert shared.get("/jobs").status_code == 200
    assert shared.put("/jobs/J-locked", job_body()).status_code == 200


def test_more_requests_at_once_than_there_are_places_are_told_to_come_again(shared: Site) -> None:
    taken, done = threading.Barrier(AT_ONCE + 1), threading.Event()

    def sit() -> None:
        with shared.door.taken():
            taken.wait()
            done.wait()

    sitting = [threading.Thread(target=sit) for _ in range(AT_ONCE)]
    for thread in sitting:
        thread.start()
    taken.wait()
    answer = shared.get("/jobs")
    done.set()
    for thread in sitting:
        thread.join()
    assert (answer.status_code, kind_of(answer)) == (503, "busy")
    assert shared.get("/jobs").status_code == 200


def test_a_body_that_says_the_same_key_as_the_address_is_right(shared: Site) -> None:
    body: Any = job_body() | {"external_id": "J-1"}
    assert shared.put("/jobs/J-1", body).status_code == 200
    assert json.loads(shared.get("/jobs/J-1").data)["external_id"] == "J-1"


@pytest.mark.parametrize("model", [Body, Query, Shown])
def test_what_was_refused_stands_in_no_error_text(model: type[BaseModel]) -> None:
    """Such a text may reach a log."""
    made = create_model("Made", __base__=model, number=(int, ...))
    with pytest.raises(ValidationError) as refused:
        made.model_validate({"number": "a secret"})
    assert "secret" not in str(refused.value)
