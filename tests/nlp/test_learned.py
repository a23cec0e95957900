"""The learned part: it never sees a name, says nothing that it is not sure of, and is made again the same."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from billing.records import Presence
from nlp.learned.judge import MODEL, Judge, Thresholds
from nlp.learned.labelled import Case, cases_in, rosters_in
from nlp.learned.lessons import Lesson, lesson_of
from nlp.learned.lexicon import Lexicon
from nlp.learned.network import load, save
from nlp.learned.seen import SEEN
from nlp.learned.train import trained
from nlp.learned.views import EXTRA
from nlp.pipeline import Pipeline
from nlp.rosters import pronouns

CORPUS = Path(__file__).parents[1] / "corpus"


@pytest.fixture(scope="module")
def cases() -> list[Case]:
    return list(cases_in(CORPUS / "dev.jsonl", rosters_in(CORPUS / "practices")))[:12]


@pytest.fixture(scope="module")
def lessons(cases: list[Case]) -> list[Lesson]:
    pipeline, lexicon = Pipeline(), Lexicon(MODEL / "words.npz")
    return [lesson_of(case, pipeline, lexicon) for case in cases]


def test_the_spelling_of_a_name_is_hidden(lessons: list[Lesson]):
    for lesson in lessons:
        for mention in lesson.scene.mentions:
            kinds = {m.kind for m in lesson.scene.mentions if m.first == mention.first}
            same = [m.first for m in lesson.scene.mentions if m.kind in kinds]
            assert len({tuple(lesson.view.seen.ids[i]) for i in same}) == 1


def test_the_same_lessons_and_seed_give_the_same_weights(lessons: list[Lesson], tmp_path: Path):
    for name in ("one", "other"):
        (tmp_path / name).mkdir()
        save([trained(lessons, seed=3, epochs=1)], tmp_path / name)
    with np.load(tmp_path / "one" / "weights.npz") as one, np.load(tmp_path / "other" / "weights.npz") as other:
        assert all(np.array_equal(one[key], other[key]) for key in one.files)


def test_weights_are_read_as_they_were_written(lessons: list[Lesson], tmp_path: Path):
    network = trained(lessons, seed=3, epochs=1)
    save([network], tmp_path)
    (again,) = load(tmp_path, SEEN, EXTRA)
    layers = zip(network.layers, again.layers, strict=True)
    assert all(np.allclose(a.get_param("W"), b.get_param("W"), atol=1e-2) for a, b in layers if a.has_param("W"))


def test_where_rules_are_silent_and_it_is_not_sure_it_says_nothing(cases: list[Case], lessons: list[Lesson]):
    judge = Judge(thresholds=Thresholds(alone=1.01, rest=1.01))
    for case, lesson in zip(cases, lessons, strict=True):
        bare = replace(lesson.scene, signs={}, rest=None)
        judged = judge.judged(bare, pronouns(case.context.roster))
        assert judged.scene.signs == {}
        assert judged.scene.rest is None


def test_nobody_whom_the_rules_have_absent_is_read_as_having_come(cases: list[Case], lessons: list[Lesson]):
    judge = Judge()
    absent = {Presence.ABSENT, Presence.NO_SHOW, Presence.CANCELLED}
    for case, lesson in zip(cases, lessons, strict=True):
        judged = judge.judged(lesson.scene, pronouns(case.context.roster))
        away = {s for s, sign in lesson.scene.signs.items() if sign.presence in absent and not sign.described}
        assert not any(judged.scene.signs[s].presence.attended for s in away if s in judged.scene.signs)
