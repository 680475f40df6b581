"""The names of places and what they stand for, folded, for the lexicon (built once, at import)."""

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping

from app.areas import CITIES, PREFECTURES, City, city_of, find_cities_in_address, find_region
from app.search.folding import folded
from app.search.wordlists import words_by_name, words_in

_SUFFIX = re.compile(r"[都道府県市区町村]$")
_KANA_SUFFIX = re.compile(r"(?:けん|[とふ]|し|く|まち|ちょう|むら|そん)$")
_KE = re.compile(r"(?<=[一-鿿])[けが](?=[一-鿿])")
_REGIONS = (
    *(
        "北海道・東北",
        "関東",
        "甲信越・北陸",
        "東海",
        "関西",
        "四国",
        "九州・沖縄",
        "東北",
        "北関東",
        "首都圏",
        "南関東",
    ),
    *("北陸", "甲信越", "中部", "近畿", "山陰", "山陽", "九州"),
)
_KANA_REGIONS = {
    "かんとう": "関東",
    "かんさい": "関西",
    "きゅうしゅう": "九州",
    "とうほく": "東北",
    "しこく": "四国",
}
_NO_NAMES = frozenset(words_in("no_place_names.txt"))
_SHORT_NAMES = frozenset("堺柏蕨呉萩燕津")
"""Cities that people name with one letter."""


def place_names() -> dict[str, tuple[int, ...]]:
    """Folded name: codes that it may mean; a region's are all meant together (see `is_region`)."""
    names: dict[str, tuple[int, ...]] = {}
    for source in (
        _prefectures,
        _regions,
        _municipalities,
        _wards_in_full,
        _known,
        _bare_cities,
        _bare_wards,
        _groups,
    ):
        for name, codes in source().items():
            names.setdefault(name, codes)
    for name in [name for name in names if _KE.search(name)]:
        for letter in "けがの":
            names.setdefault(_KE.sub(letter, name), names[name])
    return names


def _gathered(pairs: Iterator[tuple[str, int]]) -> dict[str, tuple[int, ...]]:
    found: dict[str, set[int]] = defaultdict(set)
    for name, code in pairs:
        found[folded(name)].add(code)
    return {name: tuple(sorted(codes)) for name, codes in found.items() if name}


def _prefectures() -> dict[str, tuple[int, ...]]:
    names: dict[str, tuple[int, ...]] = {
        "とーきょー": (13,),
        "tokyo": (13,),
        "osaka": (27,),
        "kyoto": (26,),
        "fukuoka": (40,),
        "chiba": (12,),
        "saitama": (11,),
        "kanagawa": (14,),
        "大阪府下": (27,),
        "大坂": (27,),
        "はかた": (40132,),
    }
    for each in PREFECTURES:
        bare, kana = _SUFFIX.sub("", each.name), _KANA_SUFFIX.sub("", each.kana)
        written = [each.name, each.kana]
        if each.code != 1:
            written += [bare, kana + each.name[-1]] + ([kana] if kana not in _NO_NAMES else [])
        names |= {folded(name): (each.code,) for name in written}
    return names


def _regions() -> dict[str, tuple[int, ...]]:
    names: dict[str, tuple[int, ...]] = {}
    for name, words in words_by_name("area_groups.txt").items():
        if words[0].isdigit():
            names[folded(name)] = tuple(map(int, words))
    for name in _REGIONS:
        codes = tuple(find_region(name))
        names |= {folded(each): codes for each in (name, f"{name}地方", f"{name}エリア", f"{name}圏")}
    return names | {kana: tuple(find_region(name)) for kana, name in _KANA_REGIONS.items()}


def _ward_name(city: City) -> tuple[str, str]:
    parent = city_of(city.parent) if city.parent is not None else None
    if parent is None:
        return city.name, city.kana
    return city.name.removeprefix(parent.name), city.kana.removeprefix(parent.kana)


def _municipalities() -> dict[str, tuple[int, ...]]:
    """横浜市, 青葉区, 当別町, よこはまし; and stations of the same name, such as 大井町."""

    def pairs() -> Iterator[tuple[str, int]]:
        for city in CITIES:
            name, kana = _ward_name(city)
            yield name, city.code
            if city.parent is not None:
                yield city.kana, city.code
            elif len(kana) > 2:
                yield kana, city.code
                yield _KANA_SUFFIX.sub("", kana) + name[-1], city.code
        full = {_ward_name(city)[0] for city in CITIES}
        for word, codes in _known().items():
            if word in full or any(folded(name) == word for name in (word,) if name in full):
                yield from ((word, code) for code in codes)

    return _gathered(pairs())


def _wards_in_full() -> dict[str, tuple[int, ...]]:
    def pairs() -> Iterator[tuple[str, int]]:
        for city in CITIES:
            parent = city_of(city.parent) if city.parent is not None else None
            if parent is not None:
                yield city.name, city.code
                yield parent.name[:-1] + _ward_name(city)[0], city.code
            if city.district:
                yield city.district + city.name, city.code

    return _gathered(pairs())


def _known() -> dict[str, tuple[int, ...]]:
    bare = _bare_cities()

    def pairs() -> Iterator[tuple[str, int]]:
        for place, words in words_by_name("known_places.txt").items():
            [code] = find_cities_in_address(place)
            for word in words:
                yield word, code
                for other in bare.get(folded(word), ()):
                    yield word, other

    return _gathered(pairs())


def _is_prominent(city: City) -> bool:
    return city.name.endswith("市") or (city.prefecture == 13 and city.name.endswith("区"))


def _is_large(city: City) -> bool:
    """Designated cities, capitals of prefectures, wards of Tokyo: people may name them in hiragana alone."""
    return city.code % 1000 in {100, 130, 140, 150, 201} or city.code in range(13101, 13124)


def _bare_cities() -> dict[str, tuple[int, ...]]:
    """横浜, 新宿, よこはま."""

    def pairs() -> Iterator[tuple[str, int]]:
        for city in CITIES:
            if not _is_prominent(city):
                continue
            bare, kana = _SUFFIX.sub("", city.name), _KANA_SUFFIX.sub("", city.kana)
            if bare not in _NO_NAMES and (len(bare) > 1 or bare in _SHORT_NAMES):
                yield bare, city.code
            if len(kana) > (2 if _is_large(city) else 4) and kana not in _NO_NAMES:
                yield kana, city.code

    return _gathered(pairs()) | {"さいたま": (11100,)}


def _bare_wards() -> dict[str, tuple[int, ...]]:
    """青葉, 都筑, 博多: wards of designated cities."""

    def pairs() -> Iterator[tuple[str, int]]:
        for city in CITIES:
            bare = _SUFFIX.sub("", _ward_name(city)[0])
            if city.parent is not None and len(bare) > 1 and bare not in _NO_NAMES:
                yield bare, city.code

    return _gathered(pairs())


def _groups() -> dict[str, tuple[int, ...]]:
    """Names of several municipalities that are all meant."""
    wards = tuple(city.code for city in CITIES if 13101 <= city.code <= 13123)
    names = dict.fromkeys(
        ("23区", "23区内", "二十三区", "東京23区", "東京二十三区", "都内23区", "23区部"), wards
    )
    for name, places in words_by_name("area_groups.txt").items():
        if not places[0].isdigit():
            codes = {code for place in places for code in find_cities_in_address(place)}
            names[folded(name)] = tuple(sorted(codes))
    return names


def _qualified() -> dict[str, tuple[int, ...]]:
    def pairs() -> Iterator[tuple[str, int]]:
        for place, words in words_by_name("qualified_places.txt").items():
            [code] = find_cities_in_address(place)
            yield from ((word, code) for word in words)

    return _gathered(pairs())


def _other_readings() -> dict[str, tuple[int, ...]]:
    readings: dict[str, tuple[int, ...]] = defaultdict(tuple)
    for source in (_qualified, _bare_cities, _bare_wards):
        for name, codes in source().items():
            readings[name] += tuple(code for code in codes if code not in PLACE_NAMES[name])
    return {name: codes for name, codes in readings.items() if codes}


PLACE_NAMES: Mapping[str, tuple[int, ...]] = place_names()
GROUP_NAMES = frozenset(_groups())
OTHER_READINGS: Mapping[str, tuple[int, ...]] = _other_readings()
"""What a name means only where the area is said before it: 福島 is a prefecture, but 大阪の福島 a ward."""
