"""Prefectures and municipalities: the frozen list, and what people mean when they name a place."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.areas import (
    CITIES,
    PREFECTURES,
    REGIONS,
    area_name,
    cities_in,
    city_of,
    covers,
    find_cities,
    find_cities_in_address,
    find_prefectures,
    find_region,
    is_area,
    prefecture_of,
    prefectures_in,
)


def test_the_list_is_whole() -> None:
    assert [prefecture.code for prefecture in PREFECTURES] == list(range(1, 48))
    assert len(CITIES) == 1912
    assert len({city.code for city in CITIES}) == len(CITIES)
    assert sum(city.parent is not None for city in CITIES) == 171
    assert len({city.parent for city in CITIES if city.parent}) == 20


def test_every_parent_is_a_city_of_the_same_prefecture() -> None:
    for ward in (city for city in CITIES if city.parent is not None):
        parent = city_of(ward.parent or 0)
        assert parent is not None
        assert parent.prefecture == ward.prefecture
        assert ward.name.startswith(parent.name)
        assert ward.kana.startswith(parent.kana)
        assert parent.kana.endswith("し")


def test_hamamatsu_has_the_three_wards_of_2024() -> None:
    wards = {city.code: city.name for city in CITIES if city.parent == 22130}
    assert wards == {22138: "浜松市中央区", 22139: "浜松市浜名区", 22140: "浜松市天竜区"}
    assert city_of(22131) is None


def test_the_regions_fit_on_buttons_and_hold_each_prefecture_once() -> None:
    assert len(REGIONS) <= 13
    together = [prefecture.code for region in REGIONS for prefecture in prefectures_in(region)]
    assert together == list(range(1, 48))
    assert max(len(prefectures_in(region)) for region in REGIONS) <= 13 - 3
    assert prefectures_in("月面") == []


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        pytest.param("府中市", [13206, 34208], id="two cities of one name"),
        pytest.param("府中", [13206, 34208], id="a bare name means cities before the town 府中町"),
        pytest.param("府中町", [34302], id="the town, when it is said"),
        pytest.param("伊達市", [1233, 7213], id="伊達市 of Hokkaido and Fukushima"),
        pytest.param("福島県伊達市", [7213], id="the prefecture decides"),
        pytest.param("横浜", [14100], id="bare"),
        pytest.param("横浜市", [14100], id="with suffix"),
        pytest.param("神奈川県横浜市", [14100], id="with prefecture"),
        pytest.param("神奈川 横浜", [14100], id="with a bare prefecture and a space"),
        pytest.param("よこはまし", [14100], id="hiragana"),
        pytest.param("ヨコハマ", [14100], id="katakana, bare"),
        pytest.param("ﾖｺﾊﾏｼ", [14100], id="half width"),
        pytest.param(" 横浜　市 ", [14100], id="spaces of both widths"),
        pytest.param("横浜町", [2406], id="the town in Aomori"),
        pytest.param("東京都北区", [13117], id="a ward of Tokyo"),
        pytest.param("大阪北区", [27127], id="the city's bare name and a ward"),
        pytest.param("京都市北区", [26101], id="a ward's whole name"),
        pytest.param("青葉区", [4101, 14117], id="wards of Sendai and Yokohama"),
        pytest.param("浜名区", [22139], id="a ward of 2024"),
        pytest.param("石狩郡当別町", [1303], id="a town with its district"),
        pytest.param("当別町", [1303], id="a town without it"),
        pytest.param("しんとうむら", [10344], id="a district with ぐん in its reading"),
        pytest.param("三宅村", [13381], id="not with the island the post writes"),
        pytest.param("茅が崎", [14207], id="が for ヶ"),
        pytest.param("茅ケ崎市", [14207], id="large ケ for ヶ"),
        pytest.param("竜ヶ崎", [8208], id="new character for 龍"),
        pytest.param("須恵町", [40344], id="new character for 惠"),
        pytest.param("四日市", [24202], id="a name that ends like a suffix"),
        pytest.param("津", [24201], id="the shortest city"),
        pytest.param("北", [], id="a ward's bare name of one letter says nothing"),
        pytest.param("市", [], id="only a suffix"),
        pytest.param("", [], id="nothing"),
        pytest.param("東京", [], id="only a prefecture"),
        pytest.param("横浜の近く", [], id="a sentence is not a name"),
    ],
)
def test_find_cities(text: str, codes: list[int]) -> None:
    assert find_cities(text) == codes


def test_a_ward_name_that_many_cities_have_gives_all_of_them() -> None:
    everywhere = [1102, 11102, 13117, 15101, 23103, 26101, 27127, 27146, 28109, 33101, 43105]
    assert find_cities("北区") == everywhere


@pytest.mark.parametrize(
    ("address", "codes"),
    [
        pytest.param(
            "日本、〒220-0012 神奈川県横浜市西区みなとみらい２丁目", [14103], id="as-line-writes-it"
        ),
        pytest.param("〒1600022東京都新宿区新宿３−１", [13104], id="no-hyphen"),
        pytest.param("北海道石狩郡当別町架空１", [1303], id="district"),
        pytest.param("神奈川県横浜市", [14100], id="city-only"),
        pytest.param("府中市架空町1-1", [13206, 34208], id="no-prefecture-two-cities"),
        pytest.param("東京都府中市架空町1-1", [13206], id="prefecture-decides"),
        pytest.param("神奈川県架空郡", [], id="no-such-place"),
        pytest.param("1-1 Kakuu, Shinjuku City, Tokyo 160-0022, Japan", [], id="english"),
        pytest.param("", [], id="empty"),
    ],
)
def test_find_cities_in_a_written_address(address: str, codes: list[int]) -> None:
    assert find_cities_in_address(address) == codes


@pytest.mark.parametrize(
    ("text", "prefecture", "codes"),
    [
        pytest.param("府中市", 13, [13206], id="only in Tokyo"),
        pytest.param("府中", 34, [34208], id="only in Hiroshima"),
        pytest.param("横浜", 2, [2406], id="the town, where no city of that name lies"),
        pytest.param("横浜", 13, [], id="not there"),
        pytest.param("北区", 27, [27127, 27146], id="two in one prefecture"),
    ],
)
def test_find_cities_in_a_prefecture(text: str, prefecture: int, codes: list[int]) -> None:
    assert find_cities(text, prefecture) == codes


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        pytest.param("神奈川県", [14], id="whole"),
        pytest.param("神奈川", [14], id="bare"),
        pytest.param("かながわけん", [14], id="reading"),
        pytest.param("ｶﾅｶﾞﾜ", [14], id="half width reading"),
        pytest.param("北海道", [1], id="北海道 stays whole"),
        pytest.param("北海", [], id="北海 is none"),
        pytest.param("京都", [26], id="京都, not 京"),
        pytest.param("東京", [13], id="東京"),
        pytest.param("横浜", [], id="a city is none"),
        pytest.param("", [], id="nothing"),
    ],
)
def test_find_prefectures(text: str, codes: list[int]) -> None:
    assert find_prefectures(text) == codes


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        pytest.param("関東", list(range(8, 15)), id="関東"),
        pytest.param("関東地方", list(range(8, 15)), id="with 地方"),
        pytest.param("首都圏", [11, 12, 13, 14], id="首都圏"),
        pytest.param("関西", list(range(25, 31)), id="関西"),
        pytest.param("九州・沖縄", list(range(40, 48)), id="as the button says"),
        pytest.param("東京", [], id="no region"),
    ],
)
def test_find_region(text: str, codes: list[int]) -> None:
    assert find_region(text) == codes


@pytest.mark.parametrize(
    ("wanted", "actual", "expected"),
    [
        pytest.param(14100, 14101, True, id="a city covers its ward"),
        pytest.param(14100, 14131, False, id="not the ward of another city"),
        pytest.param(14101, 14100, False, id="a ward does not cover the city"),
        pytest.param(14101, 14101, True, id="itself"),
        pytest.param(14, 14101, True, id="a prefecture covers its wards"),
        pytest.param(1, 1100, True, id="also with a four-digit code"),
        pytest.param(14, 13101, False, id="not those of another"),
        pytest.param(14, 14, True, id="a prefecture covers itself"),
        pytest.param(14100, 99999, False, id="unknown code"),
    ],
)
def test_covers(wanted: int, actual: int, expected: bool) -> None:
    assert covers(wanted, actual) is expected


@pytest.mark.parametrize(
    ("code", "name", "full"),
    [
        pytest.param(14, "神奈川県", "神奈川県", id="prefecture"),
        pytest.param(14100, "横浜市", "神奈川県横浜市", id="city"),
        pytest.param(14117, "横浜市青葉区", "神奈川県横浜市青葉区", id="ward"),
        pytest.param(1303, "当別町", "北海道石狩郡当別町", id="town with its district"),
    ],
)
def test_area_name(code: int, name: str, full: str) -> None:
    assert area_name(code) == name
    assert area_name(code, full=True) == full


def test_a_number_that_is_no_area_has_no_name() -> None:
    assert not is_area(99999)
    with pytest.raises(KeyError):
        area_name(99999)


def test_the_prefecture_of_a_ward_is_found() -> None:
    found = prefecture_of(14117)
    assert found is not None
    assert (found.name, found.region) == ("神奈川県", "関東")
    assert prefecture_of(48) is None


def test_cities_of_a_prefecture_come_in_order_of_code() -> None:
    names = [city.name for city in cities_in(14)[:2]]
    assert names == ["横浜市", "横浜市鶴見区"]


def test_every_name_finds_its_own_place() -> None:
    for city in CITIES:
        assert city.code in find_cities(area_name(city.code, full=True))
        assert city.code in find_cities(city.name)
        assert city.code in find_cities(city.kana)


@given(st.text())
def test_any_text_can_be_looked_up(text: str) -> None:
    assert all(city_of(code) for code in find_cities(text))
    assert all(prefecture_of(code) for code in find_prefectures(text))
