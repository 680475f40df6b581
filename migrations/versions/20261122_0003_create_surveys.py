"""Create definition, survey_session and answer."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "definition",
        sa.Column("id", BIG, nullable=False),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("name", sa.String(50), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by", BIG, nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_definition"),
        sa.UniqueConstraint("kind", "name", "version", name="uq_definition_kind"),
    )
    op.create_table(
        "survey_session",
        sa.Column("id", BIG, nullable=False),
        sa.Column("friend_id", BIG, nullable=False),
        sa.Column("definition_id", BIG, nullable=False),
        sa.Column("survey_name", sa.String(50), nullable=False),
        sa.Column("state", sa.String(10), nullable=False),
        sa.Column("question", sa.String(30), nullable=True),
        sa.Column("draft", sa.JSON(), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_survey_session"),
        sa.ForeignKeyConstraint(["friend_id"], ["friend.id"], name="fk_survey_session_friend_id_friend"),
        sa.ForeignKeyConstraint(
            ["definition_id"], ["definition.id"], name="fk_survey_session_definition_id_definition"
        ),
    )
    op.create_index(
        "uq_survey_session_asking",
        "survey_session",
        ["friend_id", "survey_name"],
        unique=True,
        sqlite_where=sa.text("state = 'asking'"),
        postgresql_where=sa.text("state = 'asking'"),
    )
    op.create_index("ix_survey_session_friend_id_id", "survey_session", ["friend_id", "id"])
    op.create_index("ix_survey_session_definition_id", "survey_session", ["definition_id"])
    op.create_table(
        "answer",
        sa.Column("id", BIG, nullable=False),
        sa.Column("session_id", BIG, nullable=False),
        sa.Column("friend_id", BIG, nullable=False),
        sa.Column("question_key", sa.String(30), nullable=False),
        sa.Column("value", sa.JSON(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("line_message_id", sa.String(40), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_answer"),
        sa.ForeignKeyConstraint(
            ["session_id"], ["survey_session.id"], name="fk_answer_session_id_survey_session"
        ),
        sa.ForeignKeyConstraint(["friend_id"], ["friend.id"], name="fk_answer_friend_id_friend"),
    )
    op.create_index("ix_answer_friend_id_question_key", "answer", ["friend_id", "question_key"])
    op.create_index("ix_answer_session_id", "answer", ["session_id"])


def downgrade() -> None:
    op.drop_table("answer")
    op.drop_table("survey_session")
    op.drop_table("definition")
