"""Idempotency-Key: once done, the same answer; else a problem that says why."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import event, func, select, update

from app.api.idempotency import ABANDONED, KEPT, Claim, Kept, claim_or_find, keep_answer
from app.api.models import Idempotency
from app.api.problems import Problem
from app.db import reading, transaction
from app.members.models import Consent
from tests.api.site import Site, consent_body, kind_of, member_body

PATH = "/members/M-1/consents"


def asked(site: Site, body: Any = None, key: str = "k-1") -> Any:
    return site.ask("POST", PATH, {"Idempotency-Key": key}, json=body or consent_body())


def count_consents(site: Site) -> int:
    with reading(site.database) as session:
        return session.scalars(select(func.count()).select_from(Consent)).one()


def age_claims(site: Site, by: timedelta, **changes: Any) -> None:
    with transaction(site.database) as session:
        now = site.door.clock.real_now()
        session.execute(update(Idempotency).values(created_at=now - by, **changes))


@pytest.fixture(autouse=True)
def member(site: Site) -> None:
    site.has_member()


def test_the_same_request_again_gets_the_same_answer_and_is_not_done_again(site: Site) -> None:
    first, second = asked(site), asked(site)
    assert (first.status_code, second.status_code) == (200, 200)
    assert first.data == second.data
    assert second.headers["Idempotency-Replayed"] == "true"
    assert "Idempotency-Replayed" not in first.headers
    assert count_consents(site) == 1


def test_another_body_under_the_same_key_is_refused(site: Site) -> None:
    asked(site)
    answer = asked(site, consent_body(given=False))
    assert (answer.status_code, kind_of(answer)) == (422, "key-reused")
    assert count_consents(site) == 1


def test_another_key_of_the_site_has_keys_of_its_own(site: Site) -> None:
    asked(site)
    assert asked(site.with_key()).status_code == 200
    assert count_consents(site) == 2


def test_while_it_is_being_answered_a_second_request_is_told_to_wait(site: Site) -> None:
    asked(site)
    age_claims(site, timedelta(0), status=None, response=None)
    answer = asked(site)
    assert (answer.status_code, kind_of(answer)) == (409, "in-progress")
    assert answer.headers["Retry-After"] == "1"


def test_what_a_dead_process_had_claimed_is_taken_over(site: Site) -> None:
    asked(site)
    age_claims(site, ABANDONED + timedelta(seconds=1), status=None, response=None)
    assert asked(site).status_code == 200
    assert count_consents(site) == 2


def test_whoever_was_taken_over_can_keep_nothing(site: Site) -> None:
    now, sealing = site.door.clock.real_now(), site.door.encryption
    with transaction(site.database) as session:
        old = claim_or_find(session, sealing, 1, "k", "digest", now - ABANDONED - timedelta(seconds=1))
    with transaction(site.database) as session:
        new = claim_or_find(session, sealing, 1, "k", "digest", now)
    assert isinstance(old, Claim)
    assert isinstance(new, Claim)
    with pytest.raises(Problem), transaction(site.database) as session:
        keep_answer(session, sealing, old, Kept(200, "{}"))
    with transaction(site.database) as session:
        keep_answer(session, sealing, new, Kept(200, "{}"))


def test_an_answer_is_kept_for_48_hours_and_then_forgotten(site: Site) -> None:
    asked(site)
    age_claims(site, KEPT - timedelta(minutes=1))
    assert asked(site).headers["Idempotency-Replayed"] == "true"
    age_claims(site, KEPT + timedelta(minutes=1))
    asked(site, key="another")
    with reading(site.database) as session:
        assert list(session.scalars(select(Idempotency.key))) == ["another"]
    assert asked(site, consent_body(given=False)).status_code == 200


def test_a_refused_request_leaves_its_key_free(site: Site) -> None:
    refused = site.ask("PUT", "/applications/A-1", {"Idempotency-Key": "k-1"}, json={})
    assert refused.status_code == 422
    nobody = {"member": "nobody", "stage": "applied", "stage_at": "2026-11-20T12:00:00Z"}
    refused = site.ask("PUT", "/applications/A-1", {"Idempotency-Key": "k-1"}, json=nobody)
    assert refused.status_code == 422
    assert asked(site).status_code == 200


@pytest.mark.parametrize(
    "key",
    [
        pytest.param("", id="empty"),
        pytest.param("x" * 101, id="too long"),
        pytest.param("鍵", id="no ASCII"),
        pytest.param("a\tb", id="a control character"),
    ],
)
def test_a_key_that_cannot_be_one_is_refused(site: Site, key: str) -> None:
    answer = asked(site, key=key)
    assert (answer.status_code, kind_of(answer)) == (400, "bad-header")


def test_what_is_kept_cannot_be_read_in_the_database(site: Site) -> None:
    site.ask("PUT", "/members/M-9", {"Idempotency-Key": "k"}, json=member_body())
    with reading(site.database) as session:
        (kept,) = session.scalars(select(Idempotency.response))
    assert kept is not None
    assert "M-9" not in kept


def test_a_bulk_request_takes_none(site: Site) -> None:
    answer = site.ask(
        "POST", "/members/bulk", {"Idempotency-Key": "k"}, data=b"", content_type="application/x-ndjson"
    )
    assert (answer.status_code, kind_of(answer)) == (400, "bad-header")


def test_a_claim_that_is_given_up_at_this_very_moment_is_no_failure(site: Site) -> None:
    asked(site)

    def give_up(connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        if statement.startswith("INSERT INTO idempotency"):
            connection.exec_driver_sql("DELETE FROM idempotency")

    event.listen(site.door.database.writer, "after_cursor_execute", give_up)
    answer = asked(site)
    event.remove(site.door.database.writer, "after_cursor_execute", give_up)
    assert (answer.status_code, kind_of(answer)) == (409, "in-progress")
    assert answer.headers["Retry-After"] == "1"
