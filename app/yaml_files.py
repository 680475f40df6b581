"""Shipped YAML read into a model: the value, or every fault as `file:line: field: fault`.

Surveys, menus and what else is written by people share this; each brings its model and its own checks.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any, Generic, TypeVar

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails
from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap, CommentedSeq
from ruamel.yaml.constructor import DuplicateKeyError
from ruamel.yaml.error import MarkedYAMLError, YAMLError


class Named(BaseModel):
    """What is shipped as a file and known by its name."""

    name: str


Model = TypeVar("Model", bound=Named)
Location = tuple[str | int, ...]
"""The path to a field inside the file: names and places in lists."""
Found = tuple[Location, str]
"""A fault: where, and what is wrong in plain words."""

PLAIN_WORDS: Mapping[str, str] = MappingProxyType(
    {
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
        "dict_type": "「項目: 値」の形で書いてください",
        "union_tag_not_found": "種類（{discriminator}）がありません",
        "union_tag_invalid": "種類は {expected_tags} のどれかにしてください",
        "greater_than_equal": "{ge} 以上にしてください",
        "less_than_equal": "{le} 以下にしてください",
    }
)


@dataclass(frozen=True)
class Read(Generic[Model]):
    """What may go live, or the faults that stop it: never both."""

    value: Model | None
    faults: tuple[str, ...] = ()


@dataclass(frozen=True, eq=False)
class Kind(Generic[Model]):
    """What a file is to be: its model, the checks of the whole, and words for its fields' faults."""

    model: type[Model]
    check: Callable[[Model], Iterable[Found]]
    folder: Path
    """Where those that ship with Goen lie."""
    root: str
    """What a fault without a field is said to be in."""
    words: Mapping[str, str] = field(default_factory=lambda: PLAIN_WORDS)


def check_files(kind: Kind[Model], paths: Sequence[Path] = ()) -> list[str]:
    """Faults in the order of the files, or of those that ship with Goen. Empty: all may go live."""
    faults: list[str] = []
    seen: dict[str, Path] = {}
    for path in paths or _shipped_files(kind):
        read = load_yaml(path, kind)
        faults += read.faults
        if read.value is None:
            continue
        other = seen.setdefault(read.value.name, path)
        if other != path:
            faults.append(f"{path}:1: name: 「{read.value.name}」は {other} でも使われています")
    return faults


@cache
def shipped(kind: Kind[Model]) -> Mapping[str, Model]:
    """Those that ship with Goen by name, read once.

    Errors: ValueError with every fault when one of them may not go live.
    """
    read = [load_yaml(path, kind) for path in _shipped_files(kind)]
    faults = [fault for each in read for fault in each.faults]
    if faults:
        raise ValueError("\n".join(faults))
    return MappingProxyType({each.value.name: each.value for each in read if each.value is not None})


def _shipped_files(kind: Kind[Model]) -> list[Path]:
    return sorted(kind.folder.glob("*.yaml"))


def load_yaml(path: Path, kind: Kind[Model]) -> Read[Model]:
    """Read and check one file; a file that cannot be read is a fault, not an error."""
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        return Read(None, (f"{path}:1: file: 読めません（{type(error).__name__}）",))
    return read_yaml(text, kind, source=str(path))


def read_yaml(text: str, kind: Kind[Model], *, source: str) -> Read[Model]:
    """Read and check YAML text; `source` is what its faults begin with, such as a file's name."""
    try:
        tree = YAML(typ="rt", pure=True).load(text)
        plain = _plain(tree, 0)
    except (YAMLError, ValueError) as error:
        line, what = _yaml_fault(error)
        return Read(None, (f"{source}:{line}: YAML: {what}",))
    try:
        value = kind.model.model_validate(plain)
    except ValidationError as error:
        return Read(None, tuple(_written(source, tree, list(field_faults(error, kind.words)), kind.root)))
    found = list(kind.check(value))
    return Read(None, tuple(_written(source, tree, found, kind.root))) if found else Read(value)


def field_faults(error: ValidationError, words: Mapping[str, str] = PLAIN_WORDS) -> Iterator[Found]:
    """A model's refusals in plain words, the deepest of each path only."""
    places = [_place(detail) for detail in error.errors()]
    for detail, where in zip(error.errors(), places, strict=True):
        has_deeper = any(len(other) > len(where) and other[: len(where)] == where for other in places)
        if not has_deeper:  # a list whose items are all wrong is reported by its items, not as empty
            yield where, _in_plain_words(detail, words)


def _place(detail: ErrorDetails) -> Location:
    return tuple(detail["loc"])


def _plain(node: Any, depth: int) -> Any:
    """Builtin containers only. Depth is bounded: an alias can contain itself."""
    if depth > 20:
        raise ValueError("入れ子が深すぎます")
    if isinstance(node, Mapping):
        if any(isinstance(key, Mapping | tuple) for key in node):
            raise ValueError("項目の名前が、ひとつの語ではありません")
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


def _in_plain_words(detail: ErrorDetails, all_words: Mapping[str, str]) -> str:
    words = all_words.get(detail["type"])
    return (
        words.format(**detail.get("ctx", {})).replace(" or ", ", ")
        if words
        else f"正しくありません（{detail['msg']}）"
    )


def _written(source: str, tree: Any, faults: Sequence[Found], root: str) -> Iterator[str]:
    lines = sorted((_line_of(tree, where), _field(where, root), what) for where, what in faults)
    for line, name, what in dict.fromkeys(lines):
        yield f"{source}:{line}: {name}: {what}"


def _line_of(tree: Any, where: Location) -> int:
    """The line of the deepest part of the path that is there, counted from 1."""
    node, line = tree, 1
    for part in where:
        if isinstance(node, CommentedMap) and part in node:
            line, node = node.lc.key(part)[0] + 1, node[part]
        elif isinstance(node, CommentedSeq) and isinstance(part, int) and part < len(node):
            line, node = node.lc.item(part)[0] + 1, node[part]
    return line


def _field(where: Location, root: str) -> str:
    path = "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in where)
    return re.sub(r"only_if\[0\]", "only_if", path.lstrip(".")) or root
