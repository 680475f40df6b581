"""Create members, their consents, applications, placements and appointments."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
TIME = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "member",
        sa.Column("id", KEY, nullable=False),
        sa.Column("external_id", sa.String(length=100), nullable=False),
        sa.Column("name", sa.Text(), nullable=True),
        sa.Column("phone", sa.Text(), nullable=True),
        sa.Column("phone_key", sa.String(length=64), nullable=True),
        sa.Column("mail", sa.Text(), nullable=True),
        sa.Column("mail_key", sa.String(length=64), nullable=True),
        sa.Column("facts", sa.JSON(), nullable=False),
        sa.Column("recruiter_id", KEY, nullable=True),
        sa.Column("last_visit_at", TIME, nullable=True),
        sa.Column("created_at", TIME, nullable=False),
        sa.Column("updated_at", TIME, nullable=False),
        sa.Column("forgotten_at", TIME, nullable=True),
        sa.ForeignKeyConstraint(["recruiter_id"], ["staff.id"], name=op.f("fk_member_recruiter_id_staff")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_member")),
        sa.UniqueConstraint("external_id", name=op.f("uq_member_external_id")),
    )
    op.create_index(op.f("ix_member_mail_key"), "member", ["mail_key"], unique=False)
    op.create_index(op.f("ix_member_phone_key"), "member", ["phone_key"], unique=False)
    op.create_index(op.f("ix_member_recruiter_id"), "member", ["recruiter_id"], unique=False)
    op.create_index(op.f("ix_member_updated_at"), "member", ["updated_at"], unique=False)
    op.create_table(
        "member_name",
        sa.Column("member_id", KEY, nullable=False),
        sa.Column("key_hash", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name=op.f("fk_member_name_member_id_member")),
        sa.PrimaryKeyConstraint("member_id", "key_hash", name=op.f("pk_member_name")),
    )
    op.create_index(op.f("ix_member_name_key_hash"), "member_name", ["key_hash"], unique=False)
    op.create_table(
        "consent",
        sa.Column("id", KEY, nullable=False),
        sa.Column("member_id", KEY, nullable=True),
        sa.Column("friend_id", KEY, nullable=True),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("given", sa.Boolean(), nullable=False),
        sa.Column("at", TIME, nullable=False),
        sa.Column("source", sa.String(length=20), nullable=False),
        sa.Column("text_version", sa.String(length=40), nullable=False),
        sa.ForeignKeyConstraint(["friend_id"], ["friend.id"], name=op.f("fk_consent_friend_id_friend")),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name=op.f("fk_consent_member_id_member")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_consent")),
    )
    op.create_index("ix_consent_friend_id_kind", "consent", ["friend_id", "kind"], unique=False)
    op.create_index("ix_consent_member_id_kind", "consent", ["member_id", "kind"], unique=False)
    op.create_table(
        "application",
        sa.Column("id", KEY, nullable=False),
        sa.Column("external_id", sa.String(length=100), nullable=False),
        sa.Column("member_id", KEY, nullable=False),
        sa.Column("job_id", KEY, nullable=True),
        sa.Column("stage", sa.String(length=12), nullable=False),
        sa.Column("stage_at", TIME, nullable=False),
        sa.Column("updated_at", TIME, nullable=False),
        sa.ForeignKeyConstraint(["job_id"], ["job.id"], name=op.f("fk_application_job_id_job")),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name=op.f("fk_application_member_id_member")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_application")),
        sa.UniqueConstraint("external_id", name=op.f("uq_application_external_id")),
    )
    op.create_index(op.f("ix_application_job_id"), "application", ["job_id"], unique=False)
    op.create_index(op.f("ix_application_member_id"), "application", ["member_id"], unique=False)
    op.create_index(op.f("ix_application_updated_at"), "application", ["updated_at"], unique=False)
    op.create_table(
        "placement",
        sa.Column("id", KEY, nullable=False),
        sa.Column("external_id", sa.String(length=100), nullable=False),
        sa.Column("member_id", KEY, nullable=False),
        sa.Column("start_on", sa.Date(), nullable=False),
        sa.Column("contract", sa.String(length=10), nullable=False),
        sa.Column("by_us", sa.Boolean(), nullable=False),
        sa.Column("left_on", sa.Date(), nullable=True),
        sa.Column("updated_at", TIME, nullable=False),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name=op.f("fk_placement_member_id_member")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_placement")),
        sa.UniqueConstraint("external_id", name=op.f("uq_placement_external_id")),
    )
    op.create_index(op.f("ix_placement_member_id"), "placement", ["member_id"], unique=False)
    op.create_index(op.f("ix_placement_updated_at"), "placement", ["updated_at"], unique=False)
    op.create_table(
        "appointment",
        sa.Column("id", KEY, nullable=False),
        sa.Column("external_id", sa.String(length=100), nullable=True),
        sa.Column("member_id", KEY, nullable=True),
        sa.Column("friend_id", KEY, nullable=True),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("starts_at", TIME, nullable=False),
        sa.Column("place", sa.Text(), nullable=True),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("updated_at", TIME, nullable=False),
        sa.ForeignKeyConstraint(["friend_id"], ["friend.id"], name=op.f("fk_appointment_friend_id_friend")),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name=op.f("fk_appointment_member_id_member")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_appointment")),
        sa.UniqueConstraint("external_id", name=op.f("uq_appointment_external_id")),
    )
    op.create_index(op.f("ix_appointment_friend_id"), "appointment", ["friend_id"], unique=False)
    op.create_index(op.f("ix_appointment_member_id"), "appointment", ["member_id"], unique=False)
    op.create_index(op.f("ix_appointment_updated_at"), "appointment", ["updated_at"], unique=False)
    op.create_table(
        "suppression",
        sa.Column("key_hash", sa.String(length=64), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("key_name", sa.String(length=8), nullable=False),
        sa.Column("until", sa.Date(), nullable=True),
        sa.PrimaryKeyConstraint("key_hash", "kind", name=op.f("pk_suppression")),
    )
    op.create_table(
        "erasure",
        sa.Column("id", KEY, nullable=False),
        sa.Column("member_ids", sa.JSON(), nullable=False),
        sa.Column("friend_ids", sa.JSON(), nullable=False),
        sa.Column("began_at", TIME, nullable=False),
        sa.Column("ended_at", TIME, nullable=True),
        sa.Column("erased", sa.JSON(), nullable=False),
        sa.Column("left_alone", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_erasure")),
    )
    op.add_column("friend", sa.Column("forgotten_at", TIME, nullable=True))
    with op.batch_alter_table("activity") as batch:
        batch.add_column(sa.Column("member_id", KEY, nullable=True))
        batch.create_foreign_key("fk_activity_member_id_member", "member", ["member_id"], ["id"])
        batch.create_index("ix_activity_member_id_job_id", ["member_id", "job_id"])


def downgrade() -> None:
    with op.batch_alter_table("activity") as batch:
        batch.drop_index("ix_activity_member_id_job_id")
        batch.drop_constraint("fk_activity_member_id_member", type_="foreignkey")
        batch.drop_column("member_id")
    op.drop_column("friend", "forgotten_at")
    op.drop_table("erasure")
    op.drop_table("suppression")
    op.drop_table("appointment")
    op.drop_table("placement")
    op.drop_table("application")
    op.drop_table("consent")
    op.drop_table("member_name")
    op.drop_table("member")
