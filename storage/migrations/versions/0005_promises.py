"""What is owed to customers who wait, whom a case is offered to, and who of the staff is there.

Revision: 0005
"""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
STAFF = ("languages", "skills")


def of_cases() -> tuple[sa.Column[Any], ...]:
    return (
        sa.Column("unhappy", sa.Float(), server_default="0", nullable=False),
        sa.Column("waiting_since", sa.BigInteger(), nullable=True),
        sa.Column("reply_due_at", sa.BigInteger(), nullable=True),
        sa.Column("resolve_due_at", sa.BigInteger(), nullable=True),
        sa.Column("told", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("breaches", sa.Text(), server_default="", nullable=False),
        sa.Column("rung", sa.Text(), server_default="", nullable=False),
        sa.Column("offered_to", sa.BigInteger(), nullable=True),
        sa.Column("offer", sa.Text(), server_default="", nullable=False),
        sa.Column("offer_round", sa.BigInteger(), server_default="0", nullable=False),
    )


def upgrade() -> None:
    for column in of_cases():
        op.add_column("case", column)
    for name in STAFF:
        op.add_column("staff", sa.Column(name, sa.Text(), server_default="", nullable=False))
    # Cases that are open already: whom nobody has answered yet waits since the beginning.
    op.execute("UPDATE \"case\" SET waiting_since = opened_at WHERE state <> 'resolved' AND first_human_at IS NULL")
    op.create_table(
        "presence",
        sa.Column("staff_id", NUMBER, autoincrement=False, nullable=False),
        sa.Column("seen_at", sa.BigInteger(), nullable=True),
        sa.Column("offered_at", sa.BigInteger(), nullable=True),
        sa.Column("away_since", sa.BigInteger(), nullable=True),
        sa.Column("away_until", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("staff_id", name="pk_presence"),
        sqlite_with_rowid=True,
    )


def downgrade() -> None:
    op.drop_table("presence")
    for name in STAFF:
        op.drop_column("staff", name)
    for column in of_cases():
        op.drop_column("case", column.name)
