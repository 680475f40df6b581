"""Tables of the surveys: a friend's run through one version, and every answer ever given."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from app.db import Base, BigInt, UtcDateTime


class SurveySession(Base):
    """One friend's run through one version of a survey."""

    __tablename__ = "survey_session"
    __table_args__ = (
        Index(
            "uq_survey_session_asking",
            "friend_id",
            "survey_name",
            unique=True,
            sqlite_where=text("state = 'asking'"),
            postgresql_where=text("state = 'asking'"),
        ),
        Index("ix_survey_session_friend_id_id", "friend_id", "id"),
    )

    id: Mapped[int] = mapped_column(BigInt, primary_key=True)
    friend_id: Mapped[int] = mapped_column(ForeignKey("friend.id"))
    definition_id: Mapped[int] = mapped_column(ForeignKey("definition.id"), index=True)
    survey_name: Mapped[str] = mapped_column(String(50))
    """The definition's name, here so that the database allows one asking session per friend and survey."""
    state: Mapped[str] = mapped_column(String(10))
    """A surveys.rules.State."""
    question: Mapped[str | None] = mapped_column(String(30))
    """Key of the question being asked, or asked when it stopped; None when finished."""
    draft: Mapped[list[str]] = mapped_column(JSON)
    """Options tapped so far in the multi question being asked. Kept here, not in the buttons: 300 characters
    of postback data are too few, and an old button would carry an old set."""
    started_at: Mapped[datetime] = mapped_column(UtcDateTime)
    last_at: Mapped[datetime] = mapped_column(UtcDateTime)


class Answer(Base):
    """One answer; append only, the newest per question counts."""

    __tablename__ = "answer"
    __table_args__ = (
        Index("ix_answer_friend_id_question_key", "friend_id", "question_key"),
        Index("ix_answer_at", "at"),
    )

    id: Mapped[int] = mapped_column(BigInt, primary_key=True)
    session_id: Mapped[int] = mapped_column(ForeignKey("survey_session.id"), index=True)
    friend_id: Mapped[int] = mapped_column(ForeignKey("friend.id"))
    question_key: Mapped[str] = mapped_column(String(30))
    value: Mapped[Any] = mapped_column(JSON)
    """A surveys.rules.Value; JSON null when skipped, and when the person took their words back."""
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    line_message_id: Mapped[str | None] = mapped_column(String(40))
    """The message that was the answer; None when it was tapped or skipped."""

    @property
    def is_taken_back(self) -> bool:
        """The person took the message back: the question is not answered, not even skipped."""
        return self.value is None and self.line_message_id is not None
