"""Whatever happens to whom in which order: the tallies are what the rows say."""

from __future__ import annotations

import asyncio
import random
import shutil
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.domain.ask import AskState
from bot.domain.case import Breach, CaseState, Promise
from bot.domain.correction import Correction
from bot.domain.event import Event, Sender
from bot.domain.figures.board import Asked
from bot.domain.figures.counting import Counter, Tally
from bot.domain.figures.period import Period, moment_of, quarter_of
from bot.domain.ids import CustomerId, PurchaseId, StaffId
from bot.domain.interaction import Feedback
from bot.domain.money import Money
from bot.domain.story import Decision, House, Story
from bot.errors import AfterwordError
from bot.program import Program
from storage.database import Database
from storage.figures import decisive, feedback_row
from tests.storage.conftest import Opener
from tests.storage.steps import (
    DAY,
    MINUTE,
    SECRET,
    T0,
    HandClock,
    Rules,
    accept,
    ask,
    case,
    line,
    purchase,
    said,
    take_turn,
    turn_all,
)

PARIS = ZoneInfo("Europe/Paris")
PEOPLE = tuple(Sender("telegram", f"60{number}", f"Person {number}") for number in range(4))
_VERDICT = {"label": "negative", "unhappy": 0.9, "scorer": "rules"}


class Life:
    """Four customers to whom anything may happen. `pick` decides every detail."""

    def __init__(self, db: Database, pick: random.Random) -> None:
        self.db = db
        self.pick = pick
        self.numbers = iter(range(10_000, 99_999))
        self.clock = T0 - 40 * DAY

    @property
    def doings(self) -> list[Callable[[], Awaitable[None]]]:
        return [self.buy, self.buy, self.refund, self.ask, self.ask, self.answer, self.answer, self.say, self.say,
                self.say, self.correct, self.open, self.claim, self.resolve, self.resolve, self.reopen, self.be_late,
                self.merge, self.unmerge, self.forget]  # fmt: skip

    def moment(self) -> datetime:
        self.clock += timedelta(seconds=self.pick.choice((1, 600, 40_000)))
        return self.clock

    async def turn(self, rules: Callable[[Story, Event], Decision]) -> None:
        sender = self.pick.choice(PEOPLE)

        def ruling(story: Story, event: Event, house: House) -> Decision:
            return rules(story, event)

        both: Rules = ruling
        await accept(self.db, said("…", sender), now=self.moment())
        await take_turn(self.db, self.clock, both)

    async def story(self, change: Callable[[Story], Story]) -> None:
        await self.turn(lambda story, _event: Decision(change(story)))

    # ---- what may happen

    async def buy(self) -> None:
        number, at = next(self.numbers), self.moment()
        one = purchase(number, total=str(self.pick.choice((0, 5, 80, 80, 1200))), paid_at=at)
        if self.pick.random() < 0.3:
            one = replace(one, total=Money(Decimal(7), "USD"))
        await self.story(lambda story: replace(story, purchases=(*story.purchases, one)))

    async def refund(self) -> None:
        def change(story: Story) -> Story:
            purchases = tuple(replace(p, refunded_at=self.clock) for p in story.purchases[:1])
            return replace(story, purchases=(*purchases, *story.purchases[1:]))

        await self.story(change)

    async def ask(self) -> None:
        number, at = next(self.numbers), self.moment()
        delivered = self.pick.choice((None, at, at))
        one = ask(number, AskState.SENT, sent_at=at, delivered_at=delivered, channel="telegram")
        bought = purchase(number, paid_at=at)
        await self.story(lambda story: replace(story, asks=(*story.asks, one), purchases=(*story.purchases, bought)))

    async def answer(self) -> None:
        def change(story: Story) -> Story:
            place = self.pick.randrange(len(story.asks)) if story.asks else 0
            asks = [
                replace(one, state=AskState.ANSWERED, answered_at=self.clock) if at == place else one
                for at, one in enumerate(story.asks)
            ]
            return replace(story, asks=tuple(asks))

        await self.story(change)

    async def say(self) -> None:
        pick = self.pick
        label, rating = pick.choice(("negative", "positive", "mixed", "unknown")), pick.choice((None, None, 1, 3, 5))

        def rules(story: Story, event: Event) -> Decision:
            about = pick.choice((None, *(one.id for one in story.purchases)))
            words = "" if rating and pick.random() < 0.5 else f"words {event.id}"
            feedback = Feedback(
                self.clock, about and PurchaseId(about), rating, words, label, pick.choice((-0.7, 0.2)), 0.5,
                pick.random() < 0.5, "telegram", (("delivery", pick.choice((-1.0, 0.0, 1.0))),),
                pick.choice((None, 3, 9)),
            )  # fmt: skip
            told = line(f"words {event.id}", at=self.clock, verdict=_VERDICT)
            return Decision(replace(story, interactions=(*story.interactions, told)), feedback=(feedback,),
                            interactions=(told,))  # fmt: skip

        await self.turn(rules)

    async def correct(self) -> None:
        def rules(story: Story, event: Event) -> Decision:
            spoken = [one for one in story.interactions if one.verdict]
            if not spoken:
                return Decision(story)
            told, label = self.pick.choice(spoken), self.pick.choice(("negative", "neutral", "positive"))
            made = Correction(self.clock, told.at, told.text, label, "negative", 0.9, "rules", StaffId(1), "Zoe")
            return Decision(story, corrections=(made,))

        await self.turn(rules)

    async def open(self) -> None:
        number, at = next(self.numbers), self.moment()
        await self.story(lambda story: replace(story, cases=(*story.cases, case(number, opened_at=at))))

    async def _last_case(self, **parts: Any) -> None:
        await self.story(lambda story: replace(story, cases=(*story.cases[:-1], replace(story.cases[-1], **parts)))
                         if story.cases else story)  # fmt: skip

    async def claim(self) -> None:
        owner = StaffId(self.pick.choice((1, 2)))
        at = self.moment()
        await self._last_case(state=CaseState.CLAIMED, owner=owner, claimed_at=at, first_human_at=at)

    async def resolve(self) -> None:
        await self._last_case(state=CaseState.RESOLVED, resolved_at=self.moment(), first_resolved_at=self.clock,
                              recovered=self.pick.choice((None, True, False)))  # fmt: skip

    async def reopen(self) -> None:
        await self._last_case(state=CaseState.REOPENED, resolved_at=None, recovered=False)

    async def be_late(self) -> None:
        late = (Breach(Promise.FIRST_REPLY, self.moment()), Breach(Promise.RESOLUTION, self.clock))
        await self._last_case(breaches=late[: self.pick.choice((1, 2))])

    async def _somebody(self) -> CustomerId | None:
        return await self.db.find_customer(f"telegram:{self.pick.choice(PEOPLE).external}")

    async def merge(self) -> None:
        kept, other = await self._somebody(), await self._somebody()
        if kept and other and kept != other:
            await self.db.merge(kept, other, self.moment())
            await turn_all(self.db, self.clock)

    async def unmerge(self) -> None:
        somebody = await self._somebody()
        if somebody:
            try:
                await self.db.unmerge(somebody, self.moment())
            except AfterwordError:
                return
            await turn_all(self.db, self.clock)

    async def forget(self) -> None:
        somebody = await self._somebody() if self.pick.random() < 0.3 else None
        if somebody:
            await self.db.forget(somebody, self.moment(), SECRET)
            await turn_all(self.db, self.clock)

    # ---- what must hold

    async def holds(self) -> None:
        assert (await self.db.repair_figures(correct=False)).differences == ()
        until = moment_of(quarter_of(self.clock + MINUTE) + 1)
        board = Period("", until - 30 * DAY, until, Program().shop.zone)
        counts = (await self.db.counted(Asked(board))).counts
        assert 0 <= counts["unhappy"] <= counts["answers"]
        assert counts["happy"] + counts["neutral"] + counts["mixed"] + counts["sad"] == counts["scored"]
        assert counts["asks_answered"] <= counts["asks"]
        assert counts["won_back"] <= counts["helped"] <= counts["cases_resolved"]
        assert counts["recovered"] <= counts["asked_again"] <= counts["cases_resolved"]
        assert all(count >= 0 for name, count in counts.items() if name != "score_sum")
        exact = await self.db.tallies(board.since, board.until)
        found = await self.db.counted(Asked(board))
        assert (found.asked, found.answered) == (exact.asked, exact.answered)
        assert (counts["cases_opened"], counts["cases_resolved"]) == (exact.cases_opened, exact.cases_resolved)


@pytest.mark.parametrize("seed", range(4))
async def test_tallies_follow_whatever_happens(opened: Opener, seed: int) -> None:
    life = Life(await opened(), random.Random(seed))
    for _ in range(40):
        await life.pick.choice(life.doings)()
        await life.holds()


@settings(deadline=None, max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(plan=st.lists(st.integers(0, 19), min_size=5, max_size=25), seed=st.integers(0, 2**16))
def test_tallies_follow_any_plan(sqlite_template: Path, tmp_path: Path, plan: list[int], seed: int) -> None:
    file = tmp_path / "plan.db"
    for rest in tmp_path.glob("plan.db*"):
        rest.unlink()
    shutil.copy(sqlite_template, file)

    async def live() -> None:
        db = Database(f"sqlite+aiosqlite:///{file}", Program(), HandClock(), SECRET)
        await db.start()
        try:
            life = Life(db, random.Random(seed))
            for number in plan:
                await life.doings[number]()
            await life.holds()
        finally:
            await db.stop()

    asyncio.run(live())


said_rows = st.lists(
    st.tuples(
        st.just(1), st.integers(1, 99), st.sampled_from(["", "slack\ttop\t\t\tBoots"]), st.just(5),
        st.integers(0, 5).map(lambda hours: hours * 3_600_000_000), st.sampled_from([None, 1, 5]), st.booleans(),
        st.sampled_from(["negative", "positive"]), st.just(0.5), st.booleans(),
        st.sampled_from(["", "negative", "positive"]),
        st.sampled_from([None, None, 3, 9]), st.just(""),
    ),
    max_size=9,
    unique_by=lambda row: row[1],
)  # fmt: skip


@given(said_rows)
def test_the_decisive_rows_decide_as_all_of_them_do(rows: list[tuple[Any, ...]]) -> None:
    counter, found = Counter(PARIS), []
    for some in (rows, decisive(rows)):
        tally = Tally()
        counter.answers(tally, map(feedback_row, some))
        counter.spread(tally)
        found.append(tally.rows("tally"))
    assert found[0] == found[1]


async def test_a_repair_puts_right_what_was_broken_and_nothing_twice(opened: Opener) -> None:
    db = await opened()
    life = Life(db, random.Random(11))
    for _ in range(25):
        await life.pick.choice(life.doings)()
    session_work = db._engine.write
    await session_work(_damage)
    found = await db.repair_figures(correct=False)
    assert {one.table for one in found.differences} == {"tally", "purse"}
    first, second = await asyncio.gather(db.repair_figures(correct=True), db.repair_figures(correct=True))
    assert found.wrong in {first.wrong, second.wrong}
    await life.holds()


async def _damage(session: Any) -> None:
    from storage.statements import Query  # noqa: PLC0415 - only here

    await session.run(Query("UPDATE tally SET answers_n = answers_n + 1, asks_n = 0 WHERE cut = '*'"))
    await session.run(Query("DELETE FROM purse"))
