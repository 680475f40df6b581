"""What happens to a friend's run through a survey. Each action gives the sheet as it is afterwards."""

from dataclasses import replace
from datetime import datetime

from sqlalchemy import JSON, update
from sqlalchemy.orm import Session

from app.definitions import Definition, load_shipped_definitions
from app.inserting import insert_unless_there
from surveys.loading import shipped_surveys
from surveys.models import Answer, SurveySession
from surveys.queries import KIND, find_newest_sheet, newest_survey
from surveys.rules import (
    Sheet,
    State,
    Value,
    answered,
    moved_on,
    next_question,
    opened_at,
    previous_question,
    toggled,
)
from surveys.schema import Question


def load_shipped_surveys(session: Session, now: datetime) -> list[Definition]:
    """Publish the surveys of this release that are new; none on a second run.

    Errors: ValueError when a shipped survey has faults.
    """
    bodies = {
        name: survey.model_dump(mode="json", by_alias=True) for name, survey in shipped_surveys().items()
    }
    return load_shipped_definitions(session, KIND, bodies, now)


def start_survey(session: Session, friend_id: int, name: str, now: datetime) -> Sheet | None:
    """Begin the newest version, or give the run that is asking already; None for an unknown survey."""
    found = newest_survey(session, name)
    if found is None:
        return None
    definition, survey = found
    first = next_question(survey, {})
    insert_unless_there(
        session,
        SurveySession,
        friend_id=friend_id,
        definition_id=definition.id,
        survey_name=name,
        state=State.ASKING,
        question=first.key if first else None,
        draft=[],
        started_at=now,
        last_at=now,
    )
    return find_newest_sheet(session, friend_id, name)


def record_answer(
    session: Session,
    sheet: Sheet,
    key: str,
    value: Value,
    now: datetime,
    line_message_id: str | None = None,
) -> Sheet:
    """Keep an answer and go on; the same answer again is not written twice. None records a skip.

    `line_message_id` names the message that was the answer, so that it goes when that is taken back.
    """
    if key not in sheet.answers or sheet.answers[key] != value:
        row = Answer(
            session_id=sheet.session_id,
            friend_id=sheet.friend_id,
            question_key=key,
            value=value,
            at=now,
            line_message_id=line_message_id,
        )
        session.add(row)
    return _saved(session, answered(sheet, key, value), now)


def skip_question(session: Session, sheet: Sheet, question: Question, now: datetime) -> Sheet:
    """Leave a question unanswered and go on; an earlier answer to it no longer counts."""
    return record_answer(session, sheet, question.key, None, now)


def keep_answer(session: Session, sheet: Sheet, now: datetime) -> Sheet:
    """Go on to the first open question without changing anything."""
    return _saved(session, moved_on(sheet), now)


def toggle_option(session: Session, sheet: Sheet, value: str, now: datetime, *, is_on: bool) -> Sheet:
    """Choose an option of the multi question being asked, or take it back; not an answer yet."""
    question = sheet.question
    draft = toggled(question, sheet.draft, value, is_on=is_on) if question else sheet.draft
    return _saved(session, replace(sheet, draft=draft), now)


def go_back(session: Session, sheet: Sheet, now: datetime) -> Sheet:
    """Ask the question before the current one again; at the first one nothing changes."""
    previous = previous_question(sheet.survey, sheet.answers, sheet.question_key or "")
    return _saved(session, opened_at(sheet, previous) if previous else sheet, now)


def edit_answer(session: Session, sheet: Sheet, question: Question, now: datetime) -> Sheet:
    """Ask one question again, also when all is finished; its answer stands until there is a new one."""
    return _saved(session, opened_at(sheet, question), now)


def stop_survey(session: Session, sheet: Sheet, now: datetime) -> Sheet:
    """Stop asking; what was answered is kept, and the same question waits."""
    return _saved(session, replace(sheet, state=State.STOPPED), now)


def resume_survey(session: Session, sheet: Sheet, now: datetime) -> Sheet:
    """Ask the waiting question again."""
    question = sheet.question
    return _saved(session, replace(sheet, state=State.ASKING) if question else moved_on(sheet), now)


def forget_answers_of_message(session: Session, friend_id: int, line_message_id: str) -> int:
    """Empty what a message that was taken back had answered; gives the number of answers."""
    query = (
        update(Answer)
        .where(Answer.friend_id == friend_id, Answer.line_message_id == line_message_id)
        .values(value=JSON.NULL)
        .returning(Answer.id)
    )
    return len(session.scalars(query).all())


def _saved(session: Session, sheet: Sheet, now: datetime) -> Sheet:
    session.execute(
        update(SurveySession)
        .where(SurveySession.id == sheet.session_id)
        .values(state=sheet.state, question=sheet.question_key, draft=list(sheet.draft), last_at=now)
    )
    session.flush()
    return replace(sheet, last_at=now)
