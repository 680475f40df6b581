"""配信停止, お休み and 再開 in the words that people use for them (pure).

Only a text that says nothing else is a command: stopping is easily undone, but must not be guessed from a sentence
about work. What is near it, 「配信停止の方法は?」, is answered with the settings, which have the buttons.
"""

import re
import unicodedata
from enum import StrEnum


class Command(StrEnum):
    """Words that work at any time, by text and by menu."""

    OPT_OUT = "配信停止"
    BREAK = "お休み"
    RESUME = "再開"


_NOW = r"(?:もう|今後|これ以上|しばらく|当分|少し|ちょっと|いったん|一旦|全部|全て|すべて)*"
_NEWS = (
    r"(?:求人|お?仕事)?の?(?:情報|お知らせ|おしらせ|通知|案内|配信|メッセージ|line|ライン|お届け)"
    r"(?:の(?:配信|送信|お届け|通知|受信|受け取り))?"
)
_PARTICLE = r"(?:を|は|が|も)?"
_PLEASE = (
    r"(?:(?:し|にし)?て|したい|する|たい|ます|る|で|を)?(?:の(?:を|が)?)?"
    r"(?:ほしい|欲しい|(?:くだ|下)さい|もらえ(?:ますか|ませんか)|もらいたい|くれ(?:ますか|ませんか)?"
    r"|(?:いただ|頂)け(?:ますか|ませんか)|(?:いただ|頂)きたい|お願い(?:します|いたします|できますか)?|おねがいします"
    r"|希望(?:します)?)?(?:です|ね|よ|と思います)*"
)
_STOP = (
    r"(?:停止|解除|ストップ|中止|拒否|オフ|止め|とめ|やめ|辞め|不要|(?:い|要)らない|(?:い|要)りません|結構|けっこう"
    r"|(?:送|おく)らない|送ってこない|送信しない|配信しない|通知しない)"
)
_PATTERNS = {
    Command.OPT_OUT: re.compile(
        rf"{_NOW}{_NEWS}{_PARTICLE}{_NOW}{_STOP}{_PLEASE}"
        rf"|{_NOW}(?:求人|お?仕事)?{_PARTICLE}{_NOW}(?:送らない|送ってこない|送信しない|配信しない){_PLEASE}"
        rf"|{_NOW}求人(?:は|が)?{_NOW}(?:不要|(?:い|要)らない|(?:い|要)りません){_PLEASE}"
        r"|停止|ストップ|stop|unsubscribe"
    ),
    Command.BREAK: re.compile(
        rf"お休み(?:し(?:たい|ます)|する)?(?:です)?|おやすみ|{_NOW}{_NEWS}{_PARTICLE}{_NOW}お?(?:休み|休止|休んで){_PLEASE}"
        rf"|(?:しばらく|少し|当分|いったん|一旦)の?(?:間|あいだ)?{_PARTICLE}お?(?:休み|休止|休んで){_PLEASE}"
    ),
    Command.RESUME: re.compile(
        rf"(?:{_NEWS}|求人|お休み)?{_PARTICLE}再開{_PLEASE}|{_NEWS}{_PARTICLE}また(?:送って|届けて){_PLEASE}"
    ),
}
_NEARLY = re.compile(
    r"(?:配信|通知|お知らせ|おしらせ|メッセージ|お届け).{0,6}(?:停止|解除|止め|とめ|やめ|ストップ|休み|休止|再開|設定)"
)


LONGEST = 60
"""Letters: nobody asks at greater length, and what the patterns cost grows with the square of it."""


def read_command(text: str) -> Command | None:
    """One of the three, when the text asks for it and for nothing else, in any width; None for anything else."""
    words = plain(text)
    if len(words) > LONGEST:
        return None
    return next((command for command, pattern in _PATTERNS.items() if pattern.fullmatch(words)), None)


def is_about_commands(text: str) -> bool:
    """Whether a text speaks of stopping or resuming the news without plainly asking for it."""
    return _NEARLY.search(plain(text)) is not None


def plain(text: str) -> str:
    """A text without case, width, spaces and closing marks, to be compared with words."""
    folded = unicodedata.normalize("NFKC", text).casefold()
    return "".join(folded.split()).strip("。.!?、,「」『』\"'")
