"""Reads of the surveys: rows become sheets and answers."""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from app.bulk import among
from app.definitions import Definition, newest_definition
from surveys.models import Answer, SurveySession
from surveys.rules import Sheet, State, Value, counting_answers
from surveys.schema import Survey, survey_from_json

KIND = "survey"
"""Of a survey's definition rows."""


def newest_survey(session: Session, name: str) -> tuple[Definition, Survey] | None:
    """The version that a friend who begins now gets; None when there is no survey of this name."""
    definition = newest_definition(session, KIND, name)
    return None if definition is None else (definition, survey_from_json(definition.body))


def find_sheet(session: Session, friend_id: int, session_id: int | None) -> Sheet | None:
    """A friend's own run; None for anybody else's and for numbers that we never gave out."""
    if session_id is None:
        return None
    query = _runs(friend_id).where(SurveySession.id == session_id)
    return _first_sheet(session, query)


def find_open_sheet(session: Session, friend_id: int) -> Sheet | None:
    """The run that is asking this friend something; of several surveys, the one touched last."""
    query = _runs(friend_id).where(SurveySession.state == State.ASKING)
    return _first_sheet(session, query.order_by(SurveySession.last_at.desc(), SurveySession.id.desc()))


def find_newest_sheet(session: Session, friend_id: int, name: str) -> Sheet | None:
    """The friend's latest run through a survey, in whatever state."""
    query = _runs(friend_id).where(SurveySession.survey_name == name)
    return _first_sheet(session, query.order_by(SurveySession.id.desc()))


def answers_of(session: Session, friend_id: int, survey_name: str | None = None) -> dict[str, Value]:
    """What counts of all that a friend ever answered: the newest per question, skipped ones as None.

    Answers whose branch a later answer closed are left out (newest run's version decides). Keys of several
    surveys share one dict; the one touched last wins where they meet.
    """
    newest = select(func.max(SurveySession.id)).where(SurveySession.friend_id == friend_id)
    if survey_name is not None:
        newest = newest.where(SurveySession.survey_name == survey_name)
    query = (
        select(SurveySession, Definition.body)
        .join(Definition, Definition.id == SurveySession.definition_id)
        .where(SurveySession.id.in_(newest.group_by(SurveySession.survey_name)))
    )
    merged: dict[str, Value] = {}
    for run, body in session.execute(query.order_by(SurveySession.last_at, SurveySession.id)):
        given = _newest_answers(session, friend_id, SurveySession.survey_name == run.survey_name)
        merged |= counting_answers(survey_from_json(body), given)
    return merged


class Given(NamedTuple):
    """An answer that counts, and when its question was answered last."""

    value: Value
    at: datetime


def answers_of_many(
    session: Session, friend_ids: Collection[int], survey_names: Collection[str]
) -> dict[tuple[int, str], dict[str, Given]]:
    """`answers_of` for many friends at once, by friend and survey; who never began one is left out."""
    versions = _newest_versions(session, friend_ids, survey_names)
    if not versions:
        return {}
    query = (
        select(SurveySession.survey_name, *_ANSWER)
        .join(SurveySession, SurveySession.id == Answer.session_id)
        .where(among(session.connection(), Answer.friend_id, list(friend_ids)))
        .where(SurveySession.survey_name.in_(survey_names))
        .order_by(Answer.id)
    )
    newest: dict[tuple[int, str], dict[str, Given | None]] = {key: {} for key in versions}
    for name, friend_id, key, value, at, message_id in session.execute(query):
        is_taken_back = value is None and message_id is not None
        newest[friend_id, name][key] = None if is_taken_back else Given(value, at)
    return {key: _counting(versions[key], given) for key, given in newest.items()}


_ANSWER = (Answer.friend_id, Answer.question_key, Answer.value, Answer.at, Answer.line_message_id)


def _newest_versions(
    session: Session, friend_ids: Collection[int], survey_names: Collection[str]
) -> dict[tuple[int, str], str]:
    """The definition's body of each friend's newest run."""
    query = (
        select(SurveySession.friend_id, SurveySession.survey_name, SurveySession.definition_id)
        .where(among(session.connection(), SurveySession.friend_id, list(friend_ids)))
        .where(SurveySession.survey_name.in_(survey_names))
        .order_by(SurveySession.id)
    )
    runs = {(friend_id, name): definition_id for friend_id, name, definition_id in session.execute(query)}
    if not runs:
        return {}
    bodies = dict(
        session.execute(
            select(Definition.id, Definition.body).where(Definition.id.in_(set(runs.values())))
        ).all()
    )
    return {key: bodies[definition_id] for key, definition_id in runs.items()}


def _counting(body: str, given: Mapping[str, Given | None]) -> dict[str, Given]:
    answers = {key: each for key, each in given.items() if each is not None}
    counting = counting_answers(survey_from_json(body), {key: each.value for key, each in answers.items()})
    return {key: answers[key] for key in counting}


def _runs(friend_id: int) -> Select[SurveySession, int, str]:
    return (
        select(SurveySession, Definition.version, Definition.body)
        .join(Definition, Definition.id == SurveySession.definition_id)
        .where(SurveySession.friend_id == friend_id)
    )


def _first_sheet(session: Session, query: Select[SurveySession, int, str]) -> Sheet | None:
    row = session.execute(query.limit(1)).first()
    if row is None:
        return None
    run, version, body = row
    return Sheet(
        session_id=run.id,
        friend_id=run.friend_id,
        version=version,
        survey=survey_from_json(body),
        state=State(run.state),
        question_key=run.question,
        answers=_newest_answers(session, run.friend_id, SurveySession.id == run.id),
        draft=tuple(run.draft),
        last_at=run.last_at,
        is_newest=not _has_newer(session, run),
    )


def _newest_answers(session: Session, friend_id: int, which: Any) -> dict[str, Value]:
    query = (
        select(Answer)
        .join(SurveySession, SurveySession.id == Answer.session_id)
        .where(Answer.friend_id == friend_id, which)
        .order_by(Answer.id)
    )
    newest = {row.question_key: row for row in session.scalars(query)}  # later rows replace earlier ones
    return {key: row.value for key, row in newest.items() if not row.is_taken_back}


def _has_newer(session: Session, run: SurveySession) -> bool:
    query = select(SurveySession.id).where(
        SurveySession.friend_id == run.friend_id,
        SurveySession.survey_name == run.survey_name,
        SurveySession.id > run.id,
    )
    return session.scalars(query.limit(1)).first() is not None


def has_answers(session: Session, friend_id: int) -> bool:
    """Whether this friend has ever answered a question."""
    return (
        session.execute(select(Answer.id).where(Answer.friend_id == friend_id).limit(1)).first() is not None
    )
