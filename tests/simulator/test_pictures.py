"""The reference messages look as they did: their boxes and their pictures (how and why: pictures.py)."""

import json
from collections.abc import Iterator

import pytest

from tests.chromium import needs_chromium
from tests.simulator.pictures import BOXES, FOLDER, boxes_in, difference, moved_boxes, picture_of
from tests.simulator.reference import REFERENCE
from tests.simulator.sheet import Sheet, running_sheet

pytestmark = [pytest.mark.browser, needs_chromium]


@pytest.fixture(scope="module")
def sheet() -> Iterator[Sheet]:
    with running_sheet() as opened:
        yield opened


@pytest.mark.parametrize("name", REFERENCE)
def test_reference_messages_are_drawn_as_before(sheet: Sheet, name: str) -> None:
    view = sheet.draw(REFERENCE[name])
    kept = json.loads(BOXES.read_text(encoding="utf-8"))[name]
    assert moved_boxes(kept, boxes_in(view)) == []
    found = difference(sheet.page, (FOLDER / f"{name}.png").read_bytes(), picture_of(view))
    assert found.is_small, f"{found}; if it should look so now: make pictures"


def test_no_picture_is_kept_of_what_is_no_longer_drawn() -> None:
    assert {path.stem for path in FOLDER.glob("*.png")} == set(REFERENCE)


SEEN = [
    pytest.param(".line-message { font-family: serif !important }", True, id="another font is allowed"),
    pytest.param(".line-message { letter-spacing: 0.1px }", True, id="letters a little further apart"),
    pytest.param(".flex-picture img { visibility: hidden }", False, id="a lost picture"),
    pytest.param(".flex-button.primary { background: #0b5fff !important }", False, id="another colour"),
    pytest.param(".flex-text p { color: transparent !important }", False, id="lost words"),
    pytest.param(".flex-bubble { margin-inline-start: 12px !important }", False, id="another place"),
]


@pytest.mark.parametrize(("rule", "is_allowed"), SEEN)
def test_the_comparison_sees_what_a_person_would_see(sheet: Sheet, rule: str, *, is_allowed: bool) -> None:
    view = sheet.draw(REFERENCE["jobs"])
    before = picture_of(view)
    style = sheet.page.add_style_tag(content=rule)
    after = picture_of(view)
    style.evaluate("node => node.remove()")
    found = difference(sheet.page, before, after)
    assert found.is_small is is_allowed, found


PAGE_RULES = """
    * { line-height: 2 }
    body { font: 20px/1.8 serif; color: red; text-align: right; letter-spacing: normal }
    p, strong, ol, li { margin: 1em; padding: 1em }
    button { margin: 4px; padding: 1em; border: 3px solid; border-radius: 3px; background: pink; min-height: 70px }
    img { max-width: 50%; border: 2px solid; border-radius: 9px }
    a { color: red }
"""


@pytest.mark.parametrize("name", REFERENCE)
def test_the_rules_of_a_page_around_it_change_nothing(sheet: Sheet, name: str) -> None:
    plain = boxes_in(sheet.draw(REFERENCE[name]))
    style = sheet.page.add_style_tag(content=PAGE_RULES)
    # A page's own sheet comes first, as console.css would.
    style.evaluate("node => document.head.prepend(node)")
    around = boxes_in(sheet.draw(REFERENCE[name]))
    style.evaluate("node => node.remove()")
    assert moved_boxes(plain, around) == []
