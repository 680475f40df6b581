"""Answers that change without their question being asked: from a 興味なし, or from conditions that were saved.

They are answers like all others: added, never overwritten, shown in the summary, and the newest counts. A
change can be taken back as long as nobody has answered the same question since. Nothing here commits.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from surveys.actions import start_survey, stop_survey
from surveys.models import Answer, SurveySession
from surveys.queries import find_newest_sheet
from surveys.rules import Sheet, Value


@dataclass(frozen=True)
class Change:
    """The answers that one change added, by their first and last id; what lies between may be others'."""

    first: int
    last: int


def amend_answers(
    session: Session, friend_id: int, name: str, values: Mapping[str, Value], now: datetime
) -> Change | None:
    """Give these answers in the friend's newest run; None when they all stand there already.

    Who has never begun the survey gets a run that waits to be continued. The question that a running survey
    asks stays the same. Errors: LookupError for a survey that is not there.
    """
    sheet = find_newest_sheet(session, friend_id, name) or _waiting_sheet(session, friend_id, name, now)
    changed = {
        key: value for key, value in values.items() if key not in sheet.answers or sheet.answers[key] != value
    }
    if not changed:
        return None
    rows = [
        Answer(session_id=sheet.session_id, friend_id=friend_id, question_key=key, value=value, at=now)
        for key, value in changed.items()
    ]
    session.add_all(rows)
    session.flush()
    ids = [row.id for row in rows]
    return Change(min(ids), max(ids))


def undo_change(session: Session, friend_id: int, change: Change, now: datetime) -> list[str]:
    """Answer again as before the change; the names of the surveys that now say something else.

    Nothing changes when one of its questions was answered since: half a change could mean anything.
    """
    added = select(Answer, SurveySession.survey_name).join(SurveySession)
    rows = session.execute(
        added.where(Answer.friend_id == friend_id, Answer.id.between(change.first, change.last)).order_by(
            Answer.id
        )
    ).all()
    if any(_newest(session, row, name) != row.id for row, name in rows):
        return []
    undone: list[str] = []
    for row, name in rows:
        before = session.scalars(_same_question(row, name).where(Answer.id < row.id).limit(1)).first()
        value = None if before is None else before.value
        if value != row.value:
            session.add(_again(row, value, now))
            undone.append(name)
    session.flush()
    return list(dict.fromkeys(undone))


def joined(*changes: Change | None) -> Change | None:
    """One change out of several made together."""
    made = [each for each in changes if each is not None]
    return Change(min(each.first for each in made), max(each.last for each in made)) if made else None


def _waiting_sheet(session: Session, friend_id: int, name: str, now: datetime) -> Sheet:
    sheet = start_survey(session, friend_id, name, now)
    if sheet is None:
        raise LookupError(name)
    return stop_survey(session, sheet, now)


def _same_question(row: Answer, name: str) -> Select[Answer]:
    """The answers to this question in every run of the survey, the newest first."""
    return (
        select(Answer)
        .join(SurveySession)
        .where(
            Answer.friend_id == row.friend_id,
            Answer.question_key == row.question_key,
            SurveySession.survey_name == name,
        )
        .order_by(Answer.id.desc())
    )


def _newest(session: Session, row: Answer, name: str) -> int:
    return session.scalars(_same_question(row, name).limit(1)).one().id


def _again(row: Answer, value: Value, now: datetime) -> Answer:
    return Answer(
        session_id=row.session_id,
        friend_id=row.friend_id,
        question_key=row.question_key,
        value=value,
        at=now,
    )
