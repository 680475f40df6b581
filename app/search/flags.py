"""What a word about nights, overtime, weekends and the like asks for, by what follows it (pure)."""

import re
from collections.abc import Callable, Mapping

from app.jobs.vocabulary import JobFlag
from app.search.denial import NEVER_MIND, NOT_DONE, NOTHING_ELSE, UNNEEDED
from app.search.wordlists import words_by_name

Reading = tuple[JobFlag | None, int]
"""The flag that is asked for, None when none is, and where in the text its words end."""
Topic = Callable[[str, int], Reading]

_ONLY = re.compile(r"\s?(?:の)?\s?(?:専従|専門|専属|専任|専(?![攻用])|のみ|だけ|おんりー|一本)")
_ONLY_NOT = re.compile(r"(?:の?(?:お?仕事|求人))?(?:は|も|じゃな|ではな|以外|ng|を除)")
_SELDOM = re.compile(
    r"\s?(?:は|が|の|も)?(?:回数)?(?:は|が)?\s?(?:ちょっと|少し)?(?:少な|すくな|少々|手当|明け|専門学校)"
)
_NIGHT_TOO = re.compile(r"\s?(?:・|と|も|や|、|/|,|でも|[+&])?\s?夜勤|(?:も|でも)")
_EITHER = re.compile(r"\s?(?:あり|有り?)(?:でも|・|/|、)?(?:なし|無し)")


_SHARED = re.compile(
    r"\s?(?:と|や|も|、|・|,|/|とか)\s?(?:残業|夜勤|おんこーる|当直|宿直|土日祝?(?:出勤|勤務)|休日出勤"
    r"|時間外)"
)


def _is_refused_with_next(text: str, end: int) -> bool:
    """夜勤と残業なし: what is refused after the next word is refused for this one, too."""
    match = _SHARED.match(text, end)
    return match is not None and NOT_DONE.match(text, match.end()) is not None


def night(text: str, end: int) -> Reading:
    """夜勤."""
    if _is_refused_with_next(text, end):
        return JobFlag.NO_NIGHT, end
    if match := _EITHER.match(text, end) or _SELDOM.match(text, end):
        return None, match.end()
    if match := _ONLY.match(text, end):
        if _ONLY_NOT.match(text, match.end()) and (denied := NOT_DONE.match(text, match.end())):
            return (JobFlag.NO_NIGHT if "従" not in match[0] else None), denied.end()
        return JobFlag.NIGHT_ONLY, match.end()
    if match := NEVER_MIND.match(text, end):
        return JobFlag.NIGHT_OK, match.end()
    if match := NOT_DONE.match(text, end):
        return JobFlag.NO_NIGHT, match.end()
    return JobFlag.NIGHT_OK, end


def night_only(text: str, end: int) -> Reading:
    """夜専, 夜勤専従."""
    match = UNNEEDED.match(text, end)
    return (JobFlag.NIGHT_ONLY, end) if match is None else (None, match.end())


def shifts(text: str, end: int) -> Reading:
    """二交代, 三交代: nights are part of it."""
    match = UNNEEDED.match(text, end) or NOT_DONE.match(text, end)
    return (JobFlag.NIGHT_OK, end) if match is None else (JobFlag.NO_NIGHT, match.end())


def on_call(text: str, end: int) -> Reading:
    """オンコール, 当直: only a refusal says something about nights."""
    if match := NEVER_MIND.match(text, end):
        return None, match.end()
    match = NOT_DONE.match(text, end)
    return (None, end) if match is None else (JobFlag.NO_NIGHT, match.end())


def night_time(text: str, end: int) -> Reading:
    """夜間: says something about nights only with what follows."""
    flag, after = night(text, end)
    return (flag, after) if after > end else (None, end)


def evening(text: str, end: int) -> Reading:
    """夜: only with a refusal right after it, for 夜 stands in many words."""
    match = _EVENING_REFUSED.match(text, end)
    return (None, end) if match is None else (JobFlag.NO_NIGHT, match.end())


_EVENING_REFUSED = re.compile(
    r"(?:間|遅く|中)?(?:(?:の(?:お?仕事|しふと|勤務|時間帯?))?(?:は|に|も|が|まで)?(?:絶対に?)?(?:ng"
    r"|無理(?!な)|だめ|駄目|不可|嫌|働け(?:な|ませ)|働きたくな|出られ(?:な|ませ)|出れ(?:な|ませ)|入れな"
    r"|入れませ|避け|できな|出来な|難し|厳し)|なし|無し|以外)"
)


def day_shift(text: str, end: int) -> Reading:
    """日勤: alone it means no nights, but not in 日勤も夜勤も."""
    if NOTHING_ELSE.match(text, end):
        return JobFlag.NO_NIGHT, end
    match = _NIGHT_TOO.match(text, end)
    if match is None and (denied := UNNEEDED.match(text, end)):
        return None, denied.end()
    return (JobFlag.NO_NIGHT, end) if match is None else (None, end)


def daytime(text: str, end: int) -> Reading:
    """日中, 昼間: with のみ or だけ."""
    match = _DAYTIME_ONLY.match(text, end)
    return (None, end) if match is None else (JobFlag.NO_NIGHT, match.end())


_DAYTIME_ONLY = re.compile(r"(?:の(?:お?仕事|勤務|時間帯?))?\s?(?:のみ|だけ|限定|おんりー)")


def overtime(text: str, end: int) -> Reading:
    """残業."""
    if _is_refused_with_next(text, end):
        return JobFlag.NO_OVERTIME, end
    if match := _OVERTIME_PAY.match(text, end):
        return None, match.end()
    if match := _LITTLE.match(text, end):
        return JobFlag.NO_OVERTIME, match.end()
    if match := NEVER_MIND.match(text, end):
        return None, match.end()
    match = NOT_DONE.match(text, end)
    return (None, end) if match is None else (JobFlag.NO_OVERTIME, match.end())


_OVERTIME_PAY = re.compile(r"代|手当|が?多め|あり(?:ok|でも|可|希望)")
_LITTLE = re.compile(
    r"\s?(?:時間)?(?:が|は|も|の)?\s?(?:なるべく|できるだけ|できれば|極力|比較的|ちょっと)?(?:少な|すくな"
    r"|少(?!々)|ほぼ|ほとんど|殆ど|あまり|そんなに|たまに|ほどほど|控えめ|最小|極力|短|低"
    r"|月?平?均?\s?\d{1,2}\s?(?:時間|h)\s?(?:以内|以下|未満|まで|程度|くらい|ぐらい))"
)


def weekend(text: str, end: int) -> Reading:
    """土日, 土日祝, 週末."""
    if match := _WORKS_THEN.match(text, end):
        return None, match.end()
    match = _OFF.match(text, end) or NOT_DONE.match(text, end)
    return (None, end) if match is None else (JobFlag.WEEKEND_OFF, match.end())


_WORKS_THEN = re.compile(
    r"(?:祝日?)?\s?(?:のみ(?!お?休)|だけ(?!は?お?休)|も(?:ok|可|働|出|勤|入|大丈夫|いけ|シフト)|は?(?:ok|可"
    r"|出勤(?:ok|可|でき(?:る|ます)|し(?:ます|ても)|大)|働け(?:る|ます)|勤務(?:ok|可|でき|大)|入れ(?:る"
    r"|ます)|出れ(?:る|ます)|出られ(?:る|ます)|大丈夫)|お?休み?(?:じゃな|で(?:は)?な|に?こだわ|でなく|不要"
    r"|関係な|以外))"
)
_OFF = re.compile(
    r"(?:祝日?)?\s?(?:は|が|を|も|に|の|って)?\s?(?:必ず|絶対に?|基本(?:的に)?|完全(?:に)?|なるべく"
    r"|できれば|出来れば|しっかり|全部|ちゃんと|きちんと|定期的に|毎週|固定で?|のみ"
    r"|だけは?)*\s?(?:の)?(?:お?休|やす(?:み|め)|おふ|off|ほりでー|(?:出勤|勤務|お?仕事|しふと|出社)(?:は"
    r"|が|も)?(?:な|無|ng|不可|嫌|難し|厳し|(?:対応)?(?:でき|出来)(?:な|ませ)|し(?:たくな|ない)|免除|×"
    r"|無理)|(?:は)?(?:家族|子ども|子供|こども)|働(?:け|き)(?:な|ませ|たくな)|出(?:ら)?れ(?:な|ませ)"
    r"|(?:休日|固定休))"
)


def children(text: str, end: int) -> Reading:
    """子供: only when one has to be looked after."""
    match = _LOOKED_AFTER.match(text, end)
    return (None, end) if match is None else (JobFlag.CHILDCARE, match.end())


_LOOKED_AFTER = re.compile(
    r"(?:達|たち)?(?:が|の|も|を|は)?(?:まだ|急に|小学|幼稚園|保育)?(?:い(?:る|て|ます|ま)|居(?:る|て|ま)"
    r"|小さ|ちいさ|幼|お?迎え|おむかえ|行事|学校行事|急な|急病|熱|発熱|体調|都合|送り迎え|送迎|保育園|預け"
    r"|生まれ|育て|[0-9一二三四]人|[0-9]歳|に合わせ|持ち|が学校)"
)


def licence(text: str, end: int) -> Reading:
    """資格: only that one has or needs none."""
    match = _HAS_NONE.match(text, end)
    return (None, end) if match is None else (JobFlag.NO_LICENSE, match.end())


def experience(text: str, end: int) -> Reading:
    """経験: only that one has or needs none."""
    match = _HAS_NONE.match(text, end) or _LITTLE_EXPERIENCE.match(text, end)
    return (None, end) if match is None else (JobFlag.INEXPERIENCED_OK, match.end())


_HAS_NONE = re.compile(
    r"(?:や経験|や資格)?\s?(?:は|が|も|の|を)?(?:特に|とくに|まだ|何も|なにも|一切|全く|まったく|全然"
    r"|ほとんど|一つも)?\s?(?:な(?:し|い(?!と)|く|き)|無(?:し|い(?!と)|く|$|で|ok|可)|不要|不問|(?:い|要)ら"
    r"|(?:い|要)りませ|問わ|持って(?:い|おり)?(?:な|ませ)|もって(?:い|おり)?(?:な|ませ)|ありません"
    r"|必要な(?:い|く|し)|必要ありませ|ぜろ|ゼロ|0(?!\d))"
)
_LITTLE_EXPERIENCE = re.compile(r"(?:が|は|も)?(?:まだ)?(?:浅|少な|短)")


def offered(flag: JobFlag) -> Topic:
    """A word that asks for something a job offers, unless the next words say that it is not needed."""

    def read(text: str, end: int) -> Reading:
        if NOTHING_ELSE.match(text, end):
            return flag, end
        match = UNNEEDED.match(text, end)
        return (flag, end) if match is None else (None, match.end())

    return read


def plain(flag: JobFlag) -> Topic:
    """Words that say all by themselves."""
    return lambda _text, end: (flag, end)


def nothing(_text: str, end: int) -> Reading:
    """Words that only look like a topic."""
    return None, end


def settled(flags: set[JobFlag]) -> tuple[JobFlag, ...]:
    """In the order of the enum, without contradictions: who refuses nights does not offer them."""
    if JobFlag.NO_NIGHT in flags or JobFlag.NIGHT_ONLY in flags:
        flags = flags - {JobFlag.NIGHT_OK}
    return tuple(flag for flag in JobFlag if flag in flags)


_READERS: Mapping[str, Topic] = {
    "night": night,
    "shifts": shifts,
    "on_call": on_call,
    "evening": evening,
    "night_time": night_time,
    "day_shift": day_shift,
    "daytime": daytime,
    "overtime": overtime,
    "weekend": weekend,
    "children": children,
    "licence": licence,
    "experience": experience,
    "nothing": nothing,
    **{f"certainly {flag.value}": plain(flag) for flag in JobFlag},
    **{flag.value: offered(flag) for flag in JobFlag},
    "night_only": night_only,
}
TOPICS: Mapping[Topic, tuple[str, ...]] = {
    _READERS[name]: words for name, words in words_by_name("topics.txt").items()
}
"""How words are read with what follows: the words."""
