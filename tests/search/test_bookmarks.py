"""Where a search goes on: written, read again, and what is none."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.jobs.searching import Bookmark, Place, Standing
from app.search.bookmarks import bookmark_text, read_bookmark

NOW = datetime(2026, 11, 22, 3, 0, 0, 123_000, tzinfo=UTC)
IDS = st.integers(0, 16**15 - 1)
PLACES = st.builds(Place, st.integers(0, 499), st.dates(), IDS)
MOMENTS = st.integers(0, 10**12).map(lambda number: NOW - timedelta(milliseconds=number))
MARK = Bookmark(Place(1, date(2026, 11, 1), 77), Standing(NOW, 99))


@given(st.builds(Bookmark, PLACES, st.builds(Standing, MOMENTS, IDS)))
def test_what_is_written_is_read_as_the_same(bookmark: Bookmark) -> None:
    assert read_bookmark(bookmark_text(bookmark), NOW) == bookmark


def test_it_is_short_and_the_moment_may_be_this_one_but_none_that_is_to_come() -> None:
    text = bookmark_text(MARK)
    assert len(text) <= 40
    assert read_bookmark(text, NOW) == MARK
    assert read_bookmark(text, NOW - timedelta(milliseconds=1)) is None


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("", id="nothing"),
        pytest.param("1-2-3-4", id="too few"),
        pytest.param("1-2-3-4-5-6", id="too many"),
        pytest.param("1-2-3--5", id="an empty one"),
        pytest.param("1-2-3-4-g", id="no digit"),
        pytest.param("1-2-3-0-5", id="no day"),
        pytest.param("1-2-3-fffffff-5", id="a day after all years"),
        pytest.param("1-2-3-fffffffffffffff-5", id="a day after all numbers"),
        pytest.param("fffffffffffffff-2-3-4-5", id="a moment after all years"),
        pytest.param("1-2-3-4-1000000000000000", id="more than an id"),
    ],
)
def test_anything_else_is_none(text: str) -> None:
    assert read_bookmark(text, NOW) is None


@given(st.text(alphabet="0123456789abcdefx-_ +０", max_size=40))
def test_rubbish_never_stops_a_search(text: str) -> None:
    read_bookmark(text, NOW)
