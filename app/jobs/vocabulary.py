"""The words a job is described with: occupations, employment, flags, licences, and how each may be written.

Occupations, flags and employment are those of a parsed job query, so that a wish and a job meet in one word.
"""

import re
import unicodedata
from collections.abc import Collection, Iterable, Mapping
from enum import StrEnum


class EmploymentType(StrEnum):
    """雇用形態."""

    FULL_TIME = "full_time"
    CONTRACT = "contract"
    TEMPORARY = "temporary"
    PART_TIME = "part_time"
    OUTSOURCED = "outsourced"


EMPLOYMENT_NAMES = {
    EmploymentType.FULL_TIME: "正社員",
    EmploymentType.CONTRACT: "契約社員",
    EmploymentType.TEMPORARY: "派遣",
    EmploymentType.PART_TIME: "パート・アルバイト",
    EmploymentType.OUTSOURCED: "業務委託",
}

EMPLOYMENT_WORDS = {
    EmploymentType.FULL_TIME: ("正職員", "常勤", "正規職員", "正規雇用", "正規"),
    EmploymentType.CONTRACT: ("契約職員", "契約", "嘱託", "嘱託職員", "嘱託社員"),
    EmploymentType.TEMPORARY: ("派遣社員", "人材派遣", "紹介予定派遣"),
    EmploymentType.PART_TIME: ("パート", "アルバイト", "バイト", "非常勤", "パートタイム", "パート・バイト"),
    EmploymentType.OUTSOURCED: ("委託", "フリーランス", "請負"),
}


class WageType(StrEnum):
    """The unit of a wage; amounts are whole yen."""

    HOUR = "hour"
    DAY = "day"
    MONTH = "month"
    YEAR = "year"


WAGE_NAMES = {WageType.HOUR: "時給", WageType.DAY: "日給", WageType.MONTH: "月給", WageType.YEAR: "年収"}

WAGE_WORDS = {
    WageType.HOUR: ("時間給", "時間", "時"),
    WageType.DAY: ("日当", "日額", "日"),
    WageType.MONTH: ("月収", "月額", "月"),
    WageType.YEAR: ("年俸", "年額", "年"),
}


class JobFlag(StrEnum):
    """What a job offers or asks. The order is the bit in the database: only append."""

    NO_NIGHT = "no_night"
    NIGHT_ONLY = "night_only"
    NIGHT_OK = "night_ok"
    WEEKEND_OFF = "weekend_off"
    REMOTE = "remote"
    NO_OVERTIME = "no_overtime"
    INEXPERIENCED_OK = "inexperienced_ok"
    CHILDCARE = "childcare"
    DORM = "dorm"
    CAR_OK = "car_ok"
    NEAR_STATION = "near_station"
    NEW_OPEN = "new_open"
    NO_LICENSE = "no_license"


FLAG_NAMES = {
    JobFlag.NO_NIGHT: "夜勤なし",
    JobFlag.NIGHT_ONLY: "夜勤専従",
    JobFlag.NIGHT_OK: "夜勤あり",
    JobFlag.WEEKEND_OFF: "土日休み",
    JobFlag.REMOTE: "在宅勤務可",
    JobFlag.NO_OVERTIME: "残業少なめ",
    JobFlag.INEXPERIENCED_OK: "未経験可",
    JobFlag.CHILDCARE: "子育て支援",
    JobFlag.DORM: "寮・社宅あり",
    JobFlag.CAR_OK: "車通勤可",
    JobFlag.NEAR_STATION: "駅近",
    JobFlag.NEW_OPEN: "新規オープン",
    JobFlag.NO_LICENSE: "資格不要",
}

FLAG_WORDS = {
    JobFlag.NO_NIGHT: ("日勤のみ", "オンコールなし", "夜勤無し"),
    JobFlag.NIGHT_ONLY: ("夜勤のみ", "夜専"),
    JobFlag.NIGHT_OK: ("夜勤OK", "夜勤可", "夜勤有り", "二交代", "三交代"),
    JobFlag.WEEKEND_OFF: ("土日祝休み", "土日休", "完全週休2日(土日)"),
    JobFlag.REMOTE: ("リモート", "リモート可", "在宅", "在宅可", "テレワーク", "在宅ワーク"),
    JobFlag.NO_OVERTIME: ("残業なし", "残業ほぼなし", "定時退社"),
    JobFlag.INEXPERIENCED_OK: ("未経験OK", "未経験歓迎", "未経験", "ブランク可", "ブランクOK"),
    JobFlag.CHILDCARE: ("時短", "時短勤務可", "子育て中歓迎", "託児所あり", "子育て"),
    JobFlag.DORM: ("寮あり", "社宅あり", "寮完備", "寮"),
    JobFlag.CAR_OK: ("車通勤OK", "マイカー通勤可", "車通勤"),
    JobFlag.NEAR_STATION: ("駅チカ", "駅近く", "駅から近い", "駅徒歩5分以内"),
    JobFlag.NEW_OPEN: ("オープニング", "オープニングスタッフ", "新規開設"),
    JobFlag.NO_LICENSE: ("無資格可", "無資格OK", "資格なしOK"),
}

LICENCES = (
    *("看護師", "准看護師", "保健師", "助産師", "介護福祉士", "介護福祉士実務者研修", "介護職員初任者研修"),
    *("介護支援専門員", "社会福祉士", "精神保健福祉士", "公認心理師", "保育士", "幼稚園教諭免許", "教員免許"),
    *("医師", "歯科医師", "薬剤師", "登録販売者", "理学療法士", "作業療法士", "言語聴覚士", "視能訓練士"),
    *("臨床検査技師", "診療放射線技師", "臨床工学技士", "歯科衛生士", "歯科技工士", "管理栄養士", "栄養士"),
    *("調理師", "はり師", "きゅう師", "柔道整復師", "あん摩マッサージ指圧師", "美容師", "理容師"),
    *("普通自動車免許", "準中型自動車免許", "中型自動車免許", "大型自動車免許", "第二種運転免許"),
    *("フォークリフト", "日商簿記2級", "日商簿記3級", "宅地建物取引士", "施工管理技士", "電気工事士"),
    *("医療事務資格", "児童発達支援管理責任者"),
)
"""What a job can require. The order is the bit in the database: only append, 63 at most."""

LICENCE_WORDS = {
    "看護師": ("正看護師", "正看", "看護師免許", "看護師資格"),
    "准看護師": ("准看", "准看護師免許"),
    "介護福祉士実務者研修": ("実務者研修", "介護職員実務者研修", "ホームヘルパー1級", "ヘルパー1級"),
    "介護職員初任者研修": ("初任者研修", "ホームヘルパー2級", "ヘルパー2級"),
    "介護支援専門員": ("ケアマネジャー", "ケアマネ"),
    "保育士": ("保育士資格",),
    "幼稚園教諭免許": ("幼稚園教諭",),
    "薬剤師": ("薬剤師免許",),
    "普通自動車免許": (
        *(
            "普通自動車第一種運転免許",
            "普通自動車運転免許",
            "普通免許",
            "自動車免許",
            "要普通免許",
            "運転免許",
        ),
    ),
    "準中型自動車免許": ("準中型免許",),
    "中型自動車免許": ("中型免許",),
    "大型自動車免許": ("大型免許",),
    "第二種運転免許": ("普通自動車第二種免許", "二種免許", "普通二種免許"),
    "フォークリフト": ("フォークリフト免許", "フォークリフト運転技能講習"),
    "日商簿記2級": ("簿記2級",),
    "日商簿記3級": ("簿記3級",),
    "宅地建物取引士": ("宅建", "宅建士"),
    "医療事務資格": ("医療事務",),
    "児童発達支援管理責任者": ("児発管",),
}

INCLUDED_LICENCES: Mapping[str, tuple[str, ...]] = {
    "保健師": ("看護師",),
    "助産師": ("看護師",),
    "看護師": ("准看護師",),
    "介護福祉士": ("介護福祉士実務者研修",),
    "介護福祉士実務者研修": ("介護職員初任者研修",),
    "管理栄養士": ("栄養士",),
    "日商簿記2級": ("日商簿記3級",),
    "大型自動車免許": ("中型自動車免許",),
    "中型自動車免許": ("準中型自動車免許",),
    "準中型自動車免許": ("普通自動車免許",),
}
"""Who holds the first may do what the others are required for."""

OCCUPATION_WORDS: Mapping[str, tuple[str, ...]] = {
    "看護師": ("ナース", "正看", "正看護師", "訪問看護", "訪問看護師"),
    "准看護師": ("准看",),
    "介護職": ("介護福祉士", "ヘルパー", "介護スタッフ", "介護", "介護士", "介護職員", "ホームヘルパー"),
    "ケアマネジャー": ("ケアマネ", "ケアマネージャー", "介護支援専門員"),
    "サービス提供責任者": ("サ責",),
    "保育士": ("保育補助", "保育スタッフ", "保育"),
    "医療事務": ("クリニック受付", "病院受付"),
    "調理師": ("調理スタッフ", "厨房", "調理"),
    "鍼灸師": ("はり師", "きゅう師"),
    "一般事務": ("事務", "事務職"),
    "販売": ("販売スタッフ", "ショップ店員", "販売員"),
    "マーケティング": ("マーケ",),
    "ITエンジニア": ("エンジニア", "SE", "プログラマー", "システムエンジニア"),
    "ドライバー": ("配送", "運転手", "配達"),
    "倉庫作業": ("倉庫", "軽作業"),
} | dict.fromkeys(
    (
        *("看護助手", "保健師", "助産師", "生活相談員", "幼稚園教諭", "児童指導員", "薬剤師", "登録販売者"),
        *(
            "調剤事務",
            "理学療法士",
            "作業療法士",
            "言語聴覚士",
            "視能訓練士",
            "臨床検査技師",
            "診療放射線技師",
        ),
        *("臨床工学技士", "歯科衛生士", "歯科助手", "歯科医師", "歯科技工士", "医師", "管理栄養士", "栄養士"),
        *("柔道整復師", "あん摩マッサージ指圧師", "公認心理師", "精神保健福祉士", "社会福祉士", "美容師"),
        *(
            "理容師",
            "ネイリスト",
            "エステティシャン",
            "営業事務",
            "経理",
            "人事",
            "総務",
            "法務",
            "秘書",
            "受付",
        ),
        *("営業", "接客", "コールセンター", "企画", "広報", "Webデザイナー", "Webディレクター"),
        *("データアナリスト", "製造", "警備", "清掃", "施工管理", "教員", "塾講師"),
    ),
    (),
)
"""Canonical occupations and what folds into each. The order is in the buttons of old messages: only append."""

_SEPARATORS = re.compile(r"[,、，;；|/／\n]+")


def occupation_named(text: str) -> str:
    """The canonical occupation, or the text as written when it is none of the known words."""
    return _OCCUPATIONS.get(_folded(text), text)


def employment_named(text: str) -> EmploymentType | None:
    """The employment type that a word or code means; None when unknown."""
    return _EMPLOYMENTS.get(_folded(text))


def wage_type_named(text: str) -> WageType | None:
    """The unit of pay that a word or code means; None when unknown."""
    return _WAGE_TYPES.get(_folded(text))


def flag_named(text: str) -> JobFlag | None:
    """The flag that a word or code means; None when unknown."""
    return _FLAGS.get(_folded(text))


def licence_named(text: str) -> str | None:
    """The canonical licence that a word means; None when unknown."""
    return _LICENCES.get(_folded(text))


def licences_stated(text: str) -> tuple[str, ...]:
    """The canonical licences that a sentence names as such: 正看護師免許, 普通免許; 医療事務の経験 names none."""
    return tuple(dict.fromkeys(_LICENCES[found] for found in _STATED.findall(_folded(text))))


def held_licences(names: Iterable[str]) -> frozenset[str]:
    """Canonical licences a person holds, with all that they include; unknown words count for nothing."""
    held: set[str] = set()
    waiting = [licence for licence in map(licence_named, names) if licence is not None]
    while waiting:
        licence = waiting.pop()
        if licence not in held:
            held.add(licence)
            waiting.extend(INCLUDED_LICENCES.get(licence, ()))
    return frozenset(held)


def flag_bits(flags: Collection[JobFlag]) -> int:
    """Flags as the integer that the database keeps."""
    return sum(1 << bit for bit, flag in enumerate(JobFlag) if flag in flags)


def flags_of(bits: int) -> frozenset[JobFlag]:
    """The flags in the database's integer."""
    return frozenset(flag for bit, flag in enumerate(JobFlag) if bits >> bit & 1)


def licence_bits(licences: Collection[str]) -> int:
    """Canonical licences as the integer that the database keeps."""
    return sum(1 << bit for bit, licence in enumerate(LICENCES) if licence in licences)


def licences_of(bits: int) -> frozenset[str]:
    """The licences in the database's integer."""
    return frozenset(licence for bit, licence in enumerate(LICENCES) if bits >> bit & 1)


def listed_words(text: str) -> list[str]:
    """The words of a cell that holds several: separated by comma, 、, ；, | or a slash."""
    return [word for word in map(str.strip, _SEPARATORS.split(text)) if word]


def _folded(text: str) -> str:
    return "".join(unicodedata.normalize("NFKC", text).split()).casefold()


_OCCUPATIONS = {_folded(word): name for name, words in OCCUPATION_WORDS.items() for word in (name, *words)}
_EMPLOYMENTS = {
    _folded(word): kind
    for kind, words in EMPLOYMENT_WORDS.items()
    for word in (kind.value, EMPLOYMENT_NAMES[kind], *words)
}
_WAGE_TYPES = {
    _folded(word): unit
    for unit, words in WAGE_WORDS.items()
    for word in (unit.value, WAGE_NAMES[unit], *words)
}
_FLAGS = {
    _folded(word): flag
    for flag, words in FLAG_WORDS.items()
    for word in (flag.value, FLAG_NAMES[flag], *words)
}
_LICENCES = {_folded(word): name for name in LICENCES for word in (name, *LICENCE_WORDS.get(name, ()))}
_LONGEST_FIRST = "|".join(sorted(map(re.escape, _LICENCES), key=len, reverse=True))
_STATED = re.compile(rf"({_LONGEST_FIRST})(?:(?<=免許)|(?<=資格)|(?=の?(?:免許|資格|必須)))")
