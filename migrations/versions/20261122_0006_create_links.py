"""Create links and their one-time tickets; accounts get a login channel."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
TIME = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "link",
        sa.Column("id", KEY, nullable=False),
        sa.Column("member_id", KEY, nullable=False),
        sa.Column("friend_id", KEY, nullable=False),
        sa.Column("channel_id", KEY, nullable=False),
        sa.Column("how", sa.String(length=10), nullable=False),
        sa.Column("at", TIME, nullable=False),
        sa.Column("ended_at", TIME, nullable=True),
        sa.Column("ended_by", sa.String(length=20), nullable=True),
        sa.Column("reason", sa.String(length=200), nullable=True),
        sa.ForeignKeyConstraint(["channel_id"], ["channel.id"], name=op.f("fk_link_channel_id_channel")),
        sa.ForeignKeyConstraint(["friend_id"], ["friend.id"], name=op.f("fk_link_friend_id_friend")),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name=op.f("fk_link_member_id_member")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_link")),
    )
    op.create_index("ix_link_friend_id", "link", ["friend_id"], unique=False)
    op.create_index("ix_link_member_id", "link", ["member_id"], unique=False)
    op.create_index(
        "uq_link_friend",
        "link",
        ["friend_id"],
        unique=True,
        sqlite_where=sa.text("ended_at IS NULL"),
        postgresql_where=sa.text("ended_at IS NULL"),
    )
    op.create_index(
        "uq_link_member",
        "link",
        ["member_id", "channel_id"],
        unique=True,
        sqlite_where=sa.text("ended_at IS NULL"),
        postgresql_where=sa.text("ended_at IS NULL"),
    )
    op.create_table(
        "link_ticket",
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("channel_id", KEY, nullable=True),
        sa.Column("member_id", KEY, nullable=True),
        sa.Column("friend_id", KEY, nullable=True),
        sa.Column("body", sa.Text(), nullable=True),
        sa.Column("expires_at", TIME, nullable=False),
        sa.Column("used_at", TIME, nullable=True),
        sa.Column("tries", sa.Integer(), server_default="0", nullable=False),
        sa.ForeignKeyConstraint(
            ["channel_id"], ["channel.id"], name=op.f("fk_link_ticket_channel_id_channel")
        ),
        sa.ForeignKeyConstraint(["friend_id"], ["friend.id"], name=op.f("fk_link_ticket_friend_id_friend")),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name=op.f("fk_link_ticket_member_id_member")),
        sa.PrimaryKeyConstraint("token_hash", name=op.f("pk_link_ticket")),
    )
    op.create_index("ix_link_ticket_expires_at", "link_ticket", ["expires_at"], unique=False)
    op.create_index(op.f("ix_link_ticket_friend_id"), "link_ticket", ["friend_id"], unique=False)
    op.create_index(op.f("ix_link_ticket_member_id"), "link_ticket", ["member_id"], unique=False)
    op.add_column("channel", sa.Column("title", sa.String(100), nullable=True))
    op.add_column("channel", sa.Column("basic_id", sa.String(33), nullable=True))
    op.add_column("channel", sa.Column("login_channel_id", sa.String(20), nullable=True))
    op.add_column("channel", sa.Column("login_secret", sa.Text(), nullable=True))
    op.add_column("channel", sa.Column("site_url", sa.Text(), nullable=True))


def downgrade() -> None:
    for name in ("title", "basic_id", "login_channel_id", "login_secret", "site_url"):
        op.drop_column("channel", name)
    op.drop_table("link_ticket")
    op.drop_table("link")
