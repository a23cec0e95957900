"""The specification: whole conversations, from what a clinician types down to claim lines."""

from pathlib import Path

import pytest

from bot.playground.evening import clock_of
from bot.playground.riverbend import riverbend
from bot.playground.script import played
from bot.playground.theatre import open_practice, set_stage
from nlp.reader import Reader

DIALOGUES = sorted((Path(__file__).parent / "dialogues").glob("*.txt"))


@pytest.mark.parametrize("path", DIALOGUES, ids=lambda p: p.stem)
def test_a_dialogue_goes_as_written(path: Path, reader: Reader, tmp_path: Path, rewrite: bool) -> None:
    script = path.read_text(encoding="utf-8")
    store = open_practice(tmp_path / "practice", riverbend())
    stage = set_stage(store, reader, clock_of(script))

    went = played(script, stage)
    store.close()

    if rewrite:
        path.write_text(went, encoding="utf-8")
    assert went == script
