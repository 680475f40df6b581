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
    _create_live_menu()
    op.create_table(
        "menu_call",
        sa.Column("id", KEY, nullable=False),
        sa.Column("channel_id", KEY, nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("at", TIME, nullable=False),
        sa.ForeignKeyConstraint(["channel_id"], ["channel.id"], name=op.f("fk_menu_call_channel_id_channel")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_menu_call")),
    )
    op.create_index(
        op.f("ix_menu_call_channel_id_kind_at"), "menu_call", ["channel_id", "kind", "at"], unique=False
    )
    op.create_table(
        "menu_sync",
        sa.Column("channel_id", KEY, nullable=False),
        sa.Column("batch_id", sa.String(length=60), nullable=True),
        sa.Column("batch_moves", sa.Text(), nullable=True),
        sa.Column("live_since", TIME, nullable=True),
        sa.Column("looked_at", TIME, nullable=True),
        sa.Column("problem", sa.String(length=300), nullable=True),
        sa.Column("repaired", sa.Text(), nullable=True),
        sa.Column("repaired_at", TIME, nullable=True),
        sa.ForeignKeyConstraint(["channel_id"], ["channel.id"], name=op.f("fk_menu_sync_channel_id_channel")),
        sa.PrimaryKeyConstraint("channel_id", name=op.f("pk_menu_sync")),
    )
    op.create_table(
        "menu_picture",
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("mime", sa.String(length=20), nullable=False),
        sa.Column("width", sa.Integer(), nullable=False),
        sa.Column("height", sa.Integer(), nullable=False),
        sa.Column("bytes", sa.LargeBinary(), nullable=False),
        sa.Column("created_at", TIME, nullable=False),
        sa.PrimaryKeyConstraint("sha256", name=op.f("pk_menu_picture")),
    )
    op.create_table(
        "menu_draft",
        sa.Column("name", sa.String(length=15), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("updated_at", TIME, nullable=False),
        sa.Column("by", KEY, nullable=True),
        sa.Column("publish_at", TIME, nullable=True),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_menu_draft")),
    )
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


def _create_live_menu() -> None:
    op.create_table(
        "live_menu",
        sa.Column("channel_id", KEY, nullable=False),
        sa.Column("name", sa.String(length=50), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("definition_id", KEY, nullable=False),
        sa.Column("rich_menu_id", sa.String(length=60), nullable=True),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("is_first", sa.Boolean(), nullable=False),
        sa.Column("made_at", TIME, nullable=False),
        sa.Column("left_at", TIME, nullable=True),
        sa.ForeignKeyConstraint(["channel_id"], ["channel.id"], name=op.f("fk_live_menu_channel_id_channel")),
        sa.ForeignKeyConstraint(
            ["definition_id"], ["definition.id"], name=op.f("fk_live_menu_definition_id_definition")
        ),
        sa.PrimaryKeyConstraint("channel_id", "name", "digest", name=op.f("pk_live_menu")),
    )
    op.create_index(op.f("ix_live_menu_definition_id"), "live_menu", ["definition_id"], unique=False)


def downgrade() -> None:
    op.drop_column("friend", "menu_live")
    op.drop_table("daily_count")
    for table in ("menu_draft", "menu_picture", "menu_sync", "menu_call"):
        op.drop_table(table)
    op.drop_table("live_menu")
