"""One pass over a text: the words that the lexicon knows, with what stands around them (pure)."""

import re
from dataclasses import dataclass, field, replace

from app.areas import covers
from app.jobs.vocabulary import EmploymentType, JobFlag
from app.search.denial import NOT_GOING, is_refused
from app.search.lexicon import Kind, Word, word_at
from app.search.stations import Station, is_municipality, station_at, station_near


@dataclass(slots=True)
class Place:
    """A named place and where it stands; `codes` shrink as the words around tell which one is meant."""

    codes: tuple[int, ...]
    is_group: bool
    start: int
    end: int
    is_excluded: bool = False
    is_locator: bool = False
    """It was said only to tell where another place is."""


@dataclass(slots=True)
class Title:
    """A named occupation and where it stands."""

    name: str
    start: int
    end: int
    is_excluded: bool = False


@dataclass(frozen=True, slots=True)
class Employed:
    """A kind of employment that is not refused, and where it stands."""

    kind: EmploymentType
    start: int
    end: int


@dataclass(slots=True)
class Found:
    """All that was found, in the order of the text."""

    places: list[Place] = field(default_factory=list)
    titles: list[Title] = field(default_factory=list)
    employment: list[Employed] = field(default_factory=list)
    flags: set[JobFlag] = field(default_factory=set)
    station: Station | None = None
    spans: list[tuple[int, int]] = field(default_factory=list)
    """Where known words stand, in order."""


_RAILWAY = re.compile(r"(?:本|道|環状|東北|高速|急行)*線|めとろ|電鉄|鉄道|市営地下鉄|ものれーる|りんかい")
LISTED = re.compile(r"内?\s?(?:と|や|・|、|,|/|&|とか|か|も|または|及び|および|or|and|\+)\s?")
"""Between two that are named together."""
_PAUSE = re.compile(r"[、,/\s]")
_BOTH = re.compile(r"\s?(?:と|や|とか|及び|および)\s?")
_EITHER = re.compile(r"(?:じゃ|で)なくて?も?(?:構|かま|いい|良い|よい|ok|大丈夫|可)")
_NEAREST = re.compile(r"最寄り?駅\s?(?:は|が|[:=])\s?$")


def scan(text: str, tidy: str) -> Found:
    """Read the folded `text`, with the same text as it was written at hand."""
    found = Found()
    at, last = 0, len(text)
    while at < last:
        if text[at] == "駅":
            end = _take_station(found, text, tidy, at)
            if end is not None:
                at = end
                continue
        met = word_at(text, tidy, at, joined=bool(found.spans) and found.spans[-1][1] == at)
        if met is None:
            at += 1
            continue
        at = _take(found, met[0], text, at, met[1])
    return found


def _take(found: Found, word: Word, text: str, start: int, end: int) -> int:
    """Note one word; where to read on."""
    found.spans.append((start, end))
    if word.kind is Kind.PLACE and _RAILWAY.match(text, end):
        return end
    if word.kind is Kind.PLACE:
        found.places.append(Place(word.codes, word.is_group, start, end))
        return end
    if word.kind is Kind.OCCUPATION and text.startswith("事務所", end - 2):
        return end + 1
    if word.kind is Kind.OCCUPATION:
        found.titles.append(Title(word.title, start, end))
        return end
    if word.kind is Kind.EMPLOYMENT:
        return _take_employment(found, word, text, start, end)
    if word.topic is not None:
        flag, end = word.topic(text, end)
        found.spans[-1] = (start, end)
        if flag is not None:
            found.flags.add(flag)
    return end


def _take_employment(found: Found, word: Word, text: str, start: int, end: int) -> int:
    if _EITHER.match(text, end):
        return end
    if word.employment is not None and not is_refused(text, start, end):
        found.employment.append(Employed(word.employment, start, end))
    return end


def _take_station(found: Found, text: str, tidy: str, at: int) -> int | None:
    """新宿駅: the name before it is a station and no place; None when there is no name."""
    last = found.places[-1] if found.places else None
    since = found.spans[-1][1] if found.spans else 0
    station = station_at(text, tidy, at, since, last.start if last and last.end == at else None)
    if station is None:
        return None
    if last is not None and last.end == station.start and not is_municipality(text, last.end):
        station = replace(station, name=tidy[last.start : last.end] + station.name)  # 鹿児島中央駅
        found.places.pop()
    elif last is not None and last.end == at:
        found.places.pop()
    found.station = found.station or station
    if station.is_near:
        found.flags.add(JobFlag.NEAR_STATION)
    found.spans.append((station.start, station.end))
    return station.end


def take_departure(found: Found, text: str, tidy: str) -> None:
    """渋谷から30分, 最寄り駅は渋谷: a place that is left within minutes is a station, too."""
    if found.station is not None:
        return
    for place in found.places:
        station = station_near(text, tidy, place.start, place.end)
        if station is None and _NEAREST.search(text, 0, place.start):
            station = Station(
                tidy[place.start : place.end], None, is_near=False, start=place.start, end=place.end
            )
        if station is not None:
            found.station = station
            found.places.remove(place)
            return


def mark_excluded(found: Found, text: str) -> None:
    """東京以外, 営業はNG: what is refused, and what is listed with it (東京と神奈川以外)."""
    following: Place | Title | None = None
    named: list[Place | Title] = [*found.places, *found.titles]
    for each in sorted(named, key=lambda each: each.start, reverse=True):
        is_listed = following is not None and following.is_excluded and _is_listed(each, following, text)
        each.is_excluded = is_listed or _is_refused(each, text)
        following = each


def _is_refused(each: Place | Title, text: str) -> bool:
    if is_refused(text, each.start, each.end):
        return True
    return isinstance(each, Place) and NOT_GOING.match(text, each.end) is not None


def _is_listed(each: Place | Title, following: Place | Title, text: str) -> bool:
    listed = LISTED if type(each) is type(following) else _BOTH
    between = listed.fullmatch(text, each.end, following.start)
    if between is None and not (each.end == following.start and type(each) is type(following) is Place):
        return False
    if isinstance(each, Title) and between is not None and _PAUSE.search(between[0]):
        return text.startswith("以外の", following.end)  # 「事務、営業以外」 wants 事務
    if isinstance(each, Place) and isinstance(following, Place):
        # 東京都港区以外: where the name may lie in the place before it, that place only says which one is meant
        return not any(covers(area, code) for area in each.codes for code in following.codes)
    return True
