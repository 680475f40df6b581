"""Who may open what: every address of the console × every role × nobody at all."""

import pytest
from flask import Flask
from werkzeug.routing import Rule

from app.console.access import ACCESS, OPEN, may_open
from app.console.navigation import NAVIGATION
from app.staff.rules import Role
from tests.console.conftest import SignIn
from tests.console.visiting import Visitor

VALUES = {"IntegerConverter": 1, "UnicodeConverter": "x", "PathConverter": "x/y"}


def rules_of(app: Flask) -> list[Rule]:
    return [rule for rule in app.url_map.iter_rules() if rule.endpoint.startswith("console.")]


def guarded(app: Flask) -> list[tuple[str, str, str]]:
    """(endpoint, method, address) of all that needs a sign-in."""
    found = []
    adapter = app.url_map.bind("localhost")
    for rule in rules_of(app):
        if rule.endpoint in OPEN:
            continue
        values = {name: VALUES[type(made).__name__] for name, made in rule._converters.items()}
        address = adapter.build(rule.endpoint, values, method=next(iter(rule.methods or {"GET"})))
        found += [(rule.endpoint, method, address) for method in (rule.methods or set()) & {"GET", "POST"}]
    return found


def test_every_view_has_an_entry_and_every_entry_a_view(app: Flask) -> None:
    views = {rule.endpoint for rule in rules_of(app)}
    assert views - OPEN == set(ACCESS), "add new views to ACCESS in app/console/access.py"
    assert set(OPEN) <= views


def test_nothing_is_open_to_nobody_and_everything_to_an_admin() -> None:
    assert [endpoint for endpoint, roles in ACCESS.items() if Role.ADMIN not in roles] == []
    assert {entry.endpoint for entry in NAVIGATION} <= set(ACCESS)


@pytest.mark.parametrize("role", Role)
def test_a_role_opens_what_the_table_says_and_nothing_else(
    app: Flask, signed_in_as: SignIn, role: Role
) -> None:
    client = signed_in_as(role).client
    wrong = []
    for endpoint, method, address in guarded(app):
        status = client.open(address, method=method).status_code
        # A POST without its CSRF token gets 400 only after the role was found good.
        may = {400} if method == "POST" else {200, 302, 404}
        if status not in (may if role in ACCESS[endpoint] else {403}):
            wrong.append((endpoint, method, status))
    assert wrong == []


def test_without_a_sign_in_every_address_leads_to_it(app: Flask, visitor: Visitor) -> None:
    for _endpoint, method, address in guarded(app):
        answer = visitor.client.open(address, method=method)
        assert answer.status_code == 302, address
        assert answer.headers["Location"].startswith("/console/sign-in"), address


def test_a_view_without_an_entry_is_open_to_nobody() -> None:
    assert [role for role in Role if may_open(role, "console.new.page")] == []
    assert not may_open(Role.ADMIN, None)


def test_a_refusal_is_one_sentence(signed_in_as: SignIn) -> None:
    forbidden = next((endpoint for endpoint, roles in ACCESS.items() if Role.EDITOR not in roles), None)
    if forbidden is None:
        pytest.skip("every page is for everybody")
    with signed_in_as(Role.EDITOR).client as client:
        answer = client.get("/console/staff")
    assert answer.status_code == 403
    assert "この画面を開く権限がありません。必要な場合は管理者にご相談ください。" in answer.text
