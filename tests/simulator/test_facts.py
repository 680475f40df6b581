"""The simulator's own checks against the facts of LINE's official specification (a frozen copy)."""

import json
from pathlib import Path
from typing import Any

import pytest

from app.simulator.checks import flex, menus, notices, sendable
from app.simulator.checks.shapes import Choice, Items, Record, Text, Written
from app.simulator.checks.templates import BUTTONS

FACTS = json.loads((Path(__file__).parent.parent / "data" / "line_facts.json").read_text(encoding="utf-8"))

RECORDS = {**sendable.RECORDS, **menus.RECORDS, **notices.RECORDS}
BASES = {"Action", "ImagemapAction", "Message", "Template", "FlexComponent", "FlexContainer"}
BASES |= {"FlexBoxBackground", "TemplateImageAspectRatio", "TemplateImageSize"}


def records() -> list[Any]:
    names = sorted(set(FACTS["records"]) - BASES)
    return [pytest.param(name, FACTS["records"][name], id=name) for name in names]


def fields() -> list[Any]:
    return [
        pytest.param(RECORDS[name], field, facts, id=f"{name}.{field}")
        for name, record in sorted(FACTS["records"].items())
        if name in RECORDS
        for field, facts in record["fields"].items()
        if facts.keys() & {"enum", "maxLength", "maxItems"}
    ]


@pytest.mark.parametrize(("name", "facts"), records())
def test_every_record_of_the_specification_is_checked_with_all_its_fields(
    name: str, facts: dict[str, Any]
) -> None:
    missing = set(facts["fields"]) - set(RECORDS[name].fields) - {"contents"}
    assert missing == set()


@pytest.mark.parametrize(("name", "facts"), records())
def test_what_the_specification_requires_is_required(name: str, facts: dict[str, Any]) -> None:
    assert set(facts["required"]) <= set(RECORDS[name].required)


@pytest.mark.parametrize(("record", "field", "facts"), fields())
def test_lengths_and_enums_are_those_of_the_specification(
    record: Record, field: str, facts: dict[str, Any]
) -> None:
    shape = record.fields.get(field)
    if "enum" in facts:
        assert isinstance(shape, Choice)
        assert shape.of == set(facts["enum"])
    if "maxLength" in facts:
        assert shape.most == facts["maxLength"] if isinstance(shape, Text) else _refuses_longer(shape, facts)
    if "maxItems" in facts:
        assert isinstance(shape, Items)
        assert shape.most == facts["maxItems"]


def _refuses_longer(shape: Any, facts: dict[str, Any]) -> bool:
    """For addresses and forms: one character more than the limit is refused, the limit itself is not."""
    start = "" if isinstance(shape, Written) else "https://example.com/"
    fits = start + "a" * (facts["maxLength"] - len(start))
    return not shape.faults(fits) and bool(shape.faults(fits + "a"))


@pytest.mark.parametrize(
    ("shape", "keywords"),
    [
        pytest.param(flex.BOX.fields["borderWidth"], "FlexBoxBorderWidth", id="borderWidth"),
        pytest.param(flex.BOX.fields["cornerRadius"], "FlexBoxCornerRadius", id="cornerRadius"),
        pytest.param(flex.BOX.fields["spacing"], "FlexBoxSpacing", id="spacing"),
        pytest.param(flex.BOX.fields["margin"], "FlexMargin", id="margin"),
        pytest.param(flex.BOX.fields["paddingAll"], "FlexBoxPadding", id="padding"),
        pytest.param(flex.BOX.fields["offsetTop"], "FlexOffset", id="offset"),
        pytest.param(flex.IMAGE.fields["size"], "FlexImageSize", id="image size"),
        pytest.param(flex.ICON.fields["size"], "FlexIconSize", id="icon size"),
        pytest.param(flex.TEXT.fields["size"], "FlexTextFontSize", id="text size"),
        pytest.param(flex.SPAN.fields["size"], "FlexSpanSize", id="span size"),
    ],
)
def test_keywords_are_those_of_the_specification(shape: Any, keywords: str) -> None:
    assert isinstance(shape, Written)
    assert shape.keywords == set(FACTS["keywords"][keywords])


@pytest.mark.parametrize(
    ("field", "keywords"),
    [("imageAspectRatio", "TemplateImageAspectRatio"), ("imageSize", "TemplateImageSize")],
)
def test_template_keywords_are_those_of_the_specification(field: str, keywords: str) -> None:
    shape = BUTTONS.fields[field]
    assert isinstance(shape, Choice)
    assert shape.of == set(FACTS["keywords"][keywords])
