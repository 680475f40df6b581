"""Create model files, recommendations and rankings."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
TIME = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "model_file",
        sa.Column("id", KEY, nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("version", sa.String(length=40), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("size", KEY, nullable=False),
        sa.Column("is_live", sa.Boolean(), nullable=False),
        sa.Column("made_at", TIME, nullable=False),
        sa.Column("figures", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_model_file")),
    )
    live = sa.text("is_live")
    op.create_index(
        "ux_model_file_live", "model_file", ["kind"], unique=True, sqlite_where=live, postgresql_where=live
    )
    op.create_index("ux_model_file_kind_version", "model_file", ["kind", "version"], unique=True)
    op.create_table(
        "model_chunk",
        sa.Column("model_id", KEY, nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("bytes", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["model_id"], ["model_file.id"], name=op.f("fk_model_chunk_model_id_model_file")
        ),
        sa.PrimaryKeyConstraint("model_id", "number", name=op.f("pk_model_chunk")),
    )
    op.create_table(
        "recommendation",
        sa.Column("friend_id", KEY, nullable=False),
        sa.Column("jobs", sa.JSON(), nullable=False),
        sa.Column("model_version", sa.String(length=40), nullable=True),
        sa.Column("made_at", TIME, nullable=False),
        sa.ForeignKeyConstraint(
            ["friend_id"], ["friend.id"], name=op.f("fk_recommendation_friend_id_friend")
        ),
        sa.PrimaryKeyConstraint("friend_id", name=op.f("pk_recommendation")),
    )
    op.create_table(
        "ranking",
        sa.Column("area", sa.Integer(), nullable=False, autoincrement=False),
        sa.Column("occupation", sa.String(length=100), nullable=False),
        sa.Column("rank", sa.Integer(), nullable=False, autoincrement=False),
        sa.Column("job_id", KEY, nullable=False),
        sa.Column("score", sa.Float(), nullable=False),
        sa.Column("people", sa.Integer(), nullable=False),
        sa.Column("made_at", TIME, nullable=False),
        sa.ForeignKeyConstraint(["job_id"], ["job.id"], name=op.f("fk_ranking_job_id_job")),
        sa.PrimaryKeyConstraint("area", "occupation", "rank", name=op.f("pk_ranking")),
    )


def downgrade() -> None:
    for table in ("ranking", "recommendation", "model_chunk", "model_file"):
        op.drop_table(table)
