"""What a customer says, and what it leads to. While a person holds the conversation, the bot is silent."""

from __future__ import annotations

from dataclasses import replace

from bot.domain.ask import Ask, AskState
from bot.domain.case import Case, CaseState, Reason, ReasonKind
from bot.domain.commands import parse_command
from bot.domain.customer import Holder
from bot.domain.draft import Draft, Rows
from bot.domain.escalating import (
    change_card,
    counts_unhappy,
    escalate,
    evidence_words,
    high_value,
    is_unhappy,
    is_unsure,
    reasons_in,
    reopen,
)
from bot.domain.event import Edited, Said, Sender, Tapped
from bot.domain.helping import help_rows, on_help_tap
from bot.domain.ids import CaseId, PurchaseId
from bot.domain.interaction import Author, Direction, Feedback
from bot.domain.message import Button, Kind, Message
from bot.domain.mood import DISSATISFIED
from bot.domain.outreach_rules import on_useful
from bot.domain.own_data import COMMANDS, on_command, on_forget_tap
from bot.domain.preference import on_prefer
from bot.domain.remembering import on_memory_tap
from bot.domain.seizing import on_seize_tap
from bot.domain.speaking import short
from bot.domain.staff import public_name
from bot.domain.staff_room import on_staff_words
from bot.domain.waiting import MANNERS, heard, unhappy_now
from sentiment import Intent, Label, Verdict, out_of_ten

CLEAR, MISSING, WELL = "clear", "missing", "well:"
"""What the bot may be waiting for an answer to."""
MIDDLING, SATISFIED = 3, 5


def on_said(draft: Draft, said: Said) -> None:
    """Free words or a command."""
    if on_staff_words(draft, said):
        return
    draft.change_conversation(channel=said.sender.channel)
    _learn_sender(draft, said.sender)
    command = parse_command(said.words)
    if command and command.name in COMMANDS:
        _log_said(draft, said, "command", None)
        on_command(draft, said.sender.channel, command)
        return
    if command:
        _log_said(draft, said, "command", None)
        draft.say(draft.words("help", shop=draft.program.shop.name))
        return
    _on_words(draft, said)


def _learn_sender(draft: Draft, sender: Sender) -> None:
    """Blanks about the person are filled from what the platform tells; a message proves that they can be reached."""
    news = {
        field: getattr(sender, field)
        for field in ("name", "locale", "timezone")
        if getattr(sender, field) and not getattr(draft.customer, field)
    }
    if news:
        draft.change_customer(**news)
    for identity in draft.story.identities:
        if (identity.channel, identity.external) == (sender.channel, sender.external) and identity.unreachable:
            draft.put_identity(replace(identity, unreachable=""))


def _log_said(draft: Draft, said: Said, kind: str, verdict: Verdict | None) -> None:
    case = draft.case
    draft.log(
        Direction.IN, Author.CUSTOMER, kind, said.words, said.attachments, channel=said.sender.channel,
        verdict=verdict, name=draft.customer.name, case=case.id if case else None, ref=said.ref,
        quote=_quote(draft, said),
    )  # fmt: skip


def _on_words(draft: Draft, said: Said) -> None:
    verdict = draft.verdict
    intents = verdict.intents if verdict else ()
    if Intent.STOP in intents or Intent.RESUME in intents:
        _log_said(draft, said, "message", verdict)
        on_command(draft, said.sender.channel, COMMANDS["stop" if Intent.STOP in intents else "resume"], said.words)
        return
    _log_said(draft, said, "message", verdict)
    ask = _answered_ask(draft)
    if verdict and said.words:
        _remember(draft, ask.id if ask else None, verdict, said.words)
    if ask:
        _answered(draft, ask, verdict.rating if verdict else None)
    case = draft.case
    reasons = reasons_in(draft, verdict, said.words) if verdict else []
    if case:
        _relay_to_desk(draft, case, said)
        heard(draft, case, verdict)
        escalate(draft, reasons)
        if verdict and not draft.shown(case.id):
            change_card(draft, case.id)
        return
    _answer(draft, said, verdict, reasons)
    opened = draft.case
    if opened and said.attachments:
        _relay_to_desk(draft, opened, said)


def _answer(draft: Draft, said: Said, verdict: Verdict | None, reasons: list[Reason]) -> None:
    """The bot holds the conversation: every message gets an answer, or a person."""
    question = draft.conversation.question
    if question.startswith(WELL) and (answered := _well_by_words(draft, question, verdict)):
        draft.change_conversation(question="")
        if answered == "yes":
            return
    draft.change_conversation(question="")
    if _stranger(draft) and not draft.conversation.introduced and not reasons:
        _introduce(draft)
        return
    if not reasons and not _just_manners(draft, verdict) and (extra := high_value(draft)):
        reasons = extra
    if reasons:
        escalate(draft, reasons)
    elif verdict is None or (is_unsure(verdict, draft.program.escalate) and not _just_manners(draft, verdict)):
        _unclear(draft, said, question)
    else:
        _thank(draft, verdict)


def _just_manners(draft: Draft, verdict: Verdict | None) -> bool:
    """Thanks or a greeting and nothing else needs no reading and no person; after a resolution also “ok” and praise."""
    if verdict is None or not verdict.intents or unhappy_now(verdict):
        return False
    helped = draft.last_case is not None and not draft.last_case.is_open
    return set(verdict.intents) <= (MANNERS if helped else {Intent.THANKS, Intent.GREETING})


def _stranger(draft: Draft) -> bool:
    return not draft.story.purchases and not draft.story.cases


def _introduce(draft: Draft) -> None:
    draft.change_conversation(introduced=True)
    draft.say(draft.words("welcome-stranger", shop=draft.program.shop.name))


def _unclear(draft: Draft, said: Said, question: str) -> None:
    """First one friendly one-tap question; a person if that doesn't settle it. Never “please rephrase”."""
    if question == MISSING and said.words:
        draft.say(draft.words("noted"))
    elif question == CLEAR:
        evidence = f"“{' '.join(said.words.split())[:80]}”" if said.words else "a file without words"
        escalate(draft, [Reason(ReasonKind.UNCLEAR, evidence, draft.now)])
    else:
        draft.change_conversation(question=CLEAR)
        intents = draft.verdict.intents if draft.verdict else ()
        asks = {Intent.QUESTION, Intent.WHERE_IS_ORDER, Intent.CANCEL} & set(intents)
        if asks:
            draft.say(draft.words("clear-question"))
        else:
            key = "got-file" if said.attachments and not said.words else "clear"
            draft.say(draft.words(key, item=_item(draft)), rows=clear_rows(draft))


def _item(draft: Draft) -> str:
    return draft.story.purchases[-1].title if draft.story.purchases else ""


def clear_rows(draft: Draft) -> Rows:
    """Yes, so-so, no."""
    return (tuple(Button(draft.words(f"clear-{answer}"), f"clear:{answer}") for answer in ("yes", "so", "no")),)


def _thank(draft: Draft, verdict: Verdict) -> None:
    if verdict.rating:
        _thank_for_rating(draft, verdict.rating)
    elif Intent.THANKS in verdict.intents and verdict.label is not Label.POSITIVE:
        draft.say(draft.words("welcome-back"))
    elif Intent.GREETING in verdict.intents and verdict.label is not Label.POSITIVE:
        draft.say(draft.words("greeting", name=draft.first_name))
    elif verdict.label is Label.POSITIVE:
        draft.say(draft.words("thanks-words"))
    else:
        draft.say(draft.words("thanks-neutral"))


# ---- ratings


def on_tapped(draft: Draft, tapped: Tapped) -> None:
    """A button of ours, or one of an earlier life."""
    channel = tapped.sender.channel
    draft.change_conversation(channel=channel)
    verb, _, rest = tapped.action.partition(":")
    handler = TAPS.get(verb)
    if handler is None or not handler(draft, tapped, rest):
        draft.answer_tap(channel, tapped.tap)
        if draft.bot_holds:
            draft.say(draft.words("button-old"))
    else:
        draft.answer_tap(channel, tapped.tap, _toast(draft))


def _toast(draft: Draft) -> str:
    return draft.words("coming-toast") if draft.conversation.holder is Holder.QUEUE else ""


def _on_rate(draft: Draft, tapped: Tapped, rest: str) -> bool:
    number, _, stars = rest.partition(":")
    if not (number.isdigit() and stars in {"1", "2", "3", "4", "5"}):
        return False
    ask = draft.ask(PurchaseId(int(number)))
    if ask is None:
        return False
    rating, verdict = int(stars), draft.verdict
    text = "★" * rating + "☆" * (5 - rating)
    draft.log(Direction.IN, Author.CUSTOMER, "rating", text, channel=tapped.sender.channel, verdict=verdict,
              name=draft.customer.name, ref=tapped.ref)  # fmt: skip
    if verdict:
        _remember(draft, ask.id, verdict, "")
    again = ask.rating == rating
    _answered(draft, ask, rating)
    if not again:
        _after_rating(draft, rating, verdict)
    elif draft.bot_holds:
        draft.say(draft.words("noted"))
    return True


def _after_rating(draft: Draft, rating: int, verdict: Verdict | None) -> None:
    unhappy = rating <= DISSATISFIED
    evidence = evidence_words(verdict) if verdict else f"rating {rating}"
    reasons = [Reason(ReasonKind.UNHAPPY, evidence, draft.now)] if unhappy else []
    case = draft.case
    if case:
        if not unhappy:
            draft.to_desk(case, Message(Kind.RELAY, f"{draft.name}: {'★' * rating}{'☆' * (5 - rating)}"))
        escalate(draft, reasons)
    elif reasons or (reasons := high_value(draft)):
        escalate(draft, reasons)
    elif draft.bot_holds:
        _thank_for_rating(draft, rating)


def _thank_for_rating(draft: Draft, rating: int) -> None:
    if rating >= SATISFIED:
        draft.say(draft.words("thanks-5", name=draft.first_name))
    elif rating > MIDDLING:
        draft.say(draft.words("thanks-4"))
        draft.change_conversation(question=MISSING)
    else:
        draft.say(draft.words("missing"))
        draft.change_conversation(question=MISSING)


def _answered_ask(draft: Draft) -> Ask | None:
    """The ask that free words answer: the latest one that waits, else the latest answered one."""
    waiting = [ask for ask in draft.story.asks if ask.waiting]
    answered = [ask for ask in draft.story.asks if ask.state is AskState.ANSWERED]
    latest = sorted(waiting or answered, key=lambda ask: ask.sent_at or ask.planned_at)
    return latest[-1] if latest else None


def _answered(draft: Draft, ask: Ask, rating: int | None) -> None:
    if ask.state is AskState.PLANNED:
        return
    draft.put_ask(
        replace(
            ask,
            state=AskState.ANSWERED,
            answered_at=ask.answered_at or draft.now,
            ended_at=ask.ended_at or draft.now,
            rating=rating if rating is not None else ask.rating,
        )
    )


def _remember(draft: Draft, purchase: PurchaseId | None, verdict: Verdict, words: str) -> None:
    draft.remember(
        Feedback(
            at=draft.event.at,
            purchase=purchase,
            rating=verdict.rating,
            text=words,
            label=verdict.label.value,
            score=verdict.score,
            unhappy=verdict.unhappy,
            counts_unhappy=counts_unhappy(verdict, draft.program.escalate),
            channel=draft.conversation.channel,
            topics=tuple((mood.topic, mood.score) for mood in verdict.topics),
            likelihood=out_of_ten(words),
        )
    )


# ---- other taps


def _on_human(draft: Draft, tapped: Tapped, _rest: str) -> bool:
    label = draft.words("person")
    draft.log(Direction.IN, Author.CUSTOMER, "tap", label, channel=tapped.sender.channel, name=draft.customer.name)
    ask_for_person(draft, f"tapped “{draft.desk_words('person')}”")
    return True


def ask_for_person(draft: Draft, evidence: str) -> None:
    """A person is always one tap away."""
    escalate(draft, [Reason(ReasonKind.ASKED, evidence, draft.now)])


def _on_clear(draft: Draft, tapped: Tapped, answer: str) -> bool:
    if answer not in {"yes", "so", "no"}:
        return False
    draft.change_conversation(question="")
    label = draft.words(f"clear-{answer}")
    draft.log(Direction.IN, Author.CUSTOMER, "tap", label, channel=tapped.sender.channel, name=draft.customer.name)
    if answer == "no":
        escalate(draft, [Reason(ReasonKind.UNHAPPY, f"answered “{label}”", draft.now)])
    elif not draft.bot_holds:
        return True
    elif answer == "so":
        draft.change_conversation(question=MISSING)
        draft.say(draft.words("missing"))
    else:
        draft.say(draft.words("clear-thanks"))
    return True


def _on_well(draft: Draft, tapped: Tapped, rest: str) -> bool:
    number, _, answer = rest.partition(":")
    case = draft.case_by_number(CaseId(int(number))) if number.isdigit() else None
    if case is None or answer not in {"yes", "no"}:
        return False
    label = draft.words(f"well-{answer}")
    draft.log(Direction.IN, Author.CUSTOMER, "tap", label, channel=tapped.sender.channel, name=draft.customer.name)
    if case.is_open:
        return True
    draft.change_conversation(question="")
    if answer == "no" and not draft.case:
        reopen(draft, case, [Reason(ReasonKind.UNHAPPY, f"answered “{label}”", draft.now)])
    elif answer == "yes":
        _recovered(draft, case)
    return True


def _recovered(draft: Draft, case: Case) -> None:
    draft.put_case(replace(case, recovered=True))
    if draft.bot_holds:
        rows = help_rows(draft, case)
        text = draft.words("well-thanks")
        draft.say(f"{text} {draft.words('help-ask', agent=public_name(case.owner_name))}" if rows else text, rows=rows)


def _well_by_words(draft: Draft, question: str, verdict: Verdict | None) -> str:
    """The follow-up answered in words: "yes", "no", or "" when they don't say."""
    number = question.removeprefix(WELL)
    case = draft.case_by_number(CaseId(int(number))) if number.isdigit() else None
    if case is None or verdict is None or case.state is not CaseState.RESOLVED:
        return ""
    words = verdict.text.strip().lower().rstrip(".!")
    yes, no = (draft.words(key).lower() for key in ("well-yes", "well-no"))
    if words in {*YES, yes} or (verdict.label is Label.POSITIVE and not is_unsure(verdict, draft.program.escalate)):
        _recovered(draft, case)
        return "yes"
    if words in {*NO, no} or is_unhappy(verdict, draft.program.escalate):
        reopen(draft, case, [Reason(ReasonKind.UNHAPPY, evidence_words(verdict), draft.now)])
        return "yes"
    return ""


YES = frozenset({"yes", "yep", "yeah", "yes thanks", "yes, thanks", "all good", "ja", "sí", "si", "oui"})
NO = frozenset({"no", "nope", "not yet", "not really", "nein", "non", "noch nicht", "todavía no", "pas encore"})


def _on_command_tap(draft: Draft, tapped: Tapped, _rest: str) -> bool:
    on_command(draft, tapped.sender.channel, COMMANDS[tapped.action])
    return True


TAPS = {
    "rate": _on_rate,
    "human": _on_human,
    "clear": _on_clear,
    "well": _on_well,
    "forget": on_forget_tap,
    "memory": on_memory_tap,
    "help": on_help_tap,
    "stop": _on_command_tap,
    "resume": _on_command_tap,
    "privacy": _on_command_tap,
    "mydata": _on_command_tap,
    "preferences": _on_command_tap,
    "prefer": on_prefer,
    "useful": on_useful,
    "seize": on_seize_tap,
}


# ---- the rest


def on_edited(draft: Draft, edited: Edited) -> None:
    """Logged, never scored as new; the desk sees it while a case is open."""
    case = draft.case
    number = case.id if case else None
    draft.log(Direction.IN, Author.CUSTOMER, "edit", edited.words, channel=edited.sender.channel,
              name=draft.customer.name, case=number, ref=edited.ref)  # fmt: skip
    if case:
        draft.notice(case, "desk-edited", name=draft.name, words=edited.words)


def _relay_to_desk(draft: Draft, case: Case, said: Said) -> None:
    text = f"{draft.name}: {said.words}" if said.words else (draft.name if said.attachments else "")
    sources = (said.ref, *said.more_refs) if said.ref and said.attachments else ()
    replied = draft.replied(said.reply_to)
    draft.to_desk(
        case,
        Message(
            Kind.RELAY, text, attachments=said.attachments, sources=sources,
            reply_to=replied.other if replied else None, quote=_quote(draft, said),
        ),
    )  # fmt: skip


def _quote(draft: Draft, said: Said) -> str:
    """What they answer, in short: as their platform tells it, else as we remember it."""
    replied = draft.replied(said.reply_to)
    return short(said.quote) or (short(replied.text) if replied else "")
