"""The pay that a text names (pure): 月30万以上, 時給1500〜, 23万5千円から30万, 年収四百万."""

import re
from dataclasses import dataclass
from decimal import Decimal

from app.jobs.vocabulary import WageType
from app.search.amounts import KANJI, RUN, number_of

MAN = 10_000
_TOO_MUCH = 10**9


@dataclass(frozen=True)
class Pay:
    """Whole yen per `unit`; at least one end is known."""

    least: int | None
    most: int | None
    unit: WageType


# What follows a number at once that is no amount of money: a clock's 時, a calendar's 日, 30人. After a space it is
# another word: 月30万 日勤.
_NO_MONEY = (
    r"(?!日(?!給|勤(?!務)|曜|払)|時(?![給短])|分|週(?!休)|回|年(?![収俸齢])|歳|才|代(?!金)|人(?!事)|名(?!古)|か月|ヶ月"
    r"|け月|か所|ヶ所|箇月|月(?![給収額]|\d*万)|%|件|階|号|丁目|番|点|社(?![員会保宅])|級|期|度|区|都(?!内)|県|連休"
    r"|交[代替]|つ|個(?!室)|歩(?!合)|本(?!社)|種|位|km|キロ|m\b|:|円玉|パーセント|ぱーせんと)"
)
_TO = r"\s?(?:[~\-ー]|から|以上|より)\s?[、,]?\s?"
_PAY = re.compile(
    rf"(?<![\d.,{KANJI}\-])(?P<lead>[~])?\s?(?P<sign>¥)?(?P<a>(?!0\d|四万十){RUN})(?![\d{KANJI}])\s?(?P<ay>円)?(?P<astop>{_NO_MONEY})(?:{_TO}(?P<again>時給"
    rf"|日給|月給|月収|年収|年俸)?\s?[¥]?(?P<b>{RUN})(?![\d{KANJI}])\s?(?P<by>円)?{_NO_MONEY})?"
    r"\s?(?P<level>台)?\s?(?:[/(]\s?(?P<per>時給|時間|時|h\b|日給|日|月給|月|年収"
    r"|年)(?=以|程|前|$|[^一-鿿]))?\)?(?:ほど|程|くらい|ぐらい|程度|前後|あたり)?の?\s?(?P<tail>以上|超|より[上高]"
    r"|から|~|-|ー(?!\w)|以下|未満|以内|まで|より[下低])?"
)
_HINT = re.compile(rf"[\d万円{KANJI}]")
_FILL = (
    r"(?:[\s:/=・、。|\]】」)>\[【「(~\-¥+]|は|が|で|に|も|の|を|約|だいたい|大体|およそ|最低(?:でも|限)?"
    r"|せめて|少なくとも|できれば|出来れば|希望|手取り?|額面|総支給額?|支給|税込み?|例|目安|想定|基本給?"
    r"|固定給?|総額|上限|最大|最高|max|制|額|金額|なら|って|だと|とりあえず|理想|ざっくり|まあ|やっぱ"
    r"|\([^()]{0,12}\))*"
)
_UNIT = re.compile(
    r"(?:(?P<hour>時間?給|自給|じきゅう|じ給|時間額|時間(?:あたり|当たり)|1時間(?:あたり|当たり)?|一時間"
    r"|(?<!\d)時)|(?P<day>日給|日当|日額|にっきゅう|1日(?:あたり|当たり)?|一日|日払い|(?<![\d祝土])日)"
    r"|(?P<month>月給|月収|月額|月々|毎月|げっきゅう|げっしゅう|1か月|1ヶ月|1け月|ひと月"
    r"|(?<![\d一二三四五六七八九十今来先])月)|(?P<year>年収|年俸|年額|年間|ねんしゅう"
    r"|(?<![\d今来去半昨])年)"
    rf"|(?P<any>給料|給与|お給料|収入|報酬|賃金|サラリー|さらりー|きゅうりょう)){_FILL}$"
)
_NO_WAGE = re.compile(
    r"(?:(?:現在|今|いま|前職|現職|現)(?:の)?(?:年収|月収|月給|給料|給与|時給|手取り|収入)|交通費|手当|家賃"
    r"|寮費|祝い?金|週給|\d(?:件|本|枚|個|こま)(?:あたり|当たり|につき)?|\d回(?:あたり|当たり|につき)"
    r"|(?<![\d週月日に])[1一]回|ボーナス|ぼーなす|賞与|支度金"
    r"|残業代?|貯金|資本金|売上|食費|費用|従業員|年齢|ローン|ろーん|借金|ノルマ"
    r"|のるま)(?:[がはもをの:月約\s]|最大|支給|上限|代|平均){0,6}$"
)
_NO_WAGE_AFTER = re.compile(r"(?:の|(?<=の))(?:賞与|ぼーなす|手当|(?:入社)?祝い?金|支度金|交通費|家賃|貯金)")
"""100万円以上の賞与: what is paid besides, unless the amount was called a wage, as in 時給1500円以上の交通費支給."""
_MOST_FARE = 150_000
"""交通費支給 25万円以上: no employer pays such a fare a month, so the amount is the pay."""
_PER_AFTER = re.compile(r"(?:の|(?<=の))(?P<per>時給|日給|日当|日払い|月給|月収|年収|年俸)")
"""15000円以上の日払い."""
_UPPER_WORD = re.compile(r"(?:上限|最大|最高|max)[\s:はで]*$")
_UPPER_TAILS = {"以下", "未満", "以内", "まで", "より下", "より低"}
_REFUSED = re.compile(
    r"\s?(?:の(?:仕事|求人|ところ|所|職場|会社))?(?:だと|は|とか|なら|って|では|じゃ)?\s?(?:絶対に?|正直"
    r"|さすがに|もう|論外)?(?:ng|ありえ|あり得|論外|お断り|嫌|いや|やだ|無理|むり|だめ|駄目|困|きつ|厳し"
    r"|生活でき|話にな|やって(?:い)?られ|見な|見たくな|不可|除|なし|対象外|避け)"
)
_BARE_TAIL = re.compile(
    r"\s?(?:以上|から|~|-|ー|くらい|ぐらい|程度|は(?:欲|ほ|必|もら)|以下|まで|円|台|前後|ほど|希望|欲し"
    r"|ほし|あれば|超)"
)
_UNITS = {
    "時": WageType.HOUR,
    "h": WageType.HOUR,
    "日": WageType.DAY,
    "月": WageType.MONTH,
    "年": WageType.YEAR,
}


def read_pay(text: str) -> Pay | None:
    """The first pay in a folded text; None when it names none."""
    if _HINT.search(text) is None:
        return None
    for match in _PAY.finditer(text):
        pay = _pay_of(match, text)
        if pay is not None:
            return pay
    return None


def _pay_of(match: re.Match[str], text: str) -> Pay | None:
    before = text[max(0, match.start() - 24) : match.start("a")]
    is_wage = _UNIT.search(before.rstrip("~ ¥")) is not None
    named = _NO_WAGE.search(before)
    if not is_wage and _NO_WAGE_AFTER.match(text, match.end()):
        return None
    stated = _stated_unit(match, before)
    ends = _ends(match, stated, text)
    if ends is None:
        return None
    low, high = ends
    if named is not None and not (
        named[0].startswith("交通費支給") and match["tail"] == "以上" and low > _MOST_FARE
    ):
        return None
    if not 0 < low < _TOO_MUCH or (high is not None and not low <= high < _TOO_MUCH):
        return None
    unit = stated or _unit_by_size(high if high is not None else low)
    if high is not None:
        return Pay(low, high, unit)
    if _is_upper(match, before):
        refused = match["tail"] is not None and _REFUSED.match(text, match.end()) is not None
        return Pay(low, None, unit) if refused else Pay(None, low, unit)
    return Pay(low, None, unit)


def _stated_unit(match: re.Match[str], before: str) -> WageType | None:
    found = _UNIT.search(before.rstrip("~ ¥"))
    if found is not None and found.lastgroup != "any":
        return WageType(found.lastgroup or "")
    is_amount = _is_money(match["a"], match["ay"] or match["sign"]) or len(match["a"]) > 2
    per = match["per"] or _named_after(match)
    return _UNITS[per[0]] if per and is_amount else None


def _named_after(match: re.Match[str]) -> str | None:
    after = _PER_AFTER.match(match.string, match.end())
    return None if after is None else after["per"]


def _ends(match: re.Match[str], unit: WageType | None, text: str) -> tuple[int, int | None] | None:
    """Both ends in yen, as far as they are amounts at all."""
    low = number_of(match["a"])
    high = number_of(match["b"]) if match["b"] and _AGAIN.get(match["again"], unit) is unit else None
    if low is None:
        return None
    first_is_money = _is_money(match["a"], match["ay"] or match["sign"])
    if high is None:
        if not first_is_money:
            low = _scaled(
                low, unit, bool(match["tail"] or _BARE_TAIL.match(text, match.end("a"))), text, match
            )
        return None if low is None else _whole(low, None)
    second_is_money = _is_money(match["b"], match["by"])
    if not first_is_money and not second_is_money:
        scale = _scale(high, unit)
        return None if scale is None else _whole(low * scale, high * scale)
    return _whole(*_alike(low, high, match))


def _alike(low: Decimal, high: Decimal, match: re.Match[str]) -> tuple[Decimal, Decimal]:
    """20〜25万 and 25万〜30: the end without 万 has it from the other one."""
    if "万" in match["b"] and not _is_money(match["a"], match["ay"]) and low * MAN <= high:
        return low * MAN, high
    if "万" in match["a"] and not _has_unit(match["b"]) and high * MAN >= low and high < MAN:
        return low, high * MAN
    return low, high


_AGAIN = {
    "時給": WageType.HOUR,
    "日給": WageType.DAY,
    "月給": WageType.MONTH,
    "月収": WageType.MONTH,
    "年収": WageType.YEAR,
    "年俸": WageType.YEAR,
}


def _whole(low: Decimal, high: Decimal | None) -> tuple[int, int | None]:
    return int(low), None if high is None else int(high)


def _has_unit(run: str) -> bool:
    return any(letter in run for letter in "万ま千k億百十")


def _is_money(run: str, yen: str | None) -> bool:
    if yen is not None:
        return True
    return (
        any(unit in run for unit in ("万", "まん", "億"))
        or run.endswith("k")
        or ("千" in run and run[0].isdigit())
    )


def _scaled(
    number: Decimal, unit: WageType | None, has_tail: bool, text: str, match: re.Match[str]
) -> Decimal | None:
    """A number without 円 or 万: what it means is known from its unit of time, or from 以上 after it."""
    if unit is None:
        is_hourly = has_tail and 700 <= number <= 5_999 and match["a"].isascii()
        is_in_yen = number >= _SURELY_YEN and _PAY_WORD.search(text, 0, match.start("a")) is not None
        return number if is_hourly or is_in_yen else None
    if not has_tail and match["per"] is None and not _UNIT_WORD.search(text[: match.start("a")]):
        return None
    scale = _scale(number, unit)
    return None if scale is None else number * scale


_UNIT_WORD = re.compile(
    rf"(?:時間?給|自給|じきゅう|日給|日当|月給|月収|月額|年収|年俸|年額|げっきゅう|ねんしゅう){_FILL}$"
)
_PAY_WORD = re.compile(rf"(?:給料|給与|収入|報酬|賃金|さらりー|きゅうりょう){_FILL}$")
_SURELY_YEN = 100_000
"""給与 280000: with a word for pay in front, so large a number needs no 円."""


def _scale(number: Decimal, unit: WageType | None) -> int | None:
    """1 or 10,000; None for what cannot be such a pay."""
    if unit is WageType.HOUR or unit is None:
        return 1 if number >= 500 else None
    if unit is WageType.DAY:
        return MAN if number < 10 else 1 if number >= 3_000 else None
    if unit is WageType.MONTH:
        return MAN if 5 <= number < 1_000 else 1 if number >= 30_000 else None
    return MAN if 50 <= number < MAN else 1 if number >= 500_000 else None


def _is_upper(match: re.Match[str], before: str) -> bool:
    if match["tail"] in _UPPER_TAILS:
        return True
    if match["tail"] is not None:
        return False
    return match["lead"] is not None or _UPPER_WORD.search(before) is not None


def _unit_by_size(yen: int) -> WageType:
    if yen < 6_000:
        return WageType.HOUR
    return WageType.MONTH if yen < 1_500_000 else WageType.YEAR
