"""Japanese prefectures and municipalities by JIS code, and what people mean when they name one (pure).

Codes are JIS X 0401 (1–47) and X 0402 without check digit and leading zero: 1100 札幌市, 14100 横浜市. A
designated city is the parent of its wards: 14100 covers 14101. The list is frozen in areas.csv by
app/make_areas.py and read once, when this module is imported.
"""

import csv
import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType


@dataclass(frozen=True)
class Prefecture:
    """都道府県; `region` is one of REGIONS."""

    code: int
    name: str
    kana: str
    region: str


@dataclass(frozen=True)
class City:
    """市区町村. A ward of a designated city carries the city in its name (横浜市青葉区) and as `parent`."""

    code: int
    prefecture: int
    name: str
    kana: str
    parent: int | None
    district: str
    """郡 of a town or village, such as 石狩郡; empty for all others."""


_REGION_CODES = {
    "北海道・東北": range(1, 8),
    "関東": range(8, 15),
    "甲信越・北陸": range(15, 21),
    "東海": range(21, 25),
    "関西": range(25, 31),
    "中国": range(31, 36),
    "四国": range(36, 40),
    "九州・沖縄": range(40, 48),
}
_REGION_WORDS = {
    "東北": range(2, 8),
    "北関東": range(8, 11),
    "首都圏": range(11, 15),
    "南関東": range(11, 15),
    "北陸": range(16, 19),
    "甲信越": (15, 19, 20),
    "中部": range(15, 24),
    "近畿": range(25, 31),
    "山陰": range(31, 33),
    "山陽": range(33, 36),
    "九州": range(40, 47),
}
_HIRAGANA = {code: code - 0x60 for code in range(ord("ァ"), ord("ヶ") + 1)}
_VARIANTS = str.maketrans("龍桧曾澤濱惠﨑鹽嶋ゖゕ", "竜檜曽沢浜恵崎塩島けけ")
_BEFORE_PREFECTURE = re.compile(r"(?:日本)?[、,]?(?:〒?\d{3}[-−ー]?\d{4})?[、,]?")
_BETWEEN_KANJI = re.compile(r"(?<=[一-鿿])[がか](?=[一-鿿])")
_SUFFIX = re.compile(r"[都道府県市区町村]$")
_KANA_SUFFIX = re.compile(r"(?:けん|[とふ]|し|く|まち|ちょう|むら|そん)$")


def _fold(text: str) -> str:
    """One spelling for comparing: NFKC, no spaces, katakana as hiragana, 龍 as 竜, 茅が崎 as 茅け崎."""
    plain = re.sub(r"\s", "", unicodedata.normalize("NFKC", text))
    return _BETWEEN_KANJI.sub("け", plain.translate(_HIRAGANA).translate(_VARIANTS))


def _read_rows() -> Iterator[tuple[int, Mapping[str, str]]]:
    with Path(__file__).with_name("areas.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            yield int(row["code"]), row


def _region_of(code: int) -> str:
    return next(region for region, codes in _REGION_CODES.items() if code in codes)


_ROWS = tuple(_read_rows())
REGIONS: tuple[str, ...] = tuple(_REGION_CODES)
"""Eight regions from north to south, for buttons."""
PREFECTURES: tuple[Prefecture, ...] = tuple(
    Prefecture(code, row["name"], row["kana"], _region_of(code)) for code, row in _ROWS if code < 100
)
CITIES: tuple[City, ...] = tuple(
    City(
        code=code,
        prefecture=code // 1000,
        name=row["name"],
        kana=row["kana"],
        parent=int(row["parent"]) if row["parent"] else None,
        district=row["district"],
    )
    for code, row in _ROWS
    if code > 100
)
_PREFECTURE_BY_CODE = MappingProxyType({prefecture.code: prefecture for prefecture in PREFECTURES})
_CITY_BY_CODE = MappingProxyType({city.code: city for city in CITIES})


def prefecture_of(code: int) -> Prefecture | None:
    """The prefecture with this code, or the one in which the municipality with this code lies."""
    return _PREFECTURE_BY_CODE.get(code if code < 100 else code // 1000)


def city_of(code: int) -> City | None:
    """The municipality or ward with this code; None for any other number, a prefecture's too."""
    return _CITY_BY_CODE.get(code)


def prefectures_in(region: str) -> list[Prefecture]:
    """The prefectures of one of REGIONS, by code; empty for any other text."""
    return [prefecture for prefecture in PREFECTURES if prefecture.region == region]


def cities_in(prefecture: int) -> list[City]:
    """Municipalities of a prefecture by code; the wards of a designated city follow the city."""
    return [city for city in CITIES if city.prefecture == prefecture]


def area_name(code: int, *, full: bool = False) -> str:
    """神奈川県, 横浜市, 横浜市青葉区, 当別町; with `full` 神奈川県横浜市, 北海道石狩郡当別町.

    Errors: KeyError for a code that is neither a prefecture nor a municipality.
    """
    if code < 100:
        return _PREFECTURE_BY_CODE[code].name
    city = _CITY_BY_CODE[code]
    return f"{_PREFECTURE_BY_CODE[city.prefecture].name}{city.district}{city.name}" if full else city.name


def place_code(prefecture: int, city: int | None) -> int:
    """The municipality where it is one, else the prefecture: municipalities merge, and a job keeps its code."""
    return city if city is not None and city in _CITY_BY_CODE else prefecture


def is_area(code: int) -> bool:
    """True for the code of a prefecture, a municipality or a ward."""
    return code in _PREFECTURE_BY_CODE or code in _CITY_BY_CODE


def covers(wanted: int, actual: int) -> bool:
    """True if a place with the code `actual` lies in `wanted`: 14100 covers 14101, and 14 covers both."""
    if wanted < 100:
        return actual == wanted or actual // 1000 == wanted
    city = _CITY_BY_CODE.get(actual)
    return actual == wanted or (city is not None and city.parent == wanted)


def find_prefectures(text: str) -> list[int]:
    """Codes of the prefectures that the whole text names: 神奈川, 神奈川県, かながわ → [14]; else []."""
    return list(_PREFECTURE_NAMES.get(_fold(text), ()))


def find_region(text: str) -> list[int]:
    """Codes of all prefectures in the region that the whole text names: 首都圏 → 11–14; else []."""
    return list(_REGION_NAMES.get(_fold(text), ()))


def find_cities(text: str, prefecture: int | None = None) -> list[int]:
    """Codes of every municipality that the whole text may mean, in order of code; [] when there is none.

    府中市 → [13206, 34208]; 横浜, よこはまし and 神奈川県横浜市 → [14100]; 青葉区 → both of them. A bare name
    means a city or one of Tokyo's wards before a town or another ward of the same name. `prefecture` keeps
    only what lies there.
    """
    wanted = _fold(text)
    codes = set(_named(wanted, prefecture))
    for start, prefectures in _PREFECTURE_NAMES.items():
        if not codes and wanted.startswith(start):
            codes.update(code for p in prefectures for code in _named(wanted.removeprefix(start), p))
    return sorted(codes)


def find_cities_in_address(address: str) -> list[int]:
    """Codes of the municipality or ward in which a written Japanese address lies; [] when it cannot be read.

    日本、〒220-0012 神奈川県横浜市西区… → [14103]. Without a prefecture there may be several: 府中市… → both.
    """
    text = _BEFORE_PREFECTURE.sub("", _fold(address))
    prefecture = next((each for each in PREFECTURES if text.startswith(_fold(each.name))), None)
    text = text.removeprefix(_fold(prefecture.name)) if prefecture else text
    for length in range(min(len(text), _LONGEST_NAME), 1, -1):
        codes = _FULL_NAMES.get(text[:length], ())
        found = [code for code in codes if prefecture is None or code // 1000 == prefecture.code]
        if found:
            return found
    return []


def _named(wanted: str, prefecture: int | None) -> list[int]:
    for names in (_FULL_NAMES, _SHORT_NAMES, _SMALL_NAMES):
        codes = [code for code in names.get(wanted, ()) if prefecture in (None, code // 1000)]
        if codes:
            return codes
    return []


def _index(pairs: Iterator[tuple[str, int]]) -> Mapping[str, tuple[int, ...]]:
    names: dict[str, list[int]] = defaultdict(list)
    for name, code in pairs:
        if code not in names[_fold(name)]:
            names[_fold(name)].append(code)
    return MappingProxyType({name: tuple(codes) for name, codes in names.items() if name})


def _prefecture_names() -> Iterator[tuple[str, int]]:
    for each in PREFECTURES:
        yield each.name, each.code
        yield each.kana, each.code
        if each.code != 1:  # 北海 is no name of 北海道
            yield _SUFFIX.sub("", each.name), each.code
            yield _KANA_SUFFIX.sub("", each.kana), each.code


def _region_names() -> Iterator[tuple[str, int]]:
    for region, codes in (_REGION_CODES | _REGION_WORDS).items():
        for code in codes:
            yield region, code
            yield f"{region}地方", code


def _ward_names(city: City) -> tuple[str, str]:
    """青葉区 and あおばく of 横浜市青葉区; the names themselves of anything else."""
    if city.parent is None:
        return city.name, city.kana
    parent = _CITY_BY_CODE[city.parent]
    return city.name.removeprefix(parent.name), city.kana.removeprefix(parent.kana)


def _full_names() -> Iterator[tuple[str, int]]:
    for city in CITIES:
        yield from ((name, city.code) for name in (city.name, city.kana, *_ward_names(city)))
        yield city.district + city.name, city.code
        if city.parent is not None:
            yield _CITY_BY_CODE[city.parent].name[:-1] + _ward_names(city)[0], city.code  # 横浜青葉区


def _bare_names(city: City) -> Iterator[tuple[str, int]]:
    name, kana = _ward_names(city)
    bare, bare_kana = _SUFFIX.sub("", name), _KANA_SUFFIX.sub("", kana)
    if len(bare) > 1 or name.endswith("市"):  # 津 is a city, 北 is hardly ever a ward
        yield bare, city.code
    if len(bare_kana) > 1:
        yield bare_kana, city.code


def _is_prominent(city: City) -> bool:
    return city.name.endswith("市") or (city.prefecture == 13 and city.name.endswith("区"))


_PREFECTURE_NAMES = _index(_prefecture_names())
_REGION_NAMES = _index(_region_names())
_FULL_NAMES = _index(_full_names())
_LONGEST_NAME = max(len(name) for name in _FULL_NAMES)
_SHORT_NAMES = _index(pair for city in CITIES if _is_prominent(city) for pair in _bare_names(city))
_SMALL_NAMES = _index(pair for city in CITIES if not _is_prominent(city) for pair in _bare_names(city))
