"""What a person's words or taps mean as an answer to one question (pure).

Nothing is guessed: words that fit several answers are asked back, words that fit none get a hint.
"""

import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from app.areas import find_cities, find_prefectures, find_region, is_area, prefecture_of
from app.line.text import clean_text, clip_words
from surveys.numerals import read_day, read_number
from surveys.rules import Value, amount_text
from surveys.schema import Option, Question, QuestionType

MOST_CHOICES = 24
"""More readings than this are not asked back one by one."""


@dataclass(frozen=True)
class Accepted:
    """An answer in the shape that is stored."""

    value: Value


@dataclass(frozen=True)
class Refused:
    """Not an answer; the hint says what would be one."""

    hint: str


@dataclass(frozen=True)
class Ambiguous:
    """Several answers may be meant: the values as they would be tapped, never empty."""

    choices: tuple[str, ...]


Reading = Accepted | Refused | Ambiguous

_HIRAGANA = {code: code - 0x60 for code in range(ord("ァ"), ord("ヶ") + 1)}
# What may stand around an answer without changing it.
_FILLER = re.compile(
    r"(?:希望|したい|やりたい|働きたい|です|ます|がいい|が良い|でいい|お願いします|おねがいします|とか|または|もしくは"
    r"|かな|かも|のお?仕事|[とやかもがをのでに、,。.!・/&+])*"
)
_PLACE_TAIL = re.compile(
    r"(?:の?(?:どこでも|全域|全体|近く|近辺)|周辺|付近|あたり|方面|内|で|がいい|が良い|を?希望|です|お願いします|[。!、])+$"
)
_PLACE_SEPARATORS = re.compile(r"[、,・/／\n]+|または|もしくは|\s+")
_PLACE_PARTICLES = re.compile(r"と|や|か")


def read_answer(question: Question, text: str, today: date) -> Reading:
    """Read typed words; never raises, whatever was typed."""
    cleaned = clean_text(text).strip()
    if not cleaned:
        return Refused(hint_of(question))
    if len(cleaned) > 300 and question.type is not QuestionType.TEXT:
        return Refused(hint_of(question))
    return _READERS[question.type](question, cleaned, today)


def read_tap(question: Question, value: str) -> Value:
    """The answer behind a tapped value; None when this question never had such a button."""
    if question.type is QuestionType.SINGLE:
        return value if question.option(value) else None
    if question.type in (QuestionType.PREFECTURE, QuestionType.MUNICIPALITY):
        return _tapped_place(question, value)
    if question.type is QuestionType.NUMBER:
        return int(value) if question.option(value) else None
    if question.type is QuestionType.DATE:
        return _iso_day(value)
    return None


def hint_of(question: Question) -> str:
    """The question's own hint, or one for its type."""
    return question.hint or _HINTS[question.type]


def folded(text: str) -> str:
    """One spelling for comparing: NFKC, lower case, no spaces, katakana as hiragana."""
    plain = unicodedata.normalize("NFKC", text).casefold().translate(_HIRAGANA)
    return re.sub(r"\s", "", plain)


_HINTS: Mapping[QuestionType, str] = {
    QuestionType.SINGLE: "ボタンから一つ選んでください。",
    QuestionType.MULTI: "あてはまるものをすべて選び、「決定」を押してください。",
    QuestionType.NUMBER: "数字で教えてください。",
    QuestionType.DATE: "日付を「4月1日」のように教えてください。",
    QuestionType.PREFECTURE: "都道府県の名前を教えてください。",
    QuestionType.MUNICIPALITY: "市区町村の名前を、都道府県も付けて教えてください（例：神奈川県横浜市）。",
    QuestionType.TEXT: "文字で教えてください。",
}


def _read_single(question: Question, text: str, _today: date) -> Reading:
    found, is_clear = _find_options(question.options, text)
    if len(found) == 1 and is_clear:
        return Accepted(found[0])
    return _asked_back(question, found)


def _read_multi(question: Question, text: str, _today: date) -> Reading:
    found, is_clear = _find_options(question.options, text)
    alone = [value for value in found if (option := question.option(value)) and option.exclusive]
    if found and is_clear and not (alone and len(found) > 1):
        return Accepted([each.value for each in question.options if each.value in found])
    return _asked_back(question, found)


def _asked_back(question: Question, found: Sequence[str]) -> Reading:
    return Ambiguous(tuple(found)) if 0 < len(found) <= MOST_CHOICES else Refused(hint_of(question))


def _find_options(options: Sequence[Option], text: str) -> tuple[list[str], bool]:
    """Values whose names stand in the text, longest names first; True when nothing else stands there.

    Without any, values whose names contain the text (看護 → 看護師, 准看護師 …), which is never clear.
    """
    wanted = folded(text)
    names = {folded(name): each.value for each in options for name in (each.label, each.value, *each.aliases)}
    if wanted in names:
        return [names[wanted]], True
    found: list[str] = []
    rest = wanted
    for name in sorted(names, key=len, reverse=True):
        if len(name) > 1 and name in rest:
            rest = rest.replace(name, "、")
            found.append(names[name])
    if found:
        return list(dict.fromkeys(found)), _FILLER.fullmatch(rest) is not None
    near = [value for name, value in names.items() if len(wanted) > 1 and wanted in name]
    return list(dict.fromkeys(near)), False


def _read_number(question: Question, text: str, _today: date) -> Reading:
    option = next((each for each in question.options if folded(each.label) == folded(text)), None)
    number = int(option.value) if option is not None else read_number(text)
    if number is None:
        return Refused(hint_of(question))
    if question.least is not None and number < question.least:
        number *= question.bare_unit
    if not _is_between(number, question.least, question.most):
        return Refused(_bounds_hint(question))
    return Accepted(number)


def _is_between(number: int, least: int | None, most: int | None) -> bool:
    return (least is None or number >= least) and (most is None or number <= most)


def _bounds_hint(question: Question) -> str:
    least, most = question.least, question.most
    lower = amount_text(least, question.unit) + "以上" if least is not None else ""
    upper = amount_text(most, question.unit) + "以下" if most is not None else ""
    between = "、".join(bound for bound in (lower, upper) if bound)
    return f"{between}の数字で教えてください。"


def _read_date(question: Question, text: str, today: date) -> Reading:
    day = read_day(text, today)
    return Accepted(day.isoformat()) if day is not None else Refused(hint_of(question))


def _iso_day(value: str) -> str | None:
    try:
        day = date.fromisoformat(value)
    except ValueError:
        return None
    return day.isoformat() if 1900 <= day.year <= 2100 else None


def _read_text(question: Question, text: str, _today: date) -> Reading:
    if len(text) > question.max_length:
        return Refused(f"{question.max_length}文字以内で教えてください（いまは{len(text)}文字です）。")
    return Accepted(text)


def _read_place(question: Question, text: str, _today: date) -> Reading:
    meanings = _places(question, text)
    pieces = [text] if meanings else _pieces(question, text)
    found = [meanings] if meanings else [_places(question, piece) for piece in pieces]
    if len(found) == 1 and len(found[0]) > 1:
        return _asked_back(question, [str(code) for code in found[0]])
    for piece, codes in zip(pieces, found, strict=True):
        name = clip_words(piece, 20)
        if len(codes) > 1:
            return Refused(f"「{name}」はいくつかあります。「神奈川県横浜市」のように詳しく教えてください。")
        if not codes:
            return Refused(_explained(question, f"「{name}」がどこか分かりませんでした。"))
    if len(found) > question.up_to:
        return Refused(_explained(question, f"場所は{question.up_to}つまでです。"))
    return Accepted(list(dict.fromkeys(codes[0] for codes in found)))


def _explained(question: Question, words: str) -> str:
    """The words, and what would be an answer unless the question says so itself."""
    return words if question.hint else words + _HINTS[question.type]


def _pieces(question: Question, text: str) -> list[str]:
    """The places named one after another: by 、 and the like, else also by と, や, か."""
    pieces = [piece for piece in _PLACE_SEPARATORS.split(text) if piece.strip()]
    whole: list[str] = []
    for piece in pieces:
        parts = [part for part in _PLACE_PARTICLES.split(piece) if part]
        whole += [piece] if _places(question, piece) or not parts else parts
    return whole or [text]


def _places(question: Question, text: str) -> list[int]:
    """Codes that this text may mean; a region stands for its prefectures, to be asked back."""
    plain = unicodedata.normalize("NFKC", text).strip()
    for name in dict.fromkeys((plain, _PLACE_TAIL.sub("", plain))):
        prefectures = find_prefectures(name)
        if question.type is QuestionType.PREFECTURE:
            codes = prefectures or sorted({code // 1000 for code in find_cities(name)}) or find_region(name)
        else:
            codes = [*prefectures, *find_cities(name)] or find_region(name)
        if codes:
            return codes
    return []


def _tapped_place(question: Question, value: str) -> list[int] | None:
    code = int(value) if value.isascii() and value.isdigit() and len(value) <= 5 else 0
    if question.type is QuestionType.PREFECTURE:
        return [code] if code < 100 and prefecture_of(code) else None
    return [code] if is_area(code) else None


_READERS: Mapping[QuestionType, Callable[[Question, str, date], Reading]] = {
    QuestionType.SINGLE: _read_single,
    QuestionType.MULTI: _read_multi,
    QuestionType.NUMBER: _read_number,
    QuestionType.DATE: _read_date,
    QuestionType.PREFECTURE: _read_place,
    QuestionType.MUNICIPALITY: _read_place,
    QuestionType.TEXT: _read_text,
}
