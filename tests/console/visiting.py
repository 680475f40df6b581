"""A browser without a screen: signs in, carries CSRF tokens, as the pages themselves would."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from html import unescape
from itertools import count

from flask import Flask
from flask.testing import FlaskClient
from jinja2 import BytecodeCache
from jinja2.bccache import Bucket
from werkzeug.test import TestResponse

from app.clock import Clock
from app.console.guard import COOKIE_ENTRY
from app.db import Database, transaction
from app.factory import close_app, create_app
from app.settings import Settings
from app.staff.actions import NewStaff, add_staff
from app.staff.audit import NOBODY
from app.staff.passwords import hash_password
from app.staff.rules import Role
from app.staff.sessions import begin_session
from tests.stack import environment_for

PASSWORD = "an invented password"
HASH = hash_password(PASSWORD)
_numbers = count(1)


class _Compiled(BytecodeCache):
    """Templates that another application of this process has compiled: each test makes one anew."""

    def __init__(self) -> None:
        self._compiled: dict[str, bytes] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        """As jinja asks: what there is of a template."""
        if bucket.key in self._compiled:
            bucket.bytecode_from_string(self._compiled[bucket.key])

    def dump_bytecode(self, bucket: Bucket) -> None:
        """As jinja asks: keep it."""
        self._compiled[bucket.key] = bucket.bytecode_to_string()


_COMPILED = _Compiled()


@contextmanager
def running_console(database: Database, **variables: str) -> Iterator[Flask]:
    """The web application on this database."""
    url = database.writer.url.render_as_string(hide_password=False)
    app = create_app(Settings.from_env(environment_for(url, "http://127.0.0.1:9") | variables))
    app.jinja_env.bytecode_cache = _COMPILED
    try:
        yield app
    finally:
        close_app(app)


def make_staff(
    database: Database, role: Role = Role.ADMIN, name: str = "架空 管理", *, is_temporary: bool = False
) -> tuple[int, str]:
    """An account with PASSWORD; its id and mail address."""
    email = f"invented{next(_numbers)}@goen.example"
    new = NewStaff(email, name, role, HASH, password_is_temporary=is_temporary)
    with transaction(database) as session:
        return add_staff(session, new, NOBODY, Clock().now()), email


class Visitor:
    """One browser."""

    def __init__(self, app: Flask) -> None:
        self.app = app
        self.client: FlaskClient = app.test_client()
        self.token = ""

    def get(self, path: str, status: int = 200) -> TestResponse:
        """Open a page; its CSRF token is remembered."""
        answer = self.client.get(path, buffered=True)
        assert answer.status_code == status, (path, answer.status_code, words_of(answer))
        found = (
            re.search(r'name="csrf_token" value="([^"]+)"', answer.text)
            if answer.mimetype == "text/html"
            else None
        )
        if found:
            self.token = found[1]
        return answer

    def post(self, path: str, status: int = 302, /, **form: object) -> TestResponse:
        """Send a form with the last page's token."""
        answer = self.client.post(path, data={"csrf_token": self.token, **form})
        assert answer.status_code == status, (path, answer.status_code, words_of(answer))
        return answer

    def sign_in(
        self, email: str, password: str = PASSWORD, status: int = 302, target: str = ""
    ) -> TestResponse:
        """From the sign-in page, as a person does; the token of the page one gets to is remembered."""
        self.get("/console/sign-in")
        answer = self.post("/console/sign-in", status, email=email, password=password, next=target)
        if status == 302:
            self.get("/console/account")
        return answer

    def is_signed_in(self, database: Database, staff_id: int) -> None:
        """Signed in already, without the third of a second that a password takes by design."""
        with transaction(database) as session:
            token = begin_session(session, staff_id, Clock().real_now())
        with self.client.session_transaction(base_url="http://localhost/console/") as cookie:
            cookie.permanent = True
            cookie[COOKIE_ENTRY] = token
        self.get("/console/account")


def words_of(answer: TestResponse) -> str:
    """What a page says, without its tags."""
    text = re.sub(r"(?s)<(script|style).*?</\1>|<[^>]+>", " ", answer.text)
    return " ".join(unescape(text).split())
