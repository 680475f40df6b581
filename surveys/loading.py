"""Surveys from YAML: a survey, or every fault as `file:line: field: fault`."""

from collections.abc import Mapping
from pathlib import Path

from app.yaml_files import Found, Kind, Read, load_yaml, read_yaml, shipped
from surveys.faults import survey_faults
from surveys.schema import Survey

DEFINITIONS = Path(__file__).with_name("definitions")
"""The surveys that ship with Goen."""


def load_survey(path: Path) -> Read[Survey]:
    """Read and check one file; a file that cannot be read is a fault, not an error."""
    return load_yaml(path, SURVEY)


def read_survey(text: str, *, source: str) -> Read[Survey]:
    """Read and check YAML text; `source` is what its faults begin with, such as a file's name."""
    return read_yaml(text, SURVEY, source=source)


def shipped_surveys() -> Mapping[str, Survey]:
    """The surveys in surveys/definitions by name. Errors: ValueError when one of them may not go live."""
    return shipped(SURVEY)


def _found(survey: Survey) -> list[Found]:
    return [(fault.where, fault.what) for fault in survey_faults(survey)]


SURVEY = Kind(Survey, _found, DEFINITIONS, root="survey")
