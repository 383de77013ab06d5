"""Agents' corrections of verdicts.

Revision: 0002
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "correction",
        sa.Column("id", NUMBER, autoincrement=False, nullable=False),
        sa.Column("customer_id", sa.BigInteger(), nullable=False),
        sa.Column("event_id", sa.BigInteger(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("said_at", sa.BigInteger(), nullable=False),
        sa.Column("text", sa.Text(), server_default="", nullable=False),
        sa.Column("label", sa.Text(), server_default="", nullable=False),
        sa.Column("scored", sa.Text(), server_default="", nullable=False),
        sa.Column("unhappy", sa.Float(), nullable=False),
        sa.Column("scorer", sa.Text(), server_default="", nullable=False),
        sa.Column("staff_id", sa.BigInteger(), nullable=False),
        sa.Column("author", sa.Text(), server_default="", nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_correction"),
        sqlite_with_rowid=True,
    )
    op.create_index("ix_correction_customer_id", "correction", ["customer_id"], unique=False)


def downgrade() -> None:
    op.drop_table("correction")
