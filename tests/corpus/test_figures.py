"""The reader on the labelled messages that rules may be tuned on: figures that must not be fallen below."""

import json
from pathlib import Path

import pytest

from bot.reading import practice_from_json, read_cases
from nlp.reader import Reader
from tests.corpus.score import report, score

HERE = Path(__file__).parent
FLOORS = {
    "session_exact": 0.9,
    "attendance": 0.95,
    "must_ask_recall": 0.95,
    "note_f1": 0.88,
    "note_precision": 0.95,
    "risk_f1": 0.9,
    "interventions": 0.85,
}


@pytest.fixture(scope="module")
def figures(reader: Reader) -> dict[str, float]:
    lines = (HERE / "dev.jsonl").read_text(encoding="utf-8").splitlines()
    rosters = {p.stem: practice_from_json(p.read_text(encoding="utf-8")) for p in (HERE / "practices").glob("*.json")}
    readings = {r["id"]: r for r in map(json.loads, read_cases(reader, rosters, lines))}
    return report(score([json.loads(line) for line in lines], readings))


def test_nobody_is_read_as_present_who_was_not(figures: dict[str, float]):
    assert figures["false_bill"] == 0


@pytest.mark.parametrize("name", FLOORS)
def test_no_figure_falls_below_its_floor(figures: dict[str, float], name: str):
    assert figures[name] >= FLOORS[name]


def test_nothing_is_asked_needlessly(figures: dict[str, float]):
    assert figures["needless_asks_per_case"] <= 0.05
