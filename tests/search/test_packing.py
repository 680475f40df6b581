"""Queries in buttons: short, and nothing that comes back is believed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.areas import CITIES
from app.jobs.vocabulary import OCCUPATION_WORDS, EmploymentType, JobFlag, WageType
from app.line.postback import Command
from app.line.postback import unpack as unpack_data
from app.search.messages import search_action
from app.search.packing import MAX_LENGTH, keeps_titles, packed, unpack
from app.search.query import JobQuery
from app.search.reading import read_request

_CODES = st.sampled_from([city.code for city in CITIES])
_TITLES = st.sampled_from(list(OCCUPATION_WORDS)) | st.text("宇宙飛行士ー・A", min_size=1, max_size=12)


@st.composite
def queries(draw: st.DrawFn) -> JobQuery:
    """Any query that a text could give, and longer ones."""
    least, most = sorted(draw(st.tuples(st.integers(1, 10**7), st.integers(1, 10**7))))
    ends = draw(st.sampled_from([(None, None), (least, None), (None, most), (least, most)]))
    return JobQuery(
        pref=tuple(sorted(draw(st.sets(st.integers(1, 47), max_size=9)))),
        city=tuple(sorted(draw(st.sets(_CODES, max_size=24)))),
        exclude_area=tuple(sorted(draw(st.sets(_CODES | st.integers(1, 47), max_size=24)))),
        station=draw(st.none() | st.text("新横浜の", min_size=1, max_size=10)),
        commute_min=draw(st.none() | st.integers(1, 300)),
        occupation=tuple(sorted(draw(st.sets(_TITLES, max_size=12)))),
        exclude_occupation=tuple(sorted(draw(st.sets(st.sampled_from(list(OCCUPATION_WORDS)), max_size=12)))),
        employment=tuple(sorted(draw(st.sets(st.sampled_from(EmploymentType))))),
        salary_min=ends[0],
        salary_max=ends[1],
        salary_unit=None if ends == (None, None) else draw(st.sampled_from(WageType)),
        days_per_week=draw(st.none() | st.integers(1, 7)),
        flags=tuple(flag for flag in JobFlag if draw(st.booleans())),
    )


@given(queries())
def test_what_is_unpacked_is_what_was_packed_and_always_fits(query: JobQuery) -> None:
    text = packed(query)
    back = unpack(text)
    assert len(text) <= MAX_LENGTH
    assert back is not None
    assert back.exclude_area == query.exclude_area
    assert (back.pref, back.flags, back.salary_min) == (query.pref, query.flags, query.salary_min)
    assert set(back.city) <= set(query.city)
    if len(text) < MAX_LENGTH - 70:
        assert back == query


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("東京23区 横浜市 川崎市 さいたま市 千葉市 相模原市", id="the 23 wards and more"),
        pytest.param("渋谷区以外の23区 旭区で看護師 福井市", id="a name with many readings beside the wards"),
        pytest.param("東京23区以外 横浜市以外 川崎市以外 さいたま市以外で看護師", id="many excluded"),
    ],
)
def test_many_places_come_back_whole(text: str) -> None:
    query = read_request(text)
    assert len({*query.city, *query.exclude_area}) > 23
    assert unpack(packed(query)) == query


@pytest.mark.parametrize("joint", [" ", "以外、"])
def test_more_places_than_a_button_holds_give_a_sound_query(joint: str) -> None:
    query = read_request(joint.join(city.name for city in CITIES[::9]) + joint)
    back = unpack(packed(query))
    assert len({*query.city, *query.exclude_area}) > 150
    assert back is not None
    assert back.city or back.exclude_area
    assert set(back.city) <= set(query.city)
    assert set(back.exclude_area) <= set(query.exclude_area)


@pytest.mark.parametrize(
    ("letters", "is_kept"), [pytest.param(41, True, id="41"), pytest.param(49, True, id="49"), (50, False)]
)
def test_a_title_is_kept_whole_or_not_at_all(letters: int, is_kept: bool) -> None:
    query = JobQuery(occupation=("宙" * letters,))
    assert keeps_titles(query) is is_kept
    assert is_kept == (unpack(packed(query)) == query)


def test_a_search_button_carries_its_query() -> None:
    query = JobQuery(
        city=(14100,), occupation=("宇宙飛行士",), salary_min=300_000, salary_unit=WageType.MONTH
    )
    command = unpack_data(search_action("探す", query)["data"])
    assert command == Command("job.search", {"q": packed(query)})
    assert command is not None
    assert unpack(command.values["q"]) == query


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("", id="nothing"),
        pytest.param("2", id="another version"),
        pytest.param("1czzz", id="no such city"),
        pytest.param("1p" + "z" * 13, id="no such prefecture"),
        pytest.param("1ozz", id="no such occupation"),
        pytest.param("1o=!!", id="no title"),
        pytest.param("1o=_w", id="no text"),
        pytest.param("1l10", id="an amount without a unit"),
        pytest.param("1u0", id="a unit without an amount"),
        pytest.param("1u9.l10", id="no such unit"),
        pytest.param("1u0.l10.h9", id="ends the wrong way round"),
        pytest.param("1d8", id="eight days a week"),
        pytest.param("1m0", id="no minutes"),
        pytest.param("1q1", id="no such slot"),
        pytest.param("1c", id="an empty slot"),
        pytest.param("1ca6u.ra6u", id="a single reading"),
        pytest.param("1ra6u~qe8", id="readings of no city"),
        pytest.param("1" + "c" * 300, id="too long"),
        pytest.param("1東", id="no such letters"),
        pytest.param("1c-1", id="a negative code"),
        pytest.param("1f" + "z" * 5, id="no such flag"),
        pytest.param("1ca3x_zz", id="a run that is too long"),
        pytest.param("1ca3x_", id="a run of no length"),
        pytest.param("1ca3x_1_1", id="a run of runs"),
        pytest.param("1ca3x_n", id="a run beyond the last ward"),
    ],
)
def test_rubbish_is_no_query(text: str) -> None:
    assert unpack(text) is None


@given(st.text("01pcxoXeulhfdmsr=~-.abz", max_size=60).map("1".__add__))
def test_any_text_is_refused_or_sound(text: str) -> None:
    query = unpack(text)
    assert query is None or unpack(packed(query)) == query
