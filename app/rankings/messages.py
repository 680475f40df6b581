"""What Goen says about rankings (pure)."""

from datetime import date

from app.areas import area_name, is_area
from app.line.limits import Message
from app.line.messages import postback_action, text_message
from app.line.postback import pack
from app.line.text import clip_utf16
from app.rankings.rules import ANY_OCCUPATION, JAPAN, WINDOW_DAYS

NEAR_BADGE = "お近くの求人"
ALL_OF_JAPAN = "全国"


def rank_badge(rank: int | None) -> str:
    """What stands on a card: 1位; a near job has no rank."""
    return NEAR_BADGE if rank is None else f"{rank}位"


def ranking_title(area: int, occupation: str) -> str:
    """神奈川県・看護師の人気求人ランキング, 全国の人気求人ランキング."""
    of = (
        _area(area)
        if occupation == ANY_OCCUPATION
        else f"{_area(area)}・{clip_utf16(occupation.strip(), 40)}"
    )
    return f"{of}の人気求人ランキング"


def _area(code: int) -> str:
    """Municipalities merge, and jobs keep the code they came with."""
    if code == JAPAN:
        return ALL_OF_JAPAN
    return area_name(code) if is_area(code) else "お近く"


def ranking_heading(title: str, since: date, *, has_near: bool) -> Message:
    """What is counted and since when; `has_near`: some cards have no rank."""
    near = "\n順位のない求人は、お近くで最近見られているものです。" if has_near else ""
    return text_message(
        f"{title}です。\n{since.month}月{since.day}日から見た方・保存した方・応募した方の人数を、"
        f"新しいほど重く数えています。{near}"
    )


def no_ranking() -> Message:
    """Nobody has looked at enough jobs yet."""
    return text_message(
        f"この{WINDOW_DAYS}日間に見られた求人がまだ少ないため、ランキングをお見せできません。",
        choices=[postback_action("求人を探す", pack("job.first"))],
    )
