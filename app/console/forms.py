"""Forms: `request.form` becomes values of a pydantic model, or sentences for the fields that do not fit."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

from flask import request
from pydantic import BaseModel, ConfigDict, ValidationError
from pydantic_core import ErrorDetails

from app.line.text import clean_text

SECRET_FIELDS = frozenset({"password", "new_password", "new_password_again"})
"""Never written back into a page."""


class Form(BaseModel):
    """What a form gives. Texts are stripped; what is not declared is ignored."""

    model_config = ConfigDict(str_strip_whitespace=True, hide_input_in_errors=True, extra="ignore")


F = TypeVar("F", bound=Form)


@dataclass(frozen=True)
class Filled(Generic[F]):
    """A form as it came: `value` when it fits, else `faults` by field; `given` is what was typed."""

    value: F | None = None
    given: Mapping[str, Any] = field(default_factory=dict, repr=False)
    faults: Mapping[str, str] = field(default_factory=dict)

    def refused(self, name: str, sentence: str) -> "Filled[F]":
        """The same with one more fault, found by somebody else."""
        return Filled(None, self.given, {**self.faults, name: sentence})


def empty_form(**given: Any) -> Filled[Any]:
    """A form before it is filled in, with what the fields begin with."""
    return Filled(None, given)


def read_form(model: type[F]) -> Filled[F]:
    """The posted form; a field given several times is a list where the model says so."""
    given = _given(model)
    shown = {name: value for name, value in given.items() if name not in SECRET_FIELDS}
    try:
        return Filled(model.model_validate(given), shown)
    except ValidationError as error:
        return Filled(None, shown, {_field_of(fault): _sentence(fault) for fault in error.errors()})


def _given(model: type[Form]) -> dict[str, Any]:
    given: dict[str, Any] = {}
    for name, declared in model.model_fields.items():
        is_list = getattr(declared.annotation, "__origin__", None) in {list, tuple}
        if is_list:
            given[name] = [_kept(name, text) for text in request.form.getlist(name)]
        elif name in request.form:
            given[name] = _kept(name, request.form[name])
    return given


def _kept(name: str, text: str) -> str:
    """As the database can take it; a password is only ever hashed."""
    return text if name in SECRET_FIELDS else clean_text(text)


def _field_of(fault: ErrorDetails) -> str:
    return str(fault["loc"][0]) if fault["loc"] else ""


def _sentence(fault: ErrorDetails) -> str:
    """In the console's words; a sentence of our own validators stays as it is."""
    context = fault.get("ctx", {})
    match fault["type"]:
        case "value_error":
            return str(context.get("error", "内容を確かめてください。"))
        case "missing" | "string_too_short":
            least = context.get("min_length", 1)
            return "入力してください。" if least <= 1 else f"{least}文字以上で入力してください。"
        case "string_too_long":
            return f"{context['max_length']}文字まで入力できます。"
        case "int_parsing" | "int_type" | "int_from_float":
            return "数字で入力してください。"
        case "enum" | "literal_error":
            return "選択肢から選んでください。"
        case "date_from_datetime_parsing" | "date_parsing" | "datetime_parsing":
            return "日付を選んでください。"
    return "内容を確かめてください。"
