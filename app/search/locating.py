"""From named places to codes (pure): which 府中市, which prefecture was said only to locate a city."""

import re
from itertools import pairwise

from app.areas import City, area_name, city_of, covers
from app.search.places import OTHER_READINGS
from app.search.scanning import Place

_OR = re.compile(
    r"\s?(?:[市区町村都府県内]?)\s?(?:か|や|と|または|又は|もしくは|or|OR|・|、|,|/|および|及び|も|&|\+"
    r"|でも|とか|、?または|、?もしくは)\s?"
)
_ASIDE = re.compile(
    r"より(?![上高下低])も?|(?:に|には|で)?(?:住んで|住まい|在住)|に(?:自宅|家|実家)が|(?:から"
    r"|より)(?:引っ?越|通勤|通い|転居)|から[^、。]{1,6}(?:に|へ)(?:の)?(?:引っ?越|転職|移住|転勤|転居|異動"
    r"|[ui]たーん)"
)
"""千葉より東京, 埼玉に住んでいますが: another place is what is wanted."""
_PART_OF = re.compile(r"内?の")
_PART_OF_OR_BESIDE = re.compile(r"(?:内?の)?")
_BESIDE = re.compile(r"[\s(,、・:]*(?:内)?の?[\s(]*")


_MOST_WEIGHED = 60
"""Each place is weighed against each other one; of more, nobody tells where one of them lies."""


def locate(places: list[Place], text: str) -> None:
    """Drop readings that the other places rule out, and note prefectures that only locate a city."""
    if len(places) > _MOST_WEIGHED:
        return
    for before, after in pairwise(places):
        _read_as_part(after, before, text)
    for each in places:
        _narrow(each, places, text)
        _narrow_by_sibling(each, places)
    _set_aside(places, text)
    for before, after in pairwise(places):
        if not before.is_locator and (_is_inside(after, before) or _is_one_of(after, before, text)):
            _join(before, after, text)
    for each in places:
        if not (each.is_locator or each.is_excluded) and _locates_elsewhere(each, places, text):
            each.is_locator = True


def _read_as_part(place: Place, area: Place, text: str) -> None:
    """大阪の日本橋, 大阪の福島: a lesser known place of that name, if there is one in the area said before."""
    others = OTHER_READINGS.get(text[place.start : place.end])
    joint = _PART_OF if place.is_group else _PART_OF_OR_BESIDE
    if others is None or joint.fullmatch(text, area.end, place.start) is None:
        return
    inside = tuple(code for code in others if _is_part_of(code, area))
    if inside and not any(_is_part_of(code, area) for code in place.codes):
        place.codes, place.is_group = inside, False


def _set_aside(places: list[Place], text: str) -> None:
    for each in places:
        if _ASIDE.match(text, each.end):
            each.is_locator = any(_is_elsewhere(other, each) for other in places if other is not each)


def _is_elsewhere(one: Place, other: Place) -> bool:
    return not (_is_inside(one, other) or _is_inside(other, one))


def _narrow(place: Place, places: list[Place], text: str) -> None:
    if place.is_group or len(place.codes) == 1:
        return
    for other in sorted(places, key=lambda other: abs(place.start - other.end)):
        if other is place or other.is_excluded:
            continue
        inside = tuple(code for code in place.codes if _is_part_of(code, other))
        if len(other.codes) == 1 and other.codes[0] in place.codes:  # 北区赤羽
            inside = other.codes
        if inside and len(inside) < len(place.codes):
            place.codes = inside if text[other.end - 1] in "府県" else _of_city_named(other, inside)
            if not place.is_excluded and not _stands_for_more(other, places, place):
                other.is_locator = True


def _is_part_of(code: int, area: Place) -> bool:
    """港区 is a part of 東京, and of 東京23区, which name it among others."""
    is_named = area.is_group and code in area.codes
    return is_named or any(code != each and covers(each, code) for each in area.codes)


def _narrow_by_sibling(place: Place, places: list[Place]) -> None:
    if place.is_group or len(place.codes) == 1:
        return
    for other in places:
        beside = tuple(code for code in place.codes if _is_sibling(code, other.codes))
        if len(beside) == 1 and not other.is_excluded:
            place.codes = beside
            return


def _of_city_named(area: Place, codes: tuple[int, ...]) -> tuple[int, ...]:
    """大阪の北区 is the one of 大阪市 before the one of 堺市."""
    name = area_name(area.codes[0]) if len(area.codes) == 1 else ""
    named = tuple(
        code for code in codes if name and (city_of(code) or _NOWHERE).name.startswith(name[:-1] + "市")
    )
    return named or codes


_NOWHERE = City(0, 0, "", "", None, "")


def _is_sibling(code: int, others: tuple[int, ...]) -> bool:
    """True for wards of one city: 中央区 beside 大阪市北区, 港区 beside 新宿区."""
    if len(others) != 1 or code == others[0]:
        return False
    if code // 1000 == others[0] // 1000 == 13:
        return code < 13124 > others[0]
    mine, other = city_of(code), city_of(others[0])
    return mine is not None and other is not None and mine.parent is not None and mine.parent == other.parent


def _stands_for_more(other: Place, places: list[Place], narrowed: Place) -> bool:
    """関東 in 「関東の府中市か千葉」 is no locator of 府中市 alone, nor 23区 in 「港区か23区」 one of 港区."""
    if len(other.codes) == 1 or not other.is_group:
        return False
    return set(narrowed.codes) <= set(other.codes) or any(each not in (other, narrowed) for each in places)


def _is_inside(inner: Place, outer: Place) -> bool:
    return inner.codes != outer.codes and all(
        any(code != area and covers(area, code) for area in outer.codes) for code in inner.codes
    )


def _is_one_of(inner: Place, outer: Place, text: str) -> bool:
    """東北の福島, 23区の新宿区; 関西 大阪 may mean both."""
    is_part = len(inner.codes) < len(outer.codes) and all(_is_part_of(code, outer) for code in inner.codes)
    return is_part and _PART_OF.fullmatch(text, outer.end, inner.start) is not None


def _join(before: Place, after: Place, text: str) -> None:
    """神奈川県横浜市, 横浜の青葉区: the first one tells where the second one is."""
    between = text[before.end : after.start]
    if after.is_excluded:
        before.is_locator = between == "" and not before.is_excluded
        return
    if not before.is_excluded and not _OR.fullmatch(between):
        before.is_locator = _BESIDE.fullmatch(between) is not None


def _locates_elsewhere(place: Place, places: list[Place], text: str) -> bool:
    """神奈川県で看護師、横浜市希望: the city is what is wanted, unless both are listed."""
    for other in places:
        if other is place or other.is_excluded or other.is_locator or not _is_inside(other, place):
            continue
        first, second = (place, other) if place.start < other.start else (other, place)
        if not _OR.fullmatch(text[first.end : second.start]):
            return True
    return False
