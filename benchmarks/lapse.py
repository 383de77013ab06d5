"""When customers buy again, and who never does: our small model beside naive guesses, on what came after.

The past of every customer up to a day is shown, the time after it is judged: how many days the predicted next purchase
is off, and how well the risk of a lapse ranks and weighs those who did not come in the next 90 days. `python -m
benchmarks.lapse` draws three shops of different kinds; `--data FILE.csv` (columns customer, date as 2026-11-30) takes a
real one. Ends with 0 only if ours foresees purchases as well as the best naive guess, and ranks lapses nearly so.
"""

from __future__ import annotations

import argparse
import csv
import os
import platform
import random
import sys
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from itertools import pairwise
from pathlib import Path
from statistics import fmean, median

from bot.domain.habit import History, Rhythm, learn

Days = list[float]
HORIZON = 90.0
YEAR = 365.0
TOLERANCE = 0.02
SHORTFALL = 0.06
"""How much worse lapses may be ranked: the model knows no clockwork, where the days that are missing say everything."""


@dataclass(frozen=True, slots=True)
class Shop:
    """`past` of each customer until `now`, and the days on which they bought after it."""

    name: str
    now: float
    past: Sequence[Days]
    future: Sequence[Days]

    def histories(self) -> list[History]:
        """As the program sees them."""
        return [history_of(days) for days in self.past]


def history_of(days: Days) -> History:
    """Several purchases on one day are one."""
    return History(len({int(day) for day in days}) - 1, days[0], days[-1])


def split(name: str, lives: Iterable[Days], now: float) -> Shop:
    """Only who bought before `now` is known then."""
    known = [sorted(days) for days in lives if min(days) < now]
    past = [[day for day in days if day < now] for days in known]
    return Shop(name, now, past, [[day for day in days if day >= now] for days in known])


# ---------------------------------------------------------------- shops


def coming_and_going(count: int, rng: random.Random) -> Iterable[Days]:
    """As the model believes the world is: at random, at a rate of one's own, until one leaves."""
    for _ in range(count):
        rate, leaves = rng.gammavariate(0.8, 1 / 45), rng.betavariate(0.8, 2.5)
        day = rng.uniform(0, YEAR)
        life = [day]
        while rng.random() > leaves:
            day += rng.expovariate(rate)
            if day > 2 * YEAR:
                break
            life.append(day)
        yield life


def like_clockwork(count: int, rng: random.Random) -> Iterable[Days]:
    """Refills: everybody at a pace of their own, some stop."""
    for _ in range(count):
        gap, day = rng.uniform(20, 75), rng.uniform(0, YEAR)
        life = [day]
        while rng.random() > 0.07:
            day += max(2.0, rng.gauss(gap, gap * 0.15))
            if day > 2 * YEAR:
                break
            life.append(day)
        yield life


def by_season(count: int, rng: random.Random) -> Iterable[Days]:
    """Gifts: mostly around the same weeks each year, which no rhythm of ours knows of."""
    for _ in range(count):
        life = [rng.uniform(0, YEAR)]
        for year in (0, 1):
            if rng.random() < 0.6:
                life.append(year * YEAR + rng.gauss(340, 12))
            if rng.random() < 0.15:
                life.append(rng.uniform(year * YEAR, year * YEAR + YEAR))
        yield [day for day in life if 0 <= day < 2 * YEAR]


def read(path: Path) -> Shop:
    """A real shop; the last third of its time is what is to be foreseen."""
    lives: defaultdict[str, Days] = defaultdict(list)
    with path.open(encoding="utf-8-sig", newline="") as file:
        for row in csv.DictReader(file):
            day = datetime.combine(date.fromisoformat(row["date"]), datetime.min.time(), tzinfo=UTC)
            lives[row["customer"]].append(day.timestamp() / 86400)
    days = [day for life in lives.values() for day in life]
    return split(path.stem, lives.values(), min(days) + (max(days) - min(days)) * 2 / 3)


# ---------------------------------------------------------------- guesses


def own_gaps(days: Days) -> list[float]:
    """Days between one's purchases."""
    return [later - earlier for earlier, later in pairwise(days) if later - earlier >= 1.0]


def next_guesses(shop: Shop, rhythm: Rhythm) -> dict[str, Callable[[Days], float]]:
    """Ours, and what anybody would try first."""
    shops = median([gap for days in shop.past for gap in own_gaps(days)])
    return {
        "ours": lambda days: (
            rhythm.habit(History(len({int(day) for day in days}) - 1, days[0], days[-1]), shop.now).next_day
        ),
        "the shop's usual gap": lambda days: days[-1] + shops,
        "their last gap": lambda days: days[-1] + (own_gaps(days) or [shops])[-1],
    }


def lapse_guesses(shop: Shop, rhythm: Rhythm) -> dict[str, Callable[[Days], float]]:
    """A number that is higher for who is likelier not to come any more."""
    shops = median([gap for days in shop.past for gap in own_gaps(days)])
    return {
        "ours": lambda days: 1 - rhythm.comes(history_of(days), shop.now, HORIZON),
        "days since the last": lambda days: shop.now - days[-1],
        "in their own gaps": lambda days: (shop.now - days[-1]) / fmean(own_gaps(days) or [shops]),
    }


def area(scores: Sequence[float], came: Sequence[bool]) -> float:
    """The chance that somebody who stayed away has a higher score than somebody who came (AUC)."""
    ranked = sorted(zip(scores, came, strict=True))
    places: defaultdict[float, list[int]] = defaultdict(list)
    for place, (score, _) in enumerate(ranked, start=1):
        places[score].append(place)
    away = [fmean(places[score]) for score, there in ranked if not there]
    here = len(ranked) - len(away)
    return (sum(away) - len(away) * (len(away) + 1) / 2) / (len(away) * here) if away and here else float("nan")


def judge(shop: Shop) -> list[str]:
    """Print a shop's lines; returns where ours is worse than a naive guess."""
    rhythm = learn(shop.histories(), shop.now)
    if rhythm is None:
        return [f"{shop.name}: too few customers come back to learn anything"]
    regular = [
        (days, after[0]) for days, after in zip(shop.past, shop.future, strict=True)
        if len(own_gaps(days)) >= 2 and after and after[0] - days[-1] >= 1.0
    ]  # fmt: skip
    came = [bool(after) and after[0] < shop.now + HORIZON for after in shop.future]
    print(f"\n{shop.name}: {len(shop.past):,} customers, {sum(came):,} came within {HORIZON:.0f} days; {rhythm}")
    off = {
        name: median(abs(max(guess(days), shop.now) - day) for days, day in regular)
        for name, guess in next_guesses(shop, rhythm).items()
    }
    ranks = {
        name: area([guess(days) for days in shop.past], came) for name, guess in lapse_guesses(shop, rhythm).items()
    }
    for name, days in off.items():
        print(f"  next purchase, {name:<22} {days:6.1f} days off (median of {len(regular):,})")
    for name, share in ranks.items():
        print(f"  lapse, {name:<30} AUC {share:.3f}")
    chances = [rhythm.comes(history_of(days), shop.now, HORIZON) for days in shop.past]
    print(f"  expected to come {sum(chances):,.0f}, came {sum(came):,}")
    problems = []
    if off["ours"] > min(days for name, days in off.items() if name != "ours") * (1 + 2 * TOLERANCE):
        problems.append(f"{shop.name}: the next purchase is foreseen worse than by {min(off, key=lambda n: off[n])}")
    if ranks["ours"] < max(share for name, share in ranks.items() if name != "ours") - SHORTFALL:
        problems.append(f"{shop.name}: lapses are ranked worse than by {max(ranks, key=lambda n: ranks[n])}")
    return problems


def main() -> None:
    """Print the tables; end with 0 only when ours holds everywhere."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--customers", type=int, default=4000)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--data", type=Path, action="append", default=[])
    options = parser.parse_args()
    cores, python = os.cpu_count(), platform.python_version()
    print(f"{datetime.now(UTC):%Y-%m-%d}, {cores} cores, {platform.machine()}, Python {python}")
    rng = random.Random(options.seed)
    kinds = {"coming and going": coming_and_going, "like clockwork": like_clockwork, "by season": by_season}
    shops = [split(name, make(options.customers, rng), YEAR * 1.3) for name, make in kinds.items()]
    problems = [problem for shop in (*shops, *map(read, options.data)) for problem in judge(shop)]
    for problem in problems:
        print(f"✗ {problem}")
    print("" if problems else "\nOurs holds everywhere.")
    sys.exit(1 if problems else 0)


if __name__ == "__main__":
    main()
