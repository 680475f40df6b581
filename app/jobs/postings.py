"""schema.org JobPosting, as job sites publish it for search engines, as the columns of an imported job (pure).

What cannot be read is handed on as it stands, so that the row's own checks say what is wrong with it.
Source: https://schema.org/JobPosting, and what search engines ask of it.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from app.clock import TOKYO
from app.jobs.posting_places import place_values
from app.jobs.posting_words import all_of, first_of, name_of, plain_text
from app.jobs.vocabulary import (
    OCCUPATION_WORDS,
    JobFlag,
    flag_named,
    licence_named,
    licences_stated,
    listed_words,
    occupation_named,
)

TEXT_LENGTH = 20_000
_TYPE = re.compile(r"(https?://schema\.org/|schema:)?JobPosting")
_UNITS = {"HUR": "hour", "DAY": "day", "MON": "month", "ANN": "year"}
"""Of UN/CEFACT, which `unitCode` uses."""
_EMPLOYMENTS = {
    "FULL_TIME": "full_time",
    "PART_TIME": "part_time",
    "PER_DIEM": "part_time",
    "CONTRACTOR": "contract",
    "TEMPORARY": "temporary",
}
_NOT_REQUIRED = re.compile(
    "尚可|なお可|歓迎|優遇|あれば|不問|不要|問わず|問いません|なくても|でない|(必須|必要)(では|(は|が)?(な|ありませ))"
    "|取得(支援|見込|予定)"
)
_EITHER = re.compile("または|又は|もしくは|若しくは|いずれか|どちらか|(?<![A-Za-z])or(?![A-Za-z])")
_HELD = re.compile(r"\(.*?\)|必須|の?(免許|資格)?を?(お持ちの方|有する方|保有者?)|(免許|資格)証?$|以上$")


def posting_rows(found: Mapping[str, Any]) -> Sequence[Mapping[str, Any]] | None:
    """Values by column of each posting in an object; None when it is none and holds no graph."""
    if _is_posting(found):
        return [posting_values(found)]
    graph = found.get("@graph")
    if not isinstance(graph, list):
        return None
    nodes = [node for node in graph if isinstance(node, dict)]
    named = {node["@id"]: node for node in nodes if isinstance(node.get("@id"), str)}
    return [posting_values(_resolved(node, named)) for node in nodes if _is_posting(node)]


def posting_values(posting: Mapping[str, Any]) -> dict[str, Any]:
    """One posting by column; what it does not say is left out."""
    licences, rest = _licences(posting)
    values = {
        "external_id": _external_id(posting),
        "title": _title(posting),
        "employer": name_of(posting.get("hiringOrganization")),
        "occupation": _occupation(posting),
        "employment": _employment(posting.get("employmentType")),
        **place_values(posting),
        **_wage(posting),
        "hours": name_of(posting.get("workHours")),
        "flags": _flags(posting),
        "licences": licences,
        "text": _text(posting, rest),
        "url": name_of(posting.get("url")),
        "image_url": _picture(posting.get("image")),
        "opened_on": _day(posting.get("datePosted")),
        "closed_at": name_of(posting.get("validThrough")),
    }
    return {column: value for column, value in values.items() if value is not None}


def _is_posting(found: Mapping[str, Any]) -> bool:
    return any(isinstance(word, str) and _TYPE.fullmatch(word) for word in all_of(found.get("@type")))


def _resolved(node: Mapping[str, Any], named: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
    """The node with what it only points to, such as an organization that stands elsewhere in the graph."""

    def resolve(value: Any) -> Any:
        if isinstance(value, list):
            return [resolve(one) for one in value]
        is_pointer = isinstance(value, dict) and set(value) <= {"@id", "@type"}
        return named.get(str(value.get("@id")), value) if is_pointer else value

    return {key: resolve(value) for key, value in node.items()}


def _external_id(posting: Mapping[str, Any]) -> Any:
    identifier = first_of(posting.get("identifier"))
    if isinstance(identifier, dict):
        identifier = identifier.get("value", identifier.get("@id"))
    return identifier or posting.get("@id") or posting.get("url")


def _title(posting: Mapping[str, Any]) -> Any:
    return name_of(posting.get("title")) or name_of(posting.get("name"))


def _occupation(posting: Mapping[str, Any]) -> str | None:
    """What the site calls it, if that is a word we know; else the longest one we know in the title."""
    said = [*map(name_of, all_of(posting.get("occupationalCategory")))]
    said.append(name_of(posting.get("relevantOccupation")))
    words = [word for word in said if word]
    for word in words:
        if occupation_named(word) in OCCUPATION_WORDS:
            return word
    title = str(_title(posting) or "")
    known = [word for word in _known_occupations() if word in title]
    other = next(iter(words), title)[:100] or None
    return max(known, key=len) if known else other


def _known_occupations() -> Iterator[str]:
    for name, words in OCCUPATION_WORDS.items():
        yield from (name, *(word for word in words if len(word) > 2))


def _employment(value: Any) -> str | None:
    """Of several the first that we know."""
    words = [word for word in map(name_of, all_of(value)) if word]
    known = [_EMPLOYMENTS[word.upper()] for word in words if word.upper() in _EMPLOYMENTS]
    return next(iter([*known, *words]), None)


def _wage(posting: Mapping[str, Any]) -> dict[str, Any]:
    salary = first_of(posting.get("baseSalary"))
    if salary is None:
        return {}
    whole = salary if isinstance(salary, dict) else {"value": salary}
    value = first_of(whole.get("value"))
    parts = {**whole, **value} if isinstance(value, dict) else whole
    if isinstance(parts.get("value"), dict):
        parts = {**parts, "value": None}
    unit = parts.get("unitText") or _UNITS.get(str(parts.get("unitCode")))
    least = parts.get("minValue", parts.get("value"))
    most = parts.get("maxValue", None if "minValue" in parts else least)
    currency = str(whole.get("currency") or posting.get("salaryCurrency") or "JPY").upper()
    if currency not in {"JPY", "円"}:
        least = f"{currency} {least}"
    return {"wage_type": unit, "wage_min": _whole(least), "wage_max": _whole(most)}


def _whole(yen: Any) -> Any:
    """250000.0 and "250000.00" as 250000."""
    return re.sub(r"\.0+$", "", yen) if isinstance(yen, str) else yen


def _flags(posting: Mapping[str, Any]) -> list[str]:
    benefits = [*all_of(posting.get("jobBenefits")), *all_of(posting.get("specialCommitments"))]
    words = [word for text in benefits for word in listed_words(str(name_of(text) or ""))]
    flags = [flag.value for flag in map(flag_named, words) if flag is not None]
    if "TELECOMMUTE" in all_of(posting.get("jobLocationType")):
        flags.append(JobFlag.REMOTE.value)
    if name_of(posting.get("experienceRequirements")) == "no requirements":
        flags.append(JobFlag.INEXPERIENCED_OK.value)
    return flags


def _licences(posting: Mapping[str, Any]) -> tuple[list[str], list[str]]:
    """Required licences, and the requirements that are no plain list of them: those people read themselves.

    A licence that a sentence names is required too, unless it says that one may do without it, or names others.
    """
    licences: list[str] = []
    rest: list[str] = []
    for requirement in all_of(posting.get("qualifications")):
        text = plain_text(str(name_of(requirement) or ""))
        known = [licence_named(word) or licence_named(_HELD.sub("", word)) for word in listed_words(text)]
        found = [licence for licence in known if licence is not None]
        if found and len(found) == len(known) and not _NOT_REQUIRED.search(text):
            licences += found
        elif text:
            rest.append(text)
            licences += _stated(text)
    return list(dict.fromkeys(licences)), rest


def _stated(text: str) -> list[str]:
    if _EITHER.search(text):
        return []
    clauses = [clause for clause in re.split(r"[。;；\n、,]", text) if not _NOT_REQUIRED.search(clause)]
    return [licence for clause in clauses for licence in licences_stated(clause)]


def _text(posting: Mapping[str, Any], requirements: Sequence[str]) -> str | None:
    parts = [plain_text(str(name_of(posting.get("description")) or ""))]
    parts += [f"応募資格: {requirement}" for requirement in requirements]
    return "\n\n".join(part for part in parts if part)[:TEXT_LENGTH] or None


def _picture(value: Any) -> Any:
    picture = first_of(value)
    if isinstance(picture, dict):
        return picture.get("url") or picture.get("contentUrl")
    return picture


def _day(value: Any) -> Any:
    """The day in Tokyo of a time; a day as it stands."""
    text = name_of(value)
    if text is None or "T" not in text:
        return text
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return text[:10]
    return (moment.astimezone(TOKYO) if moment.tzinfo is not None else moment).date().isoformat()
