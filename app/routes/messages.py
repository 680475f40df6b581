"""What the bot says to somebody who has sent a route's code (pure)."""

from app.friends.messages import main_choices
from app.line.limits import Message
from app.line.messages import text_message
from app.line.text import clip_graphemes
from app.routes.rules import LONGEST_PROMISE


def came_by_route(promise: str | None) -> list[Message]:
    """Thanks, and what was promised where the code was shown."""
    thanks = "ご案内を見てくださって、ありがとうございます。受付コードを確認しました。"
    kept = f"\n\n{clip_graphemes(promise, LONGEST_PROMISE)}" if promise else ""
    return [text_message(f"{thanks}{kept}\n\n下のボタンからどうぞ。", choices=main_choices())]


def came_by_ended_route() -> list[Message]:
    """The route has ended; the person is as welcome as anybody."""
    text = (
        "ご連絡ありがとうございます。このご案内の受付は終了しましたが、お仕事探しはいつでもお手伝いできます。"
    )
    return [text_message(text, choices=main_choices())]


def code_unknown() -> list[Message]:
    """No route has this code: it was typed wrong, or it is another account's."""
    text = "メッセージありがとうございます。受付コードは確認できませんでした。下のボタンはそのままお使いいただけます。"
    return [text_message(text, choices=main_choices())]
