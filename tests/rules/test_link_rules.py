"""Tickets, codes, return addresses and masked names, cell by cell."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.links.rules import (
    CODE_LENGTH,
    LIFE,
    MOST_TRIES,
    PAUSE,
    TRIES_WINDOW,
    BeforeFollow,
    Presented,
    Refusal,
    TicketFacts,
    TicketKind,
    Tries,
    after_wrong_code,
    has_missed_the_news,
    is_code,
    is_paused,
    is_return_address,
    masked_name,
    read_code,
    refusal_of_ticket,
    with_query,
)

NOW = datetime(2026, 11, 22, 3, 0, tzinfo=UTC)
SECOND = timedelta(seconds=1)
TICKET = TicketFacts(TicketKind.NONCE, 1, 7, 12, NOW + timedelta(minutes=10), None)
MINE = Presented(TicketKind.NONCE, channel_id=1, friend_id=12)
SITE = "https://jobs.example/mypage/line"


@pytest.mark.parametrize(
    ("ticket", "presented", "expected"),
    [
        pytest.param(TICKET, MINE, None, id="the right one"),
        pytest.param(TICKET, replace(MINE, kind=TicketKind.CODE), Refusal.UNKNOWN, id="for another door"),
        pytest.param(TICKET, replace(MINE, channel_id=2), Refusal.OTHER_CHANNEL, id="of another account"),
        pytest.param(TICKET, replace(MINE, friend_id=13), Refusal.OTHER_FRIEND, id="of another friend"),
        pytest.param(replace(TICKET, friend_id=None), MINE, None, id="made for no friend in particular"),
        pytest.param(replace(TICKET, used_at=NOW - SECOND), MINE, Refusal.USED, id="replayed"),
        pytest.param(replace(TICKET, expires_at=NOW + SECOND), MINE, None, id="a second before the end"),
        pytest.param(replace(TICKET, expires_at=NOW), MINE, Refusal.EXPIRED, id="at the end"),
        pytest.param(
            replace(TICKET, used_at=NOW, expires_at=NOW), MINE, Refusal.USED, id="used and old: used"
        ),
        pytest.param(
            replace(TICKET, used_at=NOW),
            replace(MINE, friend_id=13),
            Refusal.OTHER_FRIEND,
            id="whose it is comes first",
        ),
    ],
)
def test_a_ticket_proves_something_only_here_now_and_once(
    ticket: TicketFacts, presented: Presented, expected: Refusal | None
) -> None:
    assert refusal_of_ticket(ticket, presented, NOW) == expected


def test_a_handover_lives_a_minute_and_everything_else_ten() -> None:
    assert LIFE[TicketKind.HANDOVER] == timedelta(minutes=1)
    others = {life for kind, life in LIFE.items() if kind is not TicketKind.HANDOVER}
    assert others == {timedelta(minutes=10)}


@pytest.mark.parametrize(
    ("text", "code"),
    [
        pytest.param("BCDF2345", "BCDF2345", id="as it is"),
        pytest.param("bcdf-2345", "BCDF2345", id="small, with a hyphen"),
        pytest.param(" ＢＣＤＦ 　２３４５ ", "BCDF2345", id="full width, with spaces"),
        pytest.param("BCDFー2345", "BCDF2345", id="a long vowel mark for the hyphen"),
        pytest.param("BCDF234", None, id="seven"),
        pytest.param("BCDF23456", None, id="nine"),
        pytest.param("BCDFGHJK", None, id="letters only"),
        pytest.param("23456789", None, id="digits only: a date or a number"),
        pytest.param("BCDF234A", None, id="a vowel"),
        pytest.param("BCDF2340", None, id="a zero"),
        pytest.param("看護師の求人を", None, id="a sentence of eight"),
        pytest.param("コードはBCDF2345です", None, id="inside a sentence"),
        pytest.param("", None, id="nothing"),
        pytest.param("B" * 5000, None, id="very long"),
    ],
)
def test_a_code_is_read_however_it_is_typed(text: str, code: str | None) -> None:
    assert read_code(text) == code


@given(st.text(max_size=60))
def test_reading_a_code_never_fails_and_gives_only_codes(text: str) -> None:
    code = read_code(text)
    assert code is None or (is_code(code) and len(code) == CODE_LENGTH)


def test_the_fifth_wrong_code_within_ten_minutes_begins_a_pause() -> None:
    tries = None
    for number in range(1, MOST_TRIES):
        tries = after_wrong_code(tries, NOW)
        assert tries == Tries(number, NOW + TRIES_WINDOW)
        assert not is_paused(tries, NOW)
    tries = after_wrong_code(tries, NOW + SECOND)
    assert tries == Tries(MOST_TRIES, NOW + SECOND + PAUSE)
    assert is_paused(tries, NOW + PAUSE)
    assert not is_paused(tries, NOW + SECOND + PAUSE)


def test_wrong_codes_of_an_hour_ago_do_not_count() -> None:
    old = Tries(MOST_TRIES - 1, NOW)
    assert after_wrong_code(old, NOW - SECOND).count == MOST_TRIES
    assert after_wrong_code(old, NOW) == Tries(1, NOW + TRIES_WINDOW)


@pytest.mark.parametrize(
    ("name", "masked"),
    [
        pytest.param("やまだ はなこ", "や** は**", id="two parts"),
        pytest.param("山田花子", "山**", id="one part"),
        pytest.param("林", "林**", id="one character"),
        pytest.param("山田　花子", "山** 花**", id="a wide space"),
        pytest.param("𠮷田 花", "𠮷** 花**", id="outside the basic plane"),
        pytest.param("か\u3099く た", "か\u3099** た**", id="a combining mark stays with its letter"),
        pytest.param("", "", id="no name"),
    ],
)
def test_a_name_is_masked_to_its_first_characters(name: str, masked: str) -> None:
    assert masked_name(name) == masked


@pytest.mark.parametrize(
    ("address", "site", "expected"),
    [
        pytest.param(SITE, SITE, True, id="the page itself"),
        pytest.param("https://jobs.example/other?a=1#x", SITE, True, id="another page of the site"),
        pytest.param("https://jobs.example:443/", SITE, True, id="the port that it has anyway"),
        pytest.param("https://JOBS.example/", SITE, True, id="capital letters"),
        pytest.param("http://jobs.example/", SITE, False, id="without https"),
        pytest.param("https://jobs.example:8443/", SITE, False, id="another port"),
        pytest.param("https://evil.example/", SITE, False, id="another site"),
        pytest.param("https://jobs.example.evil.example/", SITE, False, id="looks like it"),
        pytest.param("https://sub.jobs.example/", SITE, False, id="below it"),
        pytest.param("https://jobs.example@evil.example/", SITE, False, id="the site as a user name"),
        pytest.param("https://evil@jobs.example/", SITE, False, id="a user name at the site"),
        pytest.param("//jobs.example/", SITE, False, id="without a scheme"),
        pytest.param("/mypage", SITE, False, id="a path"),
        pytest.param("javascript:alert(1)", SITE, False, id="a script"),
        pytest.param("https://jobs.example\\@evil.example/", SITE, False, id="a backslash"),
        pytest.param("https://jobs.example/\r\nSet-Cookie: a=b", SITE, False, id="a header in it"),
        pytest.param("https://jobs.example/求人", SITE, False, id="not percent-encoded"),
        pytest.param("https://jobs.example:x/", SITE, False, id="a port that is no number"),
        pytest.param("https://jobs.example/" + "a" * 1000, SITE, False, id="too long"),
        pytest.param("https://[jobs.example/", SITE, False, id="half an IPv6 address"),
        pytest.param("", SITE, False, id="empty"),
        pytest.param(SITE, None, False, id="an account without a site"),
    ],
)
def test_a_browser_is_sent_back_to_the_site_only(address: str, site: str | None, expected: bool) -> None:
    assert is_return_address(address, site) is expected


@given(st.text(max_size=80))
def test_no_address_breaks_the_check(address: str) -> None:
    is_return_address(address, SITE)


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        pytest.param("https://a.example/x", "https://a.example/x?goen=linked", id="no query"),
        pytest.param("https://a.example/x?b=1", "https://a.example/x?b=1&goen=linked", id="kept"),
        pytest.param("https://a.example/x?goen=old", "https://a.example/x?goen=linked", id="replaced"),
        pytest.param("https://a.example/x#y", "https://a.example/x?goen=linked#y", id="before a fragment"),
    ],
)
def test_the_outcome_is_added_to_the_address(address: str, expected: str) -> None:
    assert with_query(address, goen="linked") == expected


@pytest.mark.parametrize(
    ("before", "expected"),
    [
        pytest.param(BeforeFollow(None, None, None), True, id="linked before they followed"),
        pytest.param(BeforeFollow(None, None, NOW), False, id="imported: the push arrived"),
        pytest.param(BeforeFollow(NOW, None, None), False, id="a friend: the push arrived"),
        pytest.param(BeforeFollow(NOW, NOW - SECOND, None), True, id="linked while blocking"),
        pytest.param(BeforeFollow(NOW, NOW, None), True, id="at the moment of the block"),
        pytest.param(BeforeFollow(NOW, NOW + SECOND, None), False, id="linked before the block"),
    ],
)
def test_the_answer_to_a_follow_tells_of_a_link_only_if_no_push_could(
    before: BeforeFollow, expected: bool
) -> None:
    assert has_missed_the_news(before, NOW) is expected
