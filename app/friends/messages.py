"""What the bot says about the friendship itself (pure)."""

from collections.abc import Sequence
from datetime import datetime

from app.clock import in_tokyo
from app.line.limits import Message
from app.line.messages import Action, message_action, postback_action, text_message
from app.line.postback import pack

GREETING_VERSION = "2026-11"
"""Following is consent to job news, given to this text; change the text, change the version."""


def main_choices() -> list[Action]:
    """The four things a person can always do."""
    return [
        postback_action("希望条件を登録(1分)", pack("survey.start", name="preferences")),
        postback_action("会員連携", pack("link.ask")),
        postback_action("求人を探す", pack("job.first")),
        postback_action("担当者に相談", pack("staff.ask")),
    ]


def greeting() -> list[Message]:
    """For a new friend, without a name: the profile is not known yet."""
    who = (
        "友だち追加ありがとうございます。お仕事探しをお手伝いする「ごえん」です。\n\n"
        "ここでは、あなたに合いそうな求人をお届けします。お届けが不要になったら、いつでも「配信停止」と送ってください。"
    )
    what = (
        "まずは1分ほどの質問で、希望をお聞かせください。"
        "会員連携をすると、サイトで見た求人や応募状況に合わせたご案内ができます。\n\n"
        "下のボタンからどうぞ。"
    )
    return [text_message(who), text_message(what, choices=main_choices())]


def welcome_back(*, has_answers: bool) -> list[Message]:
    """For somebody who has unblocked us: short, nothing is asked again."""
    kept = "前にお聞きした希望条件は、そのまま残っています。" if has_answers else ""
    return [text_message(f"おかえりなさい。またお会いできてうれしいです。{kept}", choices=main_choices())]


def opted_out() -> list[Message]:
    """After 配信停止."""
    text = "求人のお届けを停止しました。ご質問やご相談には、これまでどおりお答えします。"
    return [text_message(text, choices=[message_action("お届けを再開", "再開")])]


def on_break(until: datetime) -> list[Message]:
    """After お休み."""
    day = in_tokyo(until)
    text = f"{day.month}月{day.day}日まで、求人のお届けをお休みします。早めに再開したいときは「再開」と送ってください。"
    return [text_message(text, choices=[message_action("いま再開する", "再開")])]


def resumed() -> list[Message]:
    """After 再開."""
    return [text_message("求人のお届けを再開しました。どうぞよろしくお願いします。", choices=main_choices())]


def not_understood() -> list[Message]:
    """The bot has no answer; after the second time in a row a person takes over."""
    text = (
        "すみません、うまく読み取れませんでした。下のボタンから選んでいただくか、別の言葉で送ってください。"
    )
    return [text_message(text, choices=main_choices())]


def thanks_for(what: str, *, choices: Sequence[Action] = ()) -> list[Message]:
    """Something other than text arrived and is kept."""
    text = f"{what}を受け取りました。ありがとうございます。この内容についてのご相談は、担当者がお答えします。"
    return [text_message(text, choices=choices or main_choices())]


def hello() -> list[Message]:
    """For a hello: what this is for."""
    text = (
        "ご連絡ありがとうございます。お仕事探しをお手伝いします。下のボタンからどうぞ。"
        "「横浜 看護師 夜勤なし」のように、言葉で求人を探すこともできます。"
    )
    return [text_message(text, choices=main_choices())]


def small_talk() -> list[Message]:
    """For a sticker or a thank-you."""
    return [
        text_message(
            "ありがとうございます。お手伝いできることがあれば、いつでもどうぞ。", choices=main_choices()
        )
    ]


def linking_is_off() -> list[Message]:
    """会員連携 was tapped where this installation has no login channel."""
    text = (
        "会員連携は、このアカウントではまだご利用いただけません。"
        "希望条件を登録していただくと、連携なしでも合う求人をお届けできます。"
    )
    choices = main_choices()
    return [text_message(text, choices=[choices[0], *choices[2:]])]


def button_is_old() -> list[Message]:
    """A button whose data we cannot read any more, or never made."""
    return [text_message("このボタンは使えなくなりました。下のボタンからどうぞ。", choices=main_choices())]
