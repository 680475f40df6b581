"""Finding a place by taps (pure): region → prefecture → city, page by page."""

from dataclasses import dataclass

from app.areas import REGIONS, area_name, cities_in, prefecture_of, prefectures_in
from app.line.messages import Action
from surveys.buttons import answer_button, area_button
from surveys.rules import Sheet
from surveys.schema import Question, QuestionType

PAGE_SIZE = 18
"""Cities on a page. More than fit beside the controls stand on a card, two in a row."""


@dataclass(frozen=True)
class Page:
    """Where in the menu somebody is; nothing of it is stored. Neither region nor prefecture: the regions."""

    region: int | None = None
    """Index into REGIONS."""
    prefecture: int | None = None
    number: int = 0

    def words(self) -> str:
        """What the page shows, for the text above it; empty at the top."""
        if self.prefecture is not None and prefecture_of(self.prefecture):
            return f"（{area_name(self.prefecture)}）"
        if self.region is not None and self.region in range(len(REGIONS)):
            return f"（{REGIONS[self.region]}）"
        return ""


def area_choices(sheet: Sheet, question: Question, page: Page) -> list[Action]:
    """The buttons of one page; an impossible page shows the regions."""
    if page.prefecture is not None and prefecture_of(page.prefecture):
        return _cities(sheet, question, page.prefecture, page.number)
    if page.region is not None and page.region in range(len(REGIONS)):
        return _prefectures(sheet, question, page.region)
    return [area_button(sheet, question, name, region=index) for index, name in enumerate(REGIONS)]


def _prefectures(sheet: Sheet, question: Question, region: int) -> list[Action]:
    found = prefectures_in(REGIONS[region])
    again = area_button(sheet, question, "地方を選び直す")
    if question.type is QuestionType.PREFECTURE:
        return [*(answer_button(sheet, question, str(each.code), each.name) for each in found), again]
    return [*(area_button(sheet, question, each.name, pref=each.code) for each in found), again]


def _cities(sheet: Sheet, question: Question, prefecture: int, number: int) -> list[Action]:
    """One page of municipalities without wards: cities and Tokyo's wards first, then towns and villages."""
    found = [city for city in cities_in(prefecture) if city.parent is None]
    found.sort(key=lambda city: (city.name[-1] not in "市区", city.code))
    start = number * PAGE_SIZE if number * PAGE_SIZE < len(found) else 0
    shown = found[start : start + PAGE_SIZE]
    choices = [answer_button(sheet, question, str(city.code), city.name) for city in shown]
    if start + PAGE_SIZE < len(found):
        more = start // PAGE_SIZE + 1
        choices.append(area_button(sheet, question, "もっと見る", pref=prefecture, page=more))
    whole = answer_button(sheet, question, str(prefecture), f"{area_name(prefecture)}のどこでも")
    return [whole, *choices, area_button(sheet, question, "地方を選び直す")]
