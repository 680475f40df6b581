"""Surveys from YAML: a survey, or every fault as `file:line: field: fault`."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

from pydantic import ValidationError
from pydantic_core import ErrorDetails
from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap, CommentedSeq
from ruamel.yaml.constructor import DuplicateKeyError
from ruamel.yaml.error import MarkedYAMLError, YAMLError

from surveys.faults import Location, survey_faults
from surveys.schema import Survey

DEFINITIONS = Path(__file__).with_name("definitions")
"""The surveys that ship with Goen."""

_PLAIN_WORDS = {
    "missing": "必要な項目がありません",
    "extra_forbidden": "知らない項目です",
    "string_type": "文字で書いてください",
    "string_too_short": "空です",
    "string_too_long": "長すぎます（{max_length}文字まで）",
    "string_pattern_mismatch": "半角の英小文字・数字・_ を 1〜30 文字で書いてください",
    "enum": "{expected} のどれかにしてください",
    "int_type": "整数で書いてください",
    "int_parsing": "整数で書いてください",
    "int_from_float": "整数で書いてください",
    "bool_type": "true か false で書いてください",
    "bool_parsing": "true か false で書いてください",
    "tuple_type": "「- 」で始まる一覧で書いてください",
    "too_short": "一つ以上必要です",
    "too_long": "多すぎます（{max_length}個まで）",
    "model_type": "「項目: 値」の形で書いてください",
    "model_attributes_type": "「項目: 値」の形で書いてください",
    "greater_than_equal": "{ge} 以上にしてください",
    "less_than_equal": "{le} 以下にしてください",
}


@dataclass(frozen=True)
class Loaded:
    """A survey that may go live, or the faults that stop it: never both."""

    survey: Survey | None
    faults: tuple[str, ...] = ()


def load_survey(path: Path) -> Loaded:
    """Read and check one file; a file that cannot be read is a fault, not an error."""
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        return Loaded(None, (f"{path}:1: file: 読めません（{type(error).__name__}）",))
    return read_survey(text, source=str(path))


def read_survey(text: str, *, source: str) -> Loaded:
    """Read and check YAML text; `source` is what its faults begin with, such as a file's name."""
    try:
        tree = YAML(typ="rt", pure=True).load(text)
        plain = _plain(tree, 0)
    except (YAMLError, ValueError) as error:
        line, what = _yaml_fault(error)
        return Loaded(None, (f"{source}:{line}: YAML: {what}",))
    try:
        survey = Survey.model_validate(plain)
    except ValidationError as error:
        return Loaded(None, tuple(_written(source, tree, list(_field_faults(error)))))
    found = [(fault.where, fault.what) for fault in survey_faults(survey)]
    return Loaded(None, tuple(_written(source, tree, found))) if found else Loaded(survey)


@cache
def shipped_surveys() -> Mapping[str, Survey]:
    """The surveys in surveys/definitions by name, read once.

    Errors: ValueError with every fault when one of them may not go live.
    """
    loaded = [load_survey(path) for path in sorted(DEFINITIONS.glob("*.yaml"))]
    faults = [fault for each in loaded for fault in each.faults]
    if faults:
        raise ValueError("\n".join(faults))
    return MappingProxyType({each.survey.name: each.survey for each in loaded if each.survey is not None})


def _plain(node: Any, depth: int) -> Any:
    """Builtin containers only. Depth is bounded: an alias can contain itself."""
    if depth > 20:
        raise ValueError("入れ子が深すぎます")
    if isinstance(node, Mapping):
        return {_plain(key, depth + 1): _plain(value, depth + 1) for key, value in node.items()}
    if isinstance(node, Sequence) and not isinstance(node, str | bytes):
        return [_plain(value, depth + 1) for value in node]
    if isinstance(node, bool):
        return bool(node)
    return str(node) if isinstance(node, str) else node


def _yaml_fault(error: YAMLError | ValueError) -> tuple[int, str]:
    mark = error.problem_mark if isinstance(error, MarkedYAMLError) else None
    line = mark.line + 1 if mark is not None else 1
    if isinstance(error, DuplicateKeyError):
        return line, "同じ項目が二度書かれています"
    if isinstance(error, MarkedYAMLError):
        return line, f"YAML として読めません（{error.problem}）"
    return line, str(error).splitlines()[0] if str(error) else "読めません"


def _field_faults(error: ValidationError) -> Iterator[tuple[Location, str]]:
    places = [tuple(detail["loc"]) for detail in error.errors()]
    for detail, where in zip(error.errors(), places, strict=True):
        has_deeper = any(len(other) > len(where) and other[: len(where)] == where for other in places)
        if not has_deeper:  # a list whose items are all wrong is reported by its items, not as empty
            yield where, _in_plain_words(detail)


def _in_plain_words(detail: ErrorDetails) -> str:
    words = _PLAIN_WORDS.get(detail["type"])
    return (
        words.format(**detail.get("ctx", {})).replace(" or ", ", ")
        if words
        else f"正しくありません（{detail['msg']}）"
    )


def _written(source: str, tree: Any, faults: Sequence[tuple[Location, str]]) -> Iterator[str]:
    lines = sorted((_line_of(tree, where), _field(where), what) for where, what in faults)
    for line, field, what in dict.fromkeys(lines):
        yield f"{source}:{line}: {field}: {what}"


def _line_of(tree: Any, where: Location) -> int:
    """The line of the deepest part of the path that is there, counted from 1."""
    node, line = tree, 1
    for part in where:
        if isinstance(node, CommentedMap) and part in node:
            line, node = node.lc.key(part)[0] + 1, node[part]
        elif isinstance(node, CommentedSeq) and isinstance(part, int) and part < len(node):
            line, node = node.lc.item(part)[0] + 1, node[part]
    return line


def _field(where: Location) -> str:
    path = "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in where)
    return re.sub(r"only_if\[0\]", "only_if", path.lstrip(".")) or "survey"
