"""Stations and minutes of commuting (pure): 渋谷駅から30分以内, 電車で1時間半, 最寄り駅から徒歩5分."""

import re
from dataclasses import dataclass

from app.search.amounts import KANJI, small_number

LONGEST_COMMUTE = 300
_NUMBER = rf"(?:\d{{1,3}}|[{KANJI}]{{1,4}})"
_MINUTES = (
    rf"(?:(?P<h>\d|[一二三四])\s?時間\s?(?:(?P<half>半)|(?P<hm>\d{{1,2}})\s?分)?|(?P<m>{_NUMBER})\s?分(?!割"
    rf"|け|野|後|前|間隔|早|遅))"
)
_MEANS = (
    r"(?:(?:東|西|南|北|中央)口)?\s?(?:から|まで|より|に|へ|で)?\s?(?:の)?\s?(?:乗り?換え?(?:なし|無し|含め"
    r"|込み)?(?:で|て)?)?(?:電車|地下鉄|ばす|バス|車|くるま|自転車|ちゃり|徒歩|歩いて|歩き|原付|ばいく"
    r"|どあつーどあ|どあとぅどあ|通勤(?:時間)?|片道)?(?:で|なら|でも)?\s?(?:片道|だいたい|大体|約|およそ"
    r"|最大|長くても)?\s?"
)
_FROM_STATION = re.compile(_MEANS + _MINUTES)
_FROM_PLACE = re.compile(r"\s?(?:駅)?(?:から|まで|より)" + _MEANS + _MINUTES)
_ANY = re.compile(
    _MINUTES + r"\s?(?P<tail>以内|圏内?|まで|以下|くらい|ぐらい|程度|ほど|前後|で(?:の)?(?:行|通|着))?"
)
_BEFORE = re.compile(
    r"(?:から|まで|電車|地下鉄|ばす|車|自転車|ちゃり|徒歩|歩いて|通勤|通勤時間|片道|どあ|家|自宅"
    r"|乗り?換え?\S{0,4}|通う?の(?:に|は)|所要(?:時間)?)(?:で|は|が|の|時間|に|も|なら)*\s?[:=]?\s?(?:片道"
    r"|だいたい|大体|約|およそ|最大|長くても|できれば|なるべく)?\s?$"
)
_AFTER_HOURS = re.compile(
    r"\s?(?:圏|で(?:の)?(?:行|通|着)|(?:以内|くらい|ぐらい|まで|程度)(?:で|に)?(?:の)?(?:行|通|着|ところ"
    r"|場所|職場|範囲))"
)
_NO_COMMUTE = re.compile(
    r"(?:休憩|残業|時間外|面接|朝|早め|開始|実働|勤務時間|労働|仮眠|待ち|月|週|1日)(?:は|が|に|も|の"
    r"|時間)*\s?(?:約)?$"
)
_NAME = re.compile(r"(?:[一-鿿々〆]|[ァ-ヺー]|(?<=[一-鿿])[のがケヶツノヵガ](?=[一-鿿ァ-ヺ])){1,12}$")
_NO_NAME = re.compile(r"^.*(?:線|最寄り?|地下鉄|メトロ|私鉄|自宅|職場|通勤|希望|勤務地|在住)")
_NOT_NAMED = frozenset(
    {
        "",
        "各",
        "主要",
        "近",
        "最寄",
        "乗換",
        "会社",
        "都心",
        "某",
        "大きい",
        "無人",
        "終着",
        "始発",
        "同じ",
        "隣",
        "新幹線",
    }
)
_NEAR = re.compile(r"(?:ちか|近(?![くくの辺隣]))")
_NO_STATION = re.compile(r"(?:[都道府県市区町村]|23区|地方|首都圏|関[東西]|東海|東北|九州|四国)$")


@dataclass(frozen=True, slots=True)
class Station:
    """A named station; `minutes` when they follow at once; `start` and `end` in the text."""

    name: str
    minutes: int | None
    is_near: bool
    start: int
    end: int


def station_at(text: str, tidy: str, at: int, since: int, place_start: int | None) -> Station | None:
    """The station whose 駅 stands at `at`; nothing before `since` is its name. None when it has no name."""
    if place_start is not None:
        begin = _widened(tidy, place_start)
        name = tidy[begin:at]
    else:
        match = _NAME.search(tidy, since, at)
        name = match[0] if match else ""
        begin = at - len(name)
    trimmed = _NO_NAME.sub("", name)
    if trimmed in _NOT_NAMED or tidy.startswith(("員", "長", "弁", "伝"), at + 1):
        return None
    begin += len(name) - len(trimmed)
    near = _NEAR.match(text, at + 1)
    if near is not None and is_municipality(text, at):  # 横浜市駅近
        return None
    after = _FROM_STATION.match(text, at + 1)
    minutes = minutes_of(after) if after else None
    end = after.end() if after and minutes else near.end() if near else at + 1
    return Station(trimmed, minutes, near is not None, begin, end)


def is_municipality(text: str, end: int) -> bool:
    """True where 市, 区, 県 or the like ends: 横浜市 before a station is the place where it lies."""
    return text[end - 1] in "市区町村都府県道"


def _widened(tidy: str, start: int) -> int:
    """東武練馬: a name may begin before the place in it."""
    while start > 0 and "一" <= tidy[start - 1] <= "鿿" and tidy[start - 1] in "東西南北新京阪急武神":
        start -= 1
    return start


def station_near(text: str, tidy: str, start: int, end: int) -> Station | None:
    """新宿まで電車で30分: the place from `start` to `end` as a station; None for 横浜市 and where no minutes follow."""
    if _NO_STATION.search(text, start, end):
        return None
    match = _FROM_PLACE.match(text, end)
    minutes = minutes_of(match) if match else None
    if match is None or minutes is None:
        return None
    return Station(tidy[start:end], minutes, is_near=False, start=start, end=match.end())


def read_minutes(text: str, since: int = 0) -> int | None:
    """通勤30分以内, 片道1時間半: the first minutes that are of a way and not of a break."""
    for match in _ANY.finditer(text, since):
        before = text[max(0, match.start() - 14) : match.start()]
        if _NO_COMMUTE.search(before):
            continue
        is_way = _BEFORE.search(before) is not None or (
            match["tail"] is not None
            if match["m"]
            else _AFTER_HOURS.match(text, match.end("half") if match["half"] else _hours_end(match))
        )
        minutes = minutes_of(match)
        if is_way and minutes is not None:
            return minutes
    return None


def is_near_station(text: str) -> bool:
    """駅から5分, 駅徒歩10分以内: a walk from whichever station, so near one."""
    match = _WALK.search(text)
    return match is not None and (
        match["walk"] is not None or (small_number(match["m"]) or 99) <= LONGEST_WALK
    )


LONGEST_WALK = 15
_WALK = re.compile(
    rf"駅\s?(?:から|まで|より)?の?\s?(?P<walk>徒歩|歩いて|歩き)?(?:で)?(?:約)?\s?(?P<m>{_NUMBER})\s?分"
)


def _hours_end(match: re.Match[str]) -> int:
    return match.start("tail") if match["tail"] else match.end()


def minutes_of(match: re.Match[str]) -> int | None:
    """The minutes in a match of the pattern above; None for what is no commute."""
    if match["m"]:
        total = small_number(match["m"])
    else:
        hours = small_number(match["h"])
        total = None if hours is None else hours * 60 + (30 if match["half"] else int(match["hm"] or 0))
    return total if total is not None and 0 < total <= LONGEST_COMMUTE else None
