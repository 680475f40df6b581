"""Create model files, recommendations and rankings; tell twins among jobs."""

import unicodedata
from hashlib import sha256

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

TOLD = ("employer", "title", "worksite", "prefecture", "city", "employment")
KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
TIME = sa.DateTime(timezone=True)
CONDITIONS = [
    *("closed_at", "employment", "prefecture", "city", "wage_type", "wage_min", "flags", "licences"),
    *("employer", "fold_key"),
]
"""What a search reads of a job: it walks only an index that has all of them."""


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
    op.create_index("ix_recommendation_made_at", "recommendation", ["made_at"])
    op.create_table(
        "scoring_state",
        sa.Column("worker", sa.String(length=100), nullable=False),
        sa.Column("model_version", sa.String(length=40), nullable=True),
        sa.Column("why", sa.String(length=200), nullable=True),
        sa.Column("since", TIME, nullable=False),
        sa.PrimaryKeyConstraint("worker", name=op.f("pk_scoring_state")),
    )
    op.create_table(
        "ranking",
        sa.Column("area", sa.Integer(), nullable=False, autoincrement=False),
        sa.Column("occupation", sa.String(length=100), nullable=False),
        sa.Column("rank", sa.Integer(), nullable=False, autoincrement=False),
        sa.Column("job_id", KEY, nullable=False),
        sa.Column("score", sa.Float(), nullable=False),
        sa.Column("people", sa.Integer(), nullable=False),
        sa.Column("is_thin", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("made_at", TIME, nullable=False),
        sa.ForeignKeyConstraint(["job_id"], ["job.id"], name=op.f("fk_ranking_job_id_job")),
        sa.PrimaryKeyConstraint("area", "occupation", "rank", name=op.f("pk_ranking")),
    )
    op.add_column(
        "job", sa.Column("fold_key", sa.String(length=32), nullable=False, server_default=sa.text("''"))
    )
    _fill_fold_keys()
    op.create_index("ix_job_fold_key", "job", ["fold_key", "opened_on", "id", "closed_at"])
    _cover_searches()


def _fill_fold_keys() -> None:
    """For the jobs that are there: the same row imported again changes nothing, so nobody else would."""
    job = sa.table("job", *map(sa.column, ("id", "fold_key", *TOLD)))
    connection, last = op.get_bind(), 0
    while True:
        query = sa.select(job.c.id, *(job.c[name] for name in TOLD)).where(job.c.id > last)
        rows = connection.execute(query.order_by(job.c.id).limit(500)).all()
        if not rows:
            return
        for id_, *told in rows:
            connection.execute(sa.update(job).where(job.c.id == id_).values(fold_key=_fold_key(*told)))
        last = rows[-1][0]


def _fold_key(employer: str, title: str, worksite: str | None, *place: object) -> str:
    prefecture, city, employment = place
    words = [
        "".join(unicodedata.normalize("NFKC", text).split()).casefold()
        for text in (employer, title, worksite or "")
    ]
    told = "\0".join((*words, f"{prefecture}:{city or ''}:{employment}"))
    return sha256(told.encode()).hexdigest()[:32]


def _cover_searches() -> None:
    """Both indexes of jobs hold all that a search reads."""
    for name in ("ix_job_newest", "ix_job_occupation_opened_on_id"):
        op.drop_index(name, "job")
    op.create_index("ix_job_newest", "job", ["opened_on", "id", "occupation", *CONDITIONS])
    op.create_index("ix_job_occupation_newest", "job", ["occupation", "opened_on", "id", *CONDITIONS])


def downgrade() -> None:
    for name in ("ix_job_newest", "ix_job_occupation_newest"):
        op.drop_index(name, "job")
    op.create_index(
        "ix_job_newest",
        "job",
        ["opened_on", "id", "closed_at", "occupation", *CONDITIONS[1:-1]],
    )
    op.create_index("ix_job_occupation_opened_on_id", "job", ["occupation", "opened_on", "id"])
    op.drop_index("ix_job_fold_key", "job")
    op.drop_column("job", "fold_key")
    for table in ("ranking", "scoring_state", "recommendation", "model_chunk", "model_file"):
        op.drop_table(table)
