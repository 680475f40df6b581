"""Reading a file row by row: CSV (UTF-8 or CP932), JSON lines or a JSON list, in bounded memory.

A row that cannot be read as one, such as a quote that never closes, is handed on as broken; reading goes on
with the next line. Only what makes the whole file useless is raised, and before the first row is given.
"""

import codecs
import csv
import io
import json
import unicodedata
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from enum import Enum, auto
from pathlib import Path
from typing import Any, BinaryIO, TextIO

from app.errors import AppError
from app.importing.documents import list_elements, read_document
from app.importing.lines import Lines, RowTooLong

_CHUNK = 1 << 20
_LINES_SUFFIXES = {".jsonl", ".ndjson"}
_JSON_SUFFIXES = {*_LINES_SUFFIXES, ".json", ".jsonld"}
Translate = Callable[[Mapping[str, Any]], Sequence[Mapping[str, Any]] | None]
"""A JSON object of another vocabulary as values by column, for each thing in it; None: it is none of those."""


class ImportRefused(AppError):
    """The file as a whole cannot be imported; nothing was written."""

    status = 400


class Columns:
    """What a file may hold: each column in English, with the Japanese headings that mean the same."""

    def __init__(
        self, words: Mapping[str, Sequence[str]], required: Sequence[str], translate: Translate | None = None
    ) -> None:
        self.required = required
        self._translate = translate
        self._words = words
        self._named = {
            _folded(word): column for column, others in words.items() for word in (column, *others)
        }

    def named(self, heading: str) -> str | None:
        """The column that a heading means; None for one that means nothing to us."""
        return self._named.get(_folded(heading))

    def objects_in(self, found: Mapping[str, Any]) -> Sequence[Mapping[str, Any]]:
        """Values by column of each thing that a JSON object tells of: itself, unless it is of another vocabulary."""
        translated = self._translate(found) if self._translate is not None else None
        if translated is not None:
            return translated
        named = [(self.named(key), value) for key, value in found.items()]
        return [{column: value for column, value in named if column is not None}]

    def words_of(self, column: str) -> str:
        """A column as people call it, such as external_id(会員番号)."""
        return f"{column}({self._words[column][0]})"


@dataclass(frozen=True)
class RawRow:
    """One row as found: values by column, or what is wrong with it as a whole (`broken`)."""

    line: int
    """The line of the file where it begins, from 1."""
    original: str = field(repr=False)
    values: Mapping[str, Any] = field(default_factory=dict, repr=False)
    broken: str | None = None


@dataclass(frozen=True)
class ImportFile:
    """An open file: `rows` streams it; `ignored_columns` mean nothing to us."""

    rows: Iterator[RawRow]
    ignored_columns: tuple[str, ...]
    size: int
    binary: BinaryIO = field(repr=False)

    @property
    def done(self) -> int:
        """Bytes read so far."""
        return self.binary.tell()


@contextmanager
def open_import_file(path: Path, columns: Columns) -> Iterator[ImportFile]:
    """Find out encoding and form, then stream.

    Errors: ImportRefused for a missing or unreadable file, an unknown encoding, missing columns.
    """
    try:
        binary = path.open("rb")
    except OSError as error:
        raise ImportRefused(f"ファイルを開けません: {error.strerror}") from error
    with binary:
        encoding = _encoding_of(binary)
        size = binary.tell()
        binary.seek(0)
        text = io.TextIOWrapper(binary, encoding=encoding, newline="")
        lines = Lines(text)
        form = _form_of(path, lines.first_line())
        if form is _Form.CSV:
            named, ignored = _read_header(lines, columns)
            yield ImportFile(_csv_rows(lines, named), ignored, size, binary)
        elif form is _Form.LINES:
            yield ImportFile(_json_rows(lines, columns), (), size, binary)
        else:
            text.detach()
            binary.seek(0)
            text = io.TextIOWrapper(binary, encoding=encoding)
            rows = _list_rows if form is _Form.LIST else _document_rows
            yield ImportFile(rows(text, columns), (), size, binary)


class _Form(Enum):
    CSV = auto()
    LINES = auto()
    LIST = auto()
    DOCUMENT = auto()


def _form_of(path: Path, first_line: str) -> _Form:
    """An object that goes on behind its first line is all that the file holds; else each line is one."""
    line, suffix = first_line.strip(), path.suffix.lower()
    if line.startswith("["):
        return _Form.LIST
    if not line.startswith("{"):
        return _Form.LINES if suffix in _JSON_SUFFIXES else _Form.CSV
    is_line = suffix in _LINES_SUFFIXES or line.endswith("}")
    return _Form.LINES if is_line else _Form.DOCUMENT


def _encoding_of(binary: BinaryIO) -> str:
    """Decide by reading all of it; what is UTF-8 to its last byte is hardly ever anything else."""
    start = binary.read(3)
    if start.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        raise ImportRefused("UTF-16 のファイルは読めません。UTF-8 で保存してください。")
    for encoding in ("utf-8-sig", "cp932"):
        if _is_all(binary, encoding):
            return encoding
    raise ImportRefused("文字コードがわかりません。UTF-8 か Shift_JIS(CP932) で保存してください。")


def _is_all(binary: BinaryIO, encoding: str) -> bool:
    binary.seek(0)
    decoder = codecs.getincrementaldecoder(encoding)()
    try:
        while chunk := binary.read(_CHUNK):
            decoder.decode(chunk)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True


def _json_rows(lines: Lines, columns: Columns) -> Iterator[RawRow]:
    while True:
        try:
            for text in lines:
                line, original = lines.take_row()
                if text.strip():
                    yield from _line_rows(line, original, columns)
        except RowTooLong:
            line, original = lines.drop_line()
            yield RawRow(line, original, broken="1行が長すぎます")
        else:
            return


def _line_rows(line: int, original: str, columns: Columns) -> Iterator[RawRow]:
    try:
        found = json.loads(original)
    except (ValueError, RecursionError):
        yield RawRow(line, original, broken="JSON として読めません")
    else:
        yield from _object_rows(line, original, found, columns)


def _list_rows(text: TextIO, columns: Columns) -> Iterator[RawRow]:
    for element in list_elements(text):
        if element.is_broken:
            yield RawRow(element.line, element.original, broken="ここから先は JSON として読めません")
        else:
            yield from _object_rows(element.line, element.original, element.value, columns)


def _document_rows(text: TextIO, columns: Columns) -> Iterator[RawRow]:
    found = read_document(text)
    if found is None:
        raise ImportRefused("JSON として読めません。1行に1件ずつ(JSON Lines)か、[ ] の並びにしてください。")
    yield from _object_rows(1, "", found, columns)


def _object_rows(line: int, original: str, found: object, columns: Columns) -> Iterator[RawRow]:
    if isinstance(found, dict):
        yield from (RawRow(line, original, values) for values in columns.objects_in(found))
    else:
        yield RawRow(line, original, broken="JSON のオブジェクトではありません")


def _read_header(lines: Lines, columns: Columns) -> tuple[list[str | None], tuple[str, ...]]:
    """The column of each heading, None for those that mean nothing to us, and their words."""
    header = next(_records(lines), None)
    if header is None:
        raise ImportRefused("空のファイルです。")
    if header.broken is not None:
        raise ImportRefused(f"見出しの行を読めません: {header.broken}")
    found = [columns.named(cell) for cell in header.cells]
    known = [column for column in found if column is not None]
    if missing := [column for column in columns.required if column not in known]:
        names = "、".join(map(columns.words_of, missing))
        raise ImportRefused(f"必要な列がありません: {names}")
    if twice := sorted({column for column in known if known.count(column) > 1}):
        raise ImportRefused(f"同じ意味の列が2つあります: {'、'.join(twice)}")
    ignored = [cell for cell, column in zip(header.cells, found, strict=True) if column is None and cell]
    return found, tuple(ignored)


def _csv_rows(lines: Lines, columns: Sequence[str | None]) -> Iterator[RawRow]:
    for record in _records(lines):
        broken = record.broken
        if any(cell.strip() for cell in record.cells[len(columns) :]):
            broken = "見出しより列が多いです"
        values = {
            column: cell for column, cell in zip(columns, record.cells, strict=False) if column is not None
        }
        yield RawRow(record.line, record.original, values, broken)


@dataclass(frozen=True)
class _Record:
    line: int
    original: str
    cells: Sequence[str] = ()
    broken: str | None = None


def _records(lines: Lines) -> Iterator[_Record]:
    """Rows of CSV, blank ones left out; after a broken one, reading begins again on its second line."""
    while True:
        try:
            for cells in csv.reader(lines, strict=True):
                line, original = lines.take_row()
                if any(cell.strip() for cell in cells):
                    yield _Record(line, original, cells)
        except RowTooLong:
            line, original = lines.drop_line()
            yield _Record(line, original, broken='行が長すぎるか、引用符(")が閉じていません')
        except csv.Error as error:
            line, original = lines.drop_line()
            yield _Record(line, original, broken=_csv_fault(error))
        else:
            return


def _csv_fault(error: csv.Error) -> str:
    if "field limit" in str(error):
        return "長すぎる項目があります"
    if "unexpected end" in str(error):
        return '引用符(")が閉じていません'
    return "CSV として読めません"


def _folded(text: str) -> str:
    return "".join(unicodedata.normalize("NFKC", text[:100]).split()).casefold()
