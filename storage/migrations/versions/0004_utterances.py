"""What agents said to customers, to be corrected or taken back.

Revision: 0004
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "utterance",
        sa.Column("id", NUMBER, autoincrement=False, nullable=False),
        sa.Column("customer_id", sa.BigInteger(), nullable=False),
        sa.Column("case_id", sa.BigInteger(), nullable=False),
        sa.Column("staff_id", sa.BigInteger(), nullable=False),
        sa.Column("author", sa.Text(), server_default="", nullable=False),
        sa.Column("channel", sa.Text(), server_default="", nullable=False),
        sa.Column("text", sa.Text(), server_default="", nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("refs", sa.Text(), server_default="", nullable=False),
        sa.Column("copies", sa.Text(), server_default="", nullable=False),
        sa.Column("amended", sa.Text(), server_default="", nullable=False),
        sa.Column("unsent", sa.Text(), server_default="", nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_utterance"),
        sqlite_with_rowid=True,
    )
    op.create_index("ix_utterance_customer_id_id", "utterance", ["customer_id", "id"], unique=False)


def downgrade() -> None:
    op.drop_table("utterance")
