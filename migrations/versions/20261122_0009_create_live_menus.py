"""Create live menus and counts by day."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
TIME = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "live_menu",
        sa.Column("channel_id", KEY, nullable=False),
        sa.Column("name", sa.String(length=50), nullable=False),
        sa.Column("definition_id", KEY, nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("rich_menu_id", sa.String(length=60), nullable=True),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("made_at", TIME, nullable=False),
        sa.ForeignKeyConstraint(["channel_id"], ["channel.id"], name=op.f("fk_live_menu_channel_id_channel")),
        sa.ForeignKeyConstraint(
            ["definition_id"], ["definition.id"], name=op.f("fk_live_menu_definition_id_definition")
        ),
        sa.PrimaryKeyConstraint("channel_id", "name", name=op.f("pk_live_menu")),
    )
    op.create_index(op.f("ix_live_menu_definition_id"), "live_menu", ["definition_id"], unique=False)
    op.create_table(
        "daily_count",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("channel_id", KEY, nullable=False),
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("label", sa.String(length=80), nullable=False),
        sa.Column("n", sa.Integer(), server_default="0", nullable=False),
        sa.ForeignKeyConstraint(
            ["channel_id"], ["channel.id"], name=op.f("fk_daily_count_channel_id_channel")
        ),
        sa.PrimaryKeyConstraint("day", "channel_id", "name", "label", name=op.f("pk_daily_count")),
    )
    op.add_column("friend", sa.Column("menu_live", sa.String(50), nullable=True))


def downgrade() -> None:
    op.drop_column("friend", "menu_live")
    op.drop_table("daily_count")
    op.drop_table("live_menu")
