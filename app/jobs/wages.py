"""Comparing and writing wages (pure).

A wish is compared with the lower end of a job's range: only that is promised. Across units:

- month and year by ×12; bonuses are left out, so a converted amount is always said to be converted.
- A monthly wish against hourly or daily pay depends on days and hours that nobody promised. Such a job is
  ruled out only if full time (23 days of 8 hours) cannot reach the wish, and else stays without a reason.
- An hourly or daily wish is not compared with a larger unit: the hours are not known.
"""

from fractions import Fraction

from app.jobs.vocabulary import WAGE_NAMES, WageType

DAYS_A_MONTH = 23
HOURS_A_DAY = 8

# How many of the job's unit one of the wish's unit has at most.
_MOST: dict[WageType, dict[WageType, Fraction]] = {
    WageType.HOUR: {WageType.HOUR: Fraction(1)},
    WageType.DAY: {WageType.DAY: Fraction(1), WageType.HOUR: Fraction(HOURS_A_DAY)},
    WageType.MONTH: {
        WageType.MONTH: Fraction(1),
        WageType.YEAR: Fraction(1, 12),
        WageType.DAY: Fraction(DAYS_A_MONTH),
        WageType.HOUR: Fraction(DAYS_A_MONTH * HOURS_A_DAY),
    },
    WageType.YEAR: {
        WageType.YEAR: Fraction(1),
        WageType.MONTH: Fraction(12),
        WageType.DAY: Fraction(12 * DAYS_A_MONTH),
        WageType.HOUR: Fraction(12 * DAYS_A_MONTH * HOURS_A_DAY),
    },
}
_SALARIES = frozenset({WageType.MONTH, WageType.YEAR})


def wage_floor(wished: WageType, wage_min: int, offered: WageType) -> int | None:
    """The least yen per `offered` unit that may meet the wish; None: these units are not compared."""
    most = _MOST[wished].get(offered)
    return None if most is None else -((-wage_min * most.denominator) // most.numerator)


def wage_ratio(wished: WageType, offered: WageType) -> Fraction | None:
    """How many of the offered unit one of the wished unit has at most; None: these units are not compared."""
    return _MOST[wished].get(offered)


def wage_ceiling(wished: WageType, wage_max: int, offered: WageType) -> int | None:
    """The most yen per `offered` unit that the upper end of a wish allows; None: these are not compared."""
    if not is_certain(wished, offered):
        return None
    most = _MOST[wished][offered]
    return wage_max * most.denominator // most.numerator


def is_certain(wished: WageType, offered: WageType) -> bool:
    """True where reaching the floor proves the wish met: the same unit, or month and year."""
    return wished is offered or {wished, offered} <= _SALARIES


def wage_reason(wished: WageType, wage_min: int, offered: WageType) -> str:
    """The wish as a sentence about a job that certainly meets it, such as 月給25万円以上."""
    if wished is offered:
        return f"{WAGE_NAMES[wished]}{amount(wage_min)}円以上"
    how = "年収÷12" if offered is WageType.YEAR else "月給×12"
    return f"{WAGE_NAMES[wished]}換算{amount(wage_min)}円以上({how})"


def wage_text(wage_type: WageType, wage_min: int, wage_max: int | None) -> str:
    """A wage as people write it: 月給 25万〜30万円, 時給 1,200円〜."""
    name = WAGE_NAMES[wage_type]
    if wage_max is None:
        return f"{name} {amount(wage_min)}円〜"
    if wage_max == wage_min:
        return f"{name} {amount(wage_min)}円"
    if _is_in_man(wage_min) and _is_in_man(wage_max):
        return f"{name} {amount(wage_min)}〜{amount(wage_max)}円"
    return f"{name} {wage_min:,}〜{wage_max:,}円"


def amount(yen: int) -> str:
    """Yen without the sign: 25万, 25.5万, 12,000; in 万 only when it is large and nothing is rounded."""
    if not _is_in_man(yen):
        return f"{yen:,}"
    whole, rest = divmod(yen, 10_000)
    return f"{whole:,}万" if rest == 0 else f"{whole:,}.{rest // 1_000}万"


def _is_in_man(yen: int) -> bool:
    return yen >= 100_000 and yen % 1_000 == 0
