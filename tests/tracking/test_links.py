"""Tokens of tracked links: short, signed by any key of ours, over after 30 days."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.encryption import Encryption
from app.tracking.links import TrackedLinks
from app.tracking.rules import LIFE, Refusal, TrackedLink, end_of, read, written

NOW = datetime(2026, 11, 20, 3, 0, tzinfo=UTC)
KEY, NEW_KEY = "an-invented-secret-key", "another-invented-secret-key"
BASE = "https://goen.example"
LINKS = TrackedLinks(Encryption([KEY]), BASE)
ONE = TrackedLink(friend_id=3, job_id=77, impression_id=12, until=end_of(NOW))
IDS = st.integers(0, 2**62)


def token_of(address: str) -> str:
    return address.removeprefix(f"{BASE}/r/")


TOKEN = token_of(LINKS.address(3, 77, 12, NOW))


@given(friend=IDS, job=IDS, impression=st.none() | st.integers(1, 2**62), hours=st.integers(0, 10**6))
def test_every_link_comes_back_from_its_words(
    friend: int, job: int, impression: int | None, hours: int
) -> None:
    link = TrackedLink(friend, job, impression, datetime.fromtimestamp(hours * 3600, UTC))
    assert read(written(link)) == link


@given(st.text() | st.text("ABCabc019-_"))
def test_no_text_breaks_the_reading_and_each_link_has_one_spelling(text: str) -> None:
    link = read(text)
    assert link is None or written(link) == text
    assert LINKS.read(text, NOW) is Refusal.UNKNOWN


def test_a_link_of_a_large_agency_is_still_short() -> None:
    address = LINKS.address(5_000_000, 900_000, 2_000_000_000, NOW)
    assert len(token_of(address)) <= 48
    assert address.isascii()


@pytest.mark.parametrize(
    ("later", "answer"),
    [
        pytest.param(timedelta(0), ONE, id="at once"),
        pytest.param(LIFE - timedelta(seconds=1), ONE, id="a second before 30 days are over"),
        pytest.param(LIFE, Refusal.EXPIRED, id="after 30 days"),
        pytest.param(timedelta(days=4000), Refusal.EXPIRED, id="years later"),
    ],
)
def test_a_link_works_for_thirty_days(later: timedelta, answer: TrackedLink | Refusal) -> None:
    assert LINKS.read(TOKEN, NOW + later) == answer


def test_a_link_made_within_an_hour_lives_to_its_end() -> None:
    assert end_of(NOW + timedelta(seconds=1)) == NOW + LIFE + timedelta(hours=1)


@pytest.mark.parametrize(
    "token",
    [
        pytest.param("", id="nothing"),
        pytest.param(TOKEN[:-1], id="cut off"),
        pytest.param(f"{TOKEN}0", id="longer"),
        pytest.param(TOKEN[:-1] + ("0" if TOKEN[-1] != "0" else "1"), id="another signature"),
        pytest.param(written(replace(ONE, friend_id=4)) + TOKEN[-24:], id="for another friend"),
        pytest.param(written(replace(ONE, job_id=78)) + TOKEN[-24:], id="for another job"),
        pytest.param(
            written(replace(ONE, until=ONE.until + timedelta(days=9))) + TOKEN[-24:], id="for longer"
        ),
        pytest.param(token_of(TrackedLinks(Encryption([NEW_KEY]), BASE).address(3, 77, 12, NOW)), id="key"),
        pytest.param("a" * 500, id="far too long"),
        pytest.param("あ" * 30, id="no letters of ours"),
    ],
)
def test_what_we_have_not_signed_is_unknown_even_when_it_is_old(token: str) -> None:
    assert LINKS.read(token, NOW) is Refusal.UNKNOWN
    assert LINKS.read(token, NOW + timedelta(days=60)) is Refusal.UNKNOWN


def test_after_a_change_of_the_key_old_links_go_on_and_new_ones_are_signed_by_the_new_key() -> None:
    rotated = TrackedLinks(Encryption([NEW_KEY, KEY]), BASE)
    assert rotated.read(TOKEN, NOW) == ONE
    fresh = token_of(rotated.address(3, 77, 12, NOW))
    assert fresh != TOKEN
    assert TrackedLinks(Encryption([NEW_KEY]), BASE).read(fresh, NOW) == ONE
    assert LINKS.read(fresh, NOW) is Refusal.UNKNOWN
