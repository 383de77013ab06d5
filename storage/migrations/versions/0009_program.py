"""The relationship program: levels and choices of customers, campaigns, outreach, reasons, rewards.

Revision: 0009
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
WORDS = ("country", "level", "segments", "agreed", "refused", "care_why")


def upgrade() -> None:
    for name in WORDS:
        op.add_column("customer", sa.Column(name, sa.Text(), server_default="", nullable=False))
    op.add_column("customer", sa.Column("care_until", sa.BigInteger(), nullable=True))
    op.add_column("customer", sa.Column("in_charge_id", sa.BigInteger(), nullable=True))
    op.add_column("customer", sa.Column("invited", sa.Boolean(), server_default=sa.false(), nullable=False))
    op.add_column("gesture", sa.Column("reason", sa.Text(), server_default="", nullable=False))
    op.add_column("gesture", sa.Column("redeemed_at", sa.BigInteger(), nullable=True))
    given = sa.text("reason <> ''")
    op.create_index("uq_gesture_reason", "gesture", ["reason"], unique=True, postgresql_where=given, sqlite_where=given)
    op.create_table(
        "campaign",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("definition", sa.Text(), server_default="", nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("stopped_at", sa.BigInteger(), nullable=True),
        sa.Column("why", sa.Text(), server_default="", nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_campaign"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "arm",
        sa.Column("campaign", sa.Text(), nullable=False),
        sa.Column("customer_id", NUMBER, autoincrement=False, nullable=False),
        sa.Column("variant", sa.Text(), server_default="", nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("campaign", "customer_id", name="pk_arm"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "outreach",
        sa.Column("id", NUMBER, autoincrement=False, nullable=False),
        sa.Column("customer_id", sa.BigInteger(), nullable=False),
        sa.Column("campaign", sa.Text(), server_default="", nullable=False),
        sa.Column("occasion", sa.Text(), server_default="", nullable=False),
        sa.Column("variant", sa.Text(), server_default="", nullable=False),
        sa.Column("state", sa.Text(), server_default="", nullable=False),
        sa.Column("item", sa.Text(), server_default="", nullable=False),
        sa.Column("planned_at", sa.BigInteger(), nullable=False),
        sa.Column("due_at", sa.BigInteger(), nullable=False),
        sa.Column("round", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("sent_at", sa.BigInteger(), nullable=True),
        sa.Column("closes_at", sa.BigInteger(), nullable=True),
        sa.Column("channel", sa.Text(), server_default="", nullable=False),
        sa.Column("answered_at", sa.BigInteger(), nullable=True),
        sa.Column("liked", sa.Boolean(), nullable=True),
        sa.Column("unhappy_before", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("unhappy_after", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("opted_out_at", sa.BigInteger(), nullable=True),
        sa.Column("bought_at", sa.BigInteger(), nullable=True),
        sa.Column("why", sa.Text(), server_default="", nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_outreach"),
        sqlite_with_rowid=True,
    )
    op.create_index("ix_outreach_customer_id_id", "outreach", ["customer_id", "id"], unique=False)
    op.create_index("ix_outreach_campaign_planned_at", "outreach", ["campaign", "planned_at"], unique=False)
    op.create_table(
        "why",
        sa.Column("id", NUMBER, autoincrement=True, nullable=False),
        sa.Column("customer_id", sa.BigInteger(), nullable=False),
        sa.Column("event_id", sa.BigInteger(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("about", sa.Text(), server_default="", nullable=False),
        sa.Column("did", sa.Text(), server_default="", nullable=False),
        sa.Column("reason", sa.Text(), server_default="", nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_why"),
        sqlite_with_rowid=True,
        sqlite_autoincrement=True,
    )
    op.create_index("ix_why_customer_id_id", "why", ["customer_id", "id"], unique=False)


def downgrade() -> None:
    for name in ("why", "outreach", "arm", "campaign"):
        op.drop_table(name)
    op.drop_index("uq_gesture_reason", table_name="gesture")
    for name in ("reason", "redeemed_at"):
        op.drop_column("gesture", name)
    for name in (*WORDS, "care_until", "in_charge_id", "invited"):
        op.drop_column("customer", name)
