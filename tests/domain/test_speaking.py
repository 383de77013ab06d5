"""What a claimer says, corrects and takes back; and what becomes of it."""

from __future__ import annotations

from dataclasses import replace

import hypothesis.strategies as st
import pytest
from hypothesis import given

from bot.domain.event import AgentSaid, AgentTapped, DeliveryReported, Sender
from bot.domain.ids import OutboxId
from bot.domain.message import Attachment, Kind, MarkState, Media, Message, Ref, Side
from bot.domain.staff import public_name
from bot.domain.story import Outgoing, Replied
from bot.domain.utterance import Unsent, Utterance
from tests.domain.world import BORIS, KIM, STRANGER, World

MONA = Sender("telegram", "9", "Mona")
FIRST = Ref("telegram", "-100", "first")


def claimed() -> World:
    """Kim has the case."""
    world = World()
    world.order()
    world.rates(1)
    world.presses(KIM, "claim")
    return world


def says(world: World, who: Sender, words: str, ref: Ref = FIRST, desk: str = "telegram", **parts: object) -> None:
    world.happens(AgentSaid(who, desk, words, ref, **parts))  # type: ignore[arg-type]


def spoken(world: World, words: str = "100 euros") -> Utterance:
    says(world, KIM, words)
    return world.story.utterances[-1]


def tap(world: World, who: Sender, action: str, about: Utterance) -> str:
    """Returns the words for the one who tapped."""
    world.happens(AgentTapped(who, "telegram", action, world.case.id, tap="t", about=about.id))
    return next(o.message.text for o in reversed(world.sent) if o.message.kind is Kind.TAP_ANSWER)


def out(world: World) -> list[Message]:
    """What went to the customer by an agent's hand."""
    kinds = {Kind.RELAY, Kind.AMENDMENT, Kind.UNSEND}
    return [o.message for o in world.sent if o.side is Side.CUSTOMER and o.message.kind in kinds]


def told(world: World, kind: str, outcome: str, why: str = "", about: Utterance | None = None) -> None:
    """Delivery tells what became of it."""
    number = about.id if about else None
    world.happens(
        DeliveryReported(
            OutboxId(1), kind, "customer", "telegram", outcome, why, case=world.case.id, agent_ref=FIRST, about=number
        )
    )


# ---------------------------------------------------------------- words and names


@pytest.mark.parametrize(
    ("name", "public"),
    [("Kim Larsen", "Kim"), ("Kim", "Kim"), (" Åsa  B", "Åsa"), ("slack:U0KIM", ""), ("telegram:1", ""), ("", "")],
)
def test_customers_read_the_first_name(name: str, public: str) -> None:
    assert public_name(name) == public


def test_the_customer_reads_a_first_name_and_colleagues_the_whole_one() -> None:
    world = claimed()
    staff = world.house.staff[("telegram", "1")]
    world.house = replace(world.house, staff={("telegram", "1"): replace(staff, name="Kim Larsen")})
    world.presses(KIM, "handback")
    world.presses(KIM, "claim")
    says(world, KIM, "hello")
    world.presses(KIM, "resolve")
    assert out(world)[0].text == "Kim: hello"
    assert "Kim says thank you" in world.last
    assert any("Kim Larsen resolved this case" in message.text for message in world.to_desk)


def test_words_that_reach_nobody_are_marked_and_kept_inside() -> None:
    world = claimed()
    identities = tuple(replace(i, unreachable="blocked the bot") if i.is_chat else i for i in world.story.identities)
    world.story = replace(world.story, identities=identities)
    says(world, KIM, "Hello?")
    mark = world.to_desk[-1]
    assert (mark.kind, mark.mark, mark.reply_to) == (Kind.MARK, MarkState.UNREACHABLE, FIRST)
    assert "blocked us" in mark.text
    assert (world.notes[-1].kind, world.notes[-1].text) == ("unheard", "Hello?")
    assert out(world) == []


@pytest.mark.parametrize(
    ("outcome", "why", "part"),
    [
        ("delivered", "", ""),
        ("delivered", "film.mp4: too large", "not all of it: film.mp4"),
        ("failed", "Telegram refused it", "could not be delivered: Telegram refused it"),
        ("unreachable", "deleted the account", "can't be reached: deleted the account"),
        ("waits", "Telegram asks to wait", "This waits"),
    ],
)
def test_every_outcome_is_told_on_the_agents_own_message(outcome: str, why: str, part: str) -> None:
    world = claimed()
    spoken(world)
    told(world, "relay", outcome, why)
    mark = world.to_desk[-1]
    assert (mark.kind, mark.mark, mark.reply_to) == (Kind.MARK, MarkState(outcome), FIRST)
    assert part in mark.text
    assert bool(mark.text) is bool(part)


def test_waiting_says_nothing_of_the_customers_reach_or_of_an_ask() -> None:
    world = claimed()
    spoken(world)
    before = world.story
    told(world, "relay", "waits", "asks to wait")
    assert (world.story.identities, world.story.asks) == (before.identities, before.asks)


# ---------------------------------------------------------------- corrections


def test_an_edit_offers_one_tap_and_the_tap_sends_the_latest_words_once() -> None:
    world = claimed()
    about = spoken(world)
    for words in ("110 euros", "120 euros"):
        says(world, KIM, words, edited=True)
    offers = [m for m in world.to_desk if m.kind is Kind.NOTICE and m.buttons]
    assert [[b.action for row in m.buttons for b in row] for m in offers] == [[f"amend:{world.case.id}:{about.id}"]]
    assert offers[0].reply_to == FIRST
    assert [m.kind for m in out(world)] == [Kind.RELAY]
    assert tap(world, KIM, "amend", about) == "On its way."
    assert "nothing left to send" in tap(world, KIM, "amend", about)
    amendment = out(world)[-1]
    assert (amendment.text, amendment.anew) == (
        "Kim: 120 euros",
        "Kim: A correction of what I wrote: 120 euros",
    )
    assert amendment.about == (about.id,)
    assert len(out(world)) == 2
    assert [line.kind for line in world.log[-2:]].count("amendment") == 1
    assert world.story.utterances[-1].text == "120 euros"


@pytest.mark.parametrize("who", [BORIS, STRANGER, MONA])
def test_only_the_claimer_sends_a_correction(who: Sender) -> None:
    world = claimed()
    about = spoken(world)
    says(world, KIM, "120 euros", edited=True)
    tap(world, who, "amend", about)
    assert [m.kind for m in out(world)] == [Kind.RELAY]


@pytest.mark.parametrize("ending", ["handback", "resolve"])
def test_a_correction_needs_the_case(ending: str) -> None:
    world = claimed()
    about = spoken(world)
    says(world, KIM, "120 euros", edited=True)
    world.presses(KIM, ending)
    assert "while the case is theirs" in tap(world, KIM, "amend", about)
    assert [m.kind for m in out(world)] == [Kind.RELAY]


@pytest.mark.parametrize("words", ["", "/note something", "100 euros"])
def test_an_edit_that_corrects_nothing_offers_nothing(words: str) -> None:
    world = claimed()
    about = spoken(world)
    says(world, KIM, words, edited=True)
    assert not any(m.buttons for m in world.to_desk if m.kind is Kind.NOTICE)
    assert "nothing left to send" in tap(world, KIM, "amend", about)


def test_an_edit_taken_back_again_leaves_nothing_to_send() -> None:
    world = claimed()
    about = spoken(world)
    says(world, KIM, "120 euros", edited=True)
    says(world, KIM, "100 euros", edited=True)
    assert "nothing left to send" in tap(world, KIM, "amend", about)


def test_a_second_correction_names_every_message_that_holds_a_copy() -> None:
    world = claimed()
    about = spoken(world)
    for words in ("110 euros", "120 euros"):
        says(world, KIM, words, edited=True)
        tap(world, KIM, "amend", about)
    assert [len(m.about) for m in out(world)[1:]] == [1, 2]


# ---------------------------------------------------------------- taken back


def test_taking_back_is_asked_once_and_logged_when_done() -> None:
    world = claimed()
    about = spoken(world, "You fool")
    says(world, KIM, "/unsend", reply_to=FIRST)
    assert (out(world)[-1].kind, out(world)[-1].about) == (Kind.UNSEND, (about.id,))
    assert world.decisions[-1].recall == {about.id}
    says(world, KIM, "/unsend", reply_to=FIRST)
    assert "taken back already" in world.to_desk[-1].text
    assert len(out(world)) == 2
    told(world, "unsend", "delivered", about=about)
    assert "doesn't have “You fool” any more" in world.to_desk[-1].text
    assert (world.log[-1].kind, world.log[-1].text) == ("unsend", "You fool")
    assert world.story.utterances[-1].unsent is Unsent.DONE


@pytest.mark.parametrize(
    ("outcome", "why"), [("delivered", "48 hours only"), ("unreachable", "blocked"), ("failed", "x")]
)
def test_what_cant_be_taken_back_is_said_and_may_be_tried_again(outcome: str, why: str) -> None:
    world = claimed()
    about = spoken(world, "You fool")
    tap(world, KIM, "unsend", about)
    told(world, "unsend", outcome, why, about)
    assert f"could not be taken back: {why}" in world.to_desk[-1].text
    assert not any(line.kind == "unsend" for line in world.log)
    assert tap(world, KIM, "unsend", about) == "Taking it back."


@pytest.mark.parametrize(("who", "may"), [(KIM, True), (MONA, True), (BORIS, False), (STRANGER, False)])
def test_words_are_taken_back_by_who_said_them_or_a_manager(who: Sender, may: bool) -> None:
    world = claimed()
    about = spoken(world)
    tap(world, who, "unsend", about)
    assert any(m.kind is Kind.UNSEND for m in out(world)) is may


@pytest.mark.parametrize(("desk", "taken"), [("telegram", False), ("slack", True), ("console", True)])
def test_without_a_reply_the_newest_own_words_are_meant_where_a_thread_has_no_replies(desk: str, taken: bool) -> None:
    world = claimed()
    says(world, KIM, "first", Ref("slack", "C", "1"), desk)
    says(world, KIM, "second", Ref("slack", "C", "2"), desk)
    says(world, KIM, "/unsend", Ref("slack", "C", "3"), desk)
    asked = [m.about for m in out(world) if m.kind is Kind.UNSEND]
    assert asked == ([(world.story.utterances[-1].id,)] if taken else [])


def test_words_that_were_taken_back_are_not_corrected() -> None:
    world = claimed()
    about = spoken(world)
    says(world, KIM, "120 euros", edited=True)
    tap(world, KIM, "unsend", about)
    assert "taken back" in tap(world, KIM, "amend", about)
    assert [m.kind for m in out(world)] == [Kind.RELAY, Kind.UNSEND]


# ---------------------------------------------------------------- the rest


def test_only_the_claimers_typing_is_shown() -> None:
    world = claimed()
    for who in (BORIS, STRANGER, KIM):
        world.happens(AgentTapped(who, "console", "typing", world.case.id))
    shown = [o for o in world.sent if o.message.kind is Kind.TYPING]
    assert [(o.side, o.channel) for o in shown] == [(Side.CUSTOMER, "telegram")]
    assert not shown[0].receipt


def test_a_reply_carries_only_words_that_both_sides_have() -> None:
    world = claimed()
    shown, own = Ref("telegram", "-100", "60"), Ref("telegram", "700", "6")
    says(world, KIM, "inside?", reply_to=shown)
    assert (out(world)[-1].reply_to, out(world)[-1].quote) == (None, "")
    world.story = replace(world.story, replied=(Replied(shown, own, "it broke " * 20),))
    says(world, KIM, "really?", reply_to=shown)
    assert out(world)[-1].reply_to == own
    assert out(world)[-1].quote.endswith("…")


def test_an_agents_location_is_told_in_words_to_colleagues() -> None:
    world = claimed()
    place = Attachment(Media.LOCATION, "telegram", "", note="48.85,2.35")
    says(world, BORIS, "", attachments=(place,))
    assert world.notes[-1].text == "[location 48.85, 2.35]"


PEOPLE = st.sampled_from([KIM, BORIS, MONA, STRANGER, Sender("telegram", "4", "Zapper", is_bot=True)])
WORDS = st.text(min_size=1, max_size=30) | st.sampled_from(["/note x", "/Note: x", "/unsend", "/ claim", "/who", "/é"])
DOINGS = st.lists(
    st.tuples(st.sampled_from(["say", "edit", "amend", "unsend", "typing"]), PEOPLE, WORDS, st.integers(0, 5)),
    max_size=25,
)


@given(DOINGS)
def test_whatever_happens_in_a_thread_only_the_claimers_words_leave_it(
    doings: list[tuple[str, Sender, str, int]],
) -> None:
    """Every message to the customer is something that Kim said, as it was said, or the latest change that Kim sent."""
    world = claimed()
    allowed: list[str] = []
    for number, (what, who, words, at) in enumerate(doings):
        known = world.story.utterances
        about = known[at % len(known)] if known else None
        before = len(out(world))
        if what == "say":
            says(world, who, words, Ref("telegram", "-100", str(number)))
            allowed += [words] if who is KIM and not words.strip().startswith("/") else []
        elif what == "edit" and about:
            says(world, who, words, about.refs[0], edited=True)
            assert len(out(world)) == before
        elif about:
            pending = world.story.utterances[at % len(known)].amended
            tap(world, who, what, about) if what != "typing" else None
            allowed += [pending] if what == "amend" and who is KIM and len(out(world)) > before else []
    sent = [m for m in out(world) if m.kind is not Kind.UNSEND]
    assert [m.text for m in sent] == [f"Kim: {words}" for words in allowed]
    assert all(isinstance(o, Outgoing) for o in world.sent)
