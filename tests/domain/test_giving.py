"""Agents give without asking; what could not be given is said inside, and nothing goes out."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.card import build_card
from bot.domain.case import ReasonKind
from bot.domain.commands import Command, parse_command
from bot.domain.customer import Identity
from bot.domain.draft import Draft
from bot.domain.event import AgentSaid, Event, Payload, Said
from bot.domain.gesture import Gesture, GestureKind, GestureState, end_of_day, month_of
from bot.domain.giving import offer_in
from bot.domain.ids import EventId, StaffId
from bot.domain.interaction import Author
from bot.domain.message import Kind, MarkState, Ref, Side
from bot.domain.money import Money
from bot.domain.offer import Offer, read_offer
from bot.domain.shelf import Coupon, Shelf
from bot.domain.story import Outgoing
from bot.errors import ProgramInvalid
from bot.phrases import LANGUAGES, phrase
from bot.program import Program, parse_program
from tests.domain.world import ANA, BORIS, CHAT, KIM, MONDAY_NOON, STRANGER, World, program

TWENTY = Decimal(20)
SORRY = "/gift 20 sorry about the zipper"


def stocked(*amounts: str, spent: str = "0", pooled: bool = True) -> Shelf:
    coupons = tuple(Coupon(f"CODE-{place}", Decimal(amount)) for place, amount in enumerate(amounts, start=1))
    shown = tuple(sorted({coupon.amount for coupon in coupons if coupon.amount}))
    return Shelf(coupons, {StaffId(1): Decimal(spent)}, shown, pooled)


def held(*amounts: str, spent: str = "0", text: str = "", **more: Any) -> World:
    """Kim holds Ana's case, and there are codes."""
    world = World(program=program(text), **more)
    world.order()
    world.says("it broke after two days")
    world.presses(KIM, "claim")
    world.house = replace(world.house, shelf=stocked(*(amounts or ("20", "20", "20")), spent=spent))
    return world


def notice(world: World) -> str:
    message = world.to_desk[-1]
    assert message.kind is Kind.NOTICE
    return message.text


def gifts(world: World) -> list[Outgoing]:
    return [outgoing for outgoing in world.sent if outgoing.message.kind is Kind.GIFT]


def states(world: World) -> list[str]:
    return [gesture.state.value for gesture in world.story.gestures]


# ---------------------------------------------------------------- giving


def test_the_customer_gets_the_code_with_the_agents_words_at_once() -> None:
    world = held()
    world.agent(KIM, SORRY)
    (gift,) = gifts(world)
    assert (gift.side, gift.channel, gift.case, gift.receipt) == (Side.CUSTOMER, "telegram", world.case.id, True)
    assert gift.message.author == "Kim"
    assert gift.message.text == (
        "Kim: sorry about the zipper\n\n"
        "A gift from Kim and Boots & Co: a coupon worth €20.00. Here is your code:\n"
        "CODE-1\n"
        "It works once, until February 21, 2027. No strings attached: nothing is expected in return."
    )
    assert (world.log[-1].author, world.log[-1].kind, world.log[-1].author_name) == (Author.AGENT, "gift", "Kim")
    assert f"Kim: {world.log[-1].text}" == gift.message.text
    assert notice(world) == (
        "Kim gave €20.00: code CODE-1, good until February 21, 2027. You have €80.00 of €100.00 left this month."
    )
    assert notice(world) in [note.text for note in world.notes]


def test_the_customer_reads_a_first_name_and_the_ledger_the_whole_one() -> None:
    world = World(program=program())
    kim = world.house.staff[KIM.channel, KIM.external]
    world.house.staff[KIM.channel, KIM.external] = replace(kim, name="Kim Berg")
    world.order()
    world.says("it broke after two days")
    world.presses(KIM, "claim")
    world.house = replace(world.house, shelf=stocked("20"))
    world.agent(KIM, SORRY)
    (gift,) = gifts(world)
    assert gift.message.author == "Kim"
    assert gift.message.text.startswith("Kim: sorry about the zipper\n\nA gift from Kim and Boots & Co:")
    assert "Berg" not in gift.message.text
    assert world.story.gestures[0].author == world.log[-1].author_name == "Kim Berg"


def test_a_gift_is_an_answer_and_ends_the_offer() -> None:
    def owed() -> tuple[str, int | None, bool, bool]:
        case = world.case
        return case.state.value, case.offered_to, case.waiting_since is not None, case.reply_due_at is not None

    world = held()
    assert owed() == ("claimed", None, True, True)
    world.agent(KIM, SORRY)
    assert owed() == ("claimed", None, False, False)
    world.presses(KIM, "resolve")
    world.says("it broke again, terrible")
    assert owed() == ("reopened", 1, True, True)
    rung = len(world.to_desk)
    world.agent(KIM, SORRY)
    assert owed() == ("claimed", None, False, False)
    world.wait(hours=8)
    assert not [each for each in world.to_desk[rung:] if each.mentions]


@pytest.mark.parametrize("desk", ["telegram", "slack"])
def test_a_gift_stays_given_and_words_before_it_are_not_taken_back_for_it(desk: str) -> None:
    world = held()
    world.agent(KIM, "so sorry")
    world.agent(KIM, SORRY)
    reply = world.story.gestures[0].ref if desk == "telegram" else None
    said = AgentSaid(KIM, desk, "/unsend", Ref(desk, "-100", "u1"), reply_to=reply)
    world.happens(said)
    assert "A gift stays given" in notice(world)
    assert not [o for o in world.sent if o.message.kind is Kind.UNSEND]
    world.agent(KIM, "and once more")
    world.happens(replace(said, desk="slack", ref=Ref("slack", "-100", "u2"), reply_to=None))
    (taken,) = [o.message for o in world.sent if o.message.kind is Kind.UNSEND]
    assert taken.about == world.story.utterances[-1].copies


def test_the_ledger_has_who_gave_what_to_whom_and_why() -> None:
    world = held()
    world.agent(KIM, SORRY)
    (gesture,) = world.story.gestures
    assert gesture == Gesture(
        id=gesture.id,
        kind=GestureKind.COUPON,
        customer=ANA,
        case=world.case.id,
        staff=StaffId(1),
        author="Kim",
        at=world.now,
        state=GestureState.GRANTED,
        words="sorry about the zipper",
        worth=Money(TWENTY, "EUR"),
        code="CODE-1",
        expires_at=datetime(2027, 2, 22, tzinfo=UTC),
        ref=gesture.ref,
    )


def test_the_shop_is_told_what_was_given_in_its_own_words() -> None:
    world = held()
    world.agent(KIM, SORRY)
    (gesture,), (told,) = world.story.gestures, world.partner_events
    assert (told.key, told.type) == (f"gesture:{gesture.id}:{gesture.id}", "gesture.granted")
    assert told.body == {
        "gesture": gesture.id,
        "kind": "coupon",
        "state": "granted",
        "at": world.now.isoformat(),
        "agent": "Kim",
        "case": world.case.id,
        "customer": {"id": ANA, "shop": ["main/c-17"]},
        "words": "sorry about the zipper",
        "code": "CODE-1",
        "amount": "20.00",
        "currency": "EUR",
        "expires_at": "2027-02-22T00:00:00+00:00",
    }


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_gift_is_told_in_the_customers_language_and_as_a_gift(language: str) -> None:
    world = held(text=f'[shop]\nname = "B"\nlanguages = ["en", "de", "es", "fr"]\n[gifts]\nvalid = "30d"\n# {language}')
    world.story = replace(world.story, customer=replace(world.story.customer, language=language))
    world.agent(KIM, "/gift 20 désolé ♥")
    text = gifts(world)[0].message.text
    assert "Kim: désolé ♥" in text
    assert "\nCODE-1\n" in text
    assert phrase(language, "gift-free", date="¤").partition("¤")[2] in text
    assert "20" in text


def test_an_agent_whom_the_console_knows_by_a_number_gives_under_their_name() -> None:
    world = held()
    nameless = {key: replace(one, name="") for key, one in world.house.staff.items()}
    world.house = replace(world.house, staff=nameless)
    world.agent(replace(KIM, name=""), SORRY)
    assert gifts(world)[0].message.text.startswith("Kim: sorry")


def test_a_customer_never_reads_an_identity() -> None:
    world = held()
    world.house = replace(world.house, staff={k: replace(one, name="") for k, one in world.house.staff.items()})
    world.story = replace(world.story, cases=(replace(world.case, owner_name="telegram:1"),))
    world.agent(replace(KIM, name=""), SORRY)
    (gift,) = gifts(world)
    assert gift.message.text.startswith("sorry about the zipper\n\nA gift from Boots & Co: a coupon")
    assert "telegram:1" not in gift.message.text
    assert gift.message.author == ""


def test_a_gift_without_words_says_who_it_is_from() -> None:
    world = held()
    world.agent(KIM, "/gift 20")
    assert gifts(world)[0].message.text.startswith("A gift from Kim and Boots & Co")


def test_each_gift_takes_another_code_and_the_budget_shrinks() -> None:
    world = held()
    world.agent(KIM, SORRY)
    world.agent(KIM, "/gift 20 and for the wait")
    assert [gesture.code for gesture in world.story.gestures] == ["CODE-1", "CODE-2"]
    assert "You have €60.00 of €100.00 left" in notice(world)


def test_one_message_gives_once_however_often_it_is_delivered() -> None:
    world = held()
    said = AgentSaid(KIM, "telegram", SORRY, Ref("telegram", "-100", "77"))
    for _ in range(3):
        world.happens(said)
    assert [gesture.code for gesture in world.story.gestures] == ["CODE-1"]
    assert len(gifts(world)) == 1
    assert len(world.partner_events) == 1


def test_a_gift_is_a_persons_answer_and_shows_on_the_card() -> None:
    world = held()
    assert world.case.first_human_at is None
    world.wait(minutes=3)
    world.agent(KIM, SORRY)
    assert world.case.first_human_at == world.now
    change = next(message for message in reversed(world.to_desk) if message.kind is Kind.CARD_CHANGE)
    assert change.card is not None
    assert change.card.gestures == ("€20.00 coupon · 23 Nov · Kim",)


def test_the_agent_of_a_case_that_is_open_again_may_give_at_once() -> None:
    world = held()
    world.presses(KIM, "resolve")
    world.says("it broke again, terrible")
    assert world.case.state.value == "reopened"
    world.agent(KIM, SORRY)
    assert world.case.state.value == "claimed"
    assert len(gifts(world)) == 1


def test_a_coupon_is_good_to_the_end_of_a_day_of_the_shop() -> None:
    world = held(text='[shop]\nname = "B"\ntimezone = "America/New_York"\n[gifts]\nvalid = "1d"')
    world.now = datetime(2026, 11, 24, 3, 0, tzinfo=UTC)  # still the 23rd in New York
    world.agent(KIM, SORRY)
    assert world.story.gestures[0].expires_at == datetime(2026, 11, 25, 5, 0, tzinfo=UTC)
    assert "until November 24, 2026" in gifts(world)[0].message.text


def test_a_code_of_the_shop_that_ends_earlier_is_not_promised_for_longer() -> None:
    world = held()
    early = datetime(2026, 12, 1, tzinfo=UTC)
    world.house = replace(world.house, shelf=Shelf((Coupon("SHORT", TWENTY, early),)))
    world.agent(KIM, SORRY)
    assert world.story.gestures[0].expires_at == early
    assert "until November 30, 2026" in gifts(world)[0].message.text


def test_a_code_made_anew_is_good_for_any_amount() -> None:
    world = held()
    world.house = replace(world.house, shelf=Shelf((Coupon("GIFT-X"),), pooled=False))
    world.agent(KIM, "/gift 12.34 for you")
    assert (world.story.gestures[0].code, world.story.gestures[0].worth) == ("GIFT-X", Money(Decimal("12.34"), "EUR"))


# ---------------------------------------------------------------- what a customer felt plays no part


@given(
    stars=st.lists(st.integers(1, 5), max_size=3),
    words=st.lists(
        st.sampled_from(["I love it!", "terrible, it broke", "ok", "5/5 perfect", "never again"]), max_size=3
    ),
    reasons=st.lists(st.sampled_from(ReasonKind), min_size=1, max_size=4),
)
def test_neither_a_rating_nor_a_verdict_changes_a_gift(
    stars: list[int], words: list[str], reasons: list[ReasonKind]
) -> None:
    plain, other = held(), held()
    for number in stars:
        other.rates(number)
    for text in words:
        other.says(text)
    case = other.case
    felt = tuple(replace(case.reasons[0], kind=kind) for kind in reasons)
    other.story = replace(other.story, cases=(*other.story.cases[:-1], replace(case, reasons=felt)))
    for world in (plain, other):
        world.agent(KIM, SORRY)
    assert [each.message.text for each in gifts(plain)] == [each.message.text for each in gifts(other)]
    a, b = (replace(world.story.gestures[0], id=1, case=1, ref=None) for world in (plain, other))  # type: ignore[arg-type]
    assert a == b
    assert notice(plain) == notice(other)
    assert all(not message.buttons for world in (plain, other) for message in [gifts(world)[0].message])


@pytest.mark.parametrize("language", LANGUAGES)
def test_nothing_is_asked_for_in_return(language: str) -> None:
    text = " ".join(
        (
            phrase(language, "gift", agent="Kim", shop="B", money="€20"),
            phrase(language, "gift-free", date="1"),
        )
    ).lower()
    asked = "review rating rate star feedback bewert stern rezension reseña valora estrella opini avis note étoile"
    assert [word for word in asked.split() if word in text] == []


# ---------------------------------------------------------------- why not


def nothing_given(world: World, seen: int) -> None:
    assert len(world.to_customer) == seen
    assert world.story.gestures == ()
    assert world.partner_events == []


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("/gift", "Write the amount, then your words"),
        ("/gift for you", "Write the amount"),
        ("/gift -20 sorry", "Write the amount"),
        ("/gift 20% off", "Write the amount"),
        ("/gift 0", "Write the amount"),
        ("/gift 1,000 sorry", "Write the amount"),
        ("/gift 20.555 sorry", "Write the amount"),
        ("/gift 20 USD sorry", "gifts are in EUR, not in USD"),
        ("/gift $20 sorry", "gifts are in EUR, not in $"),
        ("/gift 50.01 sorry", "€50.01 is more than one gift may be. At once you can give up to €50.00"),
        ("/gift 30 sorry", "the pool has no code for €30.00. It has codes for: €20.00."),
    ],
)
def test_what_can_not_be_given_is_said_inside_with_what_is_left(words: str, said: str) -> None:
    world = held()
    seen = len(world.to_customer)
    world.agent(KIM, words)
    nothing_given(world, seen)
    assert said in notice(world)
    assert notice(world).startswith("Nothing was sent")
    assert notice(world).endswith("You have €100.00 of €100.00 left this month.")
    assert [words, notice(world)] == [note.text for note in world.notes[-2:]]


def test_over_budget_names_when_the_next_one_begins() -> None:
    world = held(spent="85.50")
    seen = len(world.to_customer)
    world.agent(KIM, SORRY)
    nothing_given(world, seen)
    assert notice(world) == (
        "Nothing was sent: €20.00 is more than you have left. Your next budget begins on December 1, 2026. "
        "You have €14.50 of €100.00 left this month."
    )


def test_the_last_cent_of_a_budget_can_be_given() -> None:
    world = held(spent="80")
    world.agent(KIM, SORRY)
    assert len(gifts(world)) == 1
    assert "You have €0.00 of €100.00 left" in notice(world)
    world.agent(KIM, "/gift 20")
    assert len(gifts(world)) == 1


def test_an_empty_pool_says_how_to_fill_it() -> None:
    world = held()
    world.house = replace(world.house, shelf=Shelf())
    seen = len(world.to_customer)
    world.agent(KIM, SORRY)
    nothing_given(world, seen)
    assert "It is empty. More come in with: “afterword gifts import FILE --amount 20.00 --currency EUR”." in notice(
        world
    )


def test_only_who_holds_the_case_gives() -> None:
    world = World(program=program())
    world.order()
    world.says("it broke after two days")
    world.house = replace(world.house, shelf=stocked("20"))
    seen = len(world.to_customer)
    world.agent(KIM, SORRY)
    assert "Claim it first" in notice(world)
    world.presses(BORIS, "claim")
    for words in (SORRY, "/card get well", "/upgrade express"):
        world.agent(KIM, words)
        assert "Boris has this case, and only Boris gives here" in notice(world)
    nothing_given(world, seen)
    world.agent(STRANGER, SORRY)
    assert "afterword agents add telegram:3" in notice(world)
    nothing_given(world, seen)
    seen = len(world.to_customer)
    world.presses(BORIS, "resolve")
    seen = len(world.to_customer)
    world.agent(BORIS, SORRY)
    assert "this case is resolved" in notice(world)
    nothing_given(world, seen)


def test_an_agent_whose_role_was_taken_gives_nothing() -> None:
    world = held()
    world.house = replace(world.house, staff={})
    seen = len(world.to_customer)
    world.agent(KIM, SORRY)
    nothing_given(world, seen)


def test_who_can_not_be_reached_is_given_nothing() -> None:
    world = held()
    away = Identity("telegram", CHAT.external, unreachable="blocked the bot")
    world.story = replace(world.story, identities=(world.story.identities[0], away))
    seen = len(world.to_customer)
    world.agent(KIM, SORRY)
    nothing_given(world, seen)
    assert "Nothing was given: the customer can't be reached (blocked the bot)." in notice(world)
    assert "You have €100.00 of €100.00 left" in notice(world)


def test_gifts_can_be_turned_off() -> None:
    world = held(text='[gifts]\nmonthly_budget = "0"')
    seen = len(world.to_customer)
    world.agent(KIM, SORRY)
    nothing_given(world, seen)
    assert notice(world) == "Nothing was given: gifts are turned off here (gifts.monthly_budget is 0)."


def test_an_edited_message_gives_nothing() -> None:
    world = held()
    seen = len(world.to_customer)
    world.agent(KIM, SORRY, edited=True)
    nothing_given(world, seen)


def test_where_no_case_is_the_agent_is_told_below_the_message() -> None:
    world = World()
    world.agent(KIM, SORRY)
    message = world.to_desk[-1]
    assert (message.kind, message.mark) == (Kind.MARK, MarkState.FAILED)
    assert "there is no case here" in message.text
    assert message.reply_to is not None
    before = len(world.sent)
    for who, words in ((STRANGER, SORRY), (KIM, "just talk"), (KIM, "/note x")):
        world.agent(who, words)
    assert len(world.sent) == before


@pytest.mark.parametrize("words", ["/gift20 sorry", "/gift€20 sorry", "/gift: 20", "/gift-20", "/gifts 20", "/gift_20"])
def test_a_slip_of_the_fingers_never_goes_out_as_words(words: str) -> None:
    world = held()
    world.agent(KIM, words)
    assert all(words not in message.text for message in world.to_customer)
    assert all(message.kind is not Kind.RELAY for message in world.to_customer)


# ---------------------------------------------------------------- tasks


@pytest.mark.parametrize(("command", "kind"), [("card", GestureKind.CARD), ("upgrade", GestureKind.UPGRADE)])
def test_a_card_or_an_upgrade_is_a_task_for_the_back_office(command: str, kind: GestureKind) -> None:
    world = held(spent="100")
    seen = len(world.to_customer)
    world.agent(KIM, f"/{command} with love from all of us")
    (task,) = world.story.gestures
    assert (task.kind, task.state, task.words, task.worth, task.code) == (
        kind, GestureState.OPEN, "with love from all of us", None, "",
    )  # fmt: skip
    assert f"Kim asked the back office for {'a card' if command == 'card' else 'an upgrade'}" in notice(world)
    assert f"It is task {task.id}." in notice(world)
    assert len(world.to_customer) == seen
    (told,) = world.partner_events
    assert (told.type, told.body["kind"], told.body["amount"]) == ("gesture.granted", kind.value, None)
    assert told.body["words"] == "with love from all of us"
    change = next(message for message in reversed(world.to_desk) if message.kind is Kind.CARD_CHANGE)
    assert change.card is not None
    assert change.card.gestures == (f"{command}, to do · 23 Nov · Kim",)


@pytest.mark.parametrize("command", ["card", "upgrade"])
def test_a_task_needs_words(command: str) -> None:
    world = held()
    world.agent(KIM, f"/{command}")
    assert world.story.gestures == ()
    assert f"/{command} " in notice(world)


def test_nobody_is_left_to_send_a_card_to() -> None:
    world = held()
    world.story = replace(world.story, identities=())
    world.agent(KIM, "/card bye")
    assert world.story.gestures == ()
    assert "Nothing was given" in notice(world)


# ---------------------------------------------------------------- what became of it


def test_a_gift_that_arrived_is_marked_on_the_agents_message() -> None:
    world = held()
    world.agent(KIM, SORRY)
    world.reports(gifts(world)[0], "delivered")
    mark = world.to_desk[-1]
    assert (mark.kind, mark.mark, mark.reply_to) == (Kind.MARK, MarkState.DELIVERED, gifts(world)[0].agent_ref)
    assert world.story.gestures[0].state is GestureState.GRANTED
    assert len(world.partner_events) == 1


@pytest.mark.parametrize("outcome", ["failed", "unreachable"])
def test_a_gift_that_never_arrived_is_taken_back(outcome: str) -> None:
    world = held()
    world.agent(KIM, SORRY)
    world.reports(gifts(world)[0], outcome, "bot was blocked by the user")
    marks = [message for message in world.to_desk if message.kind is Kind.MARK]
    assert "The gift of €20.00 did not arrive: bot was blocked by the user." in marks[-1].text
    assert states(world) == ["failed"]
    assert world.story.gestures[0].spent == 0
    assert [told.type for told in world.partner_events] == ["gesture.granted", "gesture.failed"]
    assert len({told.key for told in world.partner_events}) == 2
    change = next(message for message in reversed(world.to_desk) if message.kind is Kind.CARD_CHANGE)
    assert change.card is not None
    assert change.card.gestures == ()
    world.reports(gifts(world)[0], "delivered")
    assert states(world) == ["granted"]
    assert [told.type for told in world.partner_events][2:] == ["gesture.granted"]


def test_a_gift_from_the_console_that_never_arrived_is_told_in_the_console_and_inside() -> None:
    world = held()
    said = AgentSaid(KIM, "console", SORRY, Ref("console", "case:1", "key"), case=world.case.id)
    world.happens(said)
    world.reports(gifts(world)[0], "failed", "no such chat")
    told = [out.message.text for out in world.sent if out.channel == "console" and out.message.kind is Kind.MARK]
    assert "did not arrive: no such chat" in told[-1]
    assert told[-1] in [note.text for note in world.notes]
    assert states(world) == ["failed"]


def test_a_gift_that_still_waits_is_neither_marked_nor_taken_back() -> None:
    world = held()
    world.agent(KIM, SORRY)
    before = len(world.sent)
    world.reports(gifts(world)[0], "waits")
    assert len(world.sent) == before
    assert states(world) == ["granted"]


def test_what_may_have_arrived_stays_given() -> None:
    world = held()
    world.agent(KIM, SORRY)
    world.reports(gifts(world)[0], "failed", "no answer", uncertain=True)
    assert "It is not certain that the gift of €20.00 arrived: no answer" in world.to_desk[-1].text
    assert states(world) == ["granted"]
    assert len(world.partner_events) == 1


# ---------------------------------------------------------------- parts


@pytest.mark.parametrize(
    ("text", "currency", "offer"),
    [
        ("20 sorry", "EUR", Offer(TWENTY, "sorry")),
        ("20.50 sorry", "EUR", Offer(Decimal("20.50"), "sorry")),
        ("20,5 sorry", "EUR", Offer(Decimal("20.50"), "sorry")),
        ("€20 sorry", "EUR", Offer(TWENTY, "sorry")),
        ("20€ sorry", "EUR", Offer(TWENTY, "sorry")),
        ("20 EUR sorry", "EUR", Offer(TWENTY, "sorry")),
        ("eur 20, sorry", "EUR", Offer(TWENTY, "sorry")),
        ("20 – sorry\nreally", "EUR", Offer(TWENTY, "sorry\nreally")),
        ("$20 sorry", "CAD", Offer(TWENTY, "sorry")),
        ("20 all the best", "EUR", Offer(TWENTY, "all the best")),
        ("20 gbp x", "EUR", Offer(TWENTY, "x", "GBP")),
        ("2000 x", "JPY", Offer(Decimal(2000), "x")),
        ("20.5 x", "JPY", Offer(None, "x")),
        ("1.005", "KWD", Offer(Decimal("1.005"))),
        ("1,005", "KWD", Offer(None)),
        ("1 000 x", "EUR", Offer(None)),
        ("1.000,00", "EUR", Offer(None)),
        ("1e3", "EUR", Offer(None)),
        ("٢٠", "EUR", Offer(None)),
        ("nan", "EUR", Offer(None)),
        ("12345678901", "EUR", Offer(None)),
        ("", "EUR", Offer(None)),
    ],
)
def test_an_amount_is_read_for_certain_or_not_at_all(text: str, currency: str, offer: Offer) -> None:
    assert read_offer(text, currency) == offer


@given(st.text(max_size=40))
def test_any_text_is_read_without_harm(text: str) -> None:
    found = read_offer(text, "EUR")
    assert found.amount is None or found.amount > 0
    assert found.amount is None or found.amount == found.amount.quantize(Decimal("0.01"))


@given(st.decimals(min_value="0.01", max_value="9999", places=2), st.sampled_from(["{}", "€{}", "{} EUR", "{}€ x"]))
def test_an_amount_is_read_exactly(amount: Decimal, form: str) -> None:
    assert read_offer(form.format(amount), "EUR").amount == amount


@pytest.mark.parametrize(
    ("text", "command"),
    [
        ("/gift 20 x", Command("gift", "20 x")),
        ("/gift@afterword_bot 20 x", Command("gift", "20 x")),
        ("/gift€20 x", Command("gift", "€20 x")),
        ("/gift20", Command("gift20", "")),
        ("/who?", Command("who", "?")),
        ("/boots/red", None),
        ("/5", None),
        ("a /gift 20", None),
    ],
)
def test_commands_as_people_type_them(text: str, command: Command | None) -> None:
    assert parse_command(text) == command


@pytest.mark.parametrize(
    ("payload", "expected"),
    [
        (AgentSaid(KIM, "telegram", SORRY), Offer(TWENTY, "sorry about the zipper")),
        (AgentSaid(KIM, "telegram", SORRY, edited=True), None),
        (AgentSaid(KIM, "telegram", "/card 20"), None),
        (AgentSaid(KIM, "telegram", "20"), None),
        (AgentSaid(replace(KIM, is_bot=True), "telegram", SORRY), None),
        (Said(CHAT, SORRY), None),
    ],
)
def test_a_shelf_is_only_wanted_when_somebody_gives(payload: Payload, expected: Offer | None) -> None:
    assert offer_in(payload, "EUR") == expected


@given(
    st.integers(1_600_000_000, 2_000_000_000),
    st.sampled_from(["Europe/Paris", "Asia/Tokyo", "America/Lima"]),
)
def test_a_month_is_one_of_the_shops_calendar(second: int, zone: str) -> None:
    place, at = ZoneInfo(zone), datetime.fromtimestamp(second, UTC)
    since, until = month_of(at, place)
    assert since <= at < until
    assert (since.astimezone(place).day, since.astimezone(place).hour) == (1, 0)
    assert since.astimezone(place).month == at.astimezone(place).month
    assert month_of(until, place)[0] == until
    assert month_of(until - timedelta(microseconds=1), place) == (since, until)
    assert at < end_of_day(at, place) <= at + timedelta(days=1, hours=1)


def test_a_month_ends_at_midnight_where_the_shop_is() -> None:
    before = datetime(2026, 11, 30, 22, 59, tzinfo=UTC)  # 23:59 in Paris
    assert month_of(before, ZoneInfo("Europe/Paris"))[1] == datetime(2026, 11, 30, 23, 0, tzinfo=UTC)
    assert month_of(before + timedelta(minutes=2), ZoneInfo("Europe/Paris"))[0] == datetime(
        2026, 11, 30, 23, tzinfo=UTC
    )


def test_gifts_have_sensible_defaults() -> None:
    gifts_ = Program().gifts
    assert (gifts_.rule, gifts_.monthly_budget, gifts_.largest, gifts_.valid) == (
        "pool", Decimal(100), Decimal(50), timedelta(days=90),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        ("monthly_budget = 100.5", "gifts.monthly_budget: 100.5 is not an amount"),
        ('monthly_budget = "-1"', "'-1' is not an amount"),
        ("largest = true", "True is not an amount"),
        ('prefix = "lower case"', "gifts.prefix"),
        ('valid = "0s"', "gifts.valid"),
        ('rule = "luck"', "gifts.rule"),
    ],
)
def test_a_mistake_in_the_program_names_the_key(line: str, problem: str) -> None:
    with pytest.raises(ProgramInvalid, match=problem):
        parse_program(f"[gifts]\n{line}")


def test_whole_numbers_are_exact_amounts() -> None:
    assert parse_program("[gifts]\nmonthly_budget = 100").gifts.monthly_budget == Decimal(100)


def test_a_card_shows_the_latest_three() -> None:
    world = held(*["5"] * 6)
    for number in range(5):
        world.agent(KIM, f"/gift 5 number {number}")
    event = Event(EventId(999), "x", ANA, MONDAY_NOON, Said(CHAT, "x"))
    card = build_card(Draft(world.story, event, None, world.house, world.program, world.now), world.case)
    assert len(card.gestures) == 3
