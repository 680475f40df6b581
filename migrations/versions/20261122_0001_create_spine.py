"""Create accounts, inbox, outbox, threads, friends and conversations.

Revision ID: 0001
Revises: nothing
"""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
TIME = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Create the tables of the spine."""
    op.create_table(
        "attachment",
        sa.Column("id", KEY, nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("mime", sa.String(length=100), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("bytes", sa.LargeBinary(), nullable=False),
        sa.Column("created_at", TIME, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attachment")),
    )
    op.create_table(
        "channel",
        sa.Column("id", KEY, nullable=False),
        sa.Column("name", sa.String(length=50), nullable=False),
        sa.Column("bot_user_id", sa.String(length=33), nullable=True),
        sa.Column("secrets", sa.Text(), nullable=False),
        sa.Column("access_token", sa.Text(), nullable=True),
        sa.Column("promotions_stopped_until", TIME, nullable=True),
        sa.Column("problem", sa.String(length=200), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_channel")),
        sa.UniqueConstraint("bot_user_id", name=op.f("uq_channel_bot_user_id")),
        sa.UniqueConstraint("name", name=op.f("uq_channel_name")),
    )
    op.create_table(
        "task_run",
        sa.Column("schedule", sa.String(length=50), nullable=False),
        sa.Column("fire_at", TIME, nullable=False),
        sa.Column("status", sa.String(length=10), nullable=False),
        sa.Column("attempts", sa.SmallInteger(), server_default="0", nullable=False),
        sa.Column("due_at", TIME, nullable=False),
        sa.Column("error", sa.String(length=500), nullable=True),
        sa.PrimaryKeyConstraint("schedule", "fire_at", name=op.f("pk_task_run")),
    )
    op.create_table(
        "friend",
        sa.Column("id", KEY, nullable=False),
        sa.Column("channel_id", KEY, nullable=False),
        sa.Column("line_user_id", sa.String(length=33), nullable=False),
        sa.Column("created_at", TIME, nullable=False),
        sa.Column("followed_at", TIME, nullable=True),
        sa.Column("blocked_at", TIME, nullable=True),
        sa.Column("greeting_version", sa.String(length=20), nullable=True),
        sa.Column("display_name", sa.String(length=100), nullable=True),
        sa.Column("picture_url", sa.Text(), nullable=True),
        sa.Column("language", sa.String(length=20), nullable=True),
        sa.Column("profile_at", TIME, nullable=True),
        sa.Column("last_wrote_at", TIME, nullable=True),
        sa.Column("last_reaction_at", TIME, nullable=True),
        sa.Column("not_understood", sa.Integer(), server_default="0", nullable=False),
        sa.Column("snoozed_until", TIME, nullable=True),
        sa.Column("opted_out_at", TIME, nullable=True),
        sa.ForeignKeyConstraint(["channel_id"], ["channel.id"], name=op.f("fk_friend_channel_id_channel")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_friend")),
        sa.UniqueConstraint("channel_id", "line_user_id", name=op.f("uq_friend_channel_id")),
    )
    op.create_table(
        "inbox_event",
        sa.Column("id", KEY, nullable=False),
        sa.Column("channel_id", KEY, nullable=False),
        sa.Column("webhook_event_id", sa.String(length=80), nullable=False),
        sa.Column("lane", sa.SmallInteger(), nullable=False),
        sa.Column("line_user_id", sa.String(length=33), nullable=True),
        sa.Column("event_at", TIME, nullable=False),
        sa.Column("received_at", TIME, nullable=False),
        sa.Column("payload", sa.Text(), nullable=True),
        sa.Column("status", sa.String(length=10), nullable=False),
        sa.Column("attempts", sa.SmallInteger(), server_default="0", nullable=False),
        sa.Column("due_at", TIME, nullable=False),
        sa.Column("handled_at", TIME, nullable=True),
        sa.Column("error", sa.String(length=500), nullable=True),
        sa.ForeignKeyConstraint(
            ["channel_id"], ["channel.id"], name=op.f("fk_inbox_event_channel_id_channel")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_inbox_event")),
        sa.UniqueConstraint("channel_id", "webhook_event_id", name=op.f("uq_inbox_event_channel_id")),
    )
    op.create_index(
        "ix_inbox_event_dead",
        "inbox_event",
        ["id"],
        unique=False,
        sqlite_where=sa.text("status = 'dead'"),
        postgresql_where=sa.text("status = 'dead'"),
    )
    op.create_index(
        "ix_inbox_event_payload",
        "inbox_event",
        ["handled_at"],
        unique=False,
        sqlite_where=sa.text("payload IS NOT NULL AND handled_at IS NOT NULL"),
        postgresql_where=sa.text("payload IS NOT NULL AND handled_at IS NOT NULL"),
    )
    op.create_index(
        "ix_inbox_event_waiting",
        "inbox_event",
        ["event_at", "id"],
        unique=False,
        sqlite_where=sa.text("status = 'waiting'"),
        postgresql_where=sa.text("status = 'waiting'"),
    )
    op.create_table(
        "conversation",
        sa.Column("id", KEY, nullable=False),
        sa.Column("friend_id", KEY, nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("why", sa.String(length=20), nullable=False),
        sa.Column("opened_at", TIME, nullable=False),
        sa.Column("waiting_since", TIME, nullable=False),
        sa.Column("closed_at", TIME, nullable=True),
        sa.ForeignKeyConstraint(["friend_id"], ["friend.id"], name=op.f("fk_conversation_friend_id_friend")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_conversation")),
    )
    op.create_index(
        "uq_conversation_open",
        "conversation",
        ["friend_id"],
        unique=True,
        sqlite_where=sa.text("state <> 'closed'"),
        postgresql_where=sa.text("state <> 'closed'"),
    )
    op.create_table(
        "message",
        sa.Column("id", KEY, nullable=False),
        sa.Column("friend_id", KEY, nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("line_message_id", sa.String(length=40), nullable=True),
        sa.Column("text", sa.Text(), nullable=True),
        sa.Column("attachment_id", KEY, nullable=True),
        sa.Column("inbox_event_id", KEY, nullable=True),
        sa.Column("at", TIME, nullable=False),
        sa.Column("unsent_at", TIME, nullable=True),
        sa.ForeignKeyConstraint(
            ["attachment_id"], ["attachment.id"], name=op.f("fk_message_attachment_id_attachment")
        ),
        sa.ForeignKeyConstraint(["friend_id"], ["friend.id"], name=op.f("fk_message_friend_id_friend")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_message")),
        sa.UniqueConstraint("line_message_id", name=op.f("uq_message_line_message_id")),
    )
    op.create_index("ix_message_friend_id_at", "message", ["friend_id", "at"], unique=False)
    op.create_index(
        "ix_message_text",
        "message",
        ["at"],
        unique=False,
        sqlite_where=sa.text("text IS NOT NULL"),
        postgresql_where=sa.text("text IS NOT NULL"),
    )
    op.create_index(
        "ix_message_attachment_id",
        "message",
        ["attachment_id"],
        unique=False,
        sqlite_where=sa.text("attachment_id IS NOT NULL"),
        postgresql_where=sa.text("attachment_id IS NOT NULL"),
    )
    op.create_table(
        "outbox_message",
        sa.Column("id", KEY, nullable=False),
        sa.Column("carrier", sa.String(length=12), nullable=False),
        sa.Column("channel_id", KEY, nullable=False),
        sa.Column("friend_id", KEY, nullable=True),
        sa.Column("recipient", sa.String(length=33), nullable=True),
        sa.Column("purpose", sa.String(length=12), nullable=False),
        sa.Column("priority", sa.SmallInteger(), nullable=False),
        sa.Column("dedupe_key", sa.String(length=120), nullable=False),
        sa.Column("retry_key", sa.String(length=36), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("frozen", sa.Text(), nullable=True),
        sa.Column("preview", sa.String(length=200), nullable=True),
        sa.Column("reply_token", sa.String(length=200), nullable=True),
        sa.Column("reply_until", TIME, nullable=True),
        sa.Column("content_key", sa.String(length=80), nullable=True),
        sa.Column("status", sa.String(length=10), nullable=False),
        sa.Column("reason", sa.String(length=500), nullable=True),
        sa.Column("attempts", sa.SmallInteger(), server_default="0", nullable=False),
        sa.Column("unsure", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("created_at", TIME, nullable=False),
        sa.Column("due_at", TIME, nullable=False),
        sa.Column("expires_at", TIME, nullable=False),
        sa.Column("lease_until", TIME, nullable=True),
        sa.Column("first_tried_at", TIME, nullable=True),
        sa.Column("ended_at", TIME, nullable=True),
        sa.Column("request_id", sa.String(length=40), nullable=True),
        sa.ForeignKeyConstraint(
            ["channel_id"], ["channel.id"], name=op.f("fk_outbox_message_channel_id_channel")
        ),
        sa.ForeignKeyConstraint(
            ["friend_id"], ["friend.id"], name=op.f("fk_outbox_message_friend_id_friend")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outbox_message")),
        sa.UniqueConstraint("dedupe_key", name=op.f("uq_outbox_message_dedupe_key")),
    )
    op.create_index("ix_outbox_message_friend_id", "outbox_message", ["friend_id", "id"], unique=False)
    op.create_index(
        "ix_outbox_message_preview",
        "outbox_message",
        ["ended_at"],
        unique=False,
        sqlite_where=sa.text("preview IS NOT NULL AND ended_at IS NOT NULL"),
        postgresql_where=sa.text("preview IS NOT NULL AND ended_at IS NOT NULL"),
    )
    op.create_index(
        "ix_outbox_message_sending",
        "outbox_message",
        ["friend_id"],
        unique=False,
        sqlite_where=sa.text("status = 'sending'"),
        postgresql_where=sa.text("status = 'sending'"),
    )
    op.create_index(
        "ix_outbox_message_trouble",
        "outbox_message",
        ["status"],
        unique=False,
        sqlite_where=sa.text("status IN ('unknown', 'failed')"),
        postgresql_where=sa.text("status IN ('unknown', 'failed')"),
    )
    op.create_index(
        "ix_outbox_message_waiting",
        "outbox_message",
        ["channel_id", "priority", "due_at", "id"],
        unique=False,
        sqlite_where=sa.text("status = 'waiting'"),
        postgresql_where=sa.text("status = 'waiting'"),
    )


def downgrade() -> None:
    """Drop them again."""
    op.drop_index(
        "ix_outbox_message_waiting",
        table_name="outbox_message",
        sqlite_where=sa.text("status = 'waiting'"),
        postgresql_where=sa.text("status = 'waiting'"),
    )
    op.drop_index(
        "ix_outbox_message_trouble",
        table_name="outbox_message",
        sqlite_where=sa.text("status IN ('unknown', 'failed')"),
        postgresql_where=sa.text("status IN ('unknown', 'failed')"),
    )
    op.drop_index(
        "ix_outbox_message_sending",
        table_name="outbox_message",
        sqlite_where=sa.text("status = 'sending'"),
        postgresql_where=sa.text("status = 'sending'"),
    )
    op.drop_index(
        "ix_outbox_message_preview",
        table_name="outbox_message",
        sqlite_where=sa.text("preview IS NOT NULL AND ended_at IS NOT NULL"),
        postgresql_where=sa.text("preview IS NOT NULL AND ended_at IS NOT NULL"),
    )
    op.drop_index("ix_outbox_message_friend_id", table_name="outbox_message")
    op.drop_table("outbox_message")
    op.drop_index(
        "ix_message_attachment_id",
        table_name="message",
        sqlite_where=sa.text("attachment_id IS NOT NULL"),
        postgresql_where=sa.text("attachment_id IS NOT NULL"),
    )
    op.drop_index(
        "ix_message_text",
        table_name="message",
        sqlite_where=sa.text("text IS NOT NULL"),
        postgresql_where=sa.text("text IS NOT NULL"),
    )
    op.drop_index("ix_message_friend_id_at", table_name="message")
    op.drop_table("message")
    op.drop_index(
        "uq_conversation_open",
        table_name="conversation",
        sqlite_where=sa.text("state <> 'closed'"),
        postgresql_where=sa.text("state <> 'closed'"),
    )
    op.drop_table("conversation")
    op.drop_index(
        "ix_inbox_event_waiting",
        table_name="inbox_event",
        sqlite_where=sa.text("status = 'waiting'"),
        postgresql_where=sa.text("status = 'waiting'"),
    )
    op.drop_index(
        "ix_inbox_event_payload",
        table_name="inbox_event",
        sqlite_where=sa.text("payload IS NOT NULL AND handled_at IS NOT NULL"),
        postgresql_where=sa.text("payload IS NOT NULL AND handled_at IS NOT NULL"),
    )
    op.drop_index(
        "ix_inbox_event_dead",
        table_name="inbox_event",
        sqlite_where=sa.text("status = 'dead'"),
        postgresql_where=sa.text("status = 'dead'"),
    )
    op.drop_table("inbox_event")
    op.drop_table("friend")
    op.drop_table("task_run")
    op.drop_table("channel")
    op.drop_table("attachment")
