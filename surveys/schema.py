"""What a survey is: questions, options and the conditions under which a question is asked.

The same shape is written as YAML (surveys/definitions), stored as a definition's JSON, and edited in the
console. Whether it makes sense as a whole is checked in surveys/faults.py.
"""

from enum import StrEnum
from functools import lru_cache
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints, model_validator

from app.yaml_files import Named

Key = Annotated[str, StringConstraints(pattern=r"^[a-z0-9_]{1,30}$")]
Words = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]


class QuestionType(StrEnum):
    """How a question is answered; it decides the shape of the stored value."""

    SINGLE = "single"
    """One option: its value."""
    MULTI = "multi"
    """Several options: a list of values."""
    NUMBER = "number"
    """A whole number."""
    DATE = "date"
    """A day as ISO text."""
    PREFECTURE = "prefecture"
    """A list of codes 1–47."""
    MUNICIPALITY = "municipality"
    """A list of codes of municipalities, or of whole prefectures."""
    TEXT = "text"
    """Free text."""


class Part(BaseModel):
    """Unknown fields are faults: a misspelt one must not be ignored."""

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)


class Condition(Part):
    """Holds when an earlier answer is, or contains, one of some values."""

    question: Key
    is_: Words | None = Field(default=None, alias="is")
    any_of: tuple[Words, ...] = ()

    @property
    def values(self) -> tuple[str, ...]:
        """Every value that makes it hold."""
        return self.any_of if self.is_ is None else (self.is_, *self.any_of)


def _as_list(value: object) -> object:
    return [value] if isinstance(value, dict) else value


Conditions = Annotated[tuple[Condition, ...], BeforeValidator(_as_list)]


class Option(Part):
    """One possible answer: `value` is stored, `label` is shown. Plain text in YAML is both."""

    value: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=20)]
    label: Words
    aliases: tuple[Words, ...] = ()
    """Other words for it, when typed."""
    typed_only: bool = False
    """True: understood when typed, but not shown as a button."""
    exclusive: bool = False
    """True: in a multi question it goes with no other option (どれも持っていない)."""
    only_if: Conditions = ()
    """The button is shown only then."""

    @model_validator(mode="before")
    @classmethod
    def _from_text(cls, data: Any) -> Any:
        if isinstance(data, str | int) and not isinstance(data, bool):
            data = {"value": data}
        if isinstance(data, dict) and isinstance(data.get("value"), int):
            data = data | {"value": str(data["value"])}
        if isinstance(data, dict) and "value" in data and "label" not in data:
            data = data | {"label": data["value"]}
        return data


class Question(Part):
    """One question. Fields that its type does not use are ignored."""

    key: Key
    type: QuestionType
    text: Words
    label: Words
    """Its name in the summary and the export."""
    hint: str = ""
    """Shown under the question, and again after an answer that was not understood."""
    required: bool = False
    """True: it cannot be skipped."""
    options: tuple[Option, ...] = ()
    """Answers of single and multi; ready amounts of a number."""
    only_if: Conditions = ()
    """Asked only when all of these hold."""
    least: int | None = None
    most: int | None = None
    unit: str = ""
    """Of a number: written behind it, such as 円."""
    bare_unit: int = 1
    """Of a number below `least`: it is meant in these (25 for a monthly wage is 25万円 with 10000)."""
    up_to: Annotated[int, Field(ge=1, le=5)] = 1
    """Of places: how many may be named at once."""
    max_length: Annotated[int, Field(ge=1, le=2000)] = 500
    """Of free text."""

    def option(self, value: object) -> Option | None:
        """The option with this value."""
        return next((option for option in self.options if option.value == value), None)


class Survey(Part, Named):
    """A whole survey in the order of asking."""

    name: Key
    title: Words
    greeting: Words
    """Said before the first question."""
    closing: Words
    """Said after the last one, above the summary."""
    questions: Annotated[tuple[Question, ...], Field(min_length=1, max_length=30)]

    def question(self, key: str | None) -> Question | None:
        """The question with this key."""
        return next((question for question in self.questions if question.key == key), None)


@lru_cache(maxsize=64)
def survey_from_json(body: str) -> Survey:
    """The survey in a definition's body; it was checked before it was stored."""
    return Survey.model_validate_json(body)
