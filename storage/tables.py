"""What is kept, table by table. Read by Alembic and the tests alone: the running program speaks SQL of its own.

Names are the glossary's. Every `*_at` (and `at`) is a moment in microseconds since 1970 UTC: fast, sortable and the
same on both engines. Amounts are whole ten-thousandths. JSON lies in TEXT. Tables that grow lead with the customer's
number in their indexes, so that the same schema can be distributed by customer.
"""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.schema import Column, Index, MetaData, Table

from bot.domain.figures.counting import COLUMNS

metadata = MetaData(
    naming_convention={
        "pk": "pk_%(table_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    }
)

Number = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def number() -> Column[int]:
    """A number that is never given twice, not even after a deletion."""
    return Column("id", Number, primary_key=True, autoincrement=True)


def whole(name: str, *, null: bool = False, default: int | None = None) -> Column[int]:
    """A number, a moment or an amount."""
    given = None if default is None else str(default)
    return Column(name, sa.BigInteger, nullable=null, server_default=given)


def words(name: str, *, null: bool = False) -> Column[str]:
    """Text of any length; "" unless given."""
    return Column(name, sa.Text, nullable=null, server_default=None if null else "")


def flag(name: str, *, null: bool = False) -> Column[bool]:
    """Yes or no; no unless given."""
    return Column(name, sa.Boolean, nullable=null, server_default=None if null else sa.false())


def table(name: str, *columns: Column[int] | Column[str] | Column[bool] | Column[float] | Column[bytes]) -> Table:
    """A table whose numbers are not re-used on SQLite either."""
    counted = any(column.autoincrement is True for column in columns)
    by_text = any(column.primary_key and isinstance(column.type, sa.Text) for column in columns)
    return Table(name, metadata, *columns, sqlite_autoincrement=counted, sqlite_with_rowid=not by_text)


def key(name: str) -> Column[int]:
    """A number that is given, not counted."""
    return Column(name, Number, primary_key=True, autoincrement=False)


def name(name: str) -> Column[str]:
    """A key (or a part of one) in letters."""
    return Column(name, sa.Text, primary_key=True)


# journal

lane = table("lane", key("customer_id"), whole("ready_at", null=True), words("lease"), whole("leased_until", null=True))
Index(
    "ix_lane_ready_at",
    lane.c.ready_at,
    postgresql_where=lane.c.ready_at.isnot(None),
    sqlite_where=lane.c.ready_at.isnot(None),
)
Index(
    "ix_lane_leased_until",
    lane.c.leased_until,
    postgresql_where=lane.c.leased_until.isnot(None),
    sqlite_where=lane.c.leased_until.isnot(None),
)

event = table(
    "event",
    number(),
    whole("customer_id"),
    words("key"),
    words("kind"),
    words("payload"),
    whole("at"),
    whole("due_at"),
    whole("received_at"),
    words("state"),
    words("error"),
)
Index("uq_event_key", event.c.key, unique=True)
for state, index in (("new", "ix_event_new"), ("failed", "ix_event_failed")):
    chosen = sa.text(f"state = '{state}'")
    Index(index, event.c.customer_id, event.c.due_at, event.c.id, postgresql_where=chosen, sqlite_where=chosen)

# people

customer = table(
    "customer",
    number(),
    words("name"),
    words("email"),
    words("phone"),
    words("locale"),
    words("timezone"),
    words("language"),
    whole("created_at", null=True),
    whole("opted_out_at", null=True),
    whole("erased_at", null=True),
    whole("merged_into", null=True),
    words("country"),
    words("level"),
    words("segments"),
    words("agreed"),
    words("refused"),
    whole("care_until", null=True),
    words("care_why"),
    whole("in_charge_id", null=True),
    flag("invited"),
    words("memory"),
)
"""`segments`, `agreed` and `refused` are words between commas."""

conversation = table(
    "conversation",
    key("customer_id"),
    words("holder"),
    whole("staff_id", null=True),
    words("channel"),
    words("question"),
    flag("introduced"),
)

identity = table(
    "identity",
    name("external"),
    name("channel"),
    whole("customer_id"),
    words("name"),
    words("handle"),
    words("unreachable"),
    whole("linked_at", null=True),
    words("proof"),
)
Index(None, identity.c.customer_id)

consent = table(
    "consent",
    number(),
    whole("customer_id"),
    whole("event_id"),
    whole("at"),
    words("kind"),
    flag("granted"),
    words("channel"),
    words("words"),
    words("details"),
)
Index(None, consent.c.customer_id)

suppression = table("suppression", name("hash"), whole("at"), words("why"))

# what was bought, asked and answered

purchase = table(
    "purchase",
    key("id"),
    whole("customer_id"),
    words("shop"),
    words("order_id"),
    whole("amount", null=True),
    words("currency"),
    words("items"),
    words("extra"),
    whole("paid_at", null=True),
    whole("delivered_at", null=True),
    whole("refunded_at", null=True),
    whole("cancelled_at", null=True),
    flag("opted_out"),
    words("cut"),
)
Index(None, purchase.c.paid_at)
Index("uq_purchase_order", purchase.c.order_id, purchase.c.shop, unique=True)
Index(None, purchase.c.customer_id, purchase.c.id)
arrived = sa.text("delivered_at IS NOT NULL")
Index("ix_purchase_delivered", purchase.c.delivered_at, postgresql_where=arrived, sqlite_where=arrived)
standing = sa.text("refunded_at IS NULL AND cancelled_at IS NULL")
Index(
    "ix_purchase_standing",
    purchase.c.customer_id,
    purchase.c.paid_at,
    purchase.c.currency,
    purchase.c.amount,
    postgresql_where=standing,
    sqlite_where=standing,
)
"""What everybody is worth and how they come back is read from it alone, without the rows."""

ask = table(
    "ask",
    key("id"),
    whole("customer_id"),
    words("state"),
    whole("planned_at"),
    whole("due_at", null=True),
    whole("round", default=0),
    whole("sent_at", null=True),
    whole("delivered_at", null=True),
    whole("reminded_at", null=True),
    whole("answered_at", null=True),
    whole("ended_at", null=True),
    words("channel"),
    words("why"),
    whole("rating", null=True),
    words("cut"),
)
Index(None, ask.c.customer_id, ask.c.id)
Index(
    "ix_ask_delivered_at",
    ask.c.delivered_at,
    postgresql_where=ask.c.delivered_at.isnot(None),
    sqlite_where=ask.c.delivered_at.isnot(None),
)

feedback = table(
    "feedback",
    number(),
    whole("customer_id"),
    whole("event_id"),
    whole("at"),
    whole("purchase_id", null=True),
    whole("rating", null=True),
    words("text"),
    flag("worded"),
    words("label"),
    Column("score", sa.Float, nullable=False),
    Column("unhappy", sa.Float, nullable=False),
    flag("counts_unhappy"),
    words("cut"),
    words("topics"),
    words("corrected"),
    whole("likelihood", null=True),
)
Index(None, feedback.c.customer_id)
Index(None, feedback.c.at)

interaction = table(
    "interaction",
    number(),
    whole("customer_id"),
    whole("event_id"),
    whole("case_id", null=True),
    whole("at"),
    words("channel"),
    words("direction"),
    words("author"),
    words("kind"),
    words("line"),
)
Index(None, interaction.c.customer_id, interaction.c.id)

correction = table(
    "correction",
    key("id"),
    whole("customer_id"),
    whole("event_id"),
    whole("at"),
    whole("said_at"),
    words("text"),
    words("label"),
    words("scored"),
    Column("unhappy", sa.Float, nullable=False),
    words("scorer"),
    whole("staff_id"),
    words("author"),
    words("topics", null=True),
    words("scored_topics"),
)
"""Known by the number of the interaction that it corrects. Topics are words between commas; NULL = nobody said."""
Index(None, correction.c.customer_id)

# the desk

case = table(
    "case",
    key("id"),
    whole("customer_id"),
    words("state"),
    whole("opened_at"),
    words("reasons"),
    words("desk"),
    whole("priority", default=0),
    whole("owner", null=True),
    words("owner_name"),
    whole("claimed_at", null=True),
    whole("first_human_at", null=True),
    whole("resolved_at", null=True),
    whole("first_resolved_at", null=True),
    flag("recovered", null=True),
    whole("follow_ups", default=0),
    flag("hinted"),
    Column("unhappy", sa.Float, nullable=False, server_default="0"),
    whole("waiting_since", null=True),
    whole("reply_due_at", null=True),
    whole("resolve_due_at", null=True),
    flag("told"),
    words("breaches"),
    words("rung"),
    whole("offered_to", null=True),
    words("offer"),
    whole("offer_round", default=0),
    words("cut"),
    words("help"),
)
Index(None, case.c.customer_id, case.c.id)
Index(None, case.c.opened_at)
Index(None, case.c.first_human_at)
Index(None, case.c.first_resolved_at)
Index(None, case.c.resolved_at)
is_late = sa.text("breaches <> ''")
Index("ix_case_late", case.c.id, postgresql_where=is_late, sqlite_where=is_late)
is_open = sa.text("state <> 'resolved'")
Index("ix_case_open", case.c.priority, case.c.id, postgresql_where=is_open, sqlite_where=is_open)

utterance = table(
    "utterance",
    key("id"),
    whole("customer_id"),
    whole("case_id"),
    whole("staff_id"),
    words("author"),
    words("channel"),
    words("text"),
    whole("at"),
    words("refs"),
    words("copies"),
    words("amended"),
    words("unsent"),
)
"""What agents said to customers, known by the number of the event that brought it."""
Index(None, utterance.c.customer_id, utterance.c.id)

fact = table(
    "fact",
    key("id"),
    whole("customer_id"),
    whole("case_id"),
    whole("staff_id"),
    words("author"),
    words("words"),
    whole("at"),
    whole("expires_at"),
    words("state"),
)
"""What is remembered of a person, known by the number of the event that brought it."""
Index(None, fact.c.customer_id, fact.c.id)

note = table(
    "note",
    number(),
    whole("customer_id"),
    whole("event_id"),
    whole("case_id"),
    whole("at"),
    words("author"),
    words("text"),
    words("kind"),
    words("files"),
)
Index(None, note.c.customer_id, note.c.id)

desk_thread = table(
    "desk_thread",
    name("thread"),
    name("chat"),
    name("desk"),
    whole("customer_id"),
    whole("case_id"),
    words("card"),
    flag("spare"),
)
Index(None, desk_thread.c.customer_id)

staff = table(
    "staff",
    number(),
    words("channel"),
    words("external"),
    words("name"),
    words("languages"),
    words("skills"),
)
"""`languages` and `skills` are words between commas."""
Index("uq_staff_identity", staff.c.channel, staff.c.external, unique=True)

staff_role = table("staff_role", key("staff_id"), name("role"), name("source"))

presence = table(
    "presence",
    key("staff_id"),
    whole("seen_at", null=True),
    whole("offered_at", null=True),
    whole("away_since", null=True),
    whole("away_until", null=True),
    words("digest"),
)

# what agents give

gesture = table(
    "gesture",
    key("id"),
    whole("customer_id"),
    whole("case_id"),
    whole("staff_id"),
    words("author"),
    words("kind"),
    words("state"),
    whole("at"),
    words("words"),
    whole("amount", null=True),
    words("currency"),
    words("code"),
    whole("expires_at", null=True),
    whole("done_at", null=True),
    words("ref", null=True),
    words("reason"),
    whole("redeemed_at", null=True),
)
given = sa.text("reason <> ''")
Index("uq_gesture_reason", gesture.c.reason, unique=True, postgresql_where=given, sqlite_where=given)
Index(None, gesture.c.customer_id, gesture.c.id)
Index(None, gesture.c.staff_id, gesture.c.at)
Index(None, gesture.c.at)
has_code = sa.text("code <> ''")
Index("uq_gesture_code", gesture.c.code, unique=True, postgresql_where=has_code, sqlite_where=has_code)
to_do = sa.text("state = 'open'")
Index("ix_gesture_open", gesture.c.id, postgresql_where=to_do, sqlite_where=to_do)

gift_code = table(
    "gift_code",
    number(),
    words("code"),
    whole("amount"),
    words("currency"),
    whole("imported_at"),
    whole("expires_at", null=True),
    whole("granted_at", null=True),
)
Index("uq_gift_code_code", gift_code.c.code, unique=True)
is_free = sa.text("granted_at IS NULL")
Index(
    "ix_gift_code_free",
    gift_code.c.currency,
    gift_code.c.amount,
    gift_code.c.id,
    postgresql_where=is_free,
    sqlite_where=is_free,
)

partner_event = table(
    "partner_event",
    number(),
    words("key"),
    words("type"),
    whole("customer_id"),
    whole("at"),
    words("body"),
    words("state"),
)
"""What the shop's own systems are to learn; erased people's lie under nobody's number (0)."""
Index("uq_partner_event_key", partner_event.c.key, unique=True)
Index(None, partner_event.c.customer_id)
untold = sa.text("state = 'new'")
Index("ix_partner_event_new", partner_event.c.id, postgresql_where=untold, sqlite_where=untold)

# the relationship program

campaign = table(
    "campaign",
    name("name"),
    words("definition"),
    whole("created_at"),
    whole("stopped_at", null=True),
    words("why"),
)
"""Campaigns made by hand (`definition` is JSON), and whether any was stopped. What happened before `created_at` is not
held against it: that is also when it was started again."""

spike = table(
    "spike",
    key("id"),
    words("kind"),
    words("subject"),
    whole("raised_at"),
    whole("seized_at", null=True),
    words("seized_by"),
)
"""Alerts about what customers suffer from, by the number of their event, and who answered with a message."""

arm = table("arm", name("campaign"), key("customer_id"), words("variant"), whole("at"))
"""Which wording of a campaign a customer gets, for good."""

outreach = table(
    "outreach",
    key("id"),
    whole("customer_id"),
    words("campaign"),
    words("occasion"),
    words("variant"),
    words("state"),
    words("item"),
    whole("planned_at"),
    whole("due_at"),
    whole("round", default=0),
    whole("sent_at", null=True),
    whole("closes_at", null=True),
    words("channel"),
    whole("answered_at", null=True),
    flag("liked", null=True),
    flag("unhappy_before"),
    flag("unhappy_after"),
    whole("opted_out_at", null=True),
    whole("bought_at", null=True),
    words("why"),
)
Index(None, outreach.c.customer_id, outreach.c.id)
Index(None, outreach.c.campaign, outreach.c.planned_at)

why = table(
    "why", number(), whole("customer_id"), whole("event_id"), whole("at"), words("about"), words("did"), words("reason")
)
Index(None, why.c.customer_id, why.c.id)

# what goes out

outbox = table(
    "outbox",
    number(),
    whole("customer_id"),
    whole("event_id"),
    words("side"),
    words("channel"),
    words("recipient"),
    words("kind"),
    words("message"),
    whole("case_id", null=True),
    whole("ask_id", null=True),
    flag("receipt"),
    words("agent_ref", null=True),
    words("state"),
    whole("due_at"),
    whole("created_at"),
    whole("sent_at", null=True),
    whole("attempts", default=0),
    flag("uncertain"),
    words("error"),
    words("refs"),
    words("parts"),
)
waits = sa.text("state = 'new'")
unfinished = sa.text("state IN ('new', 'sending')")
dead = sa.text("state = 'failed'")
Index("ix_outbox_new", outbox.c.channel, outbox.c.id, postgresql_where=waits, sqlite_where=waits)
Index("ix_outbox_unfinished", outbox.c.customer_id, outbox.c.id, postgresql_where=unfinished, sqlite_where=unfinished)
Index("ix_outbox_failed", outbox.c.id, postgresql_where=dead, sqlite_where=dead)
Index(None, outbox.c.customer_id, outbox.c.event_id)

# tokens, files and the rest

link_token = table(
    "link_token",
    name("token"),
    whole("customer_id"),
    words("purchase", null=True),
    whole("created_at"),
    whole("expires_at"),
    whole("used_at", null=True),
    words("used_by"),
)
Index("uq_link_token_purchase", link_token.c.purchase, unique=True)
Index(None, link_token.c.customer_id)

login = table("login", name("hash"), words("staff"), whole("expires_at"), whole("used_at", null=True))

shop = table("shop", name("name"), whole("reports_delivery_since", null=True))

blob = table(
    "blob",
    key("id"),
    words("name"),
    words("mime"),
    Column("data", sa.LargeBinary, nullable=False),
    whole("created_at"),
)

merge = table(
    "merge", number(), whole("kept"), whole("merged"), whole("at"), words("moved"), whole("undone_at", null=True)
)
Index(None, merge.c.kept)
Index(None, merge.c.merged)

# figures: sums that the turns keep (`bot.domain.figures.counting`)


def counts(*names: str) -> list[Column[int]]:
    """What is added up in a tally."""
    return [whole(f"{name}_n", default=0) for name in names]


def tally_table(title: str, *keys: Column[int] | Column[str]) -> Table:
    """A tally with the counts that the domain names."""
    return table(title, *keys, *counts(*COLUMNS[title][1]))


tally = tally_table("tally", name("cut"), key("quarter"))
tally_topic = tally_table("tally_topic", name("cut"), key("quarter"), name("topic"))
tally_time = tally_table("tally_time", name("cut"), key("quarter"), name("kind"), key("seconds"))
tally_pace = tally_table("tally_pace", name("cut"), key("quarter"), name("kind"), key("pace"))
tally_span = tally_table("tally_span", name("kind"), key("low"), key("high"))
Index("ix_tally_span_high", tally_span.c.kind, tally_span.c.high)
tally_money = tally_table("tally_money", name("cut"), key("quarter"), name("currency"))
tally_value = tally_table("tally_value", name("currency"), key("engaged"), key("again"), key("bin"))
tally_part = tally_table("tally_part", name("currency"), key("bin"), key("part"))
tally_cohort = tally_table("tally_cohort", key("month"), key("later"))
tally_load = tally_table("tally_load", key("staff_id"), key("quarter"))
purse = tally_table("purse", key("customer_id"), name("currency"))
Index("ix_purse_spent", purse.c.currency, purse.c.spent_n)
tally_cut = table("tally_cut", name("cut"))
"""Every cut that there is a sum of."""
figure_state = table("figure_state", name("name"), words("value"))
"""What the tallies were last proved with: the shop's time zone."""
