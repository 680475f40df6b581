"""The example in docs/webhooks.md does what it says."""

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from app.announcements.rules import Kind
from app.announcements.signing import sign_delivery

PAGE = (Path(__file__).parents[2] / "docs" / "webhooks.md").read_text(encoding="utf-8")
BODY = b'{"id":"evt_1"}'


@pytest.fixture
def example() -> Any:
    [code] = re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL)
    names: dict[str, Any] = {}
    exec(compile(code, "docs/webhooks.md", "exec"), names)
    return names["is_genuine"]


def test_the_example_takes_what_we_sign_and_nothing_else(example: Any) -> None:
    now = datetime.now(UTC)
    assert example("new", sign_delivery(["new", "old"], now, BODY), BODY)
    assert example("old", sign_delivery(["new", "old"], now, BODY), BODY)
    assert not example("another", sign_delivery(["new"], now, BODY), BODY)
    assert not example("new", sign_delivery(["new"], now, BODY), BODY + b" ")
    assert not example("new", sign_delivery(["new"], now - timedelta(minutes=6), BODY), BODY)


@pytest.mark.parametrize("kind", Kind)
def test_every_kind_is_described(kind: Kind) -> None:
    assert f"`{kind}`" in PAGE
