"""Pages: every row once and in order, whatever is added or changes while somebody turns them."""

import base64
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, insert, update

from app.api.pages import make_cursor, read_cursor
from app.api.problems import Problem
from app.db import transaction
from app.members.models import Member
from tests.api.site import Site

START = datetime(2026, 11, 20, tzinfo=UTC)
TOKYO = timezone(timedelta(hours=9))
MOMENTS = st.builds(
    lambda microseconds, zone: (START + timedelta(microseconds=microseconds)).astimezone(zone),
    st.integers(-(10**15), 10**15),
    st.sampled_from([UTC, TOKYO]),
)


@given(at=MOMENTS, id_=st.integers(0, 2**63 - 1))
def test_a_cursor_names_its_place_to_the_microsecond(at: datetime, id_: int) -> None:
    assert read_cursor(make_cursor(at, id_)) == (at, id_)


@given(st.text(max_size=60) | st.binary(max_size=40).map(lambda raw: raw.decode("latin-1")))
def test_any_text_is_a_place_or_a_problem_that_names_the_cursor(text: str) -> None:
    try:
        place = read_cursor(text)
    except Problem as problem:
        fields = [fault.field for fault in problem.errors]
    else:
        fields = ["cursor"] if make_cursor(*place) == text else []
    assert fields == ["cursor"]


@pytest.mark.parametrize(
    "place",
    [
        pytest.param("0", id="no id"),
        pytest.param("0.-1", id="an id below zero"),
        pytest.param(f"0.{2**63}", id="an id too large for a database"),
        pytest.param("9" * 30 + ".1", id="a time after all times"),
        pytest.param("00.1", id="another spelling"),
    ],
)
def test_a_place_that_no_page_gave_is_refused(place: str) -> None:
    with pytest.raises(Problem):
        read_cursor(base64.urlsafe_b64encode(place.encode()).decode().rstrip("="))


def store(site: Site, minutes: list[int], first: int = 0) -> None:
    rows = [
        {
            "external_id": f"M-{number}",
            "facts": {},
            "created_at": START,
            "updated_at": START + timedelta(minutes=minute),
        }
        for number, minute in enumerate(minutes, start=first)
    ]
    with transaction(site.database) as session:
        session.execute(insert(Member), rows)


def pages(site: Site, limit: int) -> Iterator[list[str]]:
    """The keys of page after page."""
    cursor: dict[str, str] = {}
    while True:
        page = site.get("/members", limit=limit, **cursor).get_json()
        yield [item["external_id"] for item in page["items"]]
        if page["next"] is None:
            return
        cursor = {"cursor": page["next"]}


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    minutes=st.lists(st.integers(0, 3), min_size=1, max_size=12),
    limit=st.integers(1, 5),
    changed=st.integers(0, 11),
)
def test_every_row_is_met_once_and_one_that_changes_meanwhile_again(
    shared: Site, minutes: list[int], limit: int, changed: int
) -> None:
    with transaction(shared.database) as session:
        session.execute(delete(Member))
    store(shared, minutes)
    changed %= len(minutes)
    met: list[str] = []
    for number, page in enumerate(pages(shared, limit)):
        assert len(page) <= limit
        met += page
        if number == 0:
            store(shared, [9, 10], first=len(minutes))
            with transaction(shared.database) as session:
                late = START + timedelta(minutes=11)
                session.execute(
                    update(Member).where(Member.external_id == f"M-{changed}").values(updated_at=late)
                )
    others = [f"M-{number}" for number in range(len(minutes)) if number != changed]
    in_order = sorted(others, key=lambda name: (minutes[int(name[2:])], int(name[2:])))
    assert [name for name in met if name in others] == in_order
    assert f"M-{changed}" in met


def test_only_what_changed_since_a_time_is_listed(shared: Site) -> None:
    with transaction(shared.database) as session:
        session.execute(delete(Member))
    store(shared, [0, 1, 2])
    for since, expected in (
        ("2026-11-20T09:00:00+09:00", ["M-0", "M-1", "M-2"]),
        ("2026-11-20T00:01:00Z", ["M-1", "M-2"]),
        ("2026-11-20T00:01:00.000001Z", ["M-2"]),
        ("2026-11-20T00:03:00Z", []),
    ):
        items = shared.get("/members", updated_since=since).get_json()["items"]
        assert [item["external_id"] for item in items] == expected, since
    answer = shared.ask("GET", "/members?updated_since=2026-11-20T09:00:00+09:00")
    assert answer.status_code == 200, "a plus that nobody escaped is understood"
