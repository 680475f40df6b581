"""What is said about what a search found, and about saving its conditions (pure)."""

from collections.abc import Sequence

from app.jobs.feedback_messages import more_jobs_action
from app.jobs.messages import change_wishes_action
from app.jobs.searching import MOST_COUNTED, MOST_FOUND, Bookmark
from app.line.limits import Message
from app.line.messages import Action, postback_action, text_message
from app.line.postback import pack
from app.line.text import clip_words
from app.search.bookmarks import bookmark_text
from app.search.messages import SEARCH, search_action, searched_for
from app.search.packing import packed
from app.search.query import JobQuery
from app.search.relaxing import Way
from app.search.wishes import describe, kept_of, not_kept, rows, unused


def found_text(query: JobQuery, total: int, excluded: str) -> str:
    """What was searched for, how many were found, and what was left out because the person avoids it."""
    left_out = [f"避けたい条件の「{excluded}」は除いています。"] if excluded else []
    order = "新しい順にお見せします。" if total > 1 else ""
    return "\n".join(
        [searched_for(query), *left_out, f"{_counted(total, MOST_FOUND)}見つかりました。{order}"]
    )


def more_action(query: JobQuery, after: Bookmark) -> Action:
    """もっと見る: the page that begins after this job."""
    return postback_action("もっと見る", pack(SEARCH, q=packed(query), after=bookmark_text(after)))


def save_action(query: JobQuery) -> Action:
    """この条件で保存: asks before anything is changed."""
    return postback_action("この条件で保存", pack("search.save", q=packed(query)))


def end_of_list(query: JobQuery) -> Message:
    """There is no further page."""
    choices = [save_action(query), more_jobs_action(), change_wishes_action()]
    return text_message(f"「{_said(query)}」の求人は、以上です。", choices=choices)


def nothing_found(query: JobQuery, ways: Sequence[tuple[Way, int]]) -> Message:
    """No open job meets all that was said: what would help, with how many jobs there are then."""
    lines = [f"「{_said(query)}」に合う求人は、今のところ見つかりませんでした。", *unused(query)]
    if ways:
        lines += [
            "次のようにすると見つかります。",
            *(f"・{way.label}：{_counted(count, MOST_COUNTED)}" for way, count in ways),
        ]
    buttons = [search_action(way.label, way.query) for way, _ in ways]
    return text_message("\n".join(lines), choices=[*buttons, more_jobs_action(), change_wishes_action()])


def ask_to_save(query: JobQuery) -> Message:
    """Whether the conditions of a search are to become the person's wishes, and which of them cannot."""
    conditions = rows(kept_of(query))
    lost = f"{'、'.join(not_kept(query))}は、希望条件には残せません。" if not_kept(query) else ""
    if not conditions:
        choices = [more_jobs_action(), change_wishes_action()]
        return text_message(f"希望条件に残せるものがありません。\n{lost}".rstrip(), choices=choices)
    lines = [
        "これからのおすすめを、この条件にしますか？",
        *(f"・{name}：{clip_words(words, 200)}" for name, words in conditions),
        *([lost] if lost else []),
        "いまの希望条件は、これに置き換わります。資格と、避けたいものは残ります。",
    ]
    yes = postback_action(
        "はい", pack("search.keep", q=packed(query)), display_text="この条件を希望条件にする"
    )
    no = postback_action("いいえ", pack("wish.keep"), display_text="希望条件はこのままにする")
    return text_message("\n".join(lines), choices=[yes, no])


def old_search() -> Message:
    """A button whose search we cannot read any more."""
    text = "このボタンの検索条件は読み取れなくなりました。「横浜 看護師 夜勤なし」のように送ってください。"
    return text_message(text, choices=[more_jobs_action(), change_wishes_action()])


def _said(query: JobQuery) -> str:
    return clip_words(describe(query), 300)


def _counted(count: int, most: int) -> str:
    return f"{count}件" if count < most else f"{most:,}件以上"
