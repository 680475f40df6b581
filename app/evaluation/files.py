"""The two files of an evaluation, streamed: jobs in whatever columns a board has, and what members did."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import Any

from pydantic_core import PydanticCustomError

from app.clock import TOKYO
from app.errors import AppError
from app.evaluation.attributes import attribute_fields
from app.importing.cells import bad, read_day, read_key, read_line
from app.importing.files import Columns, RawRow, open_import_file
from app.jobs.models import EXTERNAL_ID_LENGTH, ActivityKind
from app.jobs.rows import COLUMN_WORDS

JOB_COLUMNS: Mapping[str, Sequence[str]] = {
    "external_id": (*COLUMN_WORDS["external_id"], "job", "job_id", "job.id", "item", "item_id"),
    "prefecture": (*COLUMN_WORDS["prefecture"], "state", "state.name", "region"),
    "city": COLUMN_WORDS["city"],
    "opened_on": COLUMN_WORDS["opened_on"],
}
ACTIVITY_COLUMNS: Mapping[str, Sequence[str]] = {
    "member": ("会員番号", "会員ID", "会員", "member_id", "user", "user_id"),
    "job": ("求人ID", "求人番号", "求人", "job_id", "item", "item_id"),
    "kind": ("種別", "行動", "種類", "event", "type"),
    "time": ("日時", "時刻", "at", "timestamp"),
}
KIND_WORDS: Mapping[ActivityKind, Sequence[str]] = {
    ActivityKind.VIEW: ("閲覧", "表示", "pv"),
    ActivityKind.CLICK: ("クリック", "タップ", "tap"),
    ActivityKind.SAVE: ("保存", "キープ", "お気に入り", "bookmark", "favorite"),
    ActivityKind.UNSAVE: ("保存解除",),
    ActivityKind.APPLY: ("応募", "application", "applied"),
    ActivityKind.HIDE: ("興味なし",),
    ActivityKind.UNHIDE: ("興味なし解除",),
}
FAULTS_SHOWN = 5
_KINDS = {word: kind for kind in ActivityKind for word in (kind.value, *KIND_WORDS.get(kind, ()))}
_EPOCH_MILLISECONDS = 10**11


class UnreadableFile(AppError):
    """Rows that cannot be used: each with file, line and field."""


class AnyColumns(Columns):
    """Columns that keep what they do not know, under its own heading."""

    def named(self, heading: str) -> str | None:
        """Our name for a heading, or the heading itself."""
        return super().named(heading) or heading.strip() or None


@dataclass(frozen=True)
class JobLine:
    """One job of the file."""

    key: str
    fields: list[list[str]]
    prefecture: str | None
    city: str | None
    opened_on: date | None


@dataclass(frozen=True)
class ActivityLine:
    """One thing that a member did; `at` in UTC."""

    member: str
    job: str
    kind: ActivityKind
    at: datetime | None


@dataclass
class Faults:
    """Collects what is wrong with a file, and raises it at the end."""

    path: Path
    found: list[str] = field(default_factory=list)
    count: int = 0

    def add(self, line: int, column: str, reason: str) -> None:
        """Note a fault; only the first few are kept."""
        self.count += 1
        if len(self.found) < FAULTS_SHOWN:
            self.found.append(f"{self.path.name} {line}行目 {column}: {reason}".replace(" :", ":"))

    def raise_any(self) -> None:
        """Errors: UnreadableFile with the first faults, if there is one."""
        if self.count:
            more = f"(全部で{self.count}件)" if self.count > len(self.found) else ""
            raise UnreadableFile("\n".join(("読めない行があります" + more, *self.found)))


def read_jobs(path: Path) -> Iterator[JobLine]:
    """The jobs of a file, each id once. Errors: ImportRefused, UnreadableFile once all of it was read."""
    faults = Faults(path)
    seen: dict[str, int] = {}
    with open_import_file(path, AnyColumns(JOB_COLUMNS, ("external_id",))) as file:
        for raw in file.rows:
            job = _read(raw, faults, _job)
            if job is None:
                continue
            first = seen.setdefault(job.key, raw.line)
            if first != raw.line:
                faults.add(raw.line, "external_id", f"{first}行目と同じ番号です")
            else:
                yield job
    faults.raise_any()


def read_activity(path: Path, kinds: Counter[str]) -> Iterator[ActivityLine]:
    """What the file says that members did; words for kinds that we do not know are counted in `kinds`.

    Errors: ImportRefused, UnreadableFile once all of it was read.
    """
    faults = Faults(path)
    with open_import_file(path, Columns(ACTIVITY_COLUMNS, ("member", "job"))) as file:
        for raw in file.rows:
            line = _read(raw, faults, lambda values: _activity(values, kinds))
            if line is not None:
                yield line
    faults.raise_any()


class _BadCell(Exception):
    def __init__(self, column: str, error: PydanticCustomError) -> None:
        super().__init__()
        self.column, self.reason = column, error.message()


def _read(raw: RawRow, faults: Faults, read: Any) -> Any:
    if raw.broken is not None:
        faults.add(raw.line, "", raw.broken)
        return None
    try:
        return read(raw.values)
    except _BadCell as error:
        faults.add(raw.line, error.column, error.reason)
        return None


def _cell(column: str, values: Mapping[str, Any], read: Any) -> Any:
    try:
        return read(values.get(column))
    except PydanticCustomError as error:
        raise _BadCell(column, error) from None


def _key(value: Any) -> str:
    return read_key(value, EXTERNAL_ID_LENGTH)


def _job(values: Mapping[str, Any]) -> JobLine:
    said = {column: value for column, value in values.items() if column != "external_id"}
    return JobLine(
        key=_cell("external_id", values, _key),
        fields=attribute_fields(said),
        prefecture=_cell("prefecture", values, read_line),
        city=_cell("city", values, read_line),
        opened_on=_cell("opened_on", values, read_day),
    )


def _activity(values: Mapping[str, Any], kinds: Counter[str]) -> ActivityLine:
    word = (_cell("kind", values, read_line) or "").casefold()
    kind = _KINDS.get(word)
    if kind is None:
        kinds[word or "(なし)"] += 1
    return ActivityLine(
        member=_cell("member", values, _key),
        job=_cell("job", values, _key),
        kind=kind or ActivityKind.VIEW,
        at=_cell("time", values, _moment),
    )


def _moment(value: Any) -> datetime | None:
    """A day, a time (Tokyo's where it names no zone), or seconds or milliseconds since 1970."""
    text = read_line(value)
    if text is None or text.casefold() in {"na", "nan", "null"}:
        return None
    try:
        if text.replace(".", "", 1).isdigit() and len(text.split(".")[0]) in range(9, 14):
            number = float(text)
            return datetime.fromtimestamp(number / 1000 if number > _EPOCH_MILLISECONDS else number, UTC)
        if len(text) <= len("2026年11月01日"):
            return datetime.combine(read_day(text) or date.min, time(), TOKYO).astimezone(UTC)
        moment = datetime.fromisoformat(text.removesuffix(" UTC").replace("/", "-"))
    except PydanticCustomError:
        raise
    except (ValueError, OverflowError):
        raise bad("日時として読めません(例: 2026-11-30 18:00、2026-11-30T18:00:00+09:00)") from None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC if text.endswith(" UTC") else TOKYO)
    return moment.astimezone(UTC)
