"""The job site as a test plays it: a client with a key, and bodies that are right by default."""

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from app.api.door import ApiDoor
from app.clock import Clock
from app.db import Database, transaction
from app.factory import close_app, create_app
from app.site_keys.actions import add_api_key
from app.site_keys.scopes import Scope
from tests.jobs.factories import row_values
from tests.stack import settings_for

LINES = "application/x-ndjson"
AT = "2026-11-20T12:00:00+09:00"
PHONE = "090-1234-5678"  # invented


@dataclass(frozen=True)
class Site:
    """One key of the site, and the database behind the API."""

    app: Flask
    database: Database
    key: str

    @property
    def client(self) -> FlaskClient:
        """Flask's own client."""
        return self.app.test_client()

    @property
    def door(self) -> ApiDoor:
        """What the API works with."""
        door: ApiDoor = self.app.extensions["goen.api"]
        return door

    def ask(
        self, method: str, path: str, headers: Mapping[str, str] | None = None, **rest: Any
    ) -> TestResponse:
        """One request with the key."""
        shown = {"Authorization": f"Bearer {self.key}"} | dict(headers or {})
        return self.client.open(f"/api/v1{path}", method=method, headers=shown, **rest)

    def get(self, path: str, **query: Any) -> TestResponse:
        """A GET with this query."""
        return self.ask("GET", path, query_string=query)

    def put(self, path: str, body: Any, **headers: str) -> TestResponse:
        """A PUT with this JSON body."""
        return self.ask("PUT", path, headers, json=body)

    def post(self, path: str, body: Any = None, **headers: str) -> TestResponse:
        """A POST with this JSON body, or none."""
        return self.ask("POST", path, headers, **({} if body is None else {"json": body}))

    def bulk(self, path: str, lines: Sequence[Any] | bytes) -> list[dict[str, Any]]:
        """Send lines; the results, the end last."""
        body = (
            lines
            if isinstance(lines, bytes)
            else b"".join(json.dumps(line).encode() + b"\n" for line in lines)
        )
        return results_of(self.ask("POST", path, data=body, content_type=LINES))

    def with_key(self, *scopes: Scope) -> "Site":
        """The same site with another key."""
        return Site(self.app, self.database, make_key(self.database, *scopes))

    def has_member(self, external_id: str = "M-1", **changes: Any) -> None:
        """A member who is known already."""
        assert self.put(f"/members/{external_id}", member_body(**changes)).status_code == 200

    def has_job(self, external_id: str = "J-1") -> None:
        """A vacancy that is known already."""
        assert self.put(f"/jobs/{external_id}", job_body()).status_code == 200


def make_key(database: Database, *scopes: Scope) -> str:
    """A key with these scopes; all of them, if none is named."""
    with transaction(database) as session:
        return add_api_key(session, "site", scopes or list(Scope), Clock().now())


@contextmanager
def open_site(database: Database) -> Iterator[Site]:
    """The web application on this database, and a key that may do everything."""
    app = create_app(
        settings_for(database.writer.url.render_as_string(hide_password=False), "http://127.0.0.1:9")
    )
    try:
        yield Site(app, database, make_key(database))
    finally:
        close_app(app)


def results_of(response: TestResponse) -> list[dict[str, Any]]:
    """The JSON lines of an answer to a bulk request."""
    assert response.content_type == LINES, response.text
    return [json.loads(line) for line in response.text.splitlines()]


def fields_of(response: TestResponse) -> list[str]:
    """Which fields a problem names."""
    assert response.content_type == "application/problem+json", response.text
    problem = response.get_json()
    assert problem["status"] == response.status_code
    return [fault["field"] for fault in problem["errors"]]


def kind_of(response: TestResponse) -> str:
    """Which problem it is."""
    assert response.content_type == "application/problem+json", response.text
    return str(response.get_json()["type"]).removeprefix("urn:goen:problem:")


def moment(text: str) -> datetime:
    """A time in an answer."""
    return datetime.fromisoformat(text).astimezone(UTC)


def member_body(**changes: Any) -> dict[str, Any]:
    """What a site says of a member; invented."""
    return {
        "name": "架空 花子",
        "phone": PHONE,
        "mail": "hanako@site.example",
        "facts": {"night": "none"},
    } | changes


def job_body(**changes: Any) -> dict[str, Any]:
    """What a site says of a vacancy, without its key."""
    values = row_values(**changes)
    values.pop("external_id")
    return values


def activity_body(**changes: Any) -> dict[str, Any]:
    """Something that a member did."""
    return {"external_id": "a-1", "member": "M-1", "kind": "view", "job": "J-1", "at": AT} | changes


def application_body(**changes: Any) -> dict[str, Any]:
    """Where an application stands."""
    return {"member": "M-1", "job": "J-1", "stage": "applied", "stage_at": AT} | changes


def placement_body(**changes: Any) -> dict[str, Any]:
    """A placement."""
    return {"member": "M-1", "start_on": "2026-12-01", "contract": "permanent"} | changes


def appointment_body(**changes: Any) -> dict[str, Any]:
    """An appointment."""
    return {"member": "M-1", "kind": "consultation", "starts_at": AT, "place": "横浜支店(架空)"} | changes


def consent_body(**changes: Any) -> dict[str, Any]:
    """A yes."""
    return {"kind": "sms", "given": True, "at": AT, "text_version": "2026-11"} | changes
