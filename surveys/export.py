"""`goen export-answers`: answers as CSV, written while they are read."""

import csv
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import TextIO

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.clock import in_tokyo
from app.csv_text import harmless
from app.definitions import Definition
from surveys.models import Answer, SurveySession
from surveys.rules import Value, answer_text, counting_answers
from surveys.schema import Survey, survey_from_json

COLUMNS = ("friend_id", "survey", "version", "question_key", "question", "answer", "answered_at")
FRIENDS_AT_ONCE = 200


@dataclass(frozen=True)
class _Given:
    friend_id: int
    survey: Survey
    version: int
    session_id: int
    key: str
    value: Value
    at: datetime
    is_taken_back: bool


def export_answers(
    session: Session, out: TextIO, *, survey_name: str | None = None, history: bool = False
) -> int:
    """Write a header and one line per answer; gives the number of answers.

    The newest per friend and question, without those whose branch has closed; with `history` every answer
    ever given. Times are ISO 8601 in Japan's time; a skipped question has an empty answer. Cells that a
    spreadsheet would take for a formula begin with an apostrophe.
    """
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    count = 0
    for _, group in groupby(
        _given(session, survey_name), key=lambda each: (each.friend_id, each.survey.name)
    ):
        rows = list(group)
        for row in rows if history else _counting(rows):
            writer.writerow(_cells(row))
            count += 1
    return count


def _given(session: Session, survey_name: str | None) -> Iterator[_Given]:
    """All answers by friend, survey and age, in pages of friends: no cursor stays open meanwhile."""
    last = 0
    while friend_ids := _friends_after(session, last):
        query = (
            select(Answer, Definition.version, Definition.body)
            .join(SurveySession, SurveySession.id == Answer.session_id)
            .join(Definition, Definition.id == SurveySession.definition_id)
            .where(Answer.friend_id.in_(friend_ids))
            .order_by(Answer.friend_id, SurveySession.survey_name, Answer.id)
        )
        if survey_name is not None:
            query = query.where(SurveySession.survey_name == survey_name)
        for row, version, body in session.execute(query):
            survey = survey_from_json(body)
            given = (row.question_key, row.value, row.at, row.is_taken_back)
            yield _Given(row.friend_id, survey, version, row.session_id, *given)
        session.expunge_all()
        last = friend_ids[-1]


def _friends_after(session: Session, last: int) -> list[int]:
    query = select(Answer.friend_id).where(Answer.friend_id > last).distinct()
    return list(session.scalars(query.order_by(Answer.friend_id).limit(FRIENDS_AT_ONCE)))


def _counting(rows: Sequence[_Given]) -> list[_Given]:
    """The newest of each question that still applies, in the order of the survey."""
    last = {row.key: row for row in rows}
    newest = {key: row for key, row in last.items() if not row.is_taken_back}
    survey = max(rows, key=lambda row: row.session_id).survey
    counting = counting_answers(survey, {key: row.value for key, row in newest.items()})
    return [newest[key] for key in counting]


def _cells(row: _Given) -> list[str | int]:
    question = row.survey.question(row.key)
    answer = answer_text(question, row.value) if question else str(row.value)
    texts = (question.text if question else "", answer)
    at = in_tokyo(row.at).isoformat(timespec="seconds")
    return [row.friend_id, row.survey.name, row.version, row.key, *(harmless(text) for text in texts), at]
