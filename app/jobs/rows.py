"""One imported job: its columns, the headings they may have, and what makes a row right (pure)."""

from collections.abc import Iterator, Mapping
from datetime import date, datetime
from functools import cached_property
from hashlib import sha256
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError, ValidationInfo, field_validator

from app.importing.cells import bad, read_day, read_key, read_line, read_text, required, within
from app.importing.files import Columns
from app.jobs.cells import (
    known_words,
    read_address,
    read_city,
    read_degrees,
    read_end,
    read_prefecture,
    read_words,
    read_yen,
)
from app.jobs.postings import posting_rows
from app.jobs.vocabulary import (
    EmploymentType,
    JobFlag,
    WageType,
    employment_named,
    flag_named,
    licence_named,
    occupation_named,
    wage_type_named,
)

COLUMN_WORDS: Mapping[str, tuple[str, ...]] = {
    "external_id": ("求人ID", "求人番号", "管理番号", "id"),
    "title": ("タイトル", "求人タイトル", "求人名"),
    "employer": ("企業名", "会社名", "法人名", "施設名", "事業所名", "求人企業"),
    "occupation": ("職種", "募集職種"),
    "employment": ("雇用形態",),
    "prefecture": ("都道府県",),
    "prefectures": ("勤務できる都道府県", "対象都道府県"),
    "city": ("市区町村", "市町村"),
    "worksite": ("勤務地", "勤務先", "就業場所"),
    "lat": ("緯度",),
    "lng": ("経度",),
    "wage_type": ("給与形態", "賃金形態", "給与区分"),
    "wage_min": ("給与下限", "賃金下限", "最低給与"),
    "wage_max": ("給与上限", "賃金上限", "最高給与"),
    "hours": ("勤務時間", "就業時間"),
    "holidays": ("休日", "休日・休暇", "休日休暇"),
    "flags": ("特徴", "こだわり条件", "こだわり"),
    "licences": ("必要資格", "資格", "必要な資格"),
    "text": ("仕事内容", "業務内容", "本文"),
    "url": ("求人URL", "応募URL"),
    "image_url": ("画像URL", "画像"),
    "opened_on": ("掲載開始日", "公開日"),
    "closed_at": ("掲載終了日", "募集終了日", "終了日時"),
}
"""Every column in English, and the Japanese headings that mean the same."""

REQUIRED_COLUMNS = (
    *("external_id", "title", "employer", "occupation", "employment", "prefecture"),
    *("wage_type", "wage_min", "opened_on"),
)
COLUMNS = Columns(COLUMN_WORDS, REQUIRED_COLUMNS, posting_rows)

_WAGE_RANGE = {
    WageType.HOUR: (300, 100_000),
    WageType.DAY: (2_000, 1_000_000),
    WageType.MONTH: (30_000, 20_000_000),
    WageType.YEAR: (300_000, 200_000_000),
}
_NIGHT = {JobFlag.NIGHT_OK, JobFlag.NIGHT_ONLY}


class JobRow(BaseModel):
    """A job as the site describes it. Later fields are checked against earlier ones: keep the order."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    external_id: str
    title: str
    employer: str
    occupation: str
    employment: EmploymentType
    prefecture: int
    prefectures: tuple[int, ...] = Field(default=(), validate_default=True)
    city: int | None = None
    worksite: str | None = None
    lat: float | None = None
    lng: float | None = None
    wage_type: WageType
    wage_min: int
    wage_max: int | None = None
    hours: str | None = None
    holidays: str | None = None
    flags: tuple[JobFlag, ...] = ()
    licences: tuple[str, ...] = ()
    text: str | None = None
    url: str | None = None
    image_url: str | None = None
    opened_on: date
    closed_at: datetime | None = None

    @cached_property
    def digest(self) -> str:
        """Changes exactly when something in the row does."""
        return sha256(self.model_dump_json().encode()).hexdigest()

    @field_validator("external_id", mode="before")
    @classmethod
    def _external_id(cls, value: Any) -> str:
        return read_key(value, 100)

    @field_validator("title", "employer", mode="before")
    @classmethod
    def _name(cls, value: Any) -> Any:
        return required(within(read_line(value), 200))

    @field_validator("occupation", mode="before")
    @classmethod
    def _occupation(cls, value: Any) -> Any:
        return occupation_named(required(within(read_line(value), 100)))

    @field_validator("employment", mode="before")
    @classmethod
    def _employment(cls, value: Any) -> Any:
        word = required(read_line(value))
        return employment_named(word) or _unknown(EmploymentType)

    @field_validator("prefecture", mode="before")
    @classmethod
    def _prefecture(cls, value: Any) -> Any:
        return required(read_prefecture(value))

    @field_validator("prefectures", mode="before")
    @classmethod
    def _prefectures(cls, value: Any) -> Any:
        return [required(read_prefecture(word)) for word in read_words(value)]

    @field_validator("prefectures", mode="after")
    @classmethod
    def _all_prefectures(cls, value: tuple[int, ...], info: ValidationInfo) -> tuple[int, ...]:
        return tuple(sorted({*value, info.data.get("prefecture", 0)}))

    @field_validator("city", mode="before")
    @classmethod
    def _city(cls, value: Any, info: ValidationInfo) -> Any:
        return read_city(value, info.data.get("prefecture"))

    @field_validator("worksite", mode="before")
    @classmethod
    def _worksite(cls, value: Any) -> Any:
        return within(read_line(value), 300)

    @field_validator("lat", mode="before")
    @classmethod
    def _lat(cls, value: Any) -> Any:
        return read_degrees(value, 20, 46)

    @field_validator("lng", mode="before")
    @classmethod
    def _lng(cls, value: Any) -> Any:
        return read_degrees(value, 122, 154)

    @field_validator("wage_type", mode="before")
    @classmethod
    def _wage_type(cls, value: Any) -> Any:
        word = required(read_line(value))
        return wage_type_named(word) or _unknown(WageType)

    @field_validator("wage_min", mode="before")
    @classmethod
    def _wage_min(cls, value: Any, info: ValidationInfo) -> Any:
        return _plausible(required(read_yen(value)), info.data.get("wage_type"))

    @field_validator("wage_max", mode="before")
    @classmethod
    def _wage_max(cls, value: Any, info: ValidationInfo) -> Any:
        yen = read_yen(value)
        if yen is not None and yen < info.data.get("wage_min", 0):
            raise bad("給与の下限より小さい金額です")
        return _plausible(yen, info.data.get("wage_type"))

    @field_validator("hours", "holidays", mode="before")
    @classmethod
    def _note(cls, value: Any) -> Any:
        return within(read_text(value), 1_000)

    @field_validator("flags", mode="before")
    @classmethod
    def _flags(cls, value: Any, info: ValidationInfo) -> Any:
        known, unknown = known_words(read_words(value), flag_named)
        _note_down(info, *(f"知らない特徴を取り込みませんでした: {word[:30]}" for word in unknown))
        if JobFlag.NO_NIGHT in known and _NIGHT & set(known):
            raise bad("「夜勤なし」と夜勤のある特徴が両方あります")
        return tuple(flag for flag in JobFlag if flag in known)

    @field_validator("licences", mode="before")
    @classmethod
    def _licences(cls, value: Any) -> Any:
        words = [word for word in read_words(value) if word not in {"なし", "不問", "資格不問", "特になし"}]
        known, unknown = known_words(words, licence_named)
        if unknown:  # left out, a job would be shown to people who may not do it
            raise bad(f"知らない資格です: {unknown[0][:30]}")
        return tuple(sorted(known))

    @field_validator("text", mode="before")
    @classmethod
    def _text(cls, value: Any) -> Any:
        return within(read_text(value), 20_000)

    @field_validator("url", mode="before")
    @classmethod
    def _url(cls, value: Any) -> Any:
        return read_address(value)

    @field_validator("image_url", mode="before")
    @classmethod
    def _image_url(cls, value: Any, info: ValidationInfo) -> Any:
        address = read_address(value)
        if address is not None and not address.startswith("https:"):
            _note_down(info, "https ではない画像URLを取り込みませんでした")
            return None
        return address

    @field_validator("opened_on", mode="before")
    @classmethod
    def _opened_on(cls, value: Any) -> Any:
        return required(read_day(value))

    @field_validator("closed_at", mode="before")
    @classmethod
    def _closed_at(cls, value: Any) -> Any:
        return read_end(value)


def read_job_row(values: Mapping[str, Any], notes: list[str]) -> JobRow:
    """A right row; what was left out of it is added to `notes`.

    Errors: ValidationError; `faults_of` tells its fields and reasons.
    """
    return JobRow.model_validate(dict(values), context=notes)


def faults_of(error: ValidationError) -> Iterator[tuple[str, str]]:
    """(field, reason in Japanese) for everything wrong with a row."""
    for fault in error.errors(include_url=False, include_input=False):
        field = str(fault["loc"][0]) if fault["loc"] else ""
        yield field, "ありません" if fault["type"] == "missing" else fault["msg"]


def _unknown(kind: type[EmploymentType] | type[WageType]) -> Any:
    raise bad(f"知らない言葉です({'、'.join(kind)} か、その日本語で書いてください)")


def _plausible(yen: int | None, unit: WageType | None) -> int | None:
    if yen is None or unit is None:
        return yen
    least, most = _WAGE_RANGE[unit]
    if not least <= yen <= most:
        raise bad(f"この給与形態の金額ではなさそうです({least:,}円から{most:,}円まで)")
    return yen


def _note_down(info: ValidationInfo, *notes: str) -> None:
    if isinstance(info.context, list):
        info.context.extend(notes)
