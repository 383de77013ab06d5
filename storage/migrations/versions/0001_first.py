"""The first schema: journal, people, purchases, asks, the desk, the outbox.

Revision: 0001
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")

TABLES = (
    "ask",
    "blob",
    "case",
    "consent",
    "conversation",
    "customer",
    "desk_thread",
    "event",
    "feedback",
    "identity",
    "interaction",
    "lane",
    "link_token",
    "login",
    "merge",
    "note",
    "outbox",
    "purchase",
    "shop",
    "staff",
    "staff_role",
    "suppression",
)


def upgrade() -> None:  # noqa: PLR0915 - one statement per table and index
    op.create_table(
        "ask",
        sa.Column("id", NUMBER, autoincrement=False, nullable=False),
        sa.Column("customer_id", sa.BigInteger(), nullable=False),
        sa.Column("state", sa.Text(), server_default="", nullable=False),
        sa.Column("planned_at", sa.BigInteger(), nullable=False),
        sa.Column("due_at", sa.BigInteger(), nullable=True),
        sa.Column("round", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("sent_at", sa.BigInteger(), nullable=True),
        sa.Column("delivered_at", sa.BigInteger(), nullable=True),
        sa.Column("reminded_at", sa.BigInteger(), nullable=True),
        sa.Column("answered_at", sa.BigInteger(), nullable=True),
        sa.Column("ended_at", sa.BigInteger(), nullable=True),
        sa.Column("channel", sa.Text(), server_default="", nullable=False),
        sa.Column("why", sa.Text(), server_default="", nullable=False),
        sa.Column("rating", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_ask"),
        sqlite_with_rowid=True,
    )
    op.create_index("ix_ask_customer_id_id", "ask", ["customer_id", "id"], unique=False)
    op.create_index(
        "ix_ask_delivered_at",
        "ask",
        ["delivered_at"],
        unique=False,
        postgresql_where=sa.text("delivered_at IS NOT NULL"),
        sqlite_where=sa.text("delivered_at IS NOT NULL"),
    )
    op.create_table(
        "blob",
        sa.Column("id", NUMBER, autoincrement=False, nullable=False),
        sa.Column("name", sa.Text(), server_default="", nullable=False),
        sa.Column("mime", sa.Text(), server_default="", nullable=False),
        sa.Column("data", sa.LargeBinary(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_blob"),
        sqlite_with_rowid=True,
    )
    op.create_table(
        "case",
        sa.Column("id", NUMBER, autoincrement=False, nullable=False),
        sa.Column("customer_id", sa.BigInteger(), nullable=False),
        sa.Column("state", sa.Text(), server_default="", nullable=False),
        sa.Column("opened_at", sa.BigInteger(), nullable=False),
        sa.Column("reasons", sa.Text(), server_default="", nullable=False),
        sa.Column("desk", sa.Text(), server_default="", nullable=False),
        sa.Column("priority", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("owner", sa.BigInteger(), nullable=True),
        sa.Column("owner_name", sa.Text(), server_default="", nullable=False),
        sa.Column("claimed_at", sa.BigInteger(), nullable=True),
        sa.Column("first_human_at", sa.BigInteger(), nullable=True),
        sa.Column("resolved_at", sa.BigInteger(), nullable=True),
        sa.Column("first_resolved_at", sa.BigInteger(), nullable=True),
        sa.Column("recovered", sa.Boolean(), nullable=True),
        sa.Column("follow_ups", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("hinted", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_case"),
        sqlite_with_rowid=True,
    )
    op.create_index("ix_case_customer_id_id", "case", ["customer_id", "id"], unique=False)
    op.create_index(
        "ix_case_open",
        "case",
        ["priority", "id"],
        unique=False,
        postgresql_where=sa.text("state <> 'resolved'"),
        sqlite_where=sa.text("state <> 'resolved'"),
    )
    op.create_index("ix_case_opened_at", "case", ["opened_at"], unique=False)
    op.create_table(
        "consent",
        sa.Column("id", NUMBER, autoincrement=True, nullable=False),
        sa.Column("customer_id", sa.BigInteger(), nullable=False),
        sa.Column("event_id", sa.BigInteger(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.Text(), server_default="", nullable=False),
        sa.Column("granted", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("channel", sa.Text(), server_default="", nullable=False),
        sa.Column("words", sa.Text(), server_default="", nullable=False),
        sa.Column("details", sa.Text(), server_default="", nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_consent"),
        sqlite_autoincrement=True,
        sqlite_with_rowid=True,
    )
    op.create_index("ix_consent_customer_id", "consent", ["customer_id"], unique=False)
    op.create_table(
        "conversation",
        sa.Column("customer_id", NUMBER, autoincrement=False, nullable=False),
        sa.Column("holder", sa.Text(), server_default="", nullable=False),
        sa.Column("staff_id", sa.BigInteger(), nullable=True),
        sa.Column("channel", sa.Text(), server_default="", nullable=False),
        sa.Column("question", sa.Text(), server_default="", nullable=False),
        sa.Column("introduced", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.PrimaryKeyConstraint("customer_id", name="pk_conversation"),
        sqlite_with_rowid=True,
    )
    op.create_table(
        "customer",
        sa.Column("id", NUMBER, autoincrement=True, nullable=False),
        sa.Column("name", sa.Text(), server_default="", nullable=False),
        sa.Column("email", sa.Text(), server_default="", nullable=False),
        sa.Column("phone", sa.Text(), server_default="", nullable=False),
        sa.Column("locale", sa.Text(), server_default="", nullable=False),
        sa.Column("timezone", sa.Text(), server_default="", nullable=False),
        sa.Column("language", sa.Text(), server_default="", nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=True),
        sa.Column("opted_out_at", sa.BigInteger(), nullable=True),
        sa.Column("erased_at", sa.BigInteger(), nullable=True),
        sa.Column("merged_into", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_customer"),
        sqlite_autoincrement=True,
        sqlite_with_rowid=True,
    )
    op.create_table(
        "desk_thread",
        sa.Column("thread", sa.Text(), nullable=False),
        sa.Column("chat", sa.Text(), nullable=False),
        sa.Column("desk", sa.Text(), nullable=False),
        sa.Column("customer_id", sa.BigInteger(), nullable=False),
        sa.Column("case_id", sa.BigInteger(), nullable=False),
        sa.Column("card", sa.Text(), server_default="", nullable=False),
        sa.Column("spare", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.PrimaryKeyConstraint("thread", "chat", "desk", name="pk_desk_thread"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_desk_thread_customer_id", "desk_thread", ["customer_id"], unique=False)
    op.create_table(
        "event",
        sa.Column("id", NUMBER, autoincrement=True, nullable=False),
        sa.Column("customer_id", sa.BigInteger(), nullable=False),
        sa.Column("key", sa.Text(), server_default="", nullable=False),
        sa.Column("kind", sa.Text(), server_default="", nullable=False),
        sa.Column("payload", sa.Text(), server_default="", nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("due_at", sa.BigInteger(), nullable=False),
        sa.Column("received_at", sa.BigInteger(), nullable=False),
        sa.Column("state", sa.Text(), server_default="", nullable=False),
        sa.Column("error", sa.Text(), server_default="", nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_event"),
        sqlite_autoincrement=True,
        sqlite_with_rowid=True,
    )
    op.create_index(
        "ix_event_failed",
        "event",
        ["customer_id", "due_at", "id"],
        unique=False,
        postgresql_where=sa.text("state = 'failed'"),
        sqlite_where=sa.text("state = 'failed'"),
    )
    op.create_index(
        "ix_event_new",
        "event",
        ["customer_id", "due_at", "id"],
        unique=False,
        postgresql_where=sa.text("state = 'new'"),
        sqlite_where=sa.text("state = 'new'"),
    )
    op.create_index("uq_event_key", "event", ["key"], unique=True)
    op.create_table(
        "feedback",
        sa.Column("id", NUMBER, autoincrement=True, nullable=False),
        sa.Column("customer_id", sa.BigInteger(), nullable=False),
        sa.Column("event_id", sa.BigInteger(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("purchase_id", sa.BigInteger(), nullable=True),
        sa.Column("rating", sa.BigInteger(), nullable=True),
        sa.Column("text", sa.Text(), server_default="", nullable=False),
        sa.Column("worded", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("label", sa.Text(), server_default="", nullable=False),
        sa.Column("score", sa.Float(), nullable=False),
        sa.Column("unhappy", sa.Float(), nullable=False),
        sa.Column("counts_unhappy", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_feedback"),
        sqlite_autoincrement=True,
        sqlite_with_rowid=True,
    )
    op.create_index("ix_feedback_at", "feedback", ["at"], unique=False)
    op.create_index("ix_feedback_customer_id", "feedback", ["customer_id"], unique=False)
    op.create_table(
        "identity",
        sa.Column("external", sa.Text(), nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("customer_id", sa.BigInteger(), nullable=False),
        sa.Column("name", sa.Text(), server_default="", nullable=False),
        sa.Column("handle", sa.Text(), server_default="", nullable=False),
        sa.Column("unreachable", sa.Text(), server_default="", nullable=False),
        sa.Column("linked_at", sa.BigInteger(), nullable=True),
        sa.Column("proof", sa.Text(), server_default="", nullable=False),
        sa.PrimaryKeyConstraint("external", "channel", name="pk_identity"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_identity_customer_id", "identity", ["customer_id"], unique=False)
    op.create_table(
        "interaction",
        sa.Column("id", NUMBER, autoincrement=True, nullable=False),
        sa.Column("customer_id", sa.BigInteger(), nullable=False),
        sa.Column("event_id", sa.BigInteger(), nullable=False),
        sa.Column("case_id", sa.BigInteger(), nullable=True),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("channel", sa.Text(), server_default="", nullable=False),
        sa.Column("direction", sa.Text(), server_default="", nullable=False),
        sa.Column("author", sa.Text(), server_default="", nullable=False),
        sa.Column("kind", sa.Text(), server_default="", nullable=False),
        sa.Column("line", sa.Text(), server_default="", nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_interaction"),
        sqlite_autoincrement=True,
        sqlite_with_rowid=True,
    )
    op.create_index("ix_interaction_customer_id_id", "interaction", ["customer_id", "id"], unique=False)
    op.create_table(
        "lane",
        sa.Column("customer_id", NUMBER, autoincrement=False, nullable=False),
        sa.Column("ready_at", sa.BigInteger(), nullable=True),
        sa.Column("lease", sa.Text(), server_default="", nullable=False),
        sa.Column("leased_until", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("customer_id", name="pk_lane"),
        sqlite_with_rowid=True,
    )
    op.create_index(
        "ix_lane_leased_until",
        "lane",
        ["leased_until"],
        unique=False,
        postgresql_where=sa.text("leased_until IS NOT NULL"),
        sqlite_where=sa.text("leased_until IS NOT NULL"),
    )
    op.create_index(
        "ix_lane_ready_at",
        "lane",
        ["ready_at"],
        unique=False,
        postgresql_where=sa.text("ready_at IS NOT NULL"),
        sqlite_where=sa.text("ready_at IS NOT NULL"),
    )
    op.create_table(
        "link_token",
        sa.Column("token", sa.Text(), nullable=False),
        sa.Column("customer_id", sa.BigInteger(), nullable=False),
        sa.Column("purchase", sa.Text(), nullable=True),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("expires_at", sa.BigInteger(), nullable=False),
        sa.Column("used_at", sa.BigInteger(), nullable=True),
        sa.Column("used_by", sa.Text(), server_default="", nullable=False),
        sa.PrimaryKeyConstraint("token", name="pk_link_token"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_link_token_customer_id", "link_token", ["customer_id"], unique=False)
    op.create_index("uq_link_token_purchase", "link_token", ["purchase"], unique=True)
    op.create_table(
        "login",
        sa.Column("hash", sa.Text(), nullable=False),
        sa.Column("staff", sa.Text(), server_default="", nullable=False),
        sa.Column("expires_at", sa.BigInteger(), nullable=False),
        sa.Column("used_at", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("hash", name="pk_login"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "merge",
        sa.Column("id", NUMBER, autoincrement=True, nullable=False),
        sa.Column("kept", sa.BigInteger(), nullable=False),
        sa.Column("merged", sa.BigInteger(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("moved", sa.Text(), server_default="", nullable=False),
        sa.Column("undone_at", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_merge"),
        sqlite_autoincrement=True,
        sqlite_with_rowid=True,
    )
    op.create_index("ix_merge_kept", "merge", ["kept"], unique=False)
    op.create_index("ix_merge_merged", "merge", ["merged"], unique=False)
    op.create_table(
        "note",
        sa.Column("id", NUMBER, autoincrement=True, nullable=False),
        sa.Column("customer_id", sa.BigInteger(), nullable=False),
        sa.Column("event_id", sa.BigInteger(), nullable=False),
        sa.Column("case_id", sa.BigInteger(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("author", sa.Text(), server_default="", nullable=False),
        sa.Column("text", sa.Text(), server_default="", nullable=False),
        sa.Column("kind", sa.Text(), server_default="", nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_note"),
        sqlite_autoincrement=True,
        sqlite_with_rowid=True,
    )
    op.create_index("ix_note_customer_id_id", "note", ["customer_id", "id"], unique=False)
    op.create_table(
        "outbox",
        sa.Column("id", NUMBER, autoincrement=True, nullable=False),
        sa.Column("customer_id", sa.BigInteger(), nullable=False),
        sa.Column("event_id", sa.BigInteger(), nullable=False),
        sa.Column("side", sa.Text(), server_default="", nullable=False),
        sa.Column("channel", sa.Text(), server_default="", nullable=False),
        sa.Column("recipient", sa.Text(), server_default="", nullable=False),
        sa.Column("kind", sa.Text(), server_default="", nullable=False),
        sa.Column("message", sa.Text(), server_default="", nullable=False),
        sa.Column("case_id", sa.BigInteger(), nullable=True),
        sa.Column("ask_id", sa.BigInteger(), nullable=True),
        sa.Column("receipt", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("agent_ref", sa.Text(), nullable=True),
        sa.Column("state", sa.Text(), server_default="", nullable=False),
        sa.Column("due_at", sa.BigInteger(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("sent_at", sa.BigInteger(), nullable=True),
        sa.Column("attempts", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("uncertain", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("error", sa.Text(), server_default="", nullable=False),
        sa.Column("refs", sa.Text(), server_default="", nullable=False),
        sa.Column("parts", sa.Text(), server_default="", nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_outbox"),
        sqlite_autoincrement=True,
        sqlite_with_rowid=True,
    )
    op.create_index("ix_outbox_customer_id_event_id", "outbox", ["customer_id", "event_id"], unique=False)
    op.create_index(
        "ix_outbox_failed",
        "outbox",
        ["id"],
        unique=False,
        postgresql_where=sa.text("state = 'failed'"),
        sqlite_where=sa.text("state = 'failed'"),
    )
    op.create_index(
        "ix_outbox_new",
        "outbox",
        ["channel", "id"],
        unique=False,
        postgresql_where=sa.text("state = 'new'"),
        sqlite_where=sa.text("state = 'new'"),
    )
    op.create_index(
        "ix_outbox_unfinished",
        "outbox",
        ["customer_id", "id"],
        unique=False,
        postgresql_where=sa.text("state IN ('new', 'sending')"),
        sqlite_where=sa.text("state IN ('new', 'sending')"),
    )
    op.create_table(
        "purchase",
        sa.Column("id", NUMBER, autoincrement=False, nullable=False),
        sa.Column("customer_id", sa.BigInteger(), nullable=False),
        sa.Column("shop", sa.Text(), server_default="", nullable=False),
        sa.Column("order_id", sa.Text(), server_default="", nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=True),
        sa.Column("currency", sa.Text(), server_default="", nullable=False),
        sa.Column("items", sa.Text(), server_default="", nullable=False),
        sa.Column("extra", sa.Text(), server_default="", nullable=False),
        sa.Column("paid_at", sa.BigInteger(), nullable=True),
        sa.Column("delivered_at", sa.BigInteger(), nullable=True),
        sa.Column("refunded_at", sa.BigInteger(), nullable=True),
        sa.Column("cancelled_at", sa.BigInteger(), nullable=True),
        sa.Column("opted_out", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_purchase"),
        sqlite_with_rowid=True,
    )
    op.create_index("ix_purchase_customer_id_id", "purchase", ["customer_id", "id"], unique=False)
    op.create_index("uq_purchase_order", "purchase", ["order_id", "shop"], unique=True)
    op.create_table(
        "shop",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("reports_delivery_since", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("name", name="pk_shop"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "staff",
        sa.Column("id", NUMBER, autoincrement=True, nullable=False),
        sa.Column("channel", sa.Text(), server_default="", nullable=False),
        sa.Column("external", sa.Text(), server_default="", nullable=False),
        sa.Column("name", sa.Text(), server_default="", nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_staff"),
        sqlite_autoincrement=True,
        sqlite_with_rowid=True,
    )
    op.create_index("uq_staff_identity", "staff", ["channel", "external"], unique=True)
    op.create_table(
        "staff_role",
        sa.Column("staff_id", NUMBER, autoincrement=False, nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("staff_id", "role", "source", name="pk_staff_role"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "suppression",
        sa.Column("hash", sa.Text(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("why", sa.Text(), server_default="", nullable=False),
        sa.PrimaryKeyConstraint("hash", name="pk_suppression"),
        sqlite_with_rowid=False,
    )


def downgrade() -> None:
    for table in TABLES:
        op.drop_table(table)
