"""When outreach goes out, and when not. Everything is checked again at the moment of sending, and written down."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, time, timedelta

from bot.domain.asking import AFTER_CASE, ANGER, MOURNING, calm_until, customer_zone
from bot.domain.campaign import choice_against, level_needed
from bot.domain.commands import parse_command
from bot.domain.draft import Draft, Rows
from bot.domain.escalating import counts_unhappy
from bot.domain.event import (
    CampaignStopped,
    DeliveryReported,
    OrderReported,
    OutreachCloses,
    OutreachDue,
    Payload,
    Said,
    Tapped,
)
from bot.domain.hours import quiet_until
from bot.domain.interaction import Author, Direction
from bot.domain.level import country_of
from bot.domain.loyalty import newly_answered
from bot.domain.message import Button, Kind
from bot.domain.outreach import WATCHED, Outreach, OutreachState
from bot.domain.outreach_budget import outreach_free_at
from bot.domain.preference import OUTREACH, invite
from bot.domain.story import Story
from bot.program import Campaign, public_holidays
from sentiment import Intent, Label, Verdict

PATIENCE = timedelta(days=7)
"""What could not be said within this time after its moment is not said any more."""
MORNING = time(10, 0)
A_DAY = timedelta(days=1)
MEANT_FOR_ABSENT = frozenset({"next", "lapse"})
ANGRY = -0.5


# ---------------------------------------------------------------- sending


def on_outreach_due(draft: Draft, due: OutreachDue) -> None:
    """Send, move, hold (to compare with), or skip, with the reason."""
    found = find(draft, due.campaign, due.occasion)
    if found is None or found.state is not OutreachState.PLANNED or found.round != due.round:
        return
    campaign = draft.house.campaigns.get(due.campaign)
    why = never_because(draft, found, campaign)
    if why or campaign is None:
        _skip(draft, found, why)
        return
    later = not_now_because(draft)
    if later is None:
        _let_go(draft, found, campaign)
    elif later[0] > found.due_at + PATIENCE:
        _skip(draft, found, f"too late: {later[1]}")
    else:
        _move(draft, found, *later)


def find(draft: Draft, campaign: str, occasion: str) -> Outreach | None:
    """A piece of outreach by its campaign and occasion."""
    pieces = draft.story.outreach
    return next((one for one in pieces if (one.campaign, one.occasion) == (campaign, occasion)), None)


def never_because(draft: Draft, found: Outreach, campaign: Campaign | None) -> str:
    """What stands against it for good; "" = nothing."""
    if campaign is None:
        return "the campaign is gone"
    if found.campaign in draft.house.stopped:
        return f"campaign stopped: {draft.house.stopped[found.campaign]}"
    person, level = draft.customer, draft.level
    if why := choice_against(campaign, person):
        return why
    against = {
        f"level {level.level} ({level.why})": not level.allows(level_needed(campaign)),
        draft.left_alone: bool(draft.left_alone),
        "bought meanwhile": campaign.moment.of in MEANT_FOR_ABSENT and _bought_since(draft.story, found.planned_at),
        "refunded or cancelled": _fell_through(draft.story, found),
        "too late": draft.now > found.due_at + PATIENCE,
        "no channel": not draft.channel(),
    }
    return next((why for why, true in against.items() if true), "")


def _bought_since(story: Story, moment: datetime) -> bool:
    return any(one.paid_at and one.paid_at > moment for one in story.purchases if one.stands)


def _fell_through(story: Story, found: Outreach) -> bool:
    return any(not one.stands for one in story.purchases if f"purchase:{one.id}" == found.occasion)


def not_now_because(draft: Draft) -> tuple[datetime, str] | None:
    """When to try again, and why; None = now is right."""
    if draft.case:
        return draft.now + A_DAY, "open case"
    calm = calm_until(draft, draft.program.outreach.cool_down)
    if calm:
        return calm, AFTER_CASE
    free = outreach_free_at(draft)
    if free:
        return free, "contacted recently"
    quiet = quiet_until(draft.program.quiet, customer_zone(draft), draft.now)
    if quiet:
        return quiet, "quiet hours"
    if is_holiday(draft):
        return next_morning(draft), "public holiday"
    return None


def is_holiday(draft: Draft) -> bool:
    """A public holiday where the customer lives."""
    country = country_of(draft.customer) if draft.program.outreach.holidays else ""
    if not country:
        return False
    try:
        return draft.now.astimezone(customer_zone(draft)).date() in public_holidays(country)
    except NotImplementedError:
        return False


def next_morning(draft: Draft) -> datetime:
    """Tomorrow at ten, the customer's time."""
    zone = customer_zone(draft)
    day = draft.now.astimezone(zone).date() + A_DAY
    return datetime.combine(day, MORNING, tzinfo=zone)


def _skip(draft: Draft, found: Outreach, why: str) -> None:
    draft.put_outreach(replace(found, state=OutreachState.SKIPPED, why=why))


def _move(draft: Draft, found: Outreach, moment: datetime, why: str) -> None:
    moved = replace(found, round=found.round + 1, why=why)
    draft.put_outreach(moved)
    draft.timer(f"outreach:{found.id}:{moved.round}", moment, OutreachDue(found.campaign, found.occasion, moved.round))


def _let_go(draft: Draft, found: Outreach, campaign: Campaign) -> None:
    """The hold-out passes the same checks at the same moment, and then gets nothing: so the two can be compared."""
    closes_at = draft.now + campaign.window
    done = replace(
        found,
        sent_at=draft.now,
        closes_at=closes_at,
        unhappy_before=_was_unhappy(draft.story),
        state=OutreachState.HELD if found.is_held else OutreachState.SENT,
        why=f"{HELD_WHY if found.is_held else f'wording {found.variant}'}; level {draft.level.level}",
    )
    if not found.is_held:
        sent = draft.say(words_of(draft, found, campaign), rows=_rows(draft, found), kind=Kind.OUTREACH,
                         log="outreach", receipt=True)  # fmt: skip
        done = replace(done, channel=draft.channel() if sent else "")
    draft.put_outreach(done)
    draft.timer(f"outreach-closes:{found.id}", closes_at, OutreachCloses(found.campaign, found.occasion))


HELD_WHY = "hold-out, to compare with"


def _was_unhappy(story: Story) -> bool:
    """The latest words of theirs that say anything."""
    for line in reversed(story.interactions):
        if line.author is Author.CUSTOMER and line.verdict and line.verdict.get("label") != Label.UNKNOWN.value:
            return line.verdict.get("label") == Label.NEGATIVE.value
    return False


def words_of(draft: Draft, found: Outreach, campaign: Campaign) -> str:
    """The variant's words in the customer's language, filled in; who else stands behind it is said."""
    first = draft.program.shop.languages[0]
    variant = next((one for one in campaign.variant if one.name == found.variant), campaign.variant[0])
    text = variant.words.get(draft.language) or variant.words[first]  # type: ignore[call-overload]
    values = {"name": draft.first_name, "item": found.item, "shop": draft.program.shop.name}
    for place, value in values.items():
        text = text.replace(f"{{{place}}}", value)
    text = " ".join(text.replace(" ,", ",").replace(" !", "!").split(" ")) if not draft.first_name else text
    if campaign.partner:
        text = f"{text}\n\n{draft.words('outreach-partner', shop=draft.program.shop.name, partner=campaign.partner)}"
    return str(text)


def _rows(draft: Draft, found: Outreach) -> Rows:
    yes = Button(draft.words("useful-yes"), f"useful:{found.id}:yes")
    no = Button(draft.words("useful-no"), f"useful:{found.id}:no")
    return ((yes, no), (Button(draft.words("no-more"), f"prefer:{OUTREACH}:no"),))


# ---------------------------------------------------------------- what came of it


def on_useful(draft: Draft, tapped: Tapped, rest: str) -> bool:
    """`useful:4711:yes`: one tap below a message of a campaign."""
    number, _, answer = rest.partition(":")
    found = next((one for one in draft.story.outreach if str(one.id) == number), None)
    if found is None or answer not in {"yes", "no"}:
        return False
    key = f"useful-{answer}"
    draft.log(Direction.IN, Author.CUSTOMER, "tap", draft.words(key), channel=tapped.sender.channel,
              name=draft.customer.name)  # fmt: skip
    if found.state in WATCHED:
        draft.put_outreach(replace(found, liked=answer == "yes"))
    if draft.bot_holds:
        draft.say(draft.words(f"{key}-thanks"))
    return True


def observe(draft: Draft, before: Story, payload: Payload) -> None:
    """What the customer just did, noted beside every outreach whose window is open; grave words pause all of it."""
    if draft.verdict and isinstance(payload, Said):
        _pause(draft, draft.verdict)
    for one in draft.story.outreach:
        if one.state in WATCHED:
            noted = _noted(draft, one, before, payload)
            if noted != one:
                draft.put_outreach(noted)


def _noted(draft: Draft, one: Outreach, before: Story, payload: Payload) -> Outreach:
    now, person = draft.now, draft.customer
    left = (person.opted_out_at and not before.customer.opted_out_at) or (
        OUTREACH in person.refused and OUTREACH not in before.customer.refused
    )
    if left:
        return replace(one, opted_out_at=one.opted_out_at or now)
    if isinstance(payload, OrderReported) and payload.type == "paid" and one.sent_at:
        if payload.occurred_at >= one.sent_at:
            return replace(one, bought_at=one.bought_at or payload.occurred_at)
    elif _speaks(payload):
        verdict = draft.verdict
        soured = bool(verdict and counts_unhappy(verdict, draft.program.escalate))
        return replace(one, answered_at=one.answered_at or now, unhappy_after=one.unhappy_after or soured)
    return one


def _speaks(payload: Payload) -> bool:
    if isinstance(payload, Said):
        return parse_command(payload.words) is None
    return isinstance(payload, Tapped) and payload.action.startswith(("useful:", "rate:", "clear:"))


def _pause(draft: Draft, verdict: Verdict) -> None:
    """Mourning, illness or danger, and anger: nothing is begun for a while. A person hears of it by the escalation."""
    rules = draft.program.outreach
    if Intent.SAFETY in verdict.intents:
        why = MOURNING if Intent.BEREAVEMENT in verdict.intents else "grave words"
        until = draft.now + rules.care
    elif verdict.label is Label.NEGATIVE and verdict.score <= ANGRY:
        why, until = ANGER, draft.now + rules.calm
    else:
        return
    known = draft.customer.care_until
    if known is None or until > known:
        draft.change_customer(care_until=until, care_why=why)


def on_outreach_closes(draft: Draft, due: OutreachCloses) -> None:
    """The window for an answer is over: from now on it counts."""
    found = find(draft, due.campaign, due.occasion)
    if found and found.state in WATCHED:
        goal = getattr(draft.house.campaigns.get(due.campaign), "goal", "answer")
        why = "reached its goal" if found.succeeded(goal) else "did not reach its goal"
        draft.put_outreach(
            replace(found, state=OutreachState.CLOSED, why=f"{HELD_WHY}: {why}" if found.is_held else why)
        )


def after_answer(draft: Draft, before: Story) -> None:
    """Once an ask is answered: the same place to tell others, whatever was said; and, once, whether more is welcome."""
    if not newly_answered(before, draft.story) or draft.customer.opted_out_at or draft.left_alone not in {"", ANGER}:
        return
    if link := draft.program.ask.review_link:
        draft.say(draft.words("review-link", link=link), log="review_link")
    invite(draft)


def on_campaign_stopped(draft: Draft, stopped: CampaignStopped) -> None:
    """Managers hear of it at once, in their own chat."""
    draft.tell_managers(draft.desk_words("staff-campaign-stopped", campaign=stopped.campaign, why=stopped.why))


def on_outreach_report(draft: Draft, report: DeliveryReported) -> None:
    """What never arrived counts for nothing."""
    if report.outcome in {"delivered", "waits"} or report.uncertain:
        return
    sent = [one for one in draft.story.outreach if one.state is OutreachState.SENT and one.channel == report.channel]
    if sent:
        draft.put_outreach(
            replace(sent[-1], state=OutreachState.SKIPPED, channel="", why=f"not delivered: {report.why}")
        )
