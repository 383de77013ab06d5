"""The command `afterword`. Each command imports what it needs, when it needs it: `--help` answers at once."""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import Awaitable, Callable, Coroutine
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, NoReturn, TypeVar, cast

import typer

from bot.errors import AfterwordError, CustomerUnknown, Refused

if TYPE_CHECKING:
    from datetime import datetime

    from bot.domain.ids import CustomerId
    from bot.domain.reading import Mistakes
    from bot.ports import Clock, QueueRow
    from bot.program import Program
    from bot.settings import Settings
    from bot.wiring import Database, RunRole
    from sentiment import Scorer, Verdict

DONE, REFUSED, USAGE = 0, 1, 2
T = TypeVar("T")

app = typer.Typer(
    help="Afterword: the conversation after the purchase.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
agents = typer.Typer(help="Who takes cases and who reads summaries.", no_args_is_help=True)
customer = typer.Typer(help="One customer: show, export, forget, merge.", no_args_is_help=True)
figures = typer.Typer(help="Figures: what they mean, whether they are right, rows to take away.", no_args_is_help=True)
gifts = typer.Typer(help="What agents give: codes, the ledger, tasks of the back office.", no_args_is_help=True)
letters = typer.Typer(help="What could not be done: look, retry, drop.", no_args_is_help=True)
app.add_typer(agents, name="agents")
app.add_typer(customer, name="customer")
app.add_typer(figures, name="figures")
app.add_typer(gifts, name="gifts")
app.add_typer(letters, name="dead-letters")
program_ = typer.Typer(help="The relationship program: what it would do next, and why.", no_args_is_help=True)
campaigns = typer.Typer(help="Outreach: what runs, what came of it, one well-aimed message.", no_args_is_help=True)
app.add_typer(program_, name="program")
app.add_typer(campaigns, name="campaigns")

Json = Annotated[bool, typer.Option("--json", help="For other programs to read.")]
Who = Annotated[
    str, typer.Argument(metavar="ID", help="number, shop:<shop>/<id>, telegram:<id>, slack:<id> or an e-mail")
]


def main() -> None:
    """Run a command; what is refused on purpose ends with 1 and its reason, never with a traceback."""
    try:
        app()
    except Refused as error:
        refuse(str(error))
    except AfterwordError as error:
        refuse(f"{type(error).__name__}: {error}")
    except KeyboardInterrupt:
        sys.exit(130)
    except BrokenPipeError:
        sys.exit(DONE)


def refuse(words: str) -> NoReturn:
    """Say why not, on stderr, and end with 1."""
    sys.stderr.write(f"{words}\n")
    sys.exit(REFUSED)


def write(words: str) -> None:
    """A line for whoever reads the output."""
    sys.stdout.write(f"{words}\n")


def write_json(value: object) -> None:
    """One JSON value on one line."""
    write(json.dumps(value, ensure_ascii=False, default=str))


def everything() -> tuple[Settings, Program]:
    """Settings and program, checked."""
    from bot.program import load_program
    from bot.settings import load_settings

    settings = load_settings()
    return settings, load_program(settings.program_file)


def with_database(work: Callable[[Database, Clock, Program], Awaitable[T]]) -> T:
    """Open the database, do the work, close it."""

    async def go() -> T:
        from bot.runtime import logs
        from bot.wiring import open_database

        settings, program = everything()
        logs.configure("WARNING", settings.log_format)
        async with open_database(settings, program) as (database, clock):
            return await work(database, clock, program)

    return run_async(go())


def run_async(coroutine: Coroutine[Any, Any, T]) -> T:
    """Run to the end on one event loop."""
    return asyncio.run(coroutine)


def run_fast(coroutine: Coroutine[Any, Any, None]) -> None:
    """Run on uvloop where there is one: half the cost of every call."""
    try:
        import uvloop
    except ImportError:
        asyncio.run(coroutine)
        return
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(coroutine)


def reachable(database: Database) -> Database:
    """With the channels that these settings turn on, as the running program has them."""
    from bot.settings import load_settings
    from bot.wiring import configured_channels

    database.channels = configured_channels(load_settings())
    return database


async def known(database: Database, name: str) -> CustomerId:
    """The customer who answers to `name`, or a refusal."""
    found = await database.find_customer(name)
    if found is None:
        raise CustomerUnknown(f"No customer answers to {name!r}.", "Try `afterword customer show` with their e-mail.")
    return found


# ---------------------------------------------------------------- running


@app.command()
def run(role: Annotated[str, typer.Option(help="all, edge or worker")] = "all") -> None:
    """Start Afterword and keep it running."""
    if role not in {"all", "edge", "worker"}:
        raise typer.BadParameter(f"{role!r} is not a role; allowed: all, edge, worker", param_hint="--role")
    from bot.commands.running import run_program

    settings, program = everything()
    run_fast(run_program(settings, program, cast("RunRole", role)))


@app.command()
def demo(
    headless: Annotated[bool, typer.Option("--headless", help="Tell the story here, without a browser.")] = False,
    port: Annotated[int, typer.Option(help="Where the pages are; 0 = any free port.")] = 8080,
) -> None:
    """Watch a small shop play itself: ask, reply, verdict, escalation, agent, resolution, summary."""
    from bot.commands.playing import play

    run_async(play(headless=headless, port=port))


@app.command()
def doctor() -> None:
    """Check settings, database, tokens and the bot's rights in its desk."""
    from bot.commands.running import examine

    settings, program = everything()
    problems = run_async(examine(settings, program, write))
    if problems:
        refuse("\n".join(["", *(f"✗ {problem}" for problem in problems)]))
    write("All well.")


@app.command(name="migrate")
def migrate_() -> None:
    """Bring the database to the newest schema."""
    from bot.wiring import migrate

    settings, _ = everything()
    run_async(migrate(settings.database_url))
    write("The database is up to date.")


# ---------------------------------------------------------------- orders


@app.command()
def import_orders(
    file: Annotated[Path, typer.Argument(help="CSV, Shopify's export, or JSON lines")],
    shop: Annotated[str, typer.Option(help="The shop's name, where the file doesn't say.")] = "main",
) -> None:
    """Take orders in from a file. Safe to repeat: what is known already changes nothing."""
    if not file.is_file():
        raise Refused(f"{file} is not a file.", "Give the path of a CSV or JSON lines file.")

    from bot.commands.importing import import_file
    from bot.runtime import logs

    settings, program = everything()
    logs.configure("WARNING", settings.log_format)
    if not run_async(import_file(settings, program, file, shop)):
        sys.exit(REFUSED)


@app.command()
def link(who: Who) -> None:
    """A customer's deep link for each channel, with a QR code to show."""

    async def work(database: Database, clock: Clock, program: Program) -> str:
        number = await known(database, who)
        return await database.link_token(number, clock.now(), clock.now() + program.link.expires_after)

    from bot.commands.running import links_for

    settings, program = everything()
    links = run_async(links_for(settings, program, with_database(work)))
    import segno

    for name, address in links.items():
        write(f"{name}: {address}")
        segno.make(address, micro=False).terminal(out=sys.stdout, compact=True)


# ---------------------------------------------------------------- people of the shop


def _identity(text: str) -> tuple[str, str]:
    from bot.settings import parse_identities

    found = parse_identities(text, "The identity")
    if len(found) != 1:
        raise typer.BadParameter(f"{text!r} is not one identity; allowed: telegram:12345, slack:U0ABC")
    return found[0]


Manager = Annotated[bool, typer.Option("--manager", help="A manager: reads summaries.")]


@agents.command("add")
def agents_add(
    identity: Annotated[str, typer.Argument(help="telegram:12345 or slack:U0ABC")],
    name: Annotated[str, typer.Option(help="The name that customers read.")] = "",
    manager: Manager = False,
    languages: Annotated[str | None, typer.Option(help="What they speak: de,fr")] = None,
    skills: Annotated[str | None, typer.Option(help="What they know about: returns,delivery")] = None,
) -> None:
    """Give somebody the role of an agent (or manager)."""
    from bot.domain.staff import Role

    channel, external = _identity(identity)
    role = Role.MANAGER if manager else Role.AGENT

    async def work(database: Database, _clock: Clock, _program: Program) -> None:
        await database.seat(channel, external, role, name)
        await database.describe(channel, external, languages, skills)

    with_database(work)
    write(f"{identity} is {'a manager' if manager else 'an agent'} now.")


@agents.command("list")
def agents_list(as_json: Json = False) -> None:
    """Everybody of the shop."""

    async def work(database: Database, clock: Clock, program: Program) -> None:
        from bot.commands.showing import agent_entry, agent_line

        now = clock.now()
        for person in await database.staff():
            if as_json:
                write_json(agent_entry(person, program, now))
            else:
                write(agent_line(person, program, now))

    with_database(work)


@agents.command("remove")
def agents_remove(identity: Annotated[str, typer.Argument(help="telegram:12345 or slack:U0ABC")]) -> None:
    """Take every role from somebody."""
    channel, external = _identity(identity)
    if not with_database(lambda database, _clock, _program: database.unseat(channel, external)):
        raise Refused(f"{identity} has no role.", "`afterword agents list` shows everybody.")
    write(f"{identity} has no role any more.")


# ---------------------------------------------------------------- reading


Period = Annotated[str, typer.Option("--period", help="today, 7d, 30d or 90d")]
Since = Annotated[str, typer.Option("--from", metavar="DAY", help="a time of your own: its first day, 2026-11-01")]
Until = Annotated[str, typer.Option("--to", metavar="DAY", help="and its last day")]


@app.command()
def summary(
    period: Period = "7d",
    since: Since = "",
    until: Until = "",
    by: Annotated[str, typer.Option(help="a table by product, channel, tier, level or campaign")] = "",
    as_json: Json = False,
) -> None:
    """How customers feel, and what was done about it."""

    async def work(database: Database, clock: Clock, program: Program) -> None:
        from bot.commands.figuring import period_of, table_words
        from bot.domain.figures.period import DAYS
        from bot.runtime.reports import Reports, summary_words

        if period not in DAYS:
            raise typer.BadParameter(f"{period!r} is not a period; allowed: {', '.join(DAYS)}")
        reports = Reports(database, program, clock, str)
        chosen = period_of(reports.figures, program, period, since, until)
        if by:
            write(await table_words(reports.figures, chosen, by))
            return
        told = await reports.summary(chosen)
        if told is not None:
            write_json(told.as_json()) if as_json else write(summary_words(told, program))

    with_database(work)


@figures.command("list")
def figures_list(markdown: Annotated[bool, typer.Option(help="the page docs/figures.md")] = False) -> None:
    """What every figure means."""
    from bot.commands.figuring import definitions_words, page

    write(page().rstrip("\n") if markdown else definitions_words())


@figures.command("repair")
def figures_repair(
    check: Annotated[bool, typer.Option("--check", help="only compare; 1 when something differs")] = False,
) -> None:
    """Count everything again from the rows and put right what differs. Safe while the program runs."""
    from bot.commands.figuring import proof_words

    proof = with_database(lambda database, _clock, _program: database.repair_figures(correct=not check))
    write(proof_words(proof, corrected=not check))
    if check and proof.wrong:
        sys.exit(REFUSED)


@figures.command("export")
def figures_export(
    figure: Annotated[str, typer.Argument(metavar="FIGURE", help="its key, as `figures list` shows it; or topic:NAME")],
    period: Period = "30d",
    since: Since = "",
    until: Until = "",
    form: Annotated[str, typer.Option("--format", help="csv or parquet")] = "csv",
    out: Annotated[Path | None, typer.Option(help="a file; CSV goes to the screen without one")] = None,
) -> None:
    """The rows behind a figure, one a line; nobody is named in them."""

    async def work(database: Database, clock: Clock, program: Program) -> None:
        from bot.commands.figuring import export, period_of
        from bot.runtime.figures import Figures

        chosen = period_of(Figures(database, program, clock), program, period, since, until)
        write(await export(database, figure, chosen, form, out))

    with_database(work)


@app.command()
def queue(as_json: Json = False) -> None:
    """Open cases, most urgent first."""

    async def work(database: Database, clock: Clock, program: Program) -> None:
        from bot.runtime.reports import queue_words

        now = clock.now()
        rows = await database.queue(now)
        if not as_json:
            write(queue_words(rows, now, program.shop.languages[0], program.shop.zone))
            return
        write_json([queue_entry(row, now, program.shop.languages[0]) for row in rows])

    with_database(work)


def queue_entry(row: QueueRow, now: datetime, language: str = "en") -> dict[str, Any]:
    """A case as the outer interface writes it, with what is promised and what was broken."""
    from bot.runtime.reports import urgency_of

    return {
        "case": row.case,
        "customer": row.customer,
        "name": row.name,
        "state": row.state,
        "owner": row.owner,
        "reasons": list(dict.fromkeys(row.reasons)),
        "priority": row.priority,
        "waiting_s": max(0, round((now - row.waiting_since).total_seconds())),
        "desk": row.desk,
        "why": urgency_of(row, now, language),
        "promise": row.promise or None,
        "due_at": row.due_at.isoformat() if row.due_at else None,
        "late": row.due_at is not None and now >= row.due_at,
        "breaches": list(row.breaches),
        "offer": row.offer or None,
    }


@app.command(
    help="What a customer's words say, and which words say it.\n\n"
    "`score evaluate FILE.tsv` measures it on labelled replies, beside TextBlob and VADER; "
    "`score calibrate [FILE.tsv]` finds your thresholds; `score corrections` writes what agents corrected, and with "
    "`--measure` how often the reader was wrong."
)
def score(
    texts: Annotated[list[str], typer.Argument(help="texts; - reads one a line from stdin")],
    as_json: Json = False,
    scorer: Annotated[str, typer.Option(help="reader, rules or textblob")] = "",
    false_alarms: Annotated[
        float, typer.Option(min=0.005, max=0.5, help="calibrate: share of content customers taken for unhappy")
    ] = 0.08,
    measure: Annotated[bool, typer.Option("--measure", help="corrections: how often the reader was wrong")] = False,
) -> None:
    """Read texts, or measure and calibrate the reading."""
    from sentiment import SCORERS, named_scorer

    if scorer and scorer not in SCORERS:
        raise typer.BadParameter(f"{scorer!r} is no scorer; allowed: {', '.join(SCORERS)}", param_hint="--scorer")
    chosen = named_scorer(scorer or "reader")
    verb, files = texts[0], texts[1:]
    if measure and texts != ["corrections"]:
        raise typer.BadParameter("it goes with: score corrections", param_hint="--measure")
    if texts == ["corrections"]:
        score_measured(chosen, as_json=as_json) if measure else score_corrections()
    elif verb == "evaluate" and len(files) == 1:
        score_evaluate(Path(files[0]), chosen, as_json=as_json)
    elif verb == "calibrate" and len(files) <= 1:
        score_calibrate(Path(files[0]) if files else None, chosen, false_alarms, as_json=as_json)
    else:
        lines = [line.rstrip("\r\n") for line in sys.stdin] if texts == ["-"] else texts
        for start in range(0, len(lines), 256):
            for verdict in chosen.score(lines[start : start + 256]):
                write_json(verdict.as_json()) if as_json else write(explain(verdict))


def score_corrections() -> None:
    """What agents corrected, as a labelled file."""
    from bot.commands.correcting import as_labelled, corrections

    async def work(database: Database, _clock: Clock, _program: Program) -> str:
        return as_labelled(await corrections(database))

    sys.stdout.write(with_database(work))


def score_measured(scorer: Scorer, *, as_json: bool) -> None:
    """How often the reader was wrong, as agents corrected it; a table, or one object a line."""
    from bot.commands.correcting import measured, row_as_json, show

    async def work(database: Database, _clock: Clock, _program: Program) -> list[Mistakes]:
        return await measured(database, scorer)

    rows = with_database(work)
    if as_json:
        for row in rows:
            write_json(row_as_json(row))
    else:
        show(rows, scorer.name)


def score_evaluate(path: Path, scorer: Scorer, *, as_json: bool) -> None:
    """The table of figures, or one object a line."""
    from bot.commands import scoring
    from bot.program import Escalate

    rows = scoring.evaluate(path, scorer, Escalate())
    if as_json:
        for row in rows:
            write_json(scoring.as_json(row))
    else:
        scoring.show(rows, path.name)


def score_calibrate(path: Path | None, scorer: Scorer, alarms: float, *, as_json: bool) -> None:
    """Thresholds for the program file, from labelled replies or from the model's own figures."""
    from dataclasses import asdict

    from bot.commands import scoring

    if path is None:
        write(scoring.tell_default(alarms))
        return
    advice = scoring.advise(path, scorer, alarms)
    write_json(asdict(advice)) if as_json else write(scoring.tell(advice, alarms))


def explain(verdict: Verdict) -> str:
    """A verdict in readable lines."""
    text = verdict.text
    head = f"{verdict.label.value}  score {verdict.score:+.2f}  unhappy {verdict.unhappy:.2f}"
    lines = [text, f"  {head}  confidence {verdict.confidence:.2f}"]
    if verdict.rating:
        doubt = ", but the words say otherwise" if verdict.contradiction else ""
        lines.append(f"  rating {verdict.rating} of 5{doubt}")
    lines += [f"  {e.weight:+.2f}  “{text[e.start : e.end]}”" for e in verdict.evidence]
    if verdict.intents:
        lines.append("  wants: " + ", ".join(intent.value for intent in verdict.intents))
    if verdict.topics:
        lines.append("  about: " + ", ".join(f"{t.topic} {t.score:+.2f}" for t in verdict.topics))
    lines.append(f"  language {verdict.language or 'unknown'}, by {verdict.scorer}")
    return "\n".join(lines)


# ---------------------------------------------------------------- one customer


@customer.command("show")
def customer_show(who: Who, as_json: Json = False) -> None:
    """Who a customer is, in short."""

    async def work(database: Database, clock: Clock, program: Program) -> None:
        from bot.commands.showing import show_customer

        number = await known(database, who)
        data = await database.export(number)
        story = await database.story(number, clock.now())
        if data is None or story is None:
            raise CustomerUnknown(f"No customer answers to {who!r}.")
        write_json(data) if as_json else write(
            show_customer(data, story, program, await database.rfm(number, clock.now()))
        )

    with_database(work)


@customer.command("export")
def customer_export(
    who: Annotated[str, typer.Argument(metavar="ID", help="as in `customer show`")] = "",
    everybody: Annotated[bool, typer.Option("--all", help="A line per customer.")] = False,
) -> None:
    """Everything about a customer, as JSON."""
    if bool(who) == everybody:
        raise typer.BadParameter("give one ID, or --all")

    async def work(database: Database, _clock: Clock, _program: Program) -> None:
        numbers = await database.customers() if everybody else [await known(database, who)]
        for number in numbers:
            data = await database.export(number)
            if data is not None:
                write_json(data)
            elif not everybody:
                raise CustomerUnknown(f"No customer answers to {who!r}.")

    with_database(work)


@customer.command("forget")
def customer_forget(who: Who, yes: Annotated[bool, typer.Option("--yes", help="Don't ask again.")] = False) -> None:
    """Erase a person for good."""
    if not yes and sys.stdin.isatty():
        typer.confirm(f"Erase everything about {who}? This can't be undone.", abort=True)

    async def work(database: Database, clock: Clock, _program: Program) -> None:
        await database.forget(await known(database, who), clock.now(), b"")

    with_database(work)
    write(f"{who} is erased.")


@customer.command("merge")
def customer_merge(kept: Who, merged: Annotated[str, typer.Argument(metavar="OTHER", help="moves into ID")]) -> None:
    """Two records are one person: OTHER's story moves to ID."""

    async def work(database: Database, clock: Clock, _program: Program) -> None:
        one, other = await known(database, kept), await known(database, merged)
        if one == other:
            raise Refused(f"{kept} and {merged} are the same customer already.")
        await database.merge(one, other, clock.now())

    with_database(work)
    write(f"{merged} is {kept} now. `afterword customer unmerge` takes it back.")


@customer.command("unmerge")
def customer_unmerge(who: Who) -> None:
    """Take the last merge back."""

    async def work(database: Database, clock: Clock, _program: Program) -> int:
        return await database.unmerge(await known(database, who), clock.now())

    write(f"Customer {with_database(work)} stands alone again.")


# ---------------------------------------------------------------- what agents give


@gifts.command("import")
def gifts_import(
    file: Annotated[Path, typer.Argument(help="one code a line, or CSV with a column `code`")],
    amount: Annotated[str, typer.Option(help="what each code is worth, for example 20")],
    currency: Annotated[str, typer.Option(help="for example EUR; else that of the program")] = "",
    expires: Annotated[str, typer.Option(help="the last day on which they can be used, for example 2027-06-30")] = "",
) -> None:
    """Take single-use codes into the pool. Safe to repeat: what is known already changes nothing."""
    from bot.commands.giving import import_codes

    settings, program = everything()
    _ = settings
    bring = import_codes(file, amount, currency, expires, program)
    done = with_database(lambda database, clock, _program: bring(database, clock.now()))
    write(done.words)
    if done.differing:
        refuse(done.differing)


@gifts.command("list")
def gifts_list(
    as_json: Json = False,
    month: Annotated[str, typer.Option(help="as 2026-11; else this month")] = "",
) -> None:
    """The ledger of a month: what was given, what each agent has spent, what the pool holds."""
    from bot.commands import giving

    async def work(database: Database, clock: Clock, program: Program) -> None:
        ledger = await giving.read_ledger(database, program, clock.now(), month)
        write_json(giving.ledger_json(ledger)) if as_json else write(giving.ledger_words(ledger))

    with_database(work)


@gifts.command("tasks")
def gifts_tasks(as_json: Json = False) -> None:
    """Cards and upgrades that agents asked the back office for."""
    from bot.commands.giving import task_words
    from bot.domain.gesture import gesture_entry

    for task in with_database(lambda database, _clock, _program: database.gesture_tasks()):
        write_json({**gesture_entry(task), "customer": task.customer}) if as_json else write(task_words(task))


@gifts.command("done")
def gifts_done(task: Annotated[int, typer.Argument(metavar="ID", help="as `gifts tasks` shows it")]) -> None:
    """The back office did it."""
    if not with_database(lambda database, clock, _program: database.finish_task(task, clock.now())):
        raise Refused(f"There is no open task {task}.", "`afterword gifts tasks` shows them.")
    write(f"Task {task} is done.")


# ---------------------------------------------------------------- the relationship program


@program_.command("preview")
def program_preview(
    days: Annotated[int, typer.Option(min=1, max=60, help="how far ahead")] = 7, as_json: Json = False
) -> None:
    """Who would get what in the next days, and who would not, and why. Nothing is sent or planned."""
    from bot.commands import programming

    async def work(database: Database, clock: Clock, _program: Program) -> None:
        found = await programming.foresee(reachable(database), clock.now(), days)
        write_json(programming.preview_json(found)) if as_json else write(programming.preview_words(found))

    with_database(work)


@program_.command("top")
def program_top(as_json: Json = False) -> None:
    """Who counts as the best customers, and how that comes about."""
    from bot.commands import programming

    async def work(database: Database, clock: Clock, program: Program) -> None:
        found = (await database.ranking(clock.now())).explained()
        write_json(programming.top_json(found)) if as_json else write(programming.top_words(found, program))

    with_database(work)


@program_.command("why")
def program_why(
    who: Who,
    as_json: Json = False,
    last: Annotated[int, typer.Option(min=1, help="how many lines")] = 100,
) -> None:
    """Why a customer got something, or did not: each step with its reason, oldest first."""
    from bot.commands import programming
    from bot.domain.why import why_entry

    async def work(database: Database, _clock: Clock, program: Program) -> None:
        for line in await database.why(await known(database, who), last):
            write_json(why_entry(line)) if as_json else write(programming.why_words(line, program))

    with_database(work)


@program_.command("level")
def program_level(
    who: Who, level: Annotated[str, typer.Argument(help="a level, or `program` = as the program says")]
) -> None:
    """Set how far the relationship with one customer goes."""
    _ask_step(who, "level", level="" if level == "program" else level)


@program_.command("segments")
def program_segments(
    who: Who, segments: Annotated[str, typer.Argument(help="words between commas; nothing = none")] = ""
) -> None:
    """Set what groups a customer belongs to, for example business."""
    _ask_step(who, "segments", segments=segments)


@program_.command("charge")
def program_charge(
    who: Who, staff: Annotated[str, typer.Argument(help="telegram:12345, slack:U0ABC; nothing = nobody")] = ""
) -> None:
    """Put a named person in charge of a customer."""
    _ask_step(who, "charge", staff=staff)


def _ask_step(who: str, step: str, **arguments: str) -> None:
    """Through the journal, like everything: checked now, done in the customer's own lane, logged in `program why`."""
    from bot.commands.programming import ask_step

    settings, program = everything()
    write(run_async(ask_step(settings, program, who, step, arguments)))


Name = Annotated[str, typer.Argument(metavar="NAME", help="as `campaigns list` shows it")]


@campaigns.command("list")
def campaigns_list(as_json: Json = False) -> None:
    """Every campaign: for whom, when, how far it is."""
    from bot.commands import programming

    for row in with_database(lambda database, _clock, _program: database.campaigns()):
        write_json(programming.campaign_json(row)) if as_json else write(programming.campaign_words(row))


@campaigns.command("report")
def campaigns_report(name: Name, as_json: Json = False) -> None:
    """Each wording beside the hold-out, with 95 % intervals."""
    from bot.commands import programming

    row = with_database(lambda database, _clock, _program: programming.campaign(database, name))
    write_json(programming.campaign_json(row)) if as_json else write(programming.report_words(row))


@campaigns.command("stop")
def campaigns_stop(name: Name, why: Annotated[str, typer.Option(help="for whoever asks later")] = "by hand") -> None:
    """Nothing more of it goes out, from now on."""
    from bot.commands import programming

    write(with_database(lambda database, clock, _program: programming.stop(database, name, why, clock.now())))


@campaigns.command("start")
def campaigns_start(name: Name) -> None:
    """Start a stopped one again; what happened before is not held against it."""
    from bot.commands import programming

    write(with_database(lambda database, clock, _program: programming.start(database, name, clock.now())))


@campaigns.command("send")
def campaigns_send(
    file: Annotated[Path, typer.Argument(help="a TOML file with the keys of one [[campaign]]")],
    yes: Annotated[bool, typer.Option("--yes", help="Send it. Without this, only show to whom.")] = False,
    as_json: Json = False,
) -> None:
    """Seize the moment: one message to the people concerned, inside all limits.

    Shows first how many would get it, and why the others would not.
    """
    from bot.commands import programming

    _, program = everything()
    raw = programming.read_campaign(file, program)

    async def work(database: Database, clock: Clock, program: Program) -> None:
        found = await programming.send(reachable(database), program, clock.now(), raw, sure=yes)
        write_json(programming.preview_json(found)) if as_json else write(programming.preview_words(found))
        if not as_json:
            write("It is on its way." if yes else "Nothing was sent. Add --yes to send it.")

    with_database(work)


# ---------------------------------------------------------------- dead letters


@letters.command("list")
def letters_list(as_json: Json = False) -> None:
    """What could not be done, newest first."""
    for letter in with_database(lambda database, _clock, _program: database.dead_letters()):
        row = {
            "id": letter.id,
            "kind": letter.kind,
            "customer": letter.customer,
            "at": letter.at.isoformat(),
            "why": letter.why,
            "text": letter.text,
        }
        write_json(row) if as_json else write("\t".join(str(value) for value in row.values()))


One = Annotated[str, typer.Argument(metavar="ID", help="as the list shows it; nothing = all of them")]


@letters.command("retry")
def letters_retry(which: One = "") -> None:
    """Try again."""
    number = with_database(lambda database, _clock, _program: database.retry_dead_letter(which or None))
    _told(number, which, "will be tried again")


@letters.command("drop")
def letters_drop(which: One = "") -> None:
    """Give up for good."""
    number = with_database(lambda database, _clock, _program: database.drop_dead_letter(which or None))
    _told(number, which, "given up")


def _told(number: int, which: str, what: str) -> None:
    if which and not number:
        raise Refused(f"There is no dead letter {which}.", "`afterword dead-letters list` shows them.")
    write(f"{number} {what}.")
