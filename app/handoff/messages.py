"""What the bot says when a person is wanted (pure)."""

from app.friends.messages import main_choices
from app.line.limits import Message
from app.line.messages import postback_action, text_message
from app.line.postback import pack


def person_will_answer(why: str | None, *, about: str | None = None) -> list[Message]:
    """A person takes over and reads what is written meanwhile; `why` is None when they were asked already.

    `about` names the job that the person asks about, at most 120 characters.
    """
    topic = "" if about is None else f"「{about}」について、"
    if why is None:
        text = f"{topic}担当者に伝わっています。このトークでお返事しますので、もう少しお待ちください。"
    elif why == "not_understood":
        text = "うまくお答えできず申し訳ありません。担当者が読んで、このトークでお返事します。"
    else:
        text = (
            f"{topic}担当者におつなぎします。順番にこのトークでお返事します。"
            "ご相談の内容を、ここにそのまま書いていただくとスムーズです。"
        )
    return [text_message(text, choices=[postback_action("自動の案内に戻る", pack("staff.done"))])]


def back_to_bot() -> list[Message]:
    """The person goes on with the bot."""
    return [text_message("自動の案内に戻りました。下のボタンからどうぞ。", choices=main_choices())]
