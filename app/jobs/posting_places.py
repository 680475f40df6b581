"""Where a schema.org JobPosting can be worked: several places, and work from home (pure)."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from app.areas import area_name, city_of, find_cities, find_cities_in_address, find_prefectures
from app.jobs.posting_words import all_of, first_of, name_of

TOKYO_PREFECTURE = 13
WORK_FROM_HOME = "在宅勤務"
_JAPAN = {"jp", "jpn", "japan", "日本", "日本国"}
_ISO = re.compile(r"JP-(\d{2})")
_ROMAN = (
    *(
        "hokkaido",
        "aomori",
        "iwate",
        "miyagi",
        "akita",
        "yamagata",
        "fukushima",
        "ibaraki",
        "tochigi",
        "gunma",
    ),
    *(
        "saitama",
        "chiba",
        "tokyo",
        "kanagawa",
        "niigata",
        "toyama",
        "ishikawa",
        "fukui",
        "yamanashi",
        "nagano",
    ),
    *("gifu", "shizuoka", "aichi", "mie", "shiga", "kyoto", "osaka", "hyogo", "nara", "wakayama", "tottori"),
    *("shimane", "okayama", "hiroshima", "yamaguchi", "tokushima", "kagawa", "ehime", "kochi", "fukuoka"),
    *("saga", "nagasaki", "kumamoto", "oita", "miyazaki", "kagoshima", "okinawa"),
)
"""In order of their codes, from 1."""


@dataclass(frozen=True)
class _Place:
    prefecture: int | str | None
    """A text where it is no prefecture that we know: the row's check then says so."""
    city: int | None = None
    site: str | None = None
    lat: Any = None
    lng: Any = None


def place_values(posting: Mapping[str, Any]) -> dict[str, Any]:
    """The columns of a place: the first one is the main one; a job for work from home may have none."""
    places = [_place(place) for place in all_of(posting.get("jobLocation"))]
    if "TELECOMMUTE" not in all_of(posting.get("jobLocationType")):
        return _columns(places, [])
    allowed = _allowed_prefectures(posting)
    if not places:
        places = [_Place(_seat(posting, allowed), None, WORK_FROM_HOME)]
    return _columns(places, allowed)


def _columns(places: list[_Place], further: list[int]) -> dict[str, Any]:
    if not places:
        return {}
    main = places[0]
    found = [place.prefecture for place in places if place.prefecture is not None]
    return {
        "prefecture": main.prefecture,
        "prefectures": [*found, *further],
        "city": main.city,
        "worksite": main.site,
        "lat": main.lat,
        "lng": main.lng,
    }


def _place(value: Any) -> _Place:
    if not isinstance(value, dict):
        return _address(value)
    found = _address(value.get("address", value), name_of(value.get("name")))
    geo = first_of(value.get("geo"))
    if not isinstance(geo, dict):
        return found
    return _Place(found.prefecture, found.city, found.site, geo.get("latitude"), geo.get("longitude"))


def _address(value: Any, name: str | None = None) -> _Place:
    address = first_of(value)
    if not isinstance(address, dict):
        return _written_address(name_of(address), name)
    country = name_of(address.get("addressCountry"))
    if country is not None and country.casefold() not in _JAPAN:
        return _Place(country)
    region, locality, street = (
        name_of(address.get(key)) for key in ("addressRegion", "addressLocality", "streetAddress")
    )
    prefecture = _prefecture(region) or _one_prefecture(find_cities(locality or ""))
    if prefecture is None:
        return _Place(region or locality, None, street or name)
    city = _city(prefecture, locality, street)
    return _Place(prefecture, city, " ".join(filter(None, (name, street))) or None)


def _written_address(text: str | None, name: str | None) -> _Place:
    if text is None:
        return _Place(None, None, name)
    codes = find_cities_in_address(text)
    prefecture = _one_prefecture(codes) or _prefecture(text)
    return _Place(prefecture or text, codes[0] if len(codes) == 1 else None, name)


def _city(prefecture: int, locality: str | None, street: str | None) -> int | None:
    """The ward where locality and street together name one, else the locality's city."""
    if locality is None:
        return None
    whole = f"{area_name(prefecture)}{locality.removeprefix(area_name(prefecture))}"
    for codes in (find_cities_in_address(f"{whole}{street or ''}"), find_cities(locality, prefecture)):
        inside = [code for code in codes if code // 1000 == prefecture]
        if len(inside) == 1 and city_of(inside[0]):
            return inside[0]
    return None


def _prefecture(text: str | None) -> int | None:
    """東京都, 東京, JP-13, Tokyo and Tokyo-to."""
    if text is None:
        return None
    if (iso := _ISO.fullmatch(text.upper())) is not None:
        code = int(iso[1])
        return code if 1 <= code <= len(_ROMAN) else None
    found = find_prefectures(text)
    roman = re.sub(r"(-to|-do|-fu|-ken| prefecture)$", "", text.casefold())
    return next(iter(found), _ROMAN.index(roman) + 1 if roman in _ROMAN else None)


def _one_prefecture(cities: list[int]) -> int | None:
    prefectures = {code // 1000 for code in cities}
    return prefectures.pop() if len(prefectures) == 1 else None


def _allowed_prefectures(posting: Mapping[str, Any]) -> list[int]:
    """From where one may work at home; said nothing, it is all of Japan."""
    said = all_of(posting.get("applicantLocationRequirements"))
    found: list[int] = []
    for area in map(name_of, said):
        if area is None or area.casefold() in _JAPAN:
            return list(range(1, len(_ROMAN) + 1))
        code = _prefecture(area) or _one_prefecture(find_cities(area))
        found += [code] if code is not None else []
    return found if said else list(range(1, len(_ROMAN) + 1))


def _seat(posting: Mapping[str, Any], allowed: list[int]) -> int | str | None:
    """The main prefecture of a job without a place: the only one allowed, the employer's, or Tokyo."""
    if len(allowed) == 1:
        return allowed[0]
    organization = first_of(posting.get("hiringOrganization"))
    seat = _place(organization).prefecture if isinstance(organization, dict) else None
    if seat in allowed or not allowed:
        return seat
    return TOKYO_PREFECTURE if TOKYO_PREFECTURE in allowed else allowed[0]
