"""Tallies that are quick to read at any size: times and amounts by class, customers counted once by the day.

The program makes all tallies anew when it starts next: customers counted once are kept in another way.

Revision: 0013
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
NEW = {
    "tally_pace": ("cut:t quarter kind:t pace", "cases"),
    "tally_span": ("kind:t low high", "customers"),
    "tally_part": ("currency:t bin part", "customers spent"),
}
OLD_SPAN = ("kind:t upto low high", "customers")


def create(table: str, keys: str, counts: str) -> None:
    op.create_table(
        table,
        *(
            sa.Column(name[:-2], sa.Text(), nullable=False)
            if name.endswith(":t")
            else sa.Column(name, NUMBER, autoincrement=False, nullable=False)
            for name in keys.split()
        ),
        *(sa.Column(f"{name}_n", sa.BigInteger(), server_default="0", nullable=False) for name in counts.split()),
        sa.PrimaryKeyConstraint(*(name.removesuffix(":t") for name in keys.split()), name=f"pk_{table}"),
        sqlite_with_rowid=False,
    )


def upgrade() -> None:
    op.drop_table("tally_span")
    for table, (keys, counts) in NEW.items():
        create(table, keys, counts)
    op.create_index("ix_tally_span_high", "tally_span", ["kind", "high"])
    op.execute("DELETE FROM figure_state WHERE name = 'zone'")


def downgrade() -> None:
    for table in reversed(NEW):
        op.drop_table(table)
    create("tally_span", *OLD_SPAN)
    op.execute("DELETE FROM figure_state WHERE name = 'zone'")
