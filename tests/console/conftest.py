"""The console on a fresh database of each kind, and people who are signed in."""

from collections.abc import Callable, Iterator

import pytest
from flask import Flask

from app.db import Database
from app.staff.rules import Role
from tests.console.visiting import Visitor, make_staff, running_console

SignIn = Callable[[Role], Visitor]


@pytest.fixture
def app(database: Database) -> Iterator[Flask]:
    with running_console(database) as app:
        yield app


@pytest.fixture
def visitor(app: Flask) -> Visitor:
    """Nobody yet."""
    return Visitor(app)


@pytest.fixture
def signed_in_as(app: Flask, database: Database) -> SignIn:
    """Makes an account of this role that is signed in, in a browser of its own."""

    def sign_in(role: Role) -> Visitor:
        visitor = Visitor(app)
        visitor.is_signed_in(database, make_staff(database, role)[0])
        return visitor

    return sign_in


@pytest.fixture
def admin(signed_in_as: SignIn) -> Visitor:
    return signed_in_as(Role.ADMIN)
