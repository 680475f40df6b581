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
        sa.Column("code", sa.String(length=8), nullable=False),
        sa.Column("promise", sa.Text(), nullable=True),
        sa.Column("created_at", TIME, nullable=False),
        sa.Column("ended_at", TIME, nullable=True),
        sa.ForeignKeyConstraint(["channel_id"], ["channel.id"], name=op.f("fk_add_route_channel_id_channel")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_add_route")),
        sa.UniqueConstraint("code", name=op.f("uq_add_route_code")),
        sa.UniqueConstraint("name", name=op.f("uq_add_route_name")),
    )
    op.create_index(op.f("ix_add_route_channel_id"), "add_route", ["channel_id"], unique=False)
    op.create_table(
        "route_visit",
        sa.Column("id", KEY, nullable=False),
        sa.Column("route_id", KEY, nullable=False),
        sa.Column("at", TIME, nullable=False),
        sa.Column("visited_on", sa.Date(), nullable=False),
        sa.Column("friend_id", KEY, nullable=True),
        sa.Column("proof", sa.String(length=10), nullable=False),
        sa.Column("is_new", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.ForeignKeyConstraint(["friend_id"], ["friend.id"], name=op.f("fk_route_visit_friend_id_friend")),
        sa.ForeignKeyConstraint(
            ["route_id"], ["add_route.id"], name=op.f("fk_route_visit_route_id_add_route")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_route_visit")),
        sa.UniqueConstraint("route_id", "friend_id", "visited_on", name=op.f("uq_route_visit_route_id")),
    )
    op.create_index("ix_route_visit_friend_id", "route_visit", ["friend_id"], unique=False)
    op.create_index("ix_route_visit_visited_on", "route_visit", ["visited_on", "route_id"], unique=False)
    op.create_index(
        "uq_route_visit_origin",
        "route_visit",
        ["friend_id"],
        unique=True,
        sqlite_where=sa.text("is_new"),
        postgresql_where=sa.text("is_new"),
    )
    op.add_column("friend", sa.Column("imported_at", TIME, nullable=True))
    op.add_column("friend", sa.Column("first_followed_on", sa.Date(), nullable=True))
    op.create_index(
        "ix_friend_first_followed_on", "friend", ["first_followed_on", "channel_id"], unique=False
    )


def downgrade() -> None:
    op.drop_index("ix_friend_first_followed_on", table_name="friend")
    op.drop_column("friend", "first_followed_on")
    op.drop_column("friend", "imported_at")
    op.drop_table("route_visit")
    op.drop_table("add_route")
