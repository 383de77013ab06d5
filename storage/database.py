"""The one thing that remembers: `bot.ports.Store` and `bot.ports.Records` over SQLite or PostgreSQL."""

from __future__ import annotations

import asyncio
import secrets
import time
from collections.abc import AsyncIterator, Callable, Iterable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager, suppress
from datetime import UTC, datetime
from decimal import Decimal
from random import Random
from typing import Any

from bot.domain.correction import Correction
from bot.domain.event import Accepted, Incoming
from bot.domain.figures.board import Asked, BehindPage, Choices, Counted, Counts, Load
from bot.domain.figures.counting import Proof
from bot.domain.figures.cuts import Cut
from bot.domain.figures.money import Money as Worth
from bot.domain.figures.money import ValueBin
from bot.domain.figures.period import Period
from bot.domain.figures.themes import Saying
from bot.domain.gesture import Gesture
from bot.domain.habit import Rhythm
from bot.domain.ids import CaseId, CustomerId, EventId, OutboxId, StaffId
from bot.domain.money import Money
from bot.domain.outreach import Outreach
from bot.domain.partner_event import PartnerEvent
from bot.domain.reading import Readings
from bot.domain.spike import Spike
from bot.domain.staff import Role, Staff, StaffChange, joined
from bot.domain.standing import Ranking, Rfm
from bot.domain.story import House, Story
from bot.domain.summary import Tallies
from bot.domain.why import Why
from bot.errors import LeaseLost
from bot.ports import (
    Batch,
    Blob,
    CampaignPreview,
    CampaignRow,
    Clock,
    DeadLetter,
    Found,
    History,
    Imported,
    Line,
    Mark,
    Parcel,
    PoolRow,
    PreviewLine,
    QueueRow,
    Turn,
)
from bot.program import Campaign, Program
from storage import (
    campaigns,
    corrections,
    desk,
    due,
    erasure,
    export,
    figure_lists,
    figure_reads,
    figure_repair,
    gestures,
    history,
    journal,
    letters,
    merging,
    outbox,
    outreach,
    people,
    presence,
    saving,
    searching,
    tallies,
    turn,
)
from storage.campaigns import Habits
from storage.filelock import FileLock
from storage.house import HouseMemory, read_spikes, read_staff
from storage.journal import Policy
from storage.lines import LinesMemory
from storage.lite import LiteEngine
from storage.memory import forget_rows
from storage.migrating import (
    SchemaState,
    current_revision,
    is_sqlite,
    migrate,
    migrate_connection,
    postgres_url,
    sqlite_path,
)
from storage.session import Engine, Session
from storage.standing import RankingMemory, read_rfm
from storage.stories import View

BEGINNING = datetime(1970, 1, 1, tzinfo=UTC)


class Database:
    """Everything kept, behind both ports. `secret` keys the hashes of the suppression list: keep it for good.

    `seconds` tells what is remembered how old it is; the ranking of all customers is not made anew before
    `ranking_lasts` of them.
    The wiring sets `channels` (those that run and can speak to customers) and `desk` before the first turn.
    """

    def __init__(
        self, url: str, program: Program, clock: Clock, secret: bytes = b"", random: Random | None = None,
        seconds: Callable[[], float] = time.monotonic, ranking_lasts: float = 0.0,
    ) -> None:  # fmt: skip
        self.url = url
        self._program = program
        self._clock = clock
        self._secret = secret
        self._policy = Policy(secret, program.link.expires_after, program.shop.zone)
        self._zone = program.shop.zone
        self._lite = LiteEngine(sqlite_path(url)) if is_sqlite(url) else None
        self._engine: Engine = self._lite or _postgres(url)
        self.dialect = self._engine.dialect
        self._house = HouseMemory(seconds)
        self._house.same = {who: agent.also for who, agent in program.agents.items() if agent.also}
        self._ranking = RankingMemory(self._engine, program.value, seconds, ranking_lasts)
        self._lines = LinesMemory()
        self._lock: FileLock | None = None
        self._worker = secrets.token_hex(4)
        self._leases = 0
        self._looked: dict[str, datetime] = {}
        self._rhythm: tuple[datetime, Rhythm] | None = None
        self._random = random or secrets.SystemRandom()

    @property
    def channels(self) -> frozenset[str]:
        """Channels that run and can speak to customers."""
        return self._house.channels

    @channels.setter
    def channels(self, names: frozenset[str]) -> None:
        self._house.channels = names

    @property
    def desk(self) -> str:
        """Where agents work."""
        return self._house.desk

    @desk.setter
    def desk(self, name: str) -> None:
        self._house.desk = name

    @property
    def mirrors(self) -> tuple[str, ...]:
        """The other desks where every case shows, too."""
        return self._house.mirrors

    @mirrors.setter
    def mirrors(self, names: tuple[str, ...]) -> None:
        self._house.mirrors = names

    @property
    def desks(self) -> tuple[str, ...]:
        """Every desk that shows cases, the main one first."""
        return (self.desk, *self.mirrors)

    # ---- life

    async def start(self, *, exclusive: bool = False) -> None:
        """Open and check the schema; an empty SQLite database is made. `exclusive`: this process runs the program.

        Raises `AlreadyRunning`, `SchemaTooOld`, `SchemaTooNew`, `Refused`.
        """
        if exclusive and self._lite and not self._lite.in_memory:
            self._lock = FileLock(f"{self._lite.path}.lock")
            self._lock.take()
        try:
            await self._open()
            await self._fill_figures()
        except BaseException:
            await self.stop()
            raise
        self._engine.listen(self._heard, elsewhere=False)
        if exclusive and self._lite:
            self._lite.watch(self._topics_of_a_stranger)

    async def _open(self) -> None:
        await self._engine.open()
        state = await self._engine.peek(current_revision)
        if state.empty and self._lite:
            if self._lite.in_memory:
                await self._lite.hop(migrate_connection, self._lite.connection)
            else:
                await migrate(self.url)
            state = await self._engine.peek(current_revision)
        state.check()

    async def stop(self) -> None:
        """Close every connection."""
        await self._ranking.close()
        await self._engine.close()
        if self._lock:
            self._lock.release()
            self._lock = None

    async def schema_state(self) -> SchemaState:
        """Which schema there is, and which is needed."""
        return await self._engine.peek(current_revision)

    def _heard(self, topic: str) -> None:
        if topic == "purchase":
            self._ranking.forget()
        elif topic == "staff":
            self._house.forget()
        elif topic == "erased":
            self._lines.forget()
            forget_rows()

    def _topics_of_a_stranger(self) -> set[str]:
        """What a command in another process may have changed: anything."""
        return {
            "turn",
            "purchase",
            "staff",
            "erased",
            "campaign",
            *(f"outbox:{name}" for name in {*self.channels, self.desk, *self.mirrors, "console"}),
        }

    def own(self, name: str) -> AbstractAsyncContextManager[None]:
        """Wait until this process alone owns `name`; released at the end."""
        return self._engine.own(name)

    def on_wake(self, callback: Callable[[str], None]) -> None:
        """Hear the topics of what was written, here or elsewhere: "turn", "outbox:<channel>", "page:<customer>"."""
        self._engine.listen(callback)

    async def announce(self, topic: str) -> None:
        """Tell every process something of the moment that nobody keeps."""
        if self._lite:
            self._lite.tell({topic})
        else:
            await self._engine.write(_mention, topic)

    # ---- journal and turn

    async def accept(self, batch: Sequence[Incoming], now: datetime) -> list[Accepted]:
        """Write into the journal, one transaction; on return it is safe to acknowledge."""
        return await self._engine.write(journal.accept, batch, now, self._policy) if batch else []

    async def due(self, limit: int, now: datetime, worker: str) -> Batch:
        """Lease up to `limit` lanes that have due events, read those events."""
        if self._lite:
            batch, idle = await self._engine.peek(due.read_due, limit, now)
        else:
            self._leases += 1
            lease = f"{worker}:{self._worker}:{self._leases}"
            batch, idle = await self._engine.peek(due.lease_due, limit, now, lease)
        if idle:
            await self._engine.write(due.release, idle)
        return batch

    async def next_due(self) -> datetime | None:
        """When the next event falls due; None = nothing is planned."""
        return await self._engine.peek(due.next_due)

    @asynccontextmanager
    async def turn(self, batch: Batch, now: datetime) -> AsyncIterator[Turn]:
        """Lock the lanes of the batch and load their stories; on leaving everything decided is written.

        Raises `LeaseLost`, and `LaneBusy` (nothing was written; take what is due again).
        """
        view = await self._view(now)
        try:
            async with self._engine.transaction() as transaction:
                opened = await transaction.begin(turn.begin, batch, view, self._house)
                yield opened
                self._lines.keep(await transaction.commit(saving.save, opened, now, self._policy))
        except LeaseLost:
            raise
        except BaseException:
            if batch.lease:
                with suppress(Exception):  # the lease ends by itself in a few seconds
                    await asyncio.shield(self._engine.write(due.give_back, sorted(batch.lanes), batch.lease))
            raise

    async def _view(self, now: datetime) -> View:
        return View(self._program, await self._ranking.current(now), self._lines, now)

    # ---- outbox

    async def claim(self, channel: str, limit: int, now: datetime, *, desk: bool | None = None) -> list[Parcel]:
        """Take unsent rows of a channel that are due, in order; per chat only the head of the line and what follows."""
        if not await self._engine.peek(outbox.any_due, channel, now):
            return []
        return await self._engine.write(outbox.claim, channel, limit, now, desk=desk)

    async def waiting_cases(self, channel: str) -> list[tuple[CustomerId, CaseId, OutboxId]]:
        """The cases that have something waiting for this desk, each with the first such row."""
        return await self._engine.peek(outbox.waiting_cases, channel)

    async def mark(self, marks: Sequence[Mark], now: datetime) -> None:
        """Write results; receipts and failures become events in the same transaction."""
        if marks:
            await self._engine.write(outbox.mark, marks, now, self._policy)

    async def recover_outbox(self, channel: str) -> int:
        """On taking ownership: rows claimed by a dead owner go back, marked uncertain. Returns how many."""
        return await self._engine.write(outbox.recover, channel)

    async def next_send(self, channel: str, *, desk: bool | None = None) -> datetime | None:
        """When the earliest unsent row of the channel may go; None = nothing waits."""
        return await self._engine.peek(outbox.next_send, channel, desk=desk)

    async def thread_moved(self, desk: str, old_chat: str, new_chat: str) -> None:
        """A Telegram group became a supergroup: its threads live under the new id."""
        await self._engine.write(outbox.move_threads, desk, old_chat, new_chat)

    async def thread_known(self, desk: str, chat: str, thread: str) -> bool:
        """Whether a thread leads to somebody."""
        return await self._engine.peek(outbox.thread_known, desk, chat, thread)

    async def thread_gone(self, desk: str, chat: str, thread: str) -> None:
        """A thread is gone for good: what comes next makes a new one."""
        await self._engine.write(outbox.forget_thread, desk, chat, thread)

    async def put_blob(self, blob: Blob) -> str:
        """Keep a file; returns its number as text, one that nobody guesses."""
        return await self._engine.write(people.put_blob, blob, self._clock.now())

    async def get_blob(self, ref: str) -> Blob | None:
        """A kept file."""
        return await self._engine.read(people.get_blob, ref)

    # ---- what is read

    async def find_customer(self, name: str) -> CustomerId | None:
        """By number, `shop:<shop>/<id>`, `<channel>:<user id>` or email; a merged one leads to who absorbed it."""
        return await self._engine.read(people.find_customer, name)

    async def story(self, customer: CustomerId, now: datetime) -> Story | None:
        """The same story that the rules see; None when unknown or erased."""
        view = await self._view(now)
        return await self._engine.read(people.story, customer, view)

    async def export(self, customer: CustomerId) -> dict[str, Any] | None:
        """Everything about a customer in the form of the outer interface."""
        return await self._engine.read(export.export, customer)

    async def customers(self) -> list[CustomerId]:
        """Every customer who is not erased or merged, by number."""
        return await self._engine.read(people.customers)

    async def search_customers(self, words: str, limit: int) -> list[tuple[CustomerId, str, str]]:
        """(number, name, how they are known) of customers whose name, email or order matches; latest first."""
        return await self._engine.read(people.search_customers, words, limit)

    async def search(self, words: str, limit: int) -> list[Found]:
        """Customers, orders and words said (of the latest messages) that match; notes too."""
        return await self._engine.read(searching.search, words, limit)

    async def history(self, customer: CustomerId) -> History:
        """What happened with a customer beside what was said."""
        return await self._engine.read(history.history, customer)

    async def doubles(self, customer: CustomerId) -> list[Found]:
        """Others who may be the same person: the same e-mail address or phone number."""
        return await self._engine.read(people.doubles, customer)

    async def queue(self, now: datetime, limit: int = 500) -> list[QueueRow]:
        """Open cases, most urgent first."""
        view = await self._view(now)
        return await self._engine.read(desk.queue, view, limit)

    async def conversation(self, customer: CustomerId, limit: int, *, inside: bool) -> list[Line]:
        """The last lines, oldest first; notes among them only when `inside`."""
        return await self._engine.read(desk.conversation, customer, limit, inside=inside)

    async def brief(self, customer: CustomerId, before: EventId, limit: int) -> list[Line]:
        """The last lines before something happened, oldest first, with what stays inside."""
        return await self._engine.read(desk.brief, customer, before, limit)

    async def house(self) -> House:
        """What is the same for every customer, as it is now."""
        glance = HouseMemory()  # one of its own: what the turns remember is not for a reader beside them to change
        glance.channels, glance.desk, glance.mirrors = self.channels, self.desk, self.mirrors
        glance.same = self._house.same
        return await self._engine.read(glance.current)

    async def tallies(self, since: datetime, until: datetime) -> Tallies:
        """What happened in a period, counted."""
        return await self._engine.read(tallies.tallies, since, until)

    # ---- figures

    async def counted(self, asked: Asked) -> Counted:
        """What the tallies say of a period, through a filter."""
        return await self._engine.read(figure_reads.counted, asked, self._zone)

    async def counted_by_people(self, period: Period, cut: Cut) -> dict[Cut, Counts]:
        """Counts by channel, tier, level and campaign."""
        return await self._engine.read(figure_reads.by_people, period, cut, self._zone)

    async def counted_by_product(self, period: Period, cut: Cut) -> dict[str, Counts]:
        """Counts by product, by the shop's own days."""
        return await self._engine.read(figure_reads.by_product, period, cut, self._zone)

    async def figure_choices(self) -> Choices:
        """What can be filtered by."""
        return await self._engine.read(figure_reads.choices)

    async def load(self, period: Period) -> tuple[tuple[Load, ...], int]:
        """What lies on each agent, by name; and how many cases are open at this moment."""
        return await self._engine.read(figure_reads.load, period)

    async def money(self) -> tuple[list[Worth], list[ValueBin], list[tuple[int, int, int, int]]]:
        """Per currency; everybody whatever the currency; cohorts (month, months later, customers, of them again)."""
        return await self._engine.read(figure_reads.money)

    async def behind(
        self, key: str, period: Period, cut: Cut, after: str = "", limit: int = 50, *, counting: bool = False
    ) -> BehindPage:
        """A page of what was counted. Raises KeyError for a figure that doesn't open."""
        asked = Asked(period, cut)
        return await self._engine.read(figure_lists.behind, key, asked, after, limit, self._zone, counting=counting)

    async def sayings(self, period: Period, cut: Cut, limit: int = 2000) -> list[Saying]:
        """What customers said in words, newest first, with the names that may stand in it."""
        return await self._engine.read(figure_lists.sayings, period, cut, limit)

    async def told_since(self, keys: Sequence[str], since: datetime) -> set[str]:
        """Which of these keys the journal has got since then."""
        return await self._engine.read(figure_lists.told_since, keys, since)

    async def repair_figures(self, *, correct: bool) -> Proof:
        """Count everything again from the rows and compare with what the turns kept."""
        proof = await self._engine.read(figure_repair.prove, self._zone)
        while correct and not await self._engine.write(figure_repair.correct, proof, self._zone):
            proof = await self._engine.read(figure_repair.prove, self._zone)
        return proof

    async def _fill_figures(self) -> None:
        """Tallies that are older than the rows (a new version, another time zone of the shop) are made once."""
        if await self._engine.peek(figure_repair.proved_for) != self._zone.key:
            await self.repair_figures(correct=True)

    async def corrections(self) -> list[Correction]:
        """What agents said of words that were read wrongly, oldest first."""
        return await self._engine.read(corrections.corrections)

    async def readings(self) -> Readings:
        """Every message of customers that was read, counted by what the reader said of it."""
        return await self._engine.read(corrections.readings)

    # ---- what agents give

    async def gestures(self, since: datetime, until: datetime) -> list[Gesture]:
        """What agents gave in a time, oldest first."""
        return await self._engine.read(gestures.ledger, since, until)

    async def spent(self, staff: StaffId, now: datetime) -> Decimal:
        """What an agent has given this month, in the program's currency."""
        return await self._engine.read(gestures.spent_by, staff, now, self._program)

    async def gesture_tasks(self) -> list[Gesture]:
        """Cards and upgrades that wait for the back office, oldest first."""
        return await self._engine.read(gestures.tasks)

    async def finish_task(self, number: int, now: datetime) -> bool:
        """The back office did it. False when there is no such task that is open."""
        return await self._engine.write(gestures.finish_task, number, now)

    async def import_codes(
        self, codes: Sequence[str], worth: Money, expires_at: datetime | None, now: datetime
    ) -> Imported:
        """Single-use codes into the pool; safe to repeat."""
        return await self._engine.write(gestures.import_codes, codes, worth, expires_at, now)

    async def pool(self, now: datetime) -> list[PoolRow]:
        """How many codes there are, by what they are worth."""
        return await self._engine.read(gestures.pool, now)

    async def partner_events(self, limit: int = 200) -> list[PartnerEvent]:
        """What the shop's own systems have not been told yet, oldest first."""
        return await self._engine.read(gestures.partner_events, limit)

    # ---- campaigns, and why

    async def spikes(self) -> list[Spike]:
        """The latest alerts that a message can answer, newest first."""
        return await self._engine.read(read_spikes)

    async def ranking(self, now: datetime) -> Ranking:
        """The values of everybody, of which the top tier is the Pareto share."""
        return await self._ranking.current(now)

    async def rfm(self, customer: CustomerId, now: datetime) -> Rfm | None:
        """How lately, how often and for how much they bought; None for one who bought nothing in the window."""
        ranking, policy = await self._ranking.current(now), self._program.value
        return await self._engine.read(read_rfm, customer, now - policy.window, ranking, policy)

    async def campaigns(self) -> list[CampaignRow]:
        """All of them, the program's first, with what came of each."""
        return await self._engine.read(campaigns.listed_all, self._program)

    async def plan_campaigns(self, now: datetime, until: datetime) -> int:
        """Plan whatever comes due until then; safe to repeat. Returns how many pieces are new."""
        running = self._to_be_looked_at(await self._engine.read(campaigns.running, self._program, now), now)
        habits = await self._habits(running, now)
        view, planned = await self._view(now), 0
        for campaign in running:
            seldom = campaign.moment.of in campaigns.SELDOM
            horizon = max(until, now + campaigns.A_DAY) if seldom else until
            chosen = await self._engine.read(campaigns.choose, campaign, view, horizon, self._secret, habits)
            if chosen.taken:
                planned += await self._engine.write(
                    campaigns.plan, campaign, chosen.taken, self._secret, self._random, now
                )
        return planned

    def _to_be_looked_at(self, running: list[Campaign], now: datetime) -> list[Campaign]:
        """Those that read everybody's history only once a day."""
        names = {one.name for one in running if one.moment.of in campaigns.SELDOM}
        late = {name for name in names if now - self._looked.get(name, BEGINNING) >= campaigns.A_DAY}
        self._looked |= dict.fromkeys(late, now)
        return [one for one in running if one.name not in names or one.name in late]

    async def _habits(self, running: Sequence[Campaign], now: datetime) -> Habits | None:
        """What is learned of the shop's rhythm holds for a week; who is due is looked at each time."""
        fresh = self._rhythm if self._rhythm and now - self._rhythm[0] < campaigns.LEARNED_FOR else None
        known = fresh[1] if fresh else None
        habits = await self._engine.read(campaigns.read_habits, running, now, known) if running else None
        if habits and not fresh:
            self._rhythm = (now, habits.rhythm)
        return habits

    async def stop_harmful(self, now: datetime) -> list[tuple[str, str]]:
        """Stop campaigns that do worse than their hold-out beyond doubt; (name, why) of each."""
        harmful = await self._engine.read(campaigns.harmful, self._program, now)
        return [(name, why) for name, why in harmful if await self.stop_campaign(name, why, "itself", now)]

    async def add_campaign(self, campaign: Mapping[str, Any], now: datetime) -> bool:
        """One well-aimed message, made by hand, in the program file's words. False when the name is taken."""
        if campaign["name"] in {one.name for one in self._program.campaign}:
            return False
        return await self._engine.write(campaigns.add, str(campaign["name"]), campaign, now)

    async def stop_campaign(self, name: str, why: str, by: str, now: datetime) -> bool:
        """Nothing more of it goes out. False when it was stopped already."""
        return await self._engine.write(campaigns.stop, name, why, by, now, self._policy)

    async def start_campaign(self, name: str, now: datetime) -> bool:
        """Again. False when it was not stopped."""
        self._looked.pop(name, None)
        return await self._engine.write(campaigns.start, name, now)

    async def preview_campaign(self, campaign: Campaign, now: datetime, until: datetime) -> CampaignPreview:
        """Who would get it by then and who would not, with the reasons; nothing is planned."""
        habits = await self._habits([campaign], now)
        view = await self._view(now)
        return await self._engine.read(
            campaigns.preview, campaign, view, until, self._secret, habits, self._house.channels
        )

    async def preview_asks(self, now: datetime, until: datetime, limit: int = 1000) -> list[PreviewLine]:
        """Asks that fall due by then."""
        view = await self._view(now)
        return await self._engine.read(campaigns.preview_asks, view, until, limit, self._house.channels)

    async def why(self, customer: CustomerId, limit: int | None = 100) -> list[Why]:
        """Why this customer got something or did not, oldest first."""
        return await self._engine.read(outreach.why, customer, limit)

    async def outreach_of(self, customer: CustomerId) -> list[Outreach]:
        """Every piece of outreach that was planned for them."""
        return await self._engine.read(outreach.of_customer, customer)

    # ---- people

    async def forget(self, customer: CustomerId, now: datetime, secret: bytes) -> bool:
        """Erase a person; keyed hashes of their addresses stay on the suppression list."""
        return await self._engine.write(erasure.forget_by_hand, customer, now, self._secret or secret, self._zone)

    async def merge(self, kept: CustomerId, merged: CustomerId, now: datetime) -> None:
        """`merged`'s story moves to `kept`, in a way that `unmerge` can take back."""
        await self._engine.write(merging.merge, kept, merged, now, self._zone)

    async def unmerge(self, customer: CustomerId, now: datetime) -> CustomerId:
        """Take the last merge into or of this customer back; returns the one that came out again."""
        return await self._engine.write(merging.unmerge, customer, now, self._zone)

    async def staff(self) -> list[Staff]:
        """Everybody of the shop."""
        return joined(await self._engine.read(read_staff), self._house.same)

    async def seat(self, channel: str, external: str, role: Role, name: str = "", source: str = "command") -> Staff:
        """Give a chat identity a role."""
        return await self._engine.write(people.seat, channel, external, role, name, source)

    async def unseat(self, channel: str, external: str, role: Role | None = None, source: str | None = None) -> bool:
        """Take a role (or all) away; who has none left gives their open cases back to the queue."""
        done = await self._engine.write(people.unseat, channel, external, role, source)
        await self.free_abandoned()
        return done

    async def free_abandoned(self) -> int:
        """Cases of people without a role go back to the queue. After their role is gone: so that no claim is missed."""
        return await self._engine.write(presence.free_abandoned, self._clock.now())

    async def describe(self, channel: str, external: str, languages: str | None, skills: str | None) -> None:
        """What a person of the shop speaks and knows about; None leaves it as it is."""
        await self._engine.write(presence.describe, channel, external, languages, skills)

    async def keep_presence(self, change: StaffChange) -> None:
        """Somebody goes away, or is back; what was offered to them is offered to others."""
        await self._engine.write(presence.keep_presence, [change])

    async def keep_seats(self, wanted: Iterable[tuple[str, str, Role]], source: str) -> None:
        """Exactly these (channel, external, role) hold a role by this source; others lose what they had by it."""
        await self._engine.write(people.keep_seats, sorted(wanted), source)
        await self.free_abandoned()

    async def link_token(self, customer: CustomerId, now: datetime, expires_at: datetime) -> str:
        """A fresh single-use token that links whoever presents it to this customer."""
        return await self._engine.write(people.link_token, customer, now, expires_at)

    async def issue_login(self, staff: str, expires_at: datetime) -> str:
        """A single-use console login for `channel:external`."""
        return await self._engine.write(people.issue_login, staff, expires_at)

    async def redeem_login(self, token: str, now: datetime) -> str | None:
        """Who it was for, once; None for a spent, expired or unknown one."""
        return await self._engine.write(people.redeem_login, token, now)

    # ---- what went wrong

    async def dead_letters(self, limit: int = 200) -> list[DeadLetter]:
        """Newest first."""
        return await self._engine.read(letters.dead_letters, limit)

    async def retry_dead_letter(self, letter: str | None) -> int:
        """Put one (or all) back; returns how many."""
        return await self._engine.write(letters.retry, letter, self._clock.now())

    async def drop_dead_letter(self, letter: str | None) -> int:
        """Give one (or all) up; returns how many."""
        return await self._engine.write(letters.drop, letter)

    async def counts(self) -> dict[str, float]:
        """Depths and ages for /metrics: events waiting, oldest due in seconds, outbox by state, open cases."""
        return await self._engine.read(letters.counts, self._clock.now())


def _postgres(url: str) -> Engine:
    from storage.postgres import PostgresEngine  # noqa: PLC0415 - asyncpg isn't needed on SQLite

    return PostgresEngine(postgres_url(url))


async def _mention(session: Session, topic: str) -> None:
    session.topics.add(topic)
