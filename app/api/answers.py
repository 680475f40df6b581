"""Answers that friends gave to surveys in the chat: the site's to use, as are the members'."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from pydantic import Field
from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from app.api.endpoint import Call, Reading
from app.api.friends import LineUserId, friend_names
from app.api.pages import read_page
from app.api.problems import invalid_field
from app.api.references import check_member, external_ids_of, find_friend, known_members
from app.api.values import Key, Page, PageQuery, Shown
from app.definitions import Definition
from app.links.models import Link
from app.links.queries import members_of
from app.messaging.channels import DEFAULT_CHANNEL
from app.site_keys.scopes import Scope
from surveys.models import Answer, SurveySession
from surveys.rules import answer_text
from surveys.schema import Survey, survey_from_json


class AnswerQuery(PageQuery):
    """Whose answers, to which survey."""

    member: Key | None = Field(None, description="Only of the friends this member is linked to.")
    line_user_id: LineUserId | None = Field(None, description="Only of this friend.")
    channel: Key = Field(DEFAULT_CHANNEL, description="The account of `line_user_id`.")
    survey: Key | None = Field(None, description="Only of the survey of this name.")


class AnswerShown(Shown):
    """One answer. The newest of each friend and question counts."""

    channel: str
    line_user_id: str
    member: str | None
    survey: str
    version: int
    question_key: str
    question: str
    value: Any = Field(description="As it is kept: codes and numbers; null when it was skipped.")
    text: str = Field(description="The same in words.")
    taken_back: bool = Field(description="They took their message back: the question is not answered.")
    at: datetime


def list_answers(session: Session, call: Call[AnswerQuery]) -> Page[AnswerShown]:
    """Every answer ever given, in order; `updated_since` looks at when it was given."""
    rows = _asked(session, call.given)
    return read_page(session, rows, (Answer.at, Answer.id), call.given, lambda found: _shown(session, found))


def _asked(session: Session, query: AnswerQuery) -> Select[Answer]:
    rows = select(Answer)
    if query.survey is not None:
        runs = select(SurveySession.id).where(SurveySession.survey_name == query.survey)
        rows = rows.where(Answer.session_id.in_(runs))
    if query.member is not None:
        check_member(session, query.member)
        member_id = known_members(session, [query.member]).ids[query.member]
        linked = select(Link.friend_id).where(Link.member_id == member_id, Link.ended_at.is_(None))
        rows = rows.where(Answer.friend_id.in_(linked))
    if query.line_user_id is not None:
        friend = find_friend(session, query.channel, query.line_user_id)
        if friend is None:
            raise invalid_field("line_user_id", "is not a friend of this account")
        rows = rows.where(Answer.friend_id == friend.id)
    return rows


def _shown(session: Session, rows: Sequence[Answer]) -> list[AnswerShown]:
    friend_ids = {row.friend_id for row in rows}
    names = friend_names(session, friend_ids)
    members = members_of(session, friend_ids)
    external_ids = external_ids_of(session, set(members.values()))
    surveys = _surveys(session, {row.session_id for row in rows})
    return [
        AnswerShown(
            channel=names[row.friend_id].channel,
            line_user_id=names[row.friend_id].line_user_id,
            member=external_ids.get(members.get(row.friend_id)),
            **_in_words(row, *surveys[row.session_id]),
            at=row.at,
        )
        for row in rows
    ]


def _surveys(session: Session, session_ids: Collection[int]) -> dict[int, tuple[Survey, int]]:
    """The survey and its version by run; each version is read once."""
    query = select(SurveySession.id, Definition.id, Definition.version, Definition.body).join(
        Definition, Definition.id == SurveySession.definition_id
    )
    rows = session.execute(query.where(SurveySession.id.in_(session_ids))).all()
    read = {id_: (survey_from_json(body), version) for id_, version, body in {row[1:] for row in rows}}
    return {session_id: read[definition_id] for session_id, definition_id, _, _ in rows}


def _in_words(row: Answer, survey: Survey, version: int) -> dict[str, Any]:
    question = survey.question(row.question_key)
    return {
        "survey": survey.name,
        "version": version,
        "question_key": row.question_key,
        "question": question.text if question else "",
        "value": row.value,
        "text": answer_text(question, row.value) if question else str(row.value),
        "taken_back": row.is_taken_back,
    }


ENDPOINTS = (
    Reading(
        method="GET",
        path="/answers",
        scope=Scope.ANSWERS_READ,
        summary="List answers to surveys",
        given=AnswerQuery,
        answer=Page[AnswerShown],
        run=list_answers,
    ),
)
