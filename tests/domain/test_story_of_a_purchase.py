"""The walk from order to resolution, rule by rule."""

from __future__ import annotations

import pytest

from bot.domain.ask import AskState
from bot.domain.case import CaseState
from bot.domain.customer import Holder
from bot.domain.event import Edited, ReachChanged, Said, Sender, Tapped
from bot.domain.message import Attachment, Kind, MarkState, Media, Side
from bot.domain.standing import Standing
from tests.domain.world import BORIS, CHAT, KIM, STRANGER, World, program

PERSON = "Talk to a person"


def test_an_order_leads_to_one_ask_with_five_ratings_and_a_person() -> None:
    world = World()
    world.order()
    (ask,) = world.asks_sent
    assert "Boots" in ask.text
    assert len(ask.buttons[0]) == 5
    assert ask.buttons[-1][0].label == PERSON
    assert world.program.shop.contact in ask.text


def test_every_message_of_the_bot_offers_a_person_and_the_contact() -> None:
    world = World()
    world.order()
    world.rates(3)
    for words in ("the laces", "hm", "where is it?", "/help", "/privacy", "/stop", "/resume", "/forget", "hello"):
        world.says(words)
    assert len(world.to_customer) > 8
    for message in world.to_customer:
        assert message.buttons[-1][0].label == PERSON
        assert world.program.shop.contact in message.text
        assert "rephrase" not in message.text.lower()


@pytest.mark.parametrize("kind", ["refunded", "cancelled"])
def test_a_called_off_order_is_never_asked_about(kind: str) -> None:
    world = World(program('[ask]\nafter = "3d"'))
    world.order()
    world.wait(days=1)
    world.order(kind=kind)
    world.wait(days=30)
    assert world.asks_sent == []
    assert world.story.asks[0].state is AskState.CANCELLED
    assert world.story.asks[0].why


def test_a_refund_that_overtakes_the_payment_still_prevents_the_ask() -> None:
    world = World()
    world.order(kind="refunded")
    world.order(kind="paid")
    world.wait(days=30)
    assert world.asks_sent == []


def test_the_ask_counts_from_delivery_once_the_shop_reports_deliveries() -> None:
    world = World(program('[ask]\nafter = "3d"'))
    world.house = type(world.house)(world.house.channels, world.house.desk, world.house.staff, frozenset({"main"}))
    world.order()
    world.wait(days=10)
    assert world.asks_sent == []
    world.order(kind="delivered")
    world.wait(days=2)
    assert world.asks_sent == []
    world.wait(days=2)
    assert len(world.asks_sent) == 1


def test_one_reminder_then_silence_then_expiry() -> None:
    world = World(program('[ask]\nafter = "0s"\nreminder_after = "2d"\nexpires_after = "14d"'))
    world.order()
    world.wait(days=40)
    kinds = [message.kind for message in world.to_customer]
    assert kinds == [Kind.ASK, Kind.REMINDER]
    assert world.story.asks[0].state is AskState.EXPIRED


def test_an_answer_ends_the_reminding() -> None:
    world = World(program('[ask]\nafter = "0s"\nreminder_after = "2d"'))
    world.order()
    world.rates(5)
    world.wait(days=40)
    assert [m.kind for m in world.to_customer if m.kind is Kind.REMINDER] == []


def test_an_ask_waits_for_the_link_and_comes_right_after_it() -> None:
    world = World(linked=False)
    world.order()
    assert world.asks_sent == []
    world.links()
    assert [m.kind for m in world.to_customer] == [Kind.ANSWER, Kind.ASK]
    assert world.consents[0].granted


def test_quiet_hours_move_the_ask_to_the_customers_morning() -> None:
    world = World(program('[ask]\nafter = "0s"\n[quiet]\nenabled = true\n[shop]\ntimezone = "Europe/Paris"'))
    world.now = world.now.replace(hour=22)
    world.order()
    assert world.asks_sent == []
    world.wait(hours=8)
    assert world.asks_sent == []
    world.wait(hours=2)
    assert len(world.asks_sent) == 1


def test_the_cap_counts_over_all_orders() -> None:
    world = World(program('[ask]\nafter = "0s"\nmax_per_customer = "1 per 7d"\nreminder = false'))
    world.order("1")
    world.order("2")
    assert len(world.asks_sent) == 1
    world.wait(days=6)
    assert len(world.asks_sent) == 1
    world.wait(days=2)
    assert len(world.asks_sent) == 2


@pytest.mark.parametrize("stars", [1, 2])
def test_a_low_rating_opens_a_case_by_itself(stars: int) -> None:
    world = World()
    world.order()
    world.rates(stars)
    assert world.reasons() == ["unhappy"]
    assert f"rating {stars}" in world.case.reasons[0].evidence
    assert world.story.conversation.holder is Holder.QUEUE
    assert "person" in world.last
    card = world.to_desk[0]
    assert card.kind is Kind.CARD
    assert card.card is not None
    assert card.card.name == "Ana Duarte"
    assert "1001" in card.card.order


def test_three_asks_what_was_missing_and_takes_any_answer() -> None:
    world = World()
    world.order()
    world.rates(3)
    assert "missing" in world.last
    world.says("the brown ones")
    assert world.story.cases == ()
    assert world.story.conversation.holder is Holder.BOT


def test_more_words_join_the_case_and_the_bot_stays_silent() -> None:
    world = World()
    world.order()
    world.rates(1)
    before = len(world.to_customer)
    world.says("great, another broken zipper, I want a refund")
    world.says("hello??")
    assert len(world.to_customer) == before
    assert len(world.story.cases) == 1
    relayed = [m.text for m in world.to_desk if m.kind is Kind.RELAY]
    assert any("broken zipper" in text for text in relayed)
    assert any("hello??" in text for text in relayed)


def test_unclear_words_get_one_friendly_question_then_a_person() -> None:
    world = World()
    world.order()
    world.says("qwrt zzz")
    assert world.story.cases == ()
    assert [button.action for button in world.to_customer[-1].buttons[0]] == ["clear:yes", "clear:so", "clear:no"]
    world.says("brfl")
    assert world.reasons() == ["unclear"]


@pytest.mark.parametrize(("tap", "cases"), [("clear:yes", 0), ("clear:so", 0), ("clear:no", 1)])
def test_the_one_tap_question_settles_it(tap: str, cases: int) -> None:
    world = World()
    world.order()
    world.says("qwrt zzz")
    world.taps(tap)
    assert len(world.story.cases) == cases


def test_the_person_button_brings_a_person() -> None:
    world = World()
    world.order()
    world.taps("human")
    assert world.reasons() == ["asked for a person"]


def test_alarm_words_of_the_shop_open_a_case_whatever_the_mood() -> None:
    world = World()
    world.order()
    world.says("Lovely boots! My LAWYER says hello")
    assert "alarm word" in world.reasons()
    assert "LAWYER" in world.case.reasons[0].evidence


def test_a_happy_top_customer_is_heard_by_a_person() -> None:
    world = World(standing=Standing(orders=5, rank=1, of=10, top=True))
    world.order()
    world.rates(5)
    assert world.reasons() == ["high value"]


def test_only_the_claimer_speaks_to_the_customer() -> None:
    world = World()
    world.order()
    world.rates(1)
    world.agent(KIM, "not claimed yet")
    world.presses(KIM, "claim")
    world.agent(KIM, "I am sorry, I send you a new pair.")
    world.agent(BORIS, "second zipper from this lot")
    world.agent(STRANGER, "who is this")
    world.agent(KIM, "/note she walks the Camino")
    world.agent(KIM, "I am sorry, corrected", edited=True)
    world.agent(KIM, "/frobnicate now")
    relayed = [m.text for m in world.to_customer if m.kind is Kind.RELAY]
    assert relayed == ["Kim: I am sorry, I send you a new pair."]
    inside = " ".join(note.text for note in world.notes)
    for words in ("not claimed yet", "second zipper", "who is this", "Camino", "corrected", "frobnicate"):
        assert words in inside
    assert any("/frobnicate" in m.text for m in world.to_desk if m.kind is Kind.NOTICE)


def test_two_claims_one_wins_and_the_other_is_told_who() -> None:
    world = World()
    world.order()
    world.rates(1)
    world.presses(KIM, "claim")
    world.presses(BORIS, "claim")
    assert world.case.owner_name == "Kim"
    toast = [o.message.text for o in world.sent if o.message.kind is Kind.TAP_ANSWER][-1]
    assert "Kim" in toast


def test_a_passer_by_cannot_claim() -> None:
    world = World()
    world.order()
    world.rates(1)
    world.presses(STRANGER, "claim")
    assert world.case.state is CaseState.OPEN
    assert any("afterword agents add telegram:3" in m.text for m in world.to_desk)


def test_the_claimers_message_shows_what_became_of_it() -> None:
    world = World()
    world.order()
    world.rates(1)
    world.presses(KIM, "claim")
    world.agent(KIM, "hello")
    relay = next(o for o in reversed(world.sent) if o.message.kind is Kind.RELAY and o.side is Side.CUSTOMER)
    world.reports(relay, "delivered")
    assert [m.mark for m in world.to_desk if m.mark] == [MarkState.DELIVERED]
    world.reports(relay, "unreachable", "blocked the bot")
    assert [m.mark for m in world.to_desk if m.mark] == [MarkState.DELIVERED, MarkState.UNREACHABLE]
    assert "blocked us" in world.to_desk[-1].text


def test_hand_back_puts_the_case_into_the_queue_and_says_so() -> None:
    world = World()
    world.order()
    world.rates(1)
    world.presses(KIM, "claim")
    world.agent(KIM, "hello")
    world.presses(KIM, "handback")
    assert world.story.conversation.holder is Holder.QUEUE
    assert world.case.owner is None
    assert "Kim" in world.last
    world.agent(KIM, "still me?")
    assert not any("still me" in m.text for m in world.to_customer)


def resolved_world() -> World:
    world = World()
    world.order()
    world.rates(1)
    world.presses(KIM, "claim")
    world.agent(KIM, "hello")
    world.presses(KIM, "resolve")
    return world


def test_resolving_closes_kindly_and_asks_a_day_later() -> None:
    world = resolved_world()
    assert world.story.conversation.holder is Holder.BOT
    assert "Kim" in world.last
    world.wait(days=1, minutes=1)
    assert world.to_customer[-1].kind is Kind.FOLLOW_UP
    world.taps("well:")
    assert world.case.recovered is True


@pytest.mark.parametrize("how", ["tap", "words", "no"])
def test_not_well_reopens_with_the_same_agent(how: str) -> None:
    world = resolved_world()
    world.wait(days=1, minutes=1)
    if how == "tap":
        world.taps(":no")
    else:
        world.says("no" if how == "no" else "it is broken again, I want my money back")
    assert world.case.state is CaseState.REOPENED
    assert len(world.story.cases) == 1
    assert world.case.owner_name == "Kim"
    world.agent(KIM, "here I am")
    assert world.to_customer[-1].text == "Kim: here I am"


def test_thanks_after_a_resolution_opens_nothing() -> None:
    world = World(standing=Standing(orders=5, rank=1, of=10, top=True))
    world.order()
    world.rates(1)
    world.presses(KIM, "claim")
    world.agent(KIM, "hello")
    world.presses(KIM, "resolve")
    world.says("thanks!")
    assert world.case.state is CaseState.RESOLVED
    assert len(world.story.cases) == 1


@pytest.mark.parametrize("words", ["/stop", "stop", "STOP!", "unsubscribe"])
def test_opting_out_acts_at_once_and_is_proved(words: str) -> None:
    world = World(program('[ask]\nafter = "3d"'))
    world.order()
    world.says(words)
    world.wait(days=30)
    assert world.asks_sent == []
    consent = world.consents[-1]
    assert (consent.granted, consent.words, consent.channel) == (False, words, "telegram")


def test_purchases_made_while_opted_out_are_never_asked_about() -> None:
    world = World()
    world.says("/stop")
    world.order()
    world.says("/resume")
    world.wait(days=30)
    assert world.asks_sent == []
    world.order("1002")
    assert len(world.asks_sent) == 1


def test_erasing_needs_one_confirmation_and_happens_after_the_farewell() -> None:
    world = World()
    world.order()
    world.says("/forget")
    assert not world.erased
    assert any(b.label == "Yes, erase everything" for row in world.to_customer[-1].buttons for b in row)
    world.taps("forget:yes")
    farewell = next(o for o in world.sent if o.message.kind is Kind.FAREWELL)
    world.reports(farewell, "delivered")
    assert world.erased


def test_an_edit_is_logged_and_nothing_else() -> None:
    world = World()
    world.order()
    before = len(world.sent)
    world.happens(Edited(CHAT, "it is broken, I want a refund"))
    assert len(world.sent) == before
    assert world.story.cases == ()
    assert world.log[-1].kind == "edit"


def test_blocking_is_noticed_and_unblocking_wakes_the_ask() -> None:
    world = World(program('[ask]\nafter = "1d"'))
    world.order()
    world.happens(ReachChanged(CHAT, reachable=False))
    assert [i.unreachable for i in world.story.identities if i.channel == "telegram"] == ["blocked the bot"]
    world.wait(days=2)
    assert world.asks_sent == []
    world.happens(ReachChanged(CHAT, reachable=True))
    assert len(world.asks_sent) == 1


def test_a_photo_alone_is_answered_and_reaches_the_desk_when_a_case_opens() -> None:
    world = World()
    world.order()
    photo = Attachment(Media.PHOTO, "telegram", "file-1")
    world.says("", attachments=(photo,))
    assert "Is all well" in world.last
    world.says("it broke, I want a refund", attachments=(photo,))
    relayed = [m for m in world.to_desk if m.kind is Kind.RELAY]
    assert relayed[-1].attachments == (photo,)


@pytest.mark.parametrize(
    "action", ["", "nonsense", "rate:", "rate:1:9", "rate:x:1", "rate:999:3", "clear:maybe", "well:1:yes", "well:x:no",
               "forget:perhaps", "x" * 64, "claim:1"],
)  # fmt: skip
def test_unknown_buttons_get_a_clear_answer(action: str) -> None:
    world = World()
    world.order()
    world.happens(Tapped(CHAT, action, tap="t"))
    assert "earlier conversation" in world.last


def test_a_strangers_first_words_are_answered_with_who_we_are() -> None:
    world = World()
    world.says("hello there")
    assert "Boots & Co" in world.last
    world.says("I got the wrong size, very disappointed")
    assert "unhappy" in world.reasons()


def test_managers_get_reports_and_others_do_not() -> None:
    world = World()
    mona = Sender("telegram", "9", "Mona")
    world.happens(Said(mona, "/summary 30d"))
    report = world.sent[-1]
    assert (report.side, report.message.report) == (Side.STAFF, "summary")
    assert report.message.arguments["period"] == "30d"
    world.says("/summary 30d")
    assert world.sent[-1].message.kind is Kind.ANSWER


def test_a_changed_mind_is_taken_at_its_last_word() -> None:
    world = World()
    world.order()
    world.rates(5)
    world.rates(1)
    assert world.reasons() == ["unhappy"]
    assert world.story.asks[0].rating == 1
