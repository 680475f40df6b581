"""Index which friends were given which rich menu: the worker asks every two seconds who has another one."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

REACHABLE = sa.text("blocked_at IS NULL AND (followed_at IS NOT NULL OR imported_at IS NOT NULL)")


def upgrade() -> None:
    op.create_index(
        "ix_friend_menu_live",
        "friend",
        ["channel_id", "menu_live"],
        unique=False,
        sqlite_where=REACHABLE,
        postgresql_where=REACHABLE,
    )


def downgrade() -> None:
    op.drop_index("ix_friend_menu_live", table_name="friend")
