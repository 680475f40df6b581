"""Create the addresses that outgoing webhooks go to; find their rows, and imported friends without a name."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
TIME = sa.DateTime(timezone=True)
INDEXES = (
    (
        "ix_outbox_message_deliveries",
        "outbox_message",
        ["recipient", "due_at", "id"],
        "status = 'waiting' AND carrier = 'webhook'",
    ),
    ("ix_friend_nameless", "friend", ["channel_id", "id"], "imported_at IS NOT NULL AND profile_at IS NULL"),
)


def upgrade() -> None:
    op.create_table(
        "webhook_endpoint",
        sa.Column("id", KEY, nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("secrets", sa.Text(), nullable=False),
        sa.Column("kinds", sa.JSON(), nullable=False),
        sa.Column("created_at", TIME, nullable=False),
        sa.Column("stopped_at", TIME, nullable=True),
        sa.Column("problem", sa.String(length=200), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_webhook_endpoint")),
    )
    for name, table, columns, condition in INDEXES:
        where = sa.text(condition)
        op.create_index(name, table, columns, sqlite_where=where, postgresql_where=where)


def downgrade() -> None:
    for name, table, _, _ in reversed(INDEXES):
        op.drop_index(name, table_name=table)
    op.drop_table("webhook_endpoint")
