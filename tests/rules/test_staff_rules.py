"""Passwords, waits after failed sign-ins, where a sign-in may lead, and how the console writes things."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.console import words
from app.console.rules import safe_target
from app.staff.rules import LONGEST_WAIT, fault_of_password, fold_mail, open_again_at
from app.visitors import client_address

NOON = datetime(2026, 11, 20, 3, 0, tzinfo=UTC)
A_SECOND = timedelta(seconds=1)


@pytest.mark.parametrize(
    ("tries", "wait"),
    [
        pytest.param(0, None, id="nothing failed"),
        pytest.param(4, None, id="one less than is free"),
        pytest.param(5, timedelta(seconds=30), id="all free ones used"),
        pytest.param(6, timedelta(minutes=1), id="twice as long"),
        pytest.param(9, timedelta(minutes=8), id="again and again"),
        pytest.param(10, LONGEST_WAIT, id="never longer than a quarter of an hour"),
        pytest.param(500, LONGEST_WAIT, id="however many"),
    ],
)
def test_waits_grow_with_failed_tries(tries: int, wait: timedelta | None) -> None:
    newest = NOON - A_SECOND
    found = open_again_at([newest - number * A_SECOND for number in range(tries)], 5)
    assert found == (None if wait is None else newest + wait)


@pytest.mark.parametrize(
    ("password", "fault"),
    [
        pytest.param("abcdefghijk", "12文字以上", id="eleven characters"),
        pytest.param("abcdefghijkl", None, id="twelve"),
        pytest.param("架空の長い合言葉を使います", None, id="Japanese"),
        pytest.param("abab" * 50, "同じ文字", id="few different ones"),
        pytest.param("abcde" * 40, None, id="two hundred"),
        pytest.param("abcde" * 40 + "f", "200文字まで", id="too long"),
        pytest.param("sato-and-something", "メールアドレス", id="holds the mail's name"),
        pytest.param("sato@goen.example", "メールアドレス", id="is the mail"),
    ],
)
def test_which_passwords_will_do(password: str, fault: str | None) -> None:
    found = fault_of_password(password, "sato@goen.example")
    assert found is None if fault is None else fault in (found or "")


def test_mail_addresses_are_folded() -> None:
    assert fold_mail(" ＳＡＴＯ@Goen.Example ") == "sato@goen.example"


@given(st.text())
def test_a_target_is_always_of_this_console(text: str) -> None:
    for given_text in (text, f"/console/{text}", f"//{text}"):
        found = safe_target(given_text)
        assert found.startswith("/console/")
        assert "\\" not in found
        assert "//" not in found.partition("?")[0]


@pytest.mark.parametrize(
    ("peer", "forwarded", "address"),
    [
        pytest.param("203.0.113.9", [], "203.0.113.9", id="direct"),
        pytest.param("203.0.113.9", ["198.51.100.1"], "203.0.113.9", id="a public peer is nobody's proxy"),
        pytest.param("127.0.0.1", ["10.9.9.9", " 198.51.100.1"], "198.51.100.1", id="what our proxy added"),
        pytest.param("10.0.0.2", ["198.51.100.1"], "198.51.100.1", id="a proxy in our network"),
        pytest.param("127.0.0.1", ["unknown"], "127.0.0.1", id="a proxy that says nothing"),
        pytest.param("2001:db8:1:2:3:4:5:6", [], "2001:0db8:0001:0002", id="IPv6 by network"),
        pytest.param(None, [], "unknown", id="no address at all"),
        pytest.param("not an address", ["198.51.100.1"], "unknown", id="no address in words"),
    ],
)
def test_whose_address_counts(peer: str | None, forwarded: list[str], address: str) -> None:
    assert client_address(peer, forwarded) == address


@pytest.mark.parametrize(
    ("at", "written"),
    [
        pytest.param(NOON, "12:00", id="now"),
        pytest.param(NOON - timedelta(hours=12), "0:00", id="the first minute of today in Tokyo"),
        pytest.param(NOON - timedelta(hours=12, minutes=1), "昨日 23:59", id="the last of yesterday"),
        pytest.param(NOON - timedelta(days=2), "11/18(水) 12:00", id="this year"),
        pytest.param(datetime(2025, 11, 20, 3, 0, tzinfo=UTC), "2025/11/20(木)", id="an earlier year"),
        pytest.param(NOON + timedelta(days=1), "11/21(土) 12:00", id="ahead"),
    ],
)
def test_times_are_written_as_people_say_them(at: datetime, written: str) -> None:
    assert words.time_words(at, NOON) == written
    assert words.iso_words(at).endswith("+09:00")


@pytest.mark.parametrize(
    ("seconds", "written"),
    [
        (0, "0秒"),
        (59, "59秒"),
        (60, "1分"),
        (3599, "59分"),
        (3600, "1時間"),
        (7500, "2時間5分"),
        (172800, "2日"),
    ],
)
def test_durations(seconds: int, written: str) -> None:
    assert words.duration_words(seconds) == written


def test_numbers_and_masks() -> None:
    assert (words.number_words(1248), words.number_words(0), words.number_words(None)) == ("1,248", "0", "—")
    assert (words.share_words(183, 200), words.share_words(3, 19)) == ("91.5%(183/200)", "3/19")
    assert words.masked_phone("+819012345678") == "090-****-5678"
    assert words.masked_phone("+81312345678") == "031-****-5678"
    assert words.masked_phone("110") == "****"
    assert (words.masked_mail("hanako@example.com"), words.masked_mail("x")) == ("h***@example.com", "***")
    assert words.date_words(date(2028, 3, 31)) == "2028/3/31(金)"
