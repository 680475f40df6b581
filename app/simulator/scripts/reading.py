"""Scripts from YAML: a script, or every fault with its file, line and step."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap, CommentedSeq
from ruamel.yaml.error import MarkedYAMLError, YAMLError

from app.simulator.scripts.script import DEFAULT_PERSON, BadScript, Script, Step
from app.simulator.scripts.values import VERBS, BadValue

SHIPPED = Path(__file__).with_name("shipped")
"""The scripts that ship with Goen, one for each conversation."""
_HEAD = ("name", "about", "people", "steps")


def load_script(path: Path) -> Script:
    """Read a file. Errors: BadScript."""
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise BadScript([f"{path}:1: the file cannot be read ({type(error).__name__})"]) from None
    return read_script(text, source=str(path))


def read_script(text: str, *, source: str) -> Script:
    """Read YAML text; `source` is what its faults begin with. Errors: BadScript."""
    try:
        tree = YAML(typ="rt", pure=True).load(text)
    except (YAMLError, ValueError) as error:
        raise BadScript([f"{source}:{_line_of(error)}: this is not YAML ({_first_line(error)})"]) from None
    if not isinstance(tree, CommentedMap):
        raise BadScript([f"{source}:1: a script has name, people and steps"])
    return _Reading(source, tree).script()


class _Reading:
    """One file's faults while it is read: all of them are told, not only the first."""

    def __init__(self, source: str, tree: CommentedMap) -> None:
        self._source = source
        self._tree = tree
        self._faults: list[str] = []
        self._people: tuple[str, ...] = (DEFAULT_PERSON,)

    def script(self) -> Script:
        for key in self._tree:
            if key not in _HEAD:
                self._fault(_line_at(self._tree, key), f"{key!r} is not known: {', '.join(_HEAD)}")
        self._people = self._read_people()
        steps = tuple(self._steps())
        if self._faults:
            raise BadScript(self._faults)
        about = " ".join(str(self._tree.get("about", "")).split())
        name = str(self._tree.get("name") or Path(self._source).stem)
        return Script(self._source, name, about, self._people, steps)

    def _read_people(self) -> tuple[str, ...]:
        people = self._tree.get("people", [DEFAULT_PERSON])
        if isinstance(people, list) and people and all(isinstance(name, str) and name for name in people):
            return tuple(people)
        self._fault(_line_at(self._tree, "people"), "people is a list of names")
        return (DEFAULT_PERSON,)

    def _steps(self) -> Iterator[Step]:
        steps = self._tree.get("steps")
        if not isinstance(steps, CommentedSeq) or not steps:
            self._fault(1, "steps is a list of what happens")
            return
        for index, item in enumerate(steps):
            line = steps.lc.item(index)[0] + 1
            step = self._step(index + 1, line, item)
            if step is not None:
                yield step

    def _step(self, number: int, line: int, item: Any) -> Step | None:
        try:
            return self._read_step(number, line, item)
        except BadValue as error:
            self._fault(line, f"step {number}: {error}")
            return None

    def _read_step(self, number: int, line: int, item: Any) -> Step:
        fields: Any = {item: None} if isinstance(item, str) else item
        if not isinstance(fields, Mapping):
            raise BadValue("a step is a word, or `word: value`")
        verbs = [key for key in fields if key != "who"]
        if len(verbs) != 1 or verbs[0] not in VERBS:
            raise BadValue(f"{', '.join(map(str, verbs)) or 'nothing'} is not one of {', '.join(VERBS)}")
        who, verb = fields.get("who", self._people[0]), verbs[0]
        if who not in self._people:
            raise BadValue(f"{who!r} is not one of the people")
        try:
            return Step(number, line, who, verb, VERBS[verb](_plain(fields[verb])))
        except BadValue as error:
            raise BadValue(f"({verb}) {error}") from None

    def _fault(self, line: int, what: str) -> None:
        self._faults.append(f"{self._source}:{line}: {what}")


def _plain(value: Any) -> Any:
    """Without ruamel's own types for lists, maps and texts."""
    if isinstance(value, Mapping):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_plain(item) for item in value]
    return str(value) if isinstance(value, str) else value


def _line_at(tree: CommentedMap, key: Any) -> int:
    return tree.lc.key(key)[0] + 1 if key in tree else 1


def _line_of(error: Exception) -> int:
    mark = error.problem_mark if isinstance(error, MarkedYAMLError) else None
    return mark.line + 1 if mark is not None else 1


def _first_line(error: Exception) -> str:
    text = error.problem if isinstance(error, MarkedYAMLError) and error.problem else str(error)
    return text.splitlines()[0] if text else type(error).__name__
