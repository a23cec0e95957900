"""`make corpus`: scores the reader on every labelled set beside two baselines, and writes docs/accuracy.md.

The locked set is scored only with `--locked`: it is for the end of a piece of work, not for tuning.
"""

import argparse
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from bot import reading
from nlp.reader import Reader
from tests.corpus import score
from tests.corpus.baselines import by_entities, by_words

HERE = Path(__file__).parent
DOC = HERE.parent.parent / "docs" / "accuracy.md"
SETS = {
    "dev": "59 messages that rules and training have seen",
    "fresh": "120 messages whose words nobody tuned on; thresholds were chosen on them",
    "locked": "120 more, scored rarely and never read",
}
FIGURES = (
    *("false_bill", "attendance", "session_exact", "group", "date", "start", "end", "mode", "must_ask_recall"),
    *("needless_asks_per_case", "note_f1", "note_precision", "note_spill", "trap_hits", "interventions"),
    *("group_note", "risk_f1", "endorsed_risk_seen"),
)


def cases_of(name: str) -> list[dict[str, Any]]:
    lines = (HERE / f"{name}.jsonl").read_text(encoding="utf-8").splitlines()
    return [json.loads(line) for line in lines if line.strip()]


def practices() -> dict[str, Any]:
    return {p.stem: json.loads(p.read_text(encoding="utf-8")) for p in (HERE / "practices").glob("*.json")}


def ours(cases: list[dict[str, Any]], known: dict[str, Any]) -> list[dict[str, Any]]:
    rosters = {name: reading.practice_from_json(json.dumps(p)) for name, p in known.items()}
    blind = (json.dumps({k: v for k, v in case.items() if k != "gold"}) for case in cases)
    return [json.loads(line) for line in reading.read_cases(Reader(), rosters, blind)]


READERS: dict[str, Callable[[list[dict[str, Any]], dict[str, Any]], list[dict[str, Any]]]] = {
    "Circlenote": ours,
    "spaCy NER + WRatio": by_entities,
    "words + rapidfuzz": by_words,
}


def figures(cases: list[dict[str, Any]], readings: list[dict[str, Any]]) -> dict[str, Any]:
    return score.report(score.score(cases, {r["id"]: r for r in readings}))


def table(name: str) -> str:
    cases, known = cases_of(name), practices()
    columns = {reader: figures(cases, read(cases, known)) for reader, read in READERS.items()}
    head = f"| figure | {' | '.join(columns)} |\n|---|{'---|' * len(columns)}"
    rows = [f"| {f} | {' | '.join(str(c[f]) for c in columns.values())} |" for f in FIGURES]
    return "\n".join((f"## {name}: {SETS[name]}", "", head, *rows, ""))


INTRODUCTION = """# How well it reads

Written by `make corpus`. What each figure means stands in `tests/corpus/README.md`; the two baselines are given the
group for free. `false_bill` and `trap_hits` are counts, the others are shares.
"""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--locked", action="store_true", help="the locked set as well")
    wanted = [name for name in SETS if name != "locked" or parser.parse_args().locked]
    text = "\n".join((INTRODUCTION, *(table(name) for name in wanted)))
    print(text)
    DOC.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
