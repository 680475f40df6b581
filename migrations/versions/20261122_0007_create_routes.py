"""Create routes and who came by them; friends may be imported."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
TIME = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "add_route",
        sa.Column("id", KEY, nullable=False),
        sa.Column("channel_id", KEY, nullable=False),
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("title", sa.String(length=100), nullable=False),
        sa.Column("method", sa.String(length=10), nullable=False),
        sa.Column("promise", sa.Text(), nullable=True),
        sa.Column("created_at", TIME, nullable=False),
        sa.Column("ended_at", TIME, nullable=True),
        sa.ForeignKeyConstraint(["channel_id"], ["channel.id"], name=op.f("fk_add_route_channel_id_channel")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_add_route")),
        sa.UniqueConstraint("channel_id", "name", name=op.f("uq_add_route_channel_id")),
    )
    op.create_table(
        "route_visit",
        sa.Column("id", KEY, nullable=False),
        sa.Column("route_id", KEY, nullable=False),
        sa.Column("at", TIME, nullable=False),
        sa.Column("friend_id", KEY, nullable=True),
        sa.Column("proof", sa.String(length=10), nullable=False),
        sa.ForeignKeyConstraint(["friend_id"], ["friend.id"], name=op.f("fk_route_visit_friend_id_friend")),
        sa.ForeignKeyConstraint(
            ["route_id"], ["add_route.id"], name=op.f("fk_route_visit_route_id_add_route")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_route_visit")),
    )
    op.create_index("ix_route_visit_friend_id", "route_visit", ["friend_id"], unique=False)
    op.create_index("ix_route_visit_route_id_at", "route_visit", ["route_id", "at"], unique=False)
    op.add_column("friend", sa.Column("imported_at", TIME, nullable=True))


def downgrade() -> None:
    op.drop_column("friend", "imported_at")
    op.drop_table("route_visit")
    op.drop_table("add_route")
