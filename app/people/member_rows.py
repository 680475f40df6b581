"""One imported member: its columns, the headings they may have, and what makes a row right (pure)."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from pydantic_core import PydanticCustomError

from app.errors import InvalidFields
from app.importing.cells import bad, folded, read_day, read_key, read_line, within
from app.importing.files import Columns
from app.importing.running import UnreadableRow
from app.jobs.cells import read_city, read_prefecture, read_words, read_yen
from app.jobs.vocabulary import employment_named, occupation_named, wage_type_named
from app.members.contacts import read_mail, read_phone
from app.members.facts import FACTS, read_facts
from app.members.values import UNSET, MemberData
from app.people.consent_rows import CONSENT_READERS, CONSENT_WORDS, SaidConsent, consents_in

NAME_LENGTH = 100
_YES = frozenset({"true", "yes", "1", "はい", "済", "済み", "あり", "有"})
_NO = frozenset({"false", "no", "0", "いいえ", "未", "なし", "無"})

COLUMN_WORDS: Mapping[str, tuple[str, ...]] = {
    "external_id": ("会員番号", "会員ID", "id"),
    "name": ("氏名", "名前", "お名前"),
    "phone": ("電話番号", "携帯電話", "電話"),
    "mail": ("メールアドレス", "メール", "email"),
    "recruiter": ("担当者", "担当者のメールアドレス"),
    "facts": ("わかっていること",),
    "occupation": ("希望職種", "職種"),
    "area": ("希望勤務地", "勤務地"),
    "employment": ("雇用形態", "希望の雇用形態"),
    "wage_unit": ("給与の形", "給与形態"),
    "wage_month": ("希望月給",),
    "wage_year": ("希望年収",),
    "wage_hour": ("希望時給",),
    "wage_day": ("希望日給",),
    "timing": ("転職時期",),
    "licence": ("資格", "保有資格"),
    "night": ("夜勤",),
    "urgency": ("探している段階",),
    "situation": ("現在の状況",),
    "leave_on": ("退職予定日",),
    "registered_on": ("登録日",),
    "consulted": ("面談済み", "面談"),
    "resume_filled": ("履歴書", "履歴書記入済み"),
    **CONSENT_WORDS,
}
"""Every column in English, and the Japanese headings that mean the same. `facts` is an object in JSON lines."""
COLUMNS = Columns(COLUMN_WORDS, ("external_id",))


@dataclass(frozen=True)
class ImportedMember:
    """What a row says: who they are, and what they agreed to."""

    data: MemberData
    consents: tuple[SaidConsent, ...] = ()

    @property
    def external_id(self) -> str:
        """The site's own key, which names the row."""
        return self.data.external_id


def read_member_row(values: Mapping[str, Any], recruiters: Mapping[str, int]) -> ImportedMember:
    """A member as a row tells it; what has no column stays unsaid, an empty cell empties.

    `recruiters`: staff by mail address. Errors: UnreadableRow with every fault of the row.
    """
    faults: list[tuple[str, str]] = []
    read: dict[str, Any] = {}
    for column, value in values.items():
        try:
            read[column] = _READERS[column](value)
        except PydanticCustomError as error:
            faults.append((column, error.message()))
        except InvalidFields as error:
            faults += [(field.removeprefix("facts."), reason) for field, reason in error.faults]
    if "external_id" not in values:
        faults.append(("external_id", "ありません"))
    recruiter = read.get("recruiter")
    if recruiter is not None and recruiter not in recruiters:
        faults.append(("recruiter", "このメールアドレスの担当者はいません"))
    consents, wrong = consents_in(read)
    faults += [fault for fault in wrong if fault[0] not in dict(faults)]
    if faults:
        raise UnreadableRow(faults)
    data = MemberData(
        external_id=read["external_id"],
        name=read.get("name", UNSET),
        phone=read.get("phone", UNSET),
        mail=read.get("mail", UNSET),
        facts=(read.get("facts") or {}) | {name: read[name] for name in FACTS if name in read},
        recruiter_id=(recruiter and recruiters[recruiter]) if "recruiter" in read else UNSET,
    )
    return ImportedMember(data, consents)


def _optional(read: Callable[[str], str]) -> Callable[[Any], str | None]:
    def optional(value: Any) -> str | None:
        text = read_line(value)
        return None if text is None else read(text)

    return optional


def _facts(value: Any) -> Any:
    if not isinstance(value, dict | None):
        raise bad("項目と値の組(オブジェクト)にしてください")
    return read_facts(value or {})


def _fact(name: str, words: Callable[[Any], Any]) -> Callable[[Any], Any]:
    """How a cell of a fact is read: first our words for what people write, then the fact's own rule."""

    def read(value: Any) -> Any:
        return read_facts({name: words(value)})[name]

    return read


def _code(value: Any) -> Any:
    return folded(value)


def _occupation(value: Any) -> Any:
    text = read_line(value)
    return None if text is None else occupation_named(text)


def _areas(value: Any) -> Any:
    if isinstance(value, list) and all(type(item) is int for item in value):
        return value
    return [_area(word) for word in read_words(value)] or None


def _area(word: str) -> int | None:
    try:
        return read_prefecture(word)
    except PydanticCustomError:
        return read_city(word, None)


def _employments(value: Any) -> Any:
    words = read_words(value)
    kinds = [employment_named(word) for word in words]
    if None in kinds:
        raise bad("知らない雇用形態です")
    return [kind.value for kind in kinds if kind is not None] or None


def _wage_unit(value: Any) -> Any:
    text = read_line(value)
    unit = None if text is None else wage_type_named(text)
    return unit.value if unit is not None else text


def _flag(value: Any) -> Any:
    text = None if isinstance(value, bool) else folded(value)
    if text is None:
        return value if isinstance(value, bool) else None
    if text.casefold() not in _YES | _NO:
        raise bad("「済」か「未」で書いてください")
    return text.casefold() in _YES


def _day(value: Any) -> Any:
    day = read_day(value)
    return None if day is None else day.isoformat()


def _fact_readers() -> Iterator[tuple[str, Callable[[Any], Any]]]:
    words: Mapping[str, Callable[[Any], Any]] = {
        "occupation": _occupation,
        "area": _areas,
        "employment": _employments,
        "wage_unit": _wage_unit,
        "licence": lambda value: read_words(value) or None,
        **dict.fromkeys(("wage_month", "wage_year", "wage_hour", "wage_day"), read_yen),
        **dict.fromkeys(("leave_on", "registered_on"), _day),
        **dict.fromkeys(("consulted", "resume_filled"), _flag),
    }
    for name in FACTS:
        yield name, _fact(name, words.get(name, _code))


_READERS: Mapping[str, Callable[[Any], Any]] = {
    "external_id": lambda value: read_key(value, 100),
    "name": lambda value: within(read_line(value), NAME_LENGTH),
    "phone": _optional(read_phone),
    "mail": _optional(read_mail),
    "recruiter": _optional(read_mail),
    "facts": _facts,
    **dict(_fact_readers()),
    **CONSENT_READERS,
}
