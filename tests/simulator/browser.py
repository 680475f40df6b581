"""The phone in a browser."""

from dataclasses import dataclass
from typing import Any

from playwright.sync_api import Locator, Page, expect

from app.simulator.running import RunningSimulator
from tests.simulator.conftest import Api


@dataclass(frozen=True)
class Phone:
    """One person's phone in a page, 375 wide, and the platform behind it."""

    page: Page
    line: RunningSimulator
    person: str
    problems: list[str]
    """What the page threw or wrote as an error."""

    def receive(self, *messages: dict[str, Any]) -> Locator:
        """Push messages and give the last one's node, once it is there."""
        api = Api(self.line.url)
        answer = api.post("/v2/bot/message/push", {"to": self.person, "messages": list(messages)})
        assert answer.status == 200, answer.body
        entries = api.get(f"/simulator/api/people/{self.person}/chat").body["entries"]
        shown = self.page.get_by_test_id("message")
        expect(shown).to_have_count(len(entries))
        return shown.last

    def receive_flex(self, contents: dict[str, Any]) -> Locator:
        """Push one Flex message."""
        return self.receive({"type": "flex", "altText": "x", "contents": contents})


def size_of(node: Locator) -> tuple[float, float]:
    """Width and height in CSS pixels."""
    box = node.bounding_box()
    assert box is not None
    return round(box["width"], 1), round(box["height"], 1)


def css(node: Locator, name: str) -> str:
    """A computed style."""
    value: str = node.evaluate("(node, name) => getComputedStyle(node).getPropertyValue(name)", name)
    return value


def open_phone(page: Page, line: RunningSimulator, *, more: str = "", is_friend: bool = True) -> Phone:
    """A new person's phone on the page."""
    person = line.add_person("見本 花子", is_friend=is_friend)
    page.goto(f"{line.url}/phone?person={person}{more}")
    page.wait_for_selector("html[data-ready]")
    return Phone(page, line, person, [])
