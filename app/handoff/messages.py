"""What the bot says when a person is wanted (pure)."""

from app.line.limits import Message
from app.line.messages import text_message


def person_will_answer(*, is_new: bool) -> list[Message]:
    """The wish has been passed on; what is written until then is read by the person too."""
    if not is_new:
        return [
            text_message("担当者に伝わっています。このトークでお返事しますので、もう少しお待ちください。")
        ]
    return [
        text_message(
            "担当者におつなぎします。順番にこのトークでお返事します。"
            "ご相談の内容を、ここにそのまま書いていただくとスムーズです。"
        )
    ]
