"""Tallies for the figures, kept by the turns; the program fills them from the rows when it starts next.

Revision: 0008
"""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0006"
branch_labels = None
depends_on = None

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
COUNTS = (
    "asks asks_answered asks_reminded rated_1 rated_2 rated_3 rated_4 rated_5 promoters passives detractors "
    "answers unhappy scored score_sum score_squares happy neutral mixed sad unread "
    "cases_opened about_unhappy about_unclear about_value about_asked about_alarm cases_resolved recovered asked_again "
    "helped won_back late_first_reply late_next_reply late_resolution"
)
TALLIES = {
    "tally": ("cut:t quarter", COUNTS),
    "tally_topic": ("cut:t quarter topic:t", "happy neutral sad"),
    "tally_time": ("cut:t quarter kind:t seconds", "cases"),
    "tally_span": ("kind:t upto low high", "customers"),
    "tally_money": ("cut:t quarter currency:t", "orders spent"),
    "tally_value": ("currency:t engaged again bin", "customers orders spent"),
    "tally_cohort": ("month later", "customers again"),
    "tally_load": ("staff_id quarter", "claimed resolved"),
    "purse": ("customer_id currency:t", "orders spent"),
    "tally_cut": ("cut:t", ""),
}
CASE_TIMES = ("first_human_at", "first_resolved_at", "resolved_at")
CUT = ("ask", "case", "feedback", "purchase")


def text(name: str) -> sa.Column[Any]:
    return sa.Column(name, sa.Text(), server_default="", nullable=False)


def key(name: str) -> sa.Column[Any]:
    if name.endswith(":t"):
        return sa.Column(name[:-2], sa.Text(), nullable=False)
    return sa.Column(name, NUMBER, autoincrement=False, nullable=False)


def upgrade() -> None:
    for table in CUT:
        op.add_column(table, text("cut"))
    op.add_column("presence", text("digest"))
    op.add_column("feedback", text("topics"))
    op.add_column("feedback", text("corrected"))
    op.add_column("feedback", sa.Column("likelihood", sa.BigInteger(), nullable=True))
    for table, (keys, counts) in TALLIES.items():
        op.create_table(
            table,
            *(key(name) for name in keys.split()),
            *(sa.Column(f"{name}_n", sa.BigInteger(), server_default="0", nullable=False) for name in counts.split()),
            sa.PrimaryKeyConstraint(*(name.removesuffix(":t") for name in keys.split()), name=f"pk_{table}"),
            sqlite_with_rowid=":t" not in keys,
        )
    op.create_index("ix_purchase_paid_at", "purchase", ["paid_at"])
    for name in CASE_TIMES:
        op.create_index(f"ix_case_{name}", "case", [name])
    late = sa.text("breaches <> ''")
    op.create_index("ix_case_late", "case", ["id"], postgresql_where=late, sqlite_where=late)
    op.create_index("ix_purse_spent", "purse", ["currency", "spent_n"])
    op.create_table(
        "figure_state",
        sa.Column("name", sa.Text(), nullable=False),
        text("value"),
        sa.PrimaryKeyConstraint("name", name="pk_figure_state"),
        sqlite_with_rowid=False,
    )
    # Corrections so far, found again by the event that both the line and the answer came with.
    op.execute(
        "UPDATE feedback SET corrected = COALESCE((SELECT max(c.label) FROM correction c "
        "JOIN interaction i ON i.id = c.id "
        "WHERE i.event_id = feedback.event_id AND i.customer_id = feedback.customer_id), '') "
        "WHERE worded AND customer_id IN (SELECT customer_id FROM correction)"
    )


def downgrade() -> None:
    op.drop_table("figure_state")
    for table in reversed(TALLIES):
        op.drop_table(table)
    op.drop_index("ix_case_late", "case")
    for name in CASE_TIMES:
        op.drop_index(f"ix_case_{name}", "case")
    op.drop_index("ix_purchase_paid_at", "purchase")
    for column in ("likelihood", "corrected", "topics"):
        op.drop_column("feedback", column)
    op.drop_column("presence", "digest")
    for table in reversed(CUT):
        op.drop_column(table, "cut")
