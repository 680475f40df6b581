"""希望と回答 of a person's page: what counts of chat and site, in the words of the surveys."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.definitions import Definition
from app.encryption import Encryption
from app.people.persons import Person
from app.people.queries import profile_of
from surveys.models import SurveySession
from surveys.rules import Value, answer_text
from surveys.schema import Survey, survey_from_json


@dataclass(frozen=True)
class ProfileLine:
    """One thing that is known, in words."""

    label: str
    text: str
    at: datetime
    side: str


def profile_lines(session: Session, sealing: Encryption, person: Person) -> list[ProfileLine]:
    """希望と回答: what counts of both sides, in the order and the words of the surveys."""
    surveys = _surveys(session, person)
    stated = profile_of(session, sealing, person)
    lines = []
    for survey in surveys:
        for question in survey.questions:
            said = stated.pop(question.key, None)
            if said is not None:
                value: Any = said.value
                lines.append(ProfileLine(question.label, answer_text(question, value), said.at, said.side))
    for key in [key for key in stated if key not in {"name", "phone", "mail"}]:
        said = stated[key]
        lines.append(ProfileLine(FACT_LABELS.get(key, key), _plain(said.value), said.at, said.side))
    return lines


FACT_LABELS = {
    "leave_on": "退職予定",
    "registered_on": "サイト登録日",
    "consulted": "面談",
    "resume_filled": "職務経歴書",
}


def _plain(value: Value | float | bool | object) -> str:
    if isinstance(value, bool):
        return "済み" if value else "まだ"
    return "、".join(map(str, value)) if isinstance(value, list) else str(value)


def _surveys(session: Session, person: Person) -> list[Survey]:
    """Every survey, in its newest version: site facts are named like its questions."""
    newest: dict[str, str] = {}
    query = select(Definition.name, Definition.body).where(Definition.kind == "survey")
    for name, body in session.execute(query.order_by(Definition.version)):
        newest[name] = body
    ran = select(SurveySession.survey_name).where(SurveySession.friend_id.in_(person.friend_ids))
    known = set(session.scalars(ran.distinct()))
    ordered = sorted(newest, key=lambda name: (name not in known, name != "preferences", name))
    return [survey_from_json(newest[name]) for name in ordered]
