"""Alerts that managers can answer with one message; an index for what everybody bought.

Revision: 0012
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0009"
branch_labels = None
depends_on = None

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "spike",
        sa.Column("id", NUMBER, autoincrement=False, nullable=False),
        sa.Column("kind", sa.Text(), server_default="", nullable=False),
        sa.Column("subject", sa.Text(), server_default="", nullable=False),
        sa.Column("raised_at", sa.BigInteger(), nullable=False),
        sa.Column("seized_at", sa.BigInteger(), nullable=True),
        sa.Column("seized_by", sa.Text(), server_default="", nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_spike"),
        sqlite_with_rowid=True,
    )
    standing = sa.text("refunded_at IS NULL AND cancelled_at IS NULL")
    op.create_index(
        "ix_purchase_standing", "purchase", ["customer_id", "paid_at", "currency", "amount"],
        postgresql_where=standing, sqlite_where=standing,
    )  # fmt: skip


def downgrade() -> None:
    op.drop_index("ix_purchase_standing", table_name="purchase")
    op.drop_table("spike")
