"""Surveys from YAML: a survey, or every fault as `file:line: field: fault`."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import MappingProxyType

from app.yaml_files import Found, Kind, Read, load_yaml, read_yaml
from surveys.faults import survey_faults
from surveys.schema import Survey

DEFINITIONS = Path(__file__).with_name("definitions")
"""The surveys that ship with Goen."""


@dataclass(frozen=True)
class Loaded:
    """A survey that may go live, or the faults that stop it: never both."""

    survey: Survey | None
    faults: tuple[str, ...] = ()


def load_survey(path: Path) -> Loaded:
    """Read and check one file; a file that cannot be read is a fault, not an error."""
    return _loaded(load_yaml(path, _SURVEY))


def read_survey(text: str, *, source: str) -> Loaded:
    """Read and check YAML text; `source` is what its faults begin with, such as a file's name."""
    return _loaded(read_yaml(text, _SURVEY, source=source))


@cache
def shipped_surveys() -> Mapping[str, Survey]:
    """The surveys in surveys/definitions by name, read once.

    Errors: ValueError with every fault when one of them may not go live.
    """
    loaded = [load_survey(path) for path in sorted(DEFINITIONS.glob("*.yaml"))]
    faults = [fault for each in loaded for fault in each.faults]
    if faults:
        raise ValueError("\n".join(faults))
    return MappingProxyType({each.survey.name: each.survey for each in loaded if each.survey is not None})


def _found(survey: Survey) -> list[Found]:
    return [(fault.where, fault.what) for fault in survey_faults(survey)]


def _loaded(read: Read[Survey]) -> Loaded:
    return Loaded(read.value, read.faults)


_SURVEY = Kind(Survey, _found, root="survey")
