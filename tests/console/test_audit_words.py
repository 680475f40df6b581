"""監査記録 shows words, whoever writes an entry: every action that the code names has some."""

import ast
from collections.abc import Iterator
from pathlib import Path

from app.console.reasons import action_words

ROOT = Path(__file__).resolve().parent.parent.parent
ACTION_PLACE = 2
"""Of the arguments of `record_audit`."""


def named_actions() -> Iterator[str]:
    for folder in ("app", "handlers", "richmenu", "surveys"):
        for path in (ROOT / folder).rglob("*.py"):
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if isinstance(node, ast.Call):
                    yield from actions_of(node)


def actions_of(call: ast.Call) -> Iterator[str]:
    if isinstance(call.func, ast.Name) and call.func.id == "record_audit":
        yield from words_in(call.args[ACTION_PLACE])
    for keyword in call.keywords:
        if keyword.arg == "action":
            yield from (word for word in words_in(keyword.value) if "." in word)


def words_in(given: ast.expr) -> Iterator[str]:
    for node in ast.walk(given):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.value


def test_every_action_has_words() -> None:
    named = set(named_actions())
    assert {"link.made", "person.viewed", "menu.published"} <= named
    assert {action for action in named if action_words(action) == action} == set()
