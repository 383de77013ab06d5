"""Gestures of agents, the pool of codes, and what partners are to learn.

Revision: 0003
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "gesture",
        sa.Column("id", NUMBER, autoincrement=False, nullable=False),
        sa.Column("customer_id", sa.BigInteger(), nullable=False),
        sa.Column("case_id", sa.BigInteger(), nullable=False),
        sa.Column("staff_id", sa.BigInteger(), nullable=False),
        sa.Column("author", sa.Text(), server_default="", nullable=False),
        sa.Column("kind", sa.Text(), server_default="", nullable=False),
        sa.Column("state", sa.Text(), server_default="", nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("words", sa.Text(), server_default="", nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=True),
        sa.Column("currency", sa.Text(), server_default="", nullable=False),
        sa.Column("code", sa.Text(), server_default="", nullable=False),
        sa.Column("expires_at", sa.BigInteger(), nullable=True),
        sa.Column("done_at", sa.BigInteger(), nullable=True),
        sa.Column("ref", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_gesture"),
        sqlite_with_rowid=True,
    )
    op.create_index("ix_gesture_customer_id_id", "gesture", ["customer_id", "id"], unique=False)
    op.create_index("ix_gesture_staff_id_at", "gesture", ["staff_id", "at"], unique=False)
    op.create_index("ix_gesture_at", "gesture", ["at"], unique=False)
    op.create_index(
        "uq_gesture_code",
        "gesture",
        ["code"],
        unique=True,
        postgresql_where=sa.text("code <> ''"),
        sqlite_where=sa.text("code <> ''"),
    )
    op.create_index(
        "ix_gesture_open",
        "gesture",
        ["id"],
        unique=False,
        postgresql_where=sa.text("state = 'open'"),
        sqlite_where=sa.text("state = 'open'"),
    )
    op.create_table(
        "gift_code",
        sa.Column("id", NUMBER, autoincrement=True, nullable=False),
        sa.Column("code", sa.Text(), server_default="", nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("currency", sa.Text(), server_default="", nullable=False),
        sa.Column("imported_at", sa.BigInteger(), nullable=False),
        sa.Column("expires_at", sa.BigInteger(), nullable=True),
        sa.Column("granted_at", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_gift_code"),
        sqlite_autoincrement=True,
        sqlite_with_rowid=True,
    )
    op.create_index("uq_gift_code_code", "gift_code", ["code"], unique=True)
    op.create_index(
        "ix_gift_code_free",
        "gift_code",
        ["currency", "amount", "id"],
        unique=False,
        postgresql_where=sa.text("granted_at IS NULL"),
        sqlite_where=sa.text("granted_at IS NULL"),
    )
    op.create_table(
        "partner_event",
        sa.Column("id", NUMBER, autoincrement=True, nullable=False),
        sa.Column("key", sa.Text(), server_default="", nullable=False),
        sa.Column("type", sa.Text(), server_default="", nullable=False),
        sa.Column("customer_id", sa.BigInteger(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("body", sa.Text(), server_default="", nullable=False),
        sa.Column("state", sa.Text(), server_default="", nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_partner_event"),
        sqlite_autoincrement=True,
        sqlite_with_rowid=True,
    )
    op.create_index("uq_partner_event_key", "partner_event", ["key"], unique=True)
    op.create_index("ix_partner_event_customer_id", "partner_event", ["customer_id"], unique=False)
    op.create_index(
        "ix_partner_event_new",
        "partner_event",
        ["id"],
        unique=False,
        postgresql_where=sa.text("state = 'new'"),
        sqlite_where=sa.text("state = 'new'"),
    )


def downgrade() -> None:
    op.drop_table("partner_event")
    op.drop_table("gift_code")
    op.drop_table("gesture")
