"""Ticks against the stand-in for Slack: who is told what, once, and what becomes of the message."""

import re
import shutil
import subprocess
import sys
import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from slack_sdk import WebClient

from billing.clockwork import Kind
from billing.records import Clinician, ClinicianId, GroupId, GroupNote, LineState, Role, SourceId
from bot import agenda
from bot.conversation import Conversation
from bot.delivery import Delivery
from bot.desk import pressed
from bot.jobs import Jobs, Pictures
from bot.playground.people import User
from bot.playground.riverbend import riverbend
from bot.playground.standin import StandIn
from bot.practice_file import records_in
from bot.views.plain import as_text
from nlp.reader import Reader
from storage.clock_tables import ReminderState
from storage.handles import DraftHandle, Press
from storage.ids import new_id
from storage.store import Store
from tests.storage.riverbend import LINE, NOTE, handle, message

STAFF = [
    User(id="UDANA", name="dana", real_name="Dana Whitfield"),
    User(id="USAM", name="sam", real_name="Sam Ellery"),
    User(id="UNOOR", name="noor", real_name="Noor Haddad"),
]
TICKING = Path(__file__).with_name("ticking.py")
NEW_YORK = ZoneInfo("America/New_York")
TUESDAY = date(2026, 9, 15)
WEDNESDAY = date(2026, 9, 16)


def at(day: date, hour: str) -> datetime:
    return datetime.combine(day, time.fromisoformat(hour), NEW_YORK).astimezone(UTC)


SET_UP = at(TUESDAY, "09:00")


class Clinic:
    """Riverbend at a time that a test sets, with Slack beside it."""

    def __init__(self, slack: StandIn, folder: Path, reader: Reader) -> None:
        self.slack = slack
        self.now = SET_UP
        self.address = f"sqlite:///{folder / 'circlenote.db'}"
        self.key = folder / "key"
        self.store = self.open()
        self.conversation = Conversation(self.store, reader, self.clock, new_id)
        self.jobs = self.another()

    def open(self) -> Store:
        return Store.open(self.address, key_file=self.key, clock=self.clock)

    def clock(self) -> datetime:
        return self.now

    def another(self, store: Store | None = None) -> Jobs:
        """Another process' hand on the same clock."""
        web = WebClient(token=self.slack.tokens.bot, base_url=self.slack.url)
        store = store or self.store
        return Jobs(store, Delivery(web, store), self.clock)

    def tick(self, day: date, hour: str) -> None:
        self.now = at(day, hour)
        self.jobs.tick()

    def said(self, user: str) -> list[str]:
        return [as_text(m["blocks"]) for m in self.slack.messages(user)]

    def press(self, user: str, label: str, by: str | None = None) -> str:
        """Presses the newest button of that label that this user sees; gives the answer."""
        every = [e for m in self.slack.messages(user) for b in m["blocks"] for e in b.get("elements", ())]
        every = [e for e in every if e["type"] == "button"]
        button = next(e for e in reversed(every) if e["text"]["text"] == label)
        by = by or user.removeprefix("U").lower()
        press = Press(id=SourceId(f"{by}:{label}:{self.now}"), author=ClinicianId(by), at=self.now, label=label)
        replies = pressed(self.conversation, press, button["action_id"], button["value"])
        web = WebClient(token=self.slack.tokens.bot, base_url=self.slack.url)
        for reply in replies:
            Delivery(web, self.store).deliver(reply)
        self.jobs.tick()
        return "\n".join(as_text(r.view.blocks) for r in replies)  # type: ignore[union-attr]


@pytest.fixture(scope="session")
def original(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Making a database takes a second: it is made once, and copied for every test."""
    home = tmp_path_factory.mktemp("original") / "home"
    address = f"sqlite:///{home / 'circlenote.db'}"
    store = Store.open(address, key_file=home / "key", create=True, clock=lambda: SET_UP)
    store.put(records_in(riverbend()), by="setup")
    store.close()
    return home


@pytest.fixture
def clinic(original: Path, tmp_path: Path, reader: Reader) -> Iterator[Clinic]:
    shutil.copytree(original, tmp_path / "home")
    with StandIn(STAFF) as slack:
        it = Clinic(slack, tmp_path / "home", reader)
        yield it
        it.store.close()


def a_note() -> GroupNote:
    return replace(NOTE, session=replace(NOTE.session, co_leaders=(), met_on=TUESDAY))


def written(clinic: Clinic) -> None:
    """Dana writes and signs the note of Tuesday's group."""
    clinic.store.hear(message("hello"), (), {0: "d1"}, opened=(handle(),))  # type: ignore[dict-item]
    assert clinic.store.sign(a_note(), ())


# ---- a note that is missing --------------------------------------------------------------------------------------


def test_half_an_hour_after_the_group_its_leader_is_told_in_one_message(clinic: Clinic) -> None:
    clinic.tick(TUESDAY, "15:40")
    assert clinic.said("UDANA") == []

    clinic.tick(TUESDAY, "15:45")

    (said,) = clinic.said("UDANA")
    assert said == (
        "One group note is waiting for you\n"
        "DBT Skills · Tue Sep 15 · no note yet\n"
        "   [It was cancelled] [Somebody else led] [Remind me in 1 hour] [Tomorrow morning]"
    )
    assert clinic.said("USAM") == []


def test_ticking_again_says_nothing_twice(clinic: Clinic) -> None:
    for hour in ("15:45", "15:50", "16:30", "18:00"):
        clinic.tick(TUESDAY, hour)
    assert len(clinic.said("UDANA")) == 1
    assert len(clinic.slack.calls("chat.update")) == 0


def test_when_the_note_arrives_the_message_says_so_in_its_place(clinic: Clinic) -> None:
    clinic.tick(TUESDAY, "15:45")
    written(clinic)
    clinic.tick(TUESDAY, "16:00")
    assert clinic.said("UDANA") == ["✓ Nothing is waiting here right now."]


def test_a_draft_in_the_making_turns_the_message_into_what_it_lacks(clinic: Clinic) -> None:
    clinic.tick(TUESDAY, "15:45")
    clinic.now = at(TUESDAY, "15:50")
    told = replace(message("DBT 2-3:15, TIPP. Maria G and Tom there, everyone else cancelled."), posted_at=clinic.now)
    clinic.conversation.hear(told)
    clinic.tick(TUESDAY, "15:55")
    assert re.search(r"DBT Skills · Tue Sep 15 · (one question|\d+ questions) left", clinic.said("UDANA")[0])


def test_in_the_morning_it_is_said_anew_and_the_old_message_goes(clinic: Clinic) -> None:
    clinic.tick(TUESDAY, "15:45")
    first = clinic.slack.messages("UDANA")[0]["ts"]
    clinic.tick(TUESDAY + timedelta(days=1), "07:31")
    (message,) = clinic.slack.messages("UDANA")
    assert message["ts"] != first


def test_notifications_and_buttons_name_nobody_and_no_group(clinic: Clinic) -> None:
    clinic.tick(TUESDAY, "15:45")
    clinic.tick(TUESDAY + timedelta(days=2), "20:05")
    for call in clinic.slack.calls("chat.postMessage"):
        carried = re.findall(r"'(?:value|action_id|block_id)': '([^']*)'", str(call.args))
        assert not re.search(r"dbt|process|maria", " ".join((call.args["text"], *carried)), re.IGNORECASE)


# ---- crashes and two at once -------------------------------------------------------------------------------------


def test_killed_between_saying_and_keeping_it_is_not_said_twice(
    clinic: Clinic, monkeypatch: pytest.MonkeyPatch
) -> None:
    def killed(*_args: object) -> bool:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(clinic.store.reminders, "said", killed)
        with pytest.raises(KeyboardInterrupt):
            clinic.tick(TUESDAY, "15:45")
    assert len(clinic.said("UDANA")) == 1
    clinic.tick(TUESDAY, "15:46")
    clinic.tick(TUESDAY, "15:55")
    assert len(clinic.said("UDANA")) == 1
    assert clinic.store.reminders.last()[0].state is ReminderState.SAID
    written(clinic)
    clinic.tick(TUESDAY, "16:00")
    assert clinic.said("UDANA") == ["✓ Nothing is waiting here right now."]


def test_killed_before_it_was_said_it_is_said_later(clinic: Clinic, monkeypatch: pytest.MonkeyPatch) -> None:
    def killed(*_args: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(Delivery, "post", killed)
        with pytest.raises(KeyboardInterrupt):
            clinic.tick(TUESDAY, "15:45")
    clinic.tick(TUESDAY, "15:51")
    assert len(clinic.said("UDANA")) == 1


def test_while_slack_is_down_nothing_is_lost(clinic: Clinic) -> None:
    clinic.slack.inject("chat.postMessage", error="fatal_error", times=1)
    clinic.tick(TUESDAY, "15:45")
    assert clinic.said("UDANA") == []
    clinic.tick(TUESDAY, "15:51")
    assert len(clinic.said("UDANA")) == 1


def test_a_message_that_somebody_deleted_is_not_missed(clinic: Clinic) -> None:
    clinic.tick(TUESDAY, "15:45")
    place = clinic.slack.calls("chat.postMessage")[0].args["channel"]
    WebClient(token=clinic.slack.tokens.bot, base_url=clinic.slack.url).chat_delete(
        channel=place, ts=clinic.slack.messages("UDANA")[0]["ts"]
    )
    written(clinic)
    clinic.tick(TUESDAY, "16:00")
    assert clinic.said("UDANA") == []


def test_whoever_cannot_be_reached_does_not_keep_others_waiting(clinic: Clinic) -> None:
    dana = clinic.store.roster(TUESDAY).clinician("dana")
    clinic.store.put((replace(dana, slack_user=None),), by="admin")
    clinic.tick(TUESDAY + timedelta(days=2), "20:05")
    assert clinic.said("UDANA") == []
    assert "Thursday Process Group" in clinic.said("USAM")[0]
    states = {k.says.to: k.state for k in clinic.store.reminders.last()}
    assert (states["dana"], states["sam"]) == (ReminderState.GIVEN_UP, ReminderState.SAID)


def test_the_digest_is_said_once_however_many_tick_at_once(clinic: Clinic) -> None:
    clinic.now = at(WEDNESDAY, "08:00")
    stores = [clinic.open() for _ in range(4)]
    together = threading.Barrier(len(stores))

    def tick(store: Store) -> None:
        jobs = clinic.another(store)
        together.wait()
        jobs.tick()

    threads = [threading.Thread(target=tick, args=(store,)) for store in stores]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for store in stores:
        store.close()
    assert len(clinic.said("UNOOR")) == 1
    assert clinic.store.verify_audit() == ()


def test_of_two_processes_one_says_the_digest(clinic: Clinic) -> None:
    now = at(WEDNESDAY, "08:00").isoformat()
    arguments = [str(clinic.key.parent), clinic.slack.url, clinic.slack.tokens.bot, now]
    both = [subprocess.Popen([sys.executable, TICKING, *arguments, name]) for name in ("first", "second")]
    assert [each.wait(timeout=60) for each in both] == [0, 0]
    assert len(clinic.said("UNOOR")) == 1
    assert len(clinic.slack.calls("chat.postMessage")) == len(clinic.store.reminders.last())


def test_a_digest_that_was_missed_is_made_up_for_once_and_says_that_it_is_late(clinic: Clinic) -> None:
    clinic.tick(TUESDAY + timedelta(days=2), "11:00")
    clinic.tick(TUESDAY + timedelta(days=2), "11:05")
    (digest,) = clinic.said("UNOOR")
    assert digest.startswith("Claims on Thursday, September 17\nLate:")


# ---- buttons -----------------------------------------------------------------------------------------------------


def test_remind_me_in_an_hour(clinic: Clinic) -> None:
    clinic.tick(TUESDAY, "15:45")
    assert clinic.press("UDANA", "Remind me in 1 hour") == "I will remind you on Tue Sep 15 at 4:45 PM."
    assert clinic.said("UDANA")[0] == "✓ Nothing is waiting here right now."
    clinic.tick(TUESDAY, "16:40")
    assert not any("no note yet" in text for text in clinic.said("UDANA"))
    clinic.tick(TUESDAY, "16:46")
    assert sum("no note yet" in text for text in clinic.said("UDANA")) == 1


def test_tomorrow_morning_is_the_next_one_on_which_they_work(clinic: Clinic) -> None:
    clinic.tick(TUESDAY, "15:45")
    assert clinic.press("UDANA", "Tomorrow morning") == "I will remind you on Wed Sep 16 at 7:30 AM."


def test_it_was_cancelled_and_after_all_it_was_not(clinic: Clinic) -> None:
    clinic.tick(TUESDAY, "15:45")
    answer = clinic.press("UDANA", "It was cancelled")
    assert answer == "Noted: DBT Skills · Tue Sep 15 did not take place, so no note is owed.\n   [It did take place]"
    assert clinic.said("UDANA")[0] == "✓ Nothing is waiting here right now."
    clinic.press("UDANA", "It did take place")
    assert any("no note yet" in text for text in clinic.said("UDANA"))


def test_somebody_else_led_and_is_asked_for_the_note(clinic: Clinic) -> None:
    clinic.tick(TUESDAY, "15:45")
    assert clinic.press("UDANA", "Somebody else led") == "Who led DBT Skills · Tue Sep 15?\n   [Sam Ellery]"
    answer = clinic.press("UDANA", "Sam Ellery")
    assert answer == "Noted: Sam Ellery led DBT Skills · Tue Sep 15 and will be asked for its note."
    assert "DBT Skills · Tue Sep 15 · no note yet" in clinic.said("USAM")[0]
    assert clinic.press("UDANA", "Sam Ellery") == "That is settled already, so I changed nothing."


def test_a_button_of_a_note_that_is_written_by_now_changes_nothing(clinic: Clinic) -> None:
    clinic.tick(TUESDAY, "15:45")
    written(clinic)
    assert clinic.press("UDANA", "It was cancelled") == "That is settled already, so I changed nothing."
    assert clinic.store.world(clinic.now).cancelled == ()


@pytest.mark.parametrize("label", ["Remind me in 1 hour", "Tomorrow morning", "It was cancelled", "Somebody else led"])
def test_somebody_elses_button_is_refused_and_that_is_kept(clinic: Clinic, label: str) -> None:
    clinic.tick(TUESDAY, "15:45")
    before = clinic.store.audit_anchor().seq
    assert clinic.press("UDANA", label, by="sam") == "That reminder was for somebody else, so I changed nothing."
    world = clinic.store.world(clinic.now)
    assert (world.cancelled, world.led_by, world.snoozes) == ((), (), ())
    assert clinic.store.audit_anchor().seq > before


# ---- co-signatures, days and weeks -------------------------------------------------------------------------------


def test_a_supervisor_is_asked_to_co_sign_and_can_read_first(clinic: Clinic) -> None:
    thursday = TUESDAY + timedelta(days=2)
    opened = DraftHandle(**{**_fields(handle()), "opened_by": ClinicianId("sam")})
    clinic.store.hear(message("hello"), (), {0: "d1"}, opened=(opened,))  # type: ignore[dict-item]
    by_sam = replace(NOTE.signature, clinician=ClinicianId("sam"), name="Sam Ellery", at=at(thursday, "19:45"))
    session = replace(NOTE.session, group=GroupId("process"), met_on=thursday, starts=time(18), ends=time(19, 30))
    clinic.store.sign(replace(NOTE, session=session, signature=by_sam), ())
    clinic.tick(thursday + timedelta(days=1), "07:30")
    assert any(
        "One note waits for your co-signature\n"
        "Thursday Process Group · Thu Sep 17 · signed by Sam Ellery\n"
        "   [Read the notes] [Co-sign] [Remind me in 1 hour] [Tomorrow morning]" in text
        for text in clinic.said("UDANA")
    )


def _fields(of: DraftHandle) -> dict[str, Any]:
    return {name: getattr(of, name) for name in of.__dataclass_fields__}


def test_the_digest_has_counts_money_and_reasons_and_names_nobody(clinic: Clinic) -> None:
    clinic.store.hear(message("hello"), (), {0: "d1"}, opened=(handle(),))  # type: ignore[dict-item]
    says = replace(LINE.says, client="maria-g", payer="northstar", served_on=TUESDAY)
    held = replace(LINE, says=says, held_by=("Maria Gonzalez has no member ID.",))
    ready = replace(LINE, id="l2", says=replace(says, client="tom"), state=LineState.READY, held_by=())
    clinic.store.sign(a_note(), (held, ready))
    clinic.now = at(TUESDAY + timedelta(days=1), "08:00")
    text = as_text(Pictures(clinic.store).digest(clinic.now.date(), clinic.now, clinic.store.world(clinic.now)).blocks)
    assert text == (
        "Claims on Wednesday, September 16\n"
        "Ready to send: 1 line ($72.50)\n"
        "Held: 1 line ($72.50)\n"
        "Since the last digest: nothing moved\n"
        "————————\n"
        "Held, and why\n"
        "• A client has no member ID: 1 line ($72.50), oldest Sep 15\n"
        "————————\n"
        "The last seven days of service\n"
        "Tue Sep 15  ██████████  1 held, 1 ready"
    )


def test_the_supervisors_week_has_bars_and_names_no_client(clinic: Clinic) -> None:
    written(clinic)
    clinic.tick(TUESDAY + timedelta(days=6), "08:00")
    (week,) = [text for text in clinic.said("UDANA") if text.startswith("Your groups")]
    assert week.startswith("Your groups in the week of September 14\n")
    assert "missing" in week
    assert not re.search(r"maria|deshawn|tom\b", week, re.IGNORECASE)


def test_what_will_run_and_what_ran_can_be_read(clinic: Clinic) -> None:
    clinic.tick(TUESDAY, "15:45")
    world = clinic.store.world(clinic.now)
    text = agenda.listing(clinic.store.reminders.last(), agenda.coming(clinic.now, world), world)
    assert re.search(r"What ran\n(.*\n)*  Tue Sep 15 15:45  notes +dana +said", text)
    assert re.search(r"What will run\n(.*\n)*  Wed Sep 16 07:30  notes +dana +DBT Skills · Tue Sep 15", text)
    assert re.search(r"  Wed Sep 16 08:00  digest +noor", text)


def test_a_dry_run_says_and_keeps_nothing(clinic: Clinic) -> None:
    clinic.now = at(TUESDAY, "12:00")
    world = clinic.store.world(clinic.now)
    text = agenda.shown(agenda.reminders_of(Kind.DIGEST, TUESDAY, clinic.now, world), clinic.store, world)
    assert text.startswith("to noor:\nClaims on Tuesday, September 15")
    assert clinic.store.reminders.last() == ()
    assert clinic.said("UNOOR") == []


def test_a_second_biller_gets_their_own_digest(clinic: Clinic) -> None:
    pat = Clinician(id=ClinicianId("pat"), name="Pat Lowe", roles=(Role.BILLER,), slack_user="USAM")
    sam = clinic.store.roster(TUESDAY).clinician("sam")
    clinic.store.put((replace(sam, slack_user=None),), by="admin")
    clinic.store.put((pat,), by="admin")
    clinic.tick(WEDNESDAY, "08:00")
    assert [len(clinic.said(user)) for user in ("UNOOR", "USAM")] == [1, 1]
