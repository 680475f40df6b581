"""Immutable versions, on both databases."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from app.db import Database, reading, transaction
from app.definitions import (
    Definition,
    canonical_json,
    load_shipped_definitions,
    newest_definition,
    newest_definitions,
    publish_definition,
)
from surveys.actions import load_shipped_surveys
from tests.surveys.talking import NOW


def versions(database: Database) -> list[tuple[str, int, str, int | None]]:
    with reading(database) as session:
        rows = session.scalars(select(Definition).order_by(Definition.name, Definition.version))
        return [(row.name, row.version, row.body, row.by) for row in rows]


def load(database: Database, **items: dict[str, int]) -> int:
    with transaction(database) as session:
        return len(load_shipped_definitions(session, "policy", items, NOW))


def test_loading_twice_makes_one_version(database: Database) -> None:
    assert load(database, contact={"a": 1}, alerts={"b": 2}) == 2
    assert load(database, contact={"a": 1}, alerts={"b": 2}) == 0
    assert versions(database) == [("alerts", 1, '{"b":2}', None), ("contact", 1, '{"a":1}', None)]


def test_a_changed_release_makes_the_next_version(database: Database) -> None:
    load(database, contact={"a": 1})
    assert load(database, contact={"a": 2}) == 1
    assert [row[1:3] for row in versions(database)] == [(1, '{"a":1}'), (2, '{"a":2}')]


def test_a_release_never_takes_back_what_staff_published(database: Database) -> None:
    load(database, contact={"a": 1})
    with transaction(database) as session:
        publish_definition(session, "policy", "contact", {"a": 5}, now=NOW, by=7)
    assert load(database, contact={"a": 1}) == 0
    with reading(database) as session:
        newest = newest_definition(session, "policy", "contact")
    assert newest is not None
    assert (newest.version, newest.by) == (2, 7)


def test_staff_can_go_back_to_an_older_content(database: Database) -> None:
    load(database, contact={"a": 1})
    for value in (2, 1, 1):
        with transaction(database) as session:
            publish_definition(session, "policy", "contact", {"a": value}, now=NOW, by=7)
    assert [row[2] for row in versions(database)] == ['{"a":1}', '{"a":2}', '{"a":1}']


def test_the_newest_of_each_name_is_listed(database: Database) -> None:
    load(database, contact={"a": 1}, alerts={"b": 1})
    load(database, contact={"a": 2})
    with transaction(database) as session:
        publish_definition(session, "menu", "members", {}, now=NOW, by=None)
    with reading(database) as session:
        assert [(d.name, d.version) for d in newest_definitions(session, "policy")] == [
            ("alerts", 1),
            ("contact", 2),
        ]
        assert newest_definition(session, "policy", "other") is None


def test_many_starters_at_once_make_one_version(database: Database) -> None:
    with ThreadPoolExecutor(4) as pool:
        made = list(pool.map(lambda _: load(database, contact={"a": 1}), range(4)))
    assert len(versions(database)) == 1
    assert sum(made) >= 1


def test_a_version_exists_once(database: Database) -> None:
    load(database, contact={"a": 1})
    row = Definition(
        kind="policy", name="contact", version=1, digest="0" * 64, body="{}", published_at=NOW, by=None
    )
    with pytest.raises(IntegrityError), transaction(database) as session:
        session.add(row)


def test_shipped_surveys_are_loaded_once(database: Database) -> None:
    with transaction(database) as session:
        assert [definition.name for definition in load_shipped_surveys(session, NOW)] == [
            "extras",
            "newcomer",
            "preferences",
        ]
    with transaction(database) as session:
        assert load_shipped_surveys(session, NOW) == []


def test_one_content_has_one_spelling() -> None:
    assert (
        canonical_json({"b": "語", "a": 1}) == canonical_json({"a": 1, "b": "語"}) == '{"a":1,"b":"\\u8a9e"}'
    )
