"""Amounts and days as people write them."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from surveys.numerals import read_day, read_number

TODAY = date(2026, 11, 22)


@pytest.mark.parametrize(
    ("text", "number"),
    [
        pytest.param("25", 25, id="digits"),
        pytest.param("２５万円", 250_000, id="full width with 万"),
        pytest.param("25.5万", 255_000, id="a decimal before 万"),
        pytest.param("三十万", 300_000, id="kanji"),
        pytest.param("三十五万五千円", 355_000, id="kanji with a rest"),
        pytest.param("30万5千", 305_000, id="digits and kanji units"),
        pytest.param("千五百円", 1_500, id="kanji without a leading one"),
        pytest.param("一億二千万", 120_000_000, id="億 and 万"),
        pytest.param("1億5000万", 150_000_000, id="億 with digits"),
        pytest.param("二〇二六", 2026, id="kanji digits side by side"),
        pytest.param("1,500円", 1_500, id="comma"),
        pytest.param("１，５００", 1_500, id="full width comma"),
        pytest.param("¥1,200", 1_200, id="currency sign"),
        pytest.param("月 25 万くらい", 250_000, id="small words and spaces"),
        pytest.param("年収400万円以上希望です", 4_000_000, id="a whole phrase"),
        pytest.param("0", 0, id="zero"),
        pytest.param("999,999,999,999", 999_999_999_999, id="the largest"),
        pytest.param("1兆", None, id="兆 is beyond us"),
        pytest.param("1000000000000", None, id="too large"),
        pytest.param("20万から30万", None, id="two amounts"),
        pytest.param("20〜30万", None, id="a range"),
        pytest.param("-5", None, id="negative"),
        pytest.param("1.5", None, id="not whole"),
        pytest.param("万", None, id="a bare 万"),
        pytest.param("千葉", None, id="a place with 千 in it"),
        pytest.param("25万円の求人ありますか", None, id="a sentence"),
        pytest.param("なし", None, id="no number"),
        pytest.param("", None, id="nothing"),
        pytest.param("1.2.3", None, id="not a number"),
    ],
)
def test_read_number(text: str, number: int | None) -> None:
    assert read_number(text) == number


@given(st.text())
def test_any_text_can_be_read_as_a_number(text: str) -> None:
    number = read_number(text)
    assert number is None or 0 <= number < 10**12


@given(st.text(alphabet="0123456789０１,.、〇一二三十百千万億円月約 ー~"))
def test_any_pile_of_numerals_can_be_read(text: str) -> None:
    number = read_number(text)
    assert number is None or 0 <= number < 10**12


@given(st.integers(min_value=0, max_value=10**12 - 1))
def test_a_number_with_commas_is_itself(number: int) -> None:
    assert read_number(f"{number:,}円") == number


@pytest.mark.parametrize(
    ("text", "day"),
    [
        pytest.param("2026/4/1", date(2026, 4, 1), id="slashes"),
        pytest.param("2026-04-01", date(2026, 4, 1), id="ISO"),
        pytest.param("２０２６年４月１日", date(2026, 4, 1), id="full width"),
        pytest.param("20260401", date(2026, 4, 1), id="eight digits"),
        pytest.param("令和9年4月1日", date(2027, 4, 1), id="era"),
        pytest.param("令和元年5月1日", date(2019, 5, 1), id="first year of the era"),
        pytest.param("11月22日", date(2026, 11, 22), id="today, without a year"),
        pytest.param("11月21日", date(2027, 11, 21), id="yesterday means next year"),
        pytest.param("4/1から", date(2027, 4, 1), id="with から"),
        pytest.param("2/29", date(2028, 2, 29), id="the next leap day"),
        pytest.param("今日", date(2026, 11, 22), id="today"),
        pytest.param("明日", date(2026, 11, 23), id="tomorrow"),
        pytest.param("来月", date(2026, 12, 1), id="next month is its first day"),
        pytest.param("2026/2/30", None, id="no such day"),
        pytest.param("2月30日", None, id="never such a day"),
        pytest.param("1899/12/31", None, id="before 1900"),
        pytest.param("1900/1/1", date(1900, 1, 1), id="1900"),
        pytest.param("2100/12/31", date(2100, 12, 31), id="2100"),
        pytest.param("2101/1/1", None, id="after 2100"),
        pytest.param("そのうち", None, id="no day"),
        pytest.param("", None, id="nothing"),
    ],
)
def test_read_day(text: str, day: date | None) -> None:
    assert read_day(text, TODAY) == day


def test_next_month_of_december_is_in_the_next_year() -> None:
    assert read_day("来月", date(2026, 12, 31)) == date(2027, 1, 1)


@given(st.text(), st.dates(min_value=date(1950, 1, 1), max_value=date(2090, 1, 1)))
def test_any_text_can_be_read_as_a_day(text: str, today: date) -> None:
    day = read_day(text, today)
    assert day is None or 1900 <= day.year <= 2100


@given(st.text(alphabet="0123456789/年月日令和元 .-"))
def test_any_pile_of_digits_can_be_read_as_a_day(text: str) -> None:
    day = read_day(text, TODAY)
    assert day is None or 1900 <= day.year <= 2100
