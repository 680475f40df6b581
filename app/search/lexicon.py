"""Every word that the reader knows, in one look-up by first letters (built once, at import).

At each position of a text the longest word wins: 営業事務 is no 営業, and 東京都 no 京都. Words that look like
a known one, such as 営業時間, are in it too and mean nothing.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from enum import Enum

from app.jobs.vocabulary import EMPLOYMENT_NAMES, EMPLOYMENT_WORDS, OCCUPATION_WORDS, EmploymentType
from app.search.amounts import KANJI
from app.search.flags import TOPICS, Topic
from app.search.folding import folded, is_katakana
from app.search.places import GROUP_NAMES, PLACE_NAMES
from app.search.wordlists import words_by_name, words_in


class Kind(Enum):
    """What a word is about."""

    PLACE = 1
    OCCUPATION = 2
    EMPLOYMENT = 3
    TOPIC = 4
    NOTHING = 5


@dataclass(frozen=True, slots=True)
class Word:
    """One word of the lexicon; of the values only those of its kind are set."""

    kind: Kind
    codes: tuple[int, ...] = ()
    is_group: bool = False
    """All codes are meant, not one of them."""
    title: str = ""
    employment: EmploymentType | None = None
    topic: Topic | None = None
    is_katakana: bool = False
    """So short that it counts only where it is written in katakana."""
    is_spelt: bool = False
    """Listed in hiragana for those who type no kanji; in katakana it may touch other letters: ヤキンナシ."""
    is_numeral: bool = False
    """A place that is written as a number: 十三."""


_FOLLOWING = ("すたっふ", "さん", "りーだー", "ちーふ")
_OPEN_TITLES = ("どらいばー", "えんじにあ", "ぷろぐらまー", "ぷろぐらま", "なーす", "おぺれーたー")
"""Katakana words that end longer ones of the same kind: フロントエンドエンジニア."""
_PARTICLES = frozenset("はがでにのとやかもをへ")
_NUMERALS = frozenset(KANJI)
_COUNTED = frozenset(KANJI + "万億円歳才日月年時分秒週回人名件社個本枚階号度代")
"""After a number: it counts something."""


def _words() -> Iterator[tuple[str, Word]]:
    for text in words_in("no_words.txt"):
        yield text, Word(Kind.NOTHING)
    yield from _titles()
    more = words_by_name("employment.txt")
    for kind, others in EMPLOYMENT_WORDS.items():
        for text in (EMPLOYMENT_NAMES[kind], *others, *more[kind.value]):
            yield text, Word(Kind.EMPLOYMENT, employment=kind)
    for topic, texts in TOPICS.items():
        for text in texts:
            yield text, _spelt(Word(Kind.TOPIC, topic=topic), text)
    for name, codes in PLACE_NAMES.items():
        is_group = name in GROUP_NAMES or codes[0] < 100
        yield name, Word(Kind.PLACE, codes=codes, is_group=is_group, is_numeral=set(name) <= _NUMERALS)


def _titles() -> Iterator[tuple[str, Word]]:
    for text in words_in("other_titles.txt"):
        yield text, _spelt(Word(Kind.OCCUPATION, title=text), text)
    spoken = words_by_name("occupations.txt")
    for name, others in OCCUPATION_WORDS.items():
        for text in (name, *others, *spoken.get(name, ())):
            yield text, _spelt(Word(Kind.OCCUPATION, title=name), text)


def _spelt(word: Word, text: str) -> Word:
    return replace(word, is_katakana=_is_short_katakana(text), is_spelt=_is_all_hiragana(text))


def _is_all_hiragana(text: str) -> bool:
    return all("ぁ" <= letter <= "ゖ" or letter == "ー" for letter in text)


def _is_short_katakana(text: str) -> bool:
    return len(text) <= 3 and "ー" not in text and all(map(is_katakana, text))


def _lexicon() -> dict[str, Word]:
    words: dict[str, Word] = {}
    for text, word in _words():
        words.setdefault(folded(text), word)
    return words


LEXICON: Mapping[str, Word] = _lexicon()


def _lengths() -> dict[str, tuple[int, ...]]:
    lengths: dict[str, set[int]] = defaultdict(set)
    for text in LEXICON:
        lengths[text[:2]].add(len(text))
    return {start: tuple(sorted(found, reverse=True)) for start, found in lengths.items()}


_LENGTHS = _lengths()


def word_at(text: str, tidy: str, at: int, *, joined: bool = False) -> tuple[Word, int] | None:
    """The longest known word of the folded text that starts at this position, and where it ends.

    `joined`: another known word ends here, as in タクシーアルバイト.
    """
    for length in _LENGTHS.get(text[at : at + 2], ()):
        end = at + length
        word = LEXICON.get(text[at:end])
        if (
            word is not None
            and end <= len(text)
            and _stands_alone(word, text, tidy, (at, end), joined=joined)
        ):
            return word, end
    word = LEXICON.get(text[at])
    if word is not None and _is_lone_letter(word, text, at):
        return word, at + 1
    return None


def _is_lone_letter(word: Word, text: str, at: int) -> bool:
    """堺, 柏: a place of one letter stands between letters that are no kanji."""
    if word.kind is not Kind.PLACE:
        return True
    before, after = text[at - 1 : at], text[at + 1 : at + 2]
    return not ("一" <= before <= "鿿") and (
        after in {"", " ", "、", "。", "・", ",", "/", "駅"} or after in _PARTICLES
    )


def _stands_alone(word: Word, text: str, tidy: str, span: tuple[int, int], *, joined: bool) -> bool:
    """False inside of a longer word: パート in デパート, se in seo, ながの in 「ながのびる」."""
    at, end = span
    first, last = tidy[at], tidy[end - 1]
    if word.is_numeral and _is_part_of_number(text, at, end):
        return False
    if word.is_katakana and not is_katakana(first):
        return False
    if last <= "z" or first <= "z":
        return _is_whole_ascii(tidy, at, end)
    if word.is_spelt and is_katakana(first):
        return True
    if is_katakana(last) and not _ends_there(text, tidy, end):
        return False
    if is_katakana(first) and at and is_katakana(tidy[at - 1]) and first != "ー":
        return joined or text[at:end].startswith(_OPEN_TITLES)
    if "ぁ" <= first <= "ゖ" and "ぁ" <= last <= "ゖ":
        is_known = end - at > 4 or not _is_all_hiragana(tidy[at:end])
        return is_known or _is_whole_hiragana(tidy, at, end, is_open=word.kind is Kind.TOPIC)
    return True


def _is_part_of_number(text: str, at: int, end: int) -> bool:
    """二十三万, 十三日: no place."""
    return text[at - 1 : at] in _NUMERALS or text[end : end + 1] in _COUNTED


def _ends_there(text: str, tidy: str, end: int) -> bool:
    """False where more katakana follow that are no word of their own."""
    if end == len(tidy) or not is_katakana(tidy[end]) or text.startswith(_FOLLOWING, end):
        return True
    return word_at(text, tidy, end, joined=True) is not None


def _is_whole_ascii(tidy: str, at: int, end: int) -> bool:
    def is_letter(text: str) -> bool:
        return text.isascii() and text.isalnum()

    starts = not is_letter(tidy[at]) or at == 0 or not is_letter(tidy[at - 1])
    return starts and (end == len(tidy) or not is_letter(tidy[end - 1]) or not is_letter(tidy[end]))


def _is_whole_hiragana(tidy: str, at: int, end: int, *, is_open: bool) -> bool:
    """With nothing but particles around it; what follows an open one is read by itself."""
    before, after = tidy[at - 1 : at] if at else "", tidy[end : end + 1]
    starts = before == "" or not _is_all_hiragana(before) or before in _PARTICLES
    return starts and (is_open or after == "" or not _is_all_hiragana(after) or after in _PARTICLES)
