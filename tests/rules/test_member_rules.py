"""How long somebody placed is left alone, what counts of a yes and a no, and how contacts are read."""

from contextlib import suppress
from datetime import UTC, date, datetime, timedelta
from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.errors import InvalidFields
from app.members.contacts import notification_hash, read_mail, read_phone
from app.members.facts import read_facts
from app.members.rules import PlacementFacts, barred_until, standing_no, two_years_after
from app.members.values import Contract

START = date(2026, 4, 1)
NOON = datetime(2026, 11, 24, 3, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)


@pytest.mark.parametrize(
    ("start", "end"),
    [
        pytest.param(date(2026, 4, 1), date(2028, 4, 1), id="the same day two years later"),
        pytest.param(date(2024, 2, 29), date(2026, 3, 1), id="29 February: 1 March"),
        pytest.param(date(2024, 2, 28), date(2026, 2, 28), id="28 February of a leap year"),
        pytest.param(date(2026, 2, 28), date(2028, 2, 28), id="28 February, ending in a leap year"),
        pytest.param(date(2024, 3, 1), date(2026, 3, 1), id="1 March"),
        pytest.param(date(2026, 12, 31), date(2028, 12, 31), id="the last day of a year"),
    ],
)
def test_two_years_end_on_the_same_day(start: date, end: date) -> None:
    assert two_years_after(start) == end


@given(st.dates(date(1950, 1, 1), date(2200, 12, 31)))
def test_two_years_are_never_less_than_two_whole_years(start: date) -> None:
    end = two_years_after(start)
    assert 730 <= (end - start).days <= 731
    assert (end.month, end.day) == (
        (3, 1) if (start.month, start.day) == (2, 29) else (start.month, start.day)
    )


@given(st.dates(date(1950, 1, 1), date(2200, 12, 30)))
def test_a_later_start_never_ends_earlier(start: date) -> None:
    assert two_years_after(start) <= two_years_after(start + timedelta(days=1))


@pytest.mark.parametrize(
    ("contract", "by_us", "is_barred"),
    [
        pytest.param(Contract.PERMANENT, True, True, id="permanent by us"),
        pytest.param(Contract.UNKNOWN, True, True, id="an unknown contract counts as permanent"),
        pytest.param(Contract.FIXED, True, False, id="fixed term"),
        pytest.param(Contract.DISPATCH, True, False, id="dispatch"),
        pytest.param(Contract.PERMANENT, False, False, id="by somebody else"),
    ],
)
def test_which_placements_forbid_promotion(contract: Contract, by_us: bool, is_barred: bool) -> None:
    until = barred_until([PlacementFacts(START, contract, by_us)])
    assert until == (date(2028, 4, 1) if is_barred else None)


def test_of_several_placements_the_last_end_counts() -> None:
    placed = [
        PlacementFacts(START.replace(year=year), Contract.PERMANENT, True) for year in (2025, 2026, 2024)
    ]
    assert barred_until(placed) == date(2028, 4, 1)


@pytest.mark.parametrize(
    ("noes", "yeses", "expected"),
    [
        pytest.param([], [], None, id="nothing said"),
        pytest.param([NOON], [], NOON, id="a no"),
        pytest.param([], [NOON], None, id="a yes"),
        pytest.param([NOON], [NOON + HOUR], None, id="a yes after a no"),
        pytest.param([NOON], [NOON - HOUR], NOON, id="a no after a yes"),
        pytest.param([NOON], [NOON], NOON, id="both at once: no"),
        pytest.param([NOON - HOUR, NOON], [NOON - HOUR], NOON, id="the newest no counts"),
    ],
)
def test_the_newest_word_counts(
    noes: list[datetime], yeses: list[datetime], expected: datetime | None
) -> None:
    assert standing_no(noes, yeses) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("090-1234-5678", "+819012345678", id="mobile"),
        pytest.param("０９０－１２３４－５６７８", "+819012345678", id="full width"),
        pytest.param(" 03 1234 5678 ", "+81312345678", id="Tokyo, with spaces"),
        pytest.param("+81 90 1234 5678", "+819012345678", id="with the country"),
        pytest.param("+1 650 253 0000", "+16502530000", id="abroad"),
    ],
)
def test_a_phone_number_becomes_e164(text: str, expected: str) -> None:
    assert read_phone(text) == expected


@pytest.mark.parametrize("text", ["", "電話", "110", "090-1234", "0" * 40, "090-1234-5678 ext. 9", "\x00"])
def test_what_is_no_phone_number_is_refused_without_repeating_it(text: str) -> None:
    with pytest.raises(InvalidFields) as refused:
        read_phone(text)
    assert [field for field, _ in refused.value.faults] == ["phone"]


def test_a_mail_address_is_folded() -> None:
    assert read_mail(" Invented.Person@Example.JP ") == "invented.person@example.jp"


@pytest.mark.parametrize(
    "text", ["", "a", "a@b", "a@@example.jp", "a b@example.jp", "a@example..jp", "@example.jp"]
)
def test_what_is_no_mail_address_is_refused(text: str) -> None:
    with pytest.raises(InvalidFields):
        read_mail(text)


@given(st.text(max_size=80))
def test_wild_contacts_are_read_or_refused(text: str) -> None:
    for read in (read_phone, read_mail):
        with suppress(InvalidFields):
            assert read(read(text)) == read(text)


def test_line_knows_a_number_by_the_hash_of_e164() -> None:
    assert notification_hash("+819012345678") == sha256(b"+819012345678").hexdigest()


def test_facts_are_an_allowed_list() -> None:
    facts = {
        "occupation": " 看護師 ",
        "area": [14],
        "night": "none",
        "leave_on": "2026-12-31",
        "timing": None,
    }
    assert read_facts(facts) == {**facts, "occupation": "看護師"}


@pytest.mark.parametrize(
    ("name", "value"),
    [
        pytest.param("本籍", "東京", id="what may not be collected"),
        pytest.param("occupation", 3, id="a number for a word"),
        pytest.param("area", ["横浜"], id="words for codes"),
        pytest.param("area", [True], id="a flag for a code"),
        pytest.param("area", [14, 14099], id="a code that is no place"),
        pytest.param("night", "perhaps", id="an unknown choice"),
        pytest.param("night", ["none"], id="a list for a choice"),
        pytest.param("consulted", "yes", id="a word for a flag"),
        pytest.param("leave_on", "31.12.2026", id="another date"),
        pytest.param("wage_month", -1, id="less than nothing"),
        pytest.param("licence", ["x"] * 31, id="too many"),
    ],
)
def test_a_wrong_fact_is_refused_by_name(name: str, value: object) -> None:
    with pytest.raises(InvalidFields) as refused:
        read_facts({"consulted": True, name: value})
    assert [field for field, _ in refused.value.faults] == [f"facts.{name}"]
