"""The office looks at payers' terms, sets and confirms them, and asks why a line is held."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, time
from pathlib import Path

import pytest
from typer.testing import CliRunner

from billing.checking import check
from billing.claims import claim_lines, line_drafts
from billing.notes import finish
from billing.policy import PolicyTrouble
from billing.records import (
    AttendanceDraft,
    ClientId,
    ClinicianId,
    Draft,
    DraftId,
    GroupId,
    LineId,
    Message,
    Mode,
    NoteId,
    PayerId,
    Presence,
    Progress,
    Risk,
    RiskStatus,
    ServiceKind,
    SourceId,
    Words,
)
from bot.cli import app
from bot.playground.riverbend import riverbend
from bot.policies import Shelf
from bot.practice_file import records_in
from bot.why import NoSuchLine, why
from storage.handles import DraftHandle
from storage.store import Store

NOW = datetime(2026, 9, 15, 20, tzinfo=UTC)
HARBOR = "harbor"


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("office")
    store = open_at(home, create=True)
    store.put(records_in(riverbend()), by="setup")
    store.close()
    return home


def open_at(home: Path, *, create: bool = False) -> Store:
    return Store.open(f"sqlite:///{home}/circlenote.db", key_file=home / "keys", create=create, clock=lambda: NOW)


@pytest.fixture
def store(home: Path) -> Iterator[Store]:
    store = open_at(home)
    yield store
    store.close()


def policy_of(store: Store, payer: str):
    return store.background(Draft(id=DraftId("none")), NOW).policies.get(PayerId(payer))


def test_the_practices_own_payers_come_first_and_the_shipped_ones_are_proposals(store: Store):
    lines = list(Shelf(store, NOW).listed())

    assert lines[0].split()[0] in ("harbor", "lakeshore", "northstar")
    assert any(line.startswith("ct-medicaid") and " proposed " in line for line in lines)
    assert any(line.startswith("northstar") and "confirmed 2026-06-30 by noor" in line for line in lines)


def test_hearsay_is_shown_beside_what_is_not_set_with_its_source(store: Store):
    text = "\n".join(Shelf(store, NOW).shown("il-medicaid"))

    assert "max_size               not set   (12 says 89 Ill. Adm. Code" in text
    assert "common knowledge that nobody has looked up" in text
    assert "frequency_caps         ((2, 7), (1, 1))" in text


def test_what_is_set_counts_but_has_to_be_confirmed_again(store: Store):
    list(Shelf(store, NOW).set("lakeshore", "max_size", "9", by="noor"))
    changed = policy_of(store, "lakeshore")
    assert (changed.max_size, changed.min_minutes, changed.confirmed_on) == (9, 60, None)
    assert changed.evidence.endswith("max_size C 2026-09-15")

    list(Shelf(store, NOW).confirm("lakeshore", by="noor"))
    assert policy_of(store, "lakeshore").confirmed_on == date(2026, 9, 15)


def test_a_shipped_payer_is_taken_over_when_it_is_confirmed_without_its_hearsay(store: Store):
    list(Shelf(store, NOW).confirm("ct-medicaid", by="noor"))
    taken = policy_of(store, "ct-medicaid")

    assert (taken.max_size, taken.min_minutes, taken.filing_days) == (12, 45, None)
    assert taken.confirmed_by == "noor"


@pytest.mark.parametrize(
    ("call", "told"),
    [
        (lambda s: s.set(HARBOR, "max_size", "many", by="noor"), "max_size wants a whole number above 0, not 'many'"),
        (lambda s: s.set(HARBOR, "size", "9", by="noor"), "No term is called size"),
        (lambda s: s.set(HARBOR, "max_size", "9", by="dana"), "“dana” is no biller or admin"),
        (lambda s: s.confirm("aetna", by="noor"), "set covered first"),
        (lambda s: s.shown("nowhere"), "There is no payer “nowhere”"),
    ],
)
def test_what_cannot_be_is_said_and_nothing_changes(store: Store, call, told: str):
    before = policy_of(store, HARBOR)

    with pytest.raises(PolicyTrouble, match=told):
        list(call(Shelf(store, NOW)))
    assert policy_of(store, HARBOR) == before


@pytest.mark.parametrize(("text", "value"), [("[[2, 7]]", ((2, 7),)), ('"5/6"', "5/6"), ("5/6", "5/6")])
def test_values_are_written_as_in_a_policy_file_or_as_plain_words(store: Store, text: str, value: object):
    key = "frequency_caps" if text.startswith("[") else "contact_fraction"
    list(Shelf(store, NOW).set(HARBOR, key, text, by="noor"))

    assert getattr(policy_of(store, HARBOR), key) == value


# ---- why -------------------------------------------------------------------------------------------------------


def attended(client: str, words: str) -> AttendanceDraft:
    return AttendanceDraft(
        client=ClientId(client),
        presence=Presence.PRESENT,
        words=(Words(text=words, source=SourceId("s")),),
        progress=Progress.PROGRESSING,
        risk=(Risk(kind=None, status=RiskStatus.NONE_RAISED),),
    )


def sign(store: Store) -> None:
    """Dana's group: Kay has no member ID yet, Maria lacks nothing."""
    draft = Draft(
        id=DraftId("d-1"),
        leader=ClinicianId("dana"),
        group=GroupId("dbt"),
        met_on=date(2026, 9, 15),
        starts=time(14),
        ends=time(15, 15),
        mode=Mode.IN_PERSON,
        place="11",
        service=ServiceKind.PSYCHOTHERAPY,
        topic=(Words(text="TIPP", source=SourceId("s")),),
        attendance=(attended("kay", "tearful, and stayed"), attended("maria-g", "led the check-in")),
    )
    dana = ClinicianId("dana")
    handle = DraftHandle(id=draft.id, opened_by=dana, opened_at=NOW, channel="D1", thread="1")
    report = Message(id=SourceId("s"), channel="D1", thread="1", author=dana, text="DBT", posted_at=NOW)
    store.hear(report, (), {0: draft.id}, opened=[handle])
    background = store.background(draft, NOW)
    note = finish(draft, background, NoteId("n-1"), background.roster.clinician("dana"), NOW)
    signed = replace(background, signed=note.signature)
    ids = iter(("l-kay", "l-maria"))
    drafts = line_drafts(draft, signed)
    store.sign(note, claim_lines(note, drafts, check(draft, signed), lambda: LineId(next(ids))))


def test_a_held_line_says_why_and_a_ready_one_that_nothing_holds_it(store: Store):
    sign(store)

    (reason,) = why(store, "l-kay", NOW)
    assert reason.startswith("Kay O'Brien's member ID for Northstar Health is missing — G015: ")
    assert reason.endswith("Source: 837P 005010X222A1, loop 2010BA, NM109.")
    assert why(store, "l-maria", NOW) == ("The line is ready: nothing holds it.",)
    with pytest.raises(NoSuchLine, match="l-nobody"):
        why(store, "l-nobody", NOW)


def test_the_program_has_these_verbs(home: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{home}/circlenote.db")
    monkeypatch.setenv("CIRCLENOTE_KEY_FILE", str(home / "keys"))
    runner = CliRunner()

    assert "Harbor Mutual" in runner.invoke(app, ["policy", "list"]).stdout
    assert runner.invoke(app, ["policy", "show", "nowhere"]).exit_code == 2
    assert runner.invoke(app, ["why", "l-nobody"]).exit_code == 2
    assert "| G015 |" in runner.invoke(app, ["rules", "--markdown"]).stdout


def test_the_quarters_table_is_loaded_from_a_file(home: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{home}/circlenote.db")
    monkeypatch.setenv("CIRCLENOTE_KEY_FILE", str(home / "keys"))
    table = tmp_path / "table.txt"
    table.write_text("90853\t90834\t\t20141001\t*\t1\n", encoding="utf-8")

    assert CliRunner().invoke(app, ["codes", "load-ncci", str(table)]).stdout == "Loaded 1 pairs with 90853.\n"
    table.write_text("nothing of ours", encoding="utf-8")
    assert CliRunner().invoke(app, ["codes", "load-ncci", str(table)]).exit_code == 2
