"""Seizing the moment: below an alert a manager writes one message to those concerned, sees whom it reaches, sends it.

It becomes a campaign of its own, once for each spike, whoever taps how often. Every rule of outreach holds for it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

from bot.domain.alerts import topic_words
from bot.domain.draft import Draft, Rows
from bot.domain.event import Said, Sender, SpikeSeized, Tapped
from bot.domain.ids import EventId
from bot.domain.message import Button, Kind, Message, Side
from bot.domain.spike import BOUGHT, PRODUCT, TOLD, TOPIC, Aim, Spike, Waiting, aim_from, definition_of, waiting_from
from bot.domain.staff import Staff, public_name
from bot.domain.story import Outgoing
from bot.errors import ProgramInvalid
from bot.phrases import phrase
from bot.program import MOST_WORDS, PLACES, Program, parse_campaign

REPORT = "seize"


# ---------------------------------------------------------------- buttons


def on_seize_tap(draft: Draft, tapped: Tapped, rest: str) -> bool:
    """`seize:write:17` and so on, below an alert or a preview. Nobody but managers: for others it is an old button."""
    staff = draft.staff(tapped.sender)
    what, _, rest = rest.partition(":")
    number, _, rest = rest.partition(":")
    if staff is None or not staff.is_manager or what not in _STEPS or not number.isdecimal():
        return False
    spike = draft.house.spikes.get(EventId(int(number)))
    if what == "drop":
        _drop(draft, tapped.sender)
    elif spike is None or spike.is_over(draft.now):
        _end(draft, tapped.sender, draft.desk_words("seize-over"))
    elif spike.seized_at is not None:
        _end(draft, tapped.sender, draft.desk_words("seize-already", who=_who(draft, spike.seized_by)))
    else:
        _STEPS[what](draft, tapped.sender, staff, spike, rest)
    return True


def _write(draft: Draft, sender: Sender, staff: Staff, spike: Spike, rest: str) -> None:
    """Ask for the words."""
    _ = staff, rest
    waiting = Waiting(spike.id)
    draft.change_conversation(question=waiting.text)
    rows = (
        (Button(draft.desk_words("seize-ready"), f"seize:ready:{spike.id}"),),
        (Button(draft.desk_words("seize-drop"), f"seize:drop:{spike.id}"),),
    )
    whom = whom_words(draft.program, spike, waiting.aim)
    _tell(draft, sender, draft.desk_words("seize-write", whom=whom, first="{name}", thing="{item}"), rows)


def _ready(draft: Draft, sender: Sender, staff: Staff, spike: Spike, rest: str) -> None:
    """Words that the shop has in every language."""
    _ = staff, rest
    _preview(draft, sender, spike, Waiting(spike.id, version=int(draft.event.id)))


def _show(draft: Draft, sender: Sender, staff: Staff, spike: Spike, rest: str) -> None:
    """The same words to others."""
    _ = staff
    waiting, aim = _latest(draft, spike, rest)
    if waiting is None or aim is None:
        _tell(draft, sender, draft.desk_words("seize-newer"))
    else:
        _preview(draft, sender, spike, replace(waiting, aim=aim))


def _send(draft: Draft, sender: Sender, staff: Staff, spike: Spike, rest: str) -> None:
    """Only what was shown last."""
    waiting, aim = _latest(draft, spike, rest)
    if waiting is None or aim != waiting.aim:
        _tell(draft, sender, draft.desk_words("seize-newer"))
        return
    draft.change_conversation(question="")
    _seize(draft, spike, waiting.aim, words_of(draft.program, spike, waiting.words), staff)
    _tell(draft, sender, draft.desk_words("seize-sent", campaign=spike.campaign))


def _drop(draft: Draft, sender: Sender) -> None:
    _end(draft, sender, draft.desk_words("seize-dropped"))


_STEPS: Mapping[str, Callable[[Draft, Sender, Staff, Spike, str], None]] = {
    "write": _write,
    "ready": _ready,
    "show": _show,
    "send": _send,
    "drop": lambda draft, sender, _staff, _spike, _rest: _drop(draft, sender),
}


def _latest(draft: Draft, spike: Spike, rest: str) -> tuple[Waiting | None, Aim | None]:
    """What waits, if the button is about it, and whom the button means."""
    version, _, aim = rest.partition(":")
    waiting = waiting_from(draft.conversation.question)
    fits = waiting and waiting.spike == spike.id and waiting.version and str(waiting.version) == version
    return (waiting if fits else None), aim_from(aim)


def _end(draft: Draft, sender: Sender, text: str) -> None:
    if waiting_from(draft.conversation.question):
        draft.change_conversation(question="")
    _tell(draft, sender, text)


# ---------------------------------------------------------------- words


def on_seize_words(draft: Draft, said: Said, waiting: Waiting) -> None:
    """What a manager writes while it is waited for is the message. It is shown before anything goes out."""
    spike = draft.house.spikes.get(waiting.spike)
    if spike is None or spike.is_over(draft.now):
        _end(draft, said.sender, draft.desk_words("seize-over"))
    elif spike.seized_at is not None:
        _end(draft, said.sender, draft.desk_words("seize-already", who=_who(draft, spike.seized_by)))
    elif not can_go_out(draft.program, spike, said.words):
        places = ", ".join(f"{{{place}}}" for place in sorted(PLACES))
        _tell(draft, said.sender, draft.desk_words("seize-wrong", most=MOST_WORDS, places=places))
    else:
        written = replace(waiting, version=int(draft.event.id), words=said.words.strip())
        _preview(draft, said.sender, spike, written)


def can_go_out(program: Program, spike: Spike, words: str) -> bool:
    """Whether these words may stand in a campaign."""
    first = program.shop.languages[0]
    try:
        parse_campaign(definition_of(spike, Aim(), {first: words}), program, "message")
    except ProgramInvalid:
        return False
    return True


def words_of(program: Program, spike: Spike, written: str) -> dict[str, str]:
    """By language: what was written is one text for everybody; the ready words are there in every language."""
    if written:
        return {program.shop.languages[0]: written}
    return {language: _ready_words(program, spike, language) for language in program.shop.languages}


def _ready_words(program: Program, spike: Spike, language: str) -> str:
    about = subject_words(language, spike)
    values = {"name": "{name}", "shop": program.shop.name, "about": about.replace("{", "(").replace("}", ")")}
    return phrase(language, f"seize-words-{spike.kind}", **values)


def subject_words(language: str, spike: Spike) -> str:
    """A topic or product as people say it."""
    return topic_words(language, spike.subject) if spike.kind == TOPIC else spike.subject


def whom_words(program: Program, spike: Spike, aim: Aim) -> str:
    """Whom it goes to, in the shop's language."""
    language = program.shop.languages[0]
    kind = spike.kind if aim.whom == TOLD or spike.kind == PRODUCT else "any"
    return phrase(language, f"seize-{aim.whom}-{kind}", about=subject_words(language, spike) or "…")


def _who(draft: Draft, identity: str) -> str:
    channel, _, external = identity.partition(":")
    staff = draft.house.staff.get((channel, external))
    return public_name(staff.name if staff else "") or identity


def _tell(draft: Draft, sender: Sender, text: str, rows: Rows = ()) -> None:
    message = Message(Kind.ANSWER, text, rows, arguments={"to": sender.external})
    draft.post(Outgoing(Side.STAFF, sender.channel, message))


# ---------------------------------------------------------------- preview


def _preview(draft: Draft, sender: Sender, spike: Spike, waiting: Waiting) -> None:
    """Whom it reaches is counted when the preview is sent; the last row of buttons is there in any case."""
    draft.change_conversation(question=waiting.text)
    aim, about = waiting.aim, f"{spike.id}:{waiting.version}"
    other = replace(aim, whom=BOUGHT if aim.whom == TOLD else TOLD)
    turned = replace(aim, offers=not aim.offers)
    rows = (
        (Button(draft.desk_words("seize-send"), f"seize:send:{about}:{aim.text}", "primary"),),
        (Button(draft.desk_words(f"seize-to-{other.whom}"), f"seize:show:{about}:{other.text}"),),
        (Button(draft.desk_words(f"seize-{'help' if aim.offers else 'offer'}"), f"seize:show:{about}:{turned.text}"),),
        (Button(draft.desk_words("seize-drop"), f"seize:drop:{spike.id}"),),
    )
    arguments = {"to": sender.external, "spike": str(spike.id), "kind": spike.kind, "subject": spike.subject,
                 "aim": aim.text, "words": waiting.words, "raised_at": spike.raised_at.isoformat()}  # fmt: skip
    message = Message(Kind.REPORT, report=REPORT, buttons=rows, arguments=arguments)
    draft.post(Outgoing(Side.STAFF, sender.channel, message))


# ---------------------------------------------------------------- sending


def on_spike_seized(draft: Draft, seized: SpikeSeized) -> None:
    """The console's way; its key lets it come once, and a spike that was seized in a chat meanwhile stays as it is."""
    spike, aim = draft.house.spikes.get(seized.spike), aim_from(seized.aim)
    channel, _, external = seized.by.partition(":")
    staff = draft.house.staff.get((channel, external))
    able = staff is not None and staff.is_manager
    if spike is None or aim is None or staff is None or not able or spike.seized_at or spike.is_over(draft.now):
        return
    if not seized.words or can_go_out(draft.program, spike, seized.words):
        _seize(draft, spike, aim, words_of(draft.program, spike, seized.words.strip()), staff)


def _seize(draft: Draft, spike: Spike, aim: Aim, words: Mapping[str, str], staff: Staff) -> None:
    """The spike has its answer: a campaign that goes out at once. The other managers hear of it."""
    draft.put_spike(replace(spike, seized_at=draft.now, seized_by=staff.identity))
    draft.make_campaign(definition_of(spike, aim, words))
    draft.because(f"campaign {spike.campaign}", "made", f"by {staff.identity}, to {aim.text}")
    text = draft.desk_words(
        "seize-told",
        who=public_name(staff.name) or staff.identity,
        whom=whom_words(draft.program, spike, aim),
        words=words[draft.program.shop.languages[0]],
    )
    draft.tell_managers(text, but=staff.id)
