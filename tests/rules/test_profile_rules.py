"""One profile out of what the person said in chat and what the job site knows."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.people.rules import Side, Stated, Statements, Value, derive_profile

NOON = datetime(2026, 11, 24, 3, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)


def chat(at: datetime = NOON, **values: Value) -> Statements:
    return {name: Stated(value, at, Side.CHAT) for name, value in values.items()}


def site(at: datetime = NOON, **values: Value) -> Statements:
    return {name: Stated(value, at, Side.SITE) for name, value in values.items()}


@pytest.mark.parametrize(
    ("sides", "expected"),
    [
        pytest.param([], {}, id="nothing is known"),
        pytest.param(
            [chat(night="none"), site(night="ok", at=NOON + HOUR)], {"night": "ok"}, id="site is newer"
        ),
        pytest.param(
            [chat(night="none", at=NOON + HOUR), site(night="ok")], {"night": "none"}, id="chat is newer"
        ),
        pytest.param([site(night="ok"), chat(night="none")], {"night": "none"}, id="at once: chat"),
        pytest.param(
            [chat(name="はな", at=NOON + HOUR), site(name="架空 花子")],
            {"name": "架空 花子"},
            id="name: the site",
        ),
        pytest.param(
            [chat(name="はな"), site(name=None)], {"name": "はな"}, id="name: chat where the site has none"
        ),
        pytest.param(
            [site(phone="+81312345678", at=NOON - HOUR), site(phone="+81312345679")],
            {"phone": "+81312345679"},
            id="phone: the newer of two verified",
        ),
        pytest.param([chat(night="none"), site(night=None, at=NOON + HOUR)], {"night": "none"}, id="empty"),
        pytest.param(
            [
                chat(wage_unit="month", wage_month=250_000),
                site(wage_unit="hour", wage_hour=1500, at=NOON + HOUR),
            ],
            {"wage_unit": "hour", "wage_hour": 1500},
            id="a wage is of one side as a whole",
        ),
        pytest.param(
            [chat(occupation="看護師"), chat(area=[14], at=NOON + HOUR), site(employment=["part_time"])],
            {"occupation": "看護師", "area": [14], "employment": ["part_time"]},
            id="each field by itself",
        ),
    ],
)
def test_which_statement_counts(sides: list[Statements], expected: dict[str, Value]) -> None:
    assert {name: stated.value for name, stated in derive_profile(sides).items()} == expected


_FIELDS = st.sampled_from(["name", "night", "wage_unit", "wage_month"])
_STATED = st.builds(
    Stated,
    st.none() | st.text(max_size=3),
    # Hypothesis takes bounds without a zone and adds it.
    st.datetimes(datetime(2020, 1, 1), datetime(2030, 1, 1), timezones=st.just(UTC)),  # noqa: DTZ001 - as it wants them
    st.sampled_from(Side),
)


@given(st.lists(st.dictionaries(_FIELDS, _STATED), max_size=5))
def test_a_profile_holds_only_what_somebody_said(sides: list[dict[str, Stated]]) -> None:
    profile = derive_profile(sides)
    for name, stated in profile.items():
        assert stated in [side[name] for side in sides if name in side]
        assert stated.value is not None
    assert all(
        stated.value is None or name in profile or name.startswith("wage")
        for s in sides
        for name, stated in s.items()
    )
