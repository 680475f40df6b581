"""What is said about a typed search: what was understood, what to ask back, what could not be used (pure)."""

from collections.abc import Sequence
from dataclasses import replace

from app.line.limits import MAX_QUICK_REPLIES, Message
from app.line.messages import Action, postback_action, text_message
from app.line.postback import pack
from app.line.text import clip_words
from app.search.packing import keeps_titles, packed
from app.search.query import JobQuery
from app.search.wishes import Ambiguity, describe, unused, with_title

SEARCH = "job.search"
"""The action of a button that searches; its `q` is a packed query."""


def search_action(label: str, query: JobQuery, *, said: str | None = None) -> Action:
    """A button that searches with this query."""
    return postback_action(label, pack(SEARCH, q=packed(query)), display_text=said or label)


def ask_which_place(query: JobQuery, ambiguity: Ambiguity) -> Message:
    """府中市 is two places: a button for each, and one for all of them."""
    asked = tuple(choice.city for _, choice in ambiguity.choices)
    either = replace(query, readings=tuple(each for each in query.readings if not _is_asked(each, ambiguity)))
    choices = [search_action(name, choice) for name, choice in ambiguity.choices[: MAX_QUICK_REPLIES - 1]]
    words = "どちらでもよい" if len(asked) == 2 else "どこでもよい"
    question = "どちら" if len(asked) == 2 else "どこ"
    text = f"「{clip_words(ambiguity.name, 30)}」はいくつかあります。{question}のことでしょうか。"
    return text_message(text, choices=[*choices, search_action(words, either)])


def _is_asked(codes: tuple[int, ...], ambiguity: Ambiguity) -> bool:
    return all(codes not in choice.readings for _, choice in ambiguity.choices)


def did_you_mean(query: JobQuery, title: str, nearest: Sequence[str]) -> Message:
    """No job has this title: もしかして: 一般事務? Nothing is searched until one is chosen."""
    name = clip_words(title, 30)
    offered = [each for each in nearest if keeps_titles(with_title(query, title, each))]
    if not offered:
        return text_message(
            f"「{name}」の求人は、今のところ見つかりませんでした。別の言い方でも探せます。",
            choices=_without_title(query, title),
        )
    text = f"「{name}」の求人は、今のところ見つかりませんでした。\nもしかして: {'、'.join(offered)}?"
    choices = [search_action(each, with_title(query, title, each)) for each in offered]
    return text_message(text, choices=[*choices, *_without_title(query, title)])


def _without_title(query: JobQuery, title: str) -> list[Action]:
    rest = replace(query, occupation=tuple(each for each in query.occupation if each != title))
    return [search_action("職種を問わず探す", rest)] if describe(rest) and keeps_titles(rest) else []


def searched_for(query: JobQuery) -> str:
    """「横浜市・看護師」で探しました。 and honestly what was said in vain."""
    lines = [f"「{clip_words(describe(query), 300)}」で探しました。", *unused(query)]
    return "\n".join(lines)
