"""Words fitted into a box: as large as possible, in at most two lines, never over the edge."""

from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

from noto_cjk_sans_jp_bold import FONT_PATH as BOLD
from noto_cjk_sans_jp_regular import FONT_PATH as REGULAR
from PIL import ImageFont

Font = ImageFont.FreeTypeFont
_NOT_FIRST = frozenset("、。，．・：；？！）」』】〉》ーァィゥェォッャュョぁぃぅぇぉっゃゅょ々)]}!?,.:;%")
_NOT_LAST = frozenset("（「『【〈《([{")
_STEP = 4


class Fitted(NamedTuple):
    """Lines and the font they are written in."""

    lines: tuple[str, ...]
    font: Font
    line_height: int

    @property
    def height(self) -> int:
        """Of all lines together."""
        return self.line_height * len(self.lines)


def fit(words: str, width: int, *, most: int, least: int, is_bold: bool = True) -> Fitted:
    """The largest writing of the words that is not wider than `width`.

    One line as long as it can be read well (three quarters of the largest size), then two; what fits in no way
    even at the least size is made smaller still.
    """
    for size in range(most, max(most * 3 // 4, least) - 1, -_STEP):
        if _width(words, size, is_bold=is_bold) <= width:
            return _fitted((words,), size, is_bold=is_bold)
    for size in range(most, 11, -_STEP):
        for lines in _broken(words):
            if max(_width(line, size, is_bold=is_bold) for line in lines) <= width:
                return _fitted(lines, size, is_bold=is_bold)
    return _fitted((words,), 12, is_bold=is_bold)


def font_of(size: int, *, is_bold: bool = True) -> Font:
    """Noto Sans JP at this size."""
    return _font(str(BOLD if is_bold else REGULAR), size)


@lru_cache(maxsize=128)
def _font(path: str, size: int) -> Font:
    return ImageFont.truetype(path, size, layout_engine=ImageFont.Layout.BASIC)


def _fitted(lines: tuple[str, ...], size: int, *, is_bold: bool) -> Fitted:
    return Fitted(lines, font_of(size, is_bold=is_bold), size * 5 // 4)


def _width(words: str, size: int, *, is_bold: bool) -> int:
    return int(font_of(size, is_bold=is_bold).getlength(words)) + 1


def _broken(words: str) -> Iterator[tuple[str, ...]]:
    """Two lines, the most even break first; no line begins or ends as none may. One line if none is left."""
    middle = len(words) / 2
    places = sorted(range(1, len(words)), key=lambda at: (abs(at - middle), at))
    allowed = [at for at in places if words[at] not in _NOT_FIRST and words[at - 1] not in _NOT_LAST]
    spaces = [at for at in allowed if words[at - 1] == " " or words[at] == " "]
    for at in (spaces or allowed)[:1]:
        yield words[:at].strip(), words[at:].strip()
    if not allowed:
        yield (words,)
