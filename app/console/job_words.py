"""Why a job was shown to somebody, in words made from what was kept with the showing (pure)."""

from collections.abc import Iterator, Mapping
from typing import Any

from app.rankings.messages import ranking_title
from app.search.packing import unpack
from app.search.wishes import describe

CONDITIONS: Mapping[str, str] = {
    "place": "勤務地",
    "night": "夜勤",
    "wage": "給与",
    "occupation": "職種",
    "employment": "雇用形態",
    "licence": "資格",
    "flags": "こだわり",
    "excluded_place": "除いた場所以外",
    "excluded_occupation": "除いた職種以外",
}
SIGNALS: Mapping[str, str] = {
    "als": "好みの近い方が見ている",
    "knn": "見た求人と一緒に見られている",
    "content": "見た求人と内容が近い",
    "fresh": "新着",
    "popular": "人気",
    "answers": "ご回答に合う",
    "feedback": "「興味なし」の理由",
}
RELAXED: Mapping[str, str] = {
    "place": "勤務地",
    "occupation": "職種",
    "wage": "給与",
    "employment": "雇用形態",
}


def why_words(parts: Mapping[str, Any], propensity: float | None, titles: Mapping[int, str]) -> list[str]:
    """Each thing that is known of the choice; empty when nothing was kept."""
    return [words for words in _words(parts, propensity, titles) if words]


def because_ids(parts: Mapping[str, Any]) -> list[int]:
    """The jobs whose titles the words need."""
    return [id_ for id_ in (parts.get("because"), parts.get("similar_to")) if isinstance(id_, int)]


def masked_name(name: str | None) -> str:
    """The first sign of a name and no more: 花＊＊."""
    return f"{name[0]}＊＊" if name else "お名前未取得"


def _words(parts: Mapping[str, Any], propensity: float | None, titles: Mapping[int, str]) -> Iterator[str]:
    yield _ranking(parts.get("ranking"))
    yield _search(parts.get("search"))
    yield _listed("合う希望", CONDITIONS, parts.get("conditions"))
    yield _about(titles, parts.get("because"), "を見たため")
    yield _about(titles, parts.get("similar_to"), "に似た求人")
    yield _points(parts.get("parts"))
    yield _listed("条件を広げた", RELAXED, parts.get("relaxed"))
    yield "" if propensity is None else f"新しい求人を試す枠(選ばれる割合 {100 * propensity:.1f}%)"


def _search(packed: Any) -> str:
    query = unpack(packed) if isinstance(packed, str) else None
    return "" if query is None else f"「{describe(query)}」の検索"


def _about(titles: Mapping[int, str], job_id: Any, words: str) -> str:
    title = titles.get(job_id) if isinstance(job_id, int) else None
    return "" if title is None else f"『{title}』{words}"


def _ranking(place: Any) -> str:
    if not isinstance(place, dict):
        return ""
    title = ranking_title(int(place.get("area") or 0), str(place.get("occupation") or ""))
    rank = place.get("rank")
    return f"{title}の{rank}位" if rank else f"{title}(お近くの求人)"


def _listed(title: str, names: Mapping[str, str], found: Any) -> str:
    known = [names.get(str(word), str(word)) for word in found] if isinstance(found, list) else []
    return f"{title}: {'・'.join(known)}" if known else ""


def _points(parts: Any) -> str:
    """The strongest first; a total means nothing to people, so each stands for itself."""
    if not isinstance(parts, dict):
        return ""
    numbers = {name: points for name, points in parts.items() if isinstance(points, int | float) and points}
    ordered = sorted(numbers, key=lambda name: -abs(numbers[name]))
    return "、".join(f"{SIGNALS.get(name, name)} {numbers[name]:+.2f}" for name in ordered)
