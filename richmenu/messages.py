"""What the bot says to the menu's own buttons: how to use it, ways to search, settings, progress (pure)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from app.clock import in_tokyo
from app.line.limits import Message
from app.line.messages import Action, message_action, postback_action, text_message
from app.line.postback import pack

WEEKDAYS = "月火水木金土日"
_LOCATION: Action = {"type": "location", "label": "場所を送る"}


@dataclass(frozen=True)
class SettingsShown:
    """What a person can look up about themselves here."""

    is_linked: bool
    has_wishes: bool
    opted_out: bool
    snoozed_until: datetime | None
    """Only while it is ahead."""


def how_to_use(*, is_linked: bool) -> list[Message]:
    """使い方."""
    text = (
        "このトークでできることです。\n\n"
        "・おすすめ：あなたの条件に合う求人をお見せします\n"
        "・探す：「横浜 看護師 夜勤なし」のように、言葉で求人を探せます\n"
        "・希望条件：1分ほどの質問で登録、いつでも変えられます\n"
        "・相談する：担当者がこのトークでお答えします\n\n"
        "「お休み」「配信停止」「再開」「メニュー」は、いつでも文字で送れます。"
    )
    choices = [_jobs(), _wishes(), _person()]
    return [text_message(text, choices=choices if is_linked else [*choices, _link()])]


def ways_to_search() -> list[Message]:
    """探す: which way."""
    text = "どのように探しますか？「横浜 看護師 夜勤なし 月30万以上」のように、言葉で送ることもできます。"
    return [
        text_message(
            text,
            choices=[
                postback_action("条件に合う求人", pack("job.first")),
                _LOCATION,
                postback_action("条件を変える", pack("survey.start", name="preferences")),
                _extras(),
                postback_action("保存した求人", pack("job.saved")),
                _person(),
            ],
        )
    ]


def settings_shown(now: SettingsShown) -> list[Message]:
    """いまの設定, with what can be changed about it."""
    lines = [
        "いまの設定です。",
        "",
        f"会員連携：{'連携済み' if now.is_linked else 'まだ連携していません'}",
        f"希望条件：{'登録済み' if now.has_wishes else 'まだ登録していません'}",
        f"求人のお届け：{_delivery(now)}",
    ]
    choices = [_wishes(), _extras(), *([] if now.is_linked else [_link()])]
    if now.opted_out or now.snoozed_until is not None:
        choices.append(message_action("お届けを再開", "再開"))
    else:
        choices += [message_action("お休みする", "お休み"), message_action("停止する", "配信停止")]
    return [text_message("\n".join(lines), choices=choices)]


def progress_shown(
    applications: Sequence[tuple[str, str, datetime]],
    appointments: Sequence[tuple[str, datetime, str | None]],
    *,
    is_linked: bool,
) -> list[Message]:
    """応募と予定: (job, stage, since) and (kind, when, where)."""
    parts = []
    if appointments:
        lines = [f"・{moment(at)} {kind}{_at_place(place)}" for kind, at, place in appointments]
        parts.append("これからの予定\n" + "\n".join(lines))
    if applications:
        lines = [f"・{job}\n　{stage}（{day(at)}）" for job, stage, at in applications]
        parts.append("応募の状況\n" + "\n".join(lines))
    if not parts:
        linked = "いま進んでいる応募や予定はありません。"
        unlinked = "会員連携をすると、応募の状況や予定をここで確かめられます。"
        return [text_message(linked if is_linked else unlinked, choices=_next(is_linked=is_linked))]
    return [text_message("\n\n".join(parts), choices=[_person()])]


def how_is_work() -> list[Message]:
    """お仕事はいかがですか."""
    text = "ご入社後のご様子はいかがですか？気になることがあれば、どんなことでもお聞かせください。"
    choices = [
        postback_action("順調です", pack("work.tell", how="well")),
        postback_action("少し気になることがある", pack("work.tell", how="so_so")),
        postback_action("相談したい", pack("staff.ask")),
    ]
    return [text_message(text, choices=choices)]


def glad_to_hear() -> list[Message]:
    """順調です."""
    text = (
        "お聞かせくださり、ありがとうございます。何かありましたら、いつでもメニューの「相談する」からどうぞ。"
    )
    return [text_message(text)]


def moment(at: datetime) -> str:
    """11/24(火) 10:00, in Tokyo."""
    return f"{day(at)} {in_tokyo(at):%H:%M}"


def day(at: datetime) -> str:
    """11/24(火), in Tokyo."""
    local = in_tokyo(at)
    return f"{local.month}/{local.day}({WEEKDAYS[local.weekday()]})"


def _delivery(now: SettingsShown) -> str:
    if now.opted_out:
        return "停止しています"
    return f"{day(now.snoozed_until)}までお休み" if now.snoozed_until is not None else "お届けしています"


def _at_place(place: str | None) -> str:
    return f"（{place[:40]}）" if place else ""


def _next(*, is_linked: bool) -> list[Action]:
    return [_jobs(), _person()] if is_linked else [_link(), _jobs(), _person()]


def _jobs() -> Action:
    return postback_action("おすすめを見る", pack("job.first"))


def _wishes() -> Action:
    return postback_action("希望条件を登録・変更", pack("survey.start", name="preferences"))


def _extras() -> Action:
    """What is wished or avoided besides the 希望条件."""
    return postback_action("こだわり条件", pack("survey.start", name="extras"))


def _link() -> Action:
    return postback_action("会員連携", pack("link.ask"))


def _person() -> Action:
    return postback_action("担当者に相談", pack("staff.ask"))
