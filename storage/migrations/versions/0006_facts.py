"""What is remembered of people with their consent, what agents say words are about, how customers found the help.

Revision: 0006
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "fact",
        sa.Column("id", NUMBER, autoincrement=False, nullable=False),
        sa.Column("customer_id", sa.BigInteger(), nullable=False),
        sa.Column("case_id", sa.BigInteger(), nullable=False),
        sa.Column("staff_id", sa.BigInteger(), nullable=False),
        sa.Column("author", sa.Text(), server_default="", nullable=False),
        sa.Column("words", sa.Text(), server_default="", nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("expires_at", sa.BigInteger(), nullable=False),
        sa.Column("state", sa.Text(), server_default="", nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_fact"),
        sqlite_with_rowid=True,
    )
    op.create_index("ix_fact_customer_id_id", "fact", ["customer_id", "id"], unique=False)
    op.add_column("customer", sa.Column("memory", sa.Text(), server_default="", nullable=False))
    op.add_column("correction", sa.Column("topics", sa.Text(), nullable=True))
    op.add_column("correction", sa.Column("scored_topics", sa.Text(), server_default="", nullable=False))
    op.add_column("case", sa.Column("help", sa.Text(), server_default="", nullable=False))


def downgrade() -> None:
    op.drop_column("case", "help")
    op.drop_column("correction", "scored_topics")
    op.drop_column("correction", "topics")
    op.drop_column("customer", "memory")
    op.drop_table("fact")
