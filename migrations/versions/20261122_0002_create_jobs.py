"""Create jobs, their areas, activity and impressions.

Revision ID: 0002
Revises: 0001
"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
TIME = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Create the tables of app/jobs."""
    op.create_table(
        "job",
        sa.Column("id", KEY, nullable=False),
        sa.Column("external_id", sa.String(100), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("employer", sa.Text(), nullable=False),
        sa.Column("occupation", sa.String(100), nullable=False),
        sa.Column("employment", sa.String(20), nullable=False),
        sa.Column("prefecture", sa.Integer(), nullable=False),
        sa.Column("city", sa.Integer(), nullable=True),
        sa.Column("worksite", sa.Text(), nullable=True),
        sa.Column("lat", sa.Float(), nullable=True),
        sa.Column("lng", sa.Float(), nullable=True),
        sa.Column("wage_type", sa.String(10), nullable=False),
        sa.Column("wage_min", sa.Integer(), nullable=False),
        sa.Column("wage_max", sa.Integer(), nullable=True),
        sa.Column("hours", sa.Text(), nullable=True),
        sa.Column("holidays", sa.Text(), nullable=True),
        sa.Column("flags", sa.BigInteger(), nullable=False),
        sa.Column("licences", sa.BigInteger(), nullable=False),
        sa.Column("text", sa.Text(), nullable=True),
        sa.Column("url", sa.Text(), nullable=True),
        sa.Column("image_url", sa.Text(), nullable=True),
        sa.Column("opened_on", sa.Date(), nullable=False),
        sa.Column("closed_at", TIME, nullable=True),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("updated_at", TIME, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_job")),
        sa.UniqueConstraint("external_id", name=op.f("uq_job_external_id")),
    )
    op.create_index(
        "ix_job_newest",
        "job",
        [
            *("opened_on", "id", "closed_at", "occupation", "employment", "prefecture", "city"),
            *("wage_type", "wage_min", "flags", "licences", "employer"),
        ],
    )
    op.create_index("ix_job_occupation_opened_on_id", "job", ["occupation", "opened_on", "id"])
    op.create_table(
        "job_area",
        sa.Column("job_id", KEY, nullable=False),
        sa.Column("prefecture", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["job_id"], ["job.id"], name=op.f("fk_job_area_job_id_job")),
        sa.PrimaryKeyConstraint("job_id", "prefecture", name=op.f("pk_job_area")),
    )
    op.create_index("ix_job_area_prefecture_job_id", "job_area", ["prefecture", "job_id"])
    op.create_table(
        "activity",
        sa.Column("id", KEY, nullable=False),
        sa.Column("external_id", sa.String(100), nullable=True),
        sa.Column("friend_id", KEY, nullable=True),
        sa.Column("kind", sa.String(10), nullable=False),
        sa.Column("job_id", KEY, nullable=True),
        sa.Column("reason", sa.String(20), nullable=True),
        sa.Column("at", TIME, nullable=False),
        sa.Column("source", sa.String(20), nullable=False),
        sa.ForeignKeyConstraint(["friend_id"], ["friend.id"], name=op.f("fk_activity_friend_id_friend")),
        sa.ForeignKeyConstraint(["job_id"], ["job.id"], name=op.f("fk_activity_job_id_job")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_activity")),
        sa.UniqueConstraint("external_id", name=op.f("uq_activity_external_id")),
    )
    op.create_index("ix_activity_friend_id_job_id", "activity", ["friend_id", "job_id"])
    op.create_index("ix_activity_job_id", "activity", ["job_id"])
    op.create_index("ix_activity_at", "activity", ["at"])
    op.create_table(
        "impression",
        sa.Column("id", KEY, nullable=False),
        sa.Column("friend_id", KEY, nullable=False),
        sa.Column("job_id", KEY, nullable=False),
        sa.Column("at", TIME, nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("parts", sa.JSON(), nullable=False),
        sa.Column("propensity", sa.Float(), nullable=True),
        sa.Column("clicked_at", TIME, nullable=True),
        sa.ForeignKeyConstraint(["friend_id"], ["friend.id"], name=op.f("fk_impression_friend_id_friend")),
        sa.ForeignKeyConstraint(["job_id"], ["job.id"], name=op.f("fk_impression_job_id_job")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_impression")),
    )
    op.create_index("ix_impression_friend_id_job_id", "impression", ["friend_id", "job_id"])
    op.create_index("ix_impression_job_id", "impression", ["job_id"])
    op.create_index("ix_impression_at", "impression", ["at"])


def downgrade() -> None:
    """Drop them again."""
    for table in ("impression", "activity", "job_area", "job"):
        op.drop_table(table)
