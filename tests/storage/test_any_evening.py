"""Whatever order things come in, and however often, the store agrees with a model of a few plain lists."""

from datetime import timedelta

from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test

from billing.records import Presence
from storage.ids import new_id
from tests.storage.riverbend import at, fact, handle, message, press

POOL = [
    *(fact("presence", presence, client) for client in ("c1", "c3") for presence in (Presence.PRESENT, Presence.LATE)),
    fact("words", "quiet", "c1"),
    fact("presence", Presence.PRESENT, "c1", retracts=True),
]
some_facts = st.lists(st.sampled_from(POOL), max_size=4)
minutes = st.integers(0, 59)
which = st.integers(0, 1)
older = st.integers(0, 5)


def said(heard):
    return heard.about, heard.value, heard.retracts


class Evening(RuleBasedStateMachine):
    """Two drafts; `sources` are kept in the order in which they were first heard."""

    store = None  # set by the test

    def __init__(self):
        super().__init__()
        self.drafts = [new_id(), new_id()]
        self.sources = []
        self.merged = False
        self.store.hear(message("open", id=new_id()), (), {}, opened=tuple(handle(each) for each in self.drafts))

    def _draft(self, draft):
        return 0 if self.merged else draft

    def _pick(self, number, kind=None):
        fitting = [each for each in self.sources if kind in (None, each["kind"])]
        return fitting[number % len(fitting)] if fitting else None

    def _add(self, kind, draft, minute, text, facts):
        source = {"id": new_id(), "kind": kind, "draft": self._draft(draft), "at": at(minute), "text": text}
        source |= {"facts": [(said(each), at(minute)) for each in facts], "seen": [], "withdrawn": False}
        self.sources.append(source)
        return source["id"]

    @rule(draft=which, facts=some_facts, minute=minutes)
    def a_message_comes(self, draft, facts, minute):
        id = self._add("message", draft, minute, "first", facts)
        assert self.store.hear(message("first", id=id, minute=minute), facts, {0: self.drafts[draft]})

    @rule(draft=which, facts=some_facts, minute=minutes)
    def a_button_is_pressed(self, draft, facts, minute):
        id = self._add("press", draft, minute, "tap", facts)
        assert self.store.press(press(id, minute, "tap"), facts, self.drafts[draft])

    @rule(number=older, facts=some_facts)
    def something_comes_again(self, number, facts):
        source = self._pick(number)
        if source is None:
            return
        if source["kind"] == "press":
            assert not self.store.press(press(source["id"]), facts, self.drafts[0])
        else:
            assert not self.store.hear(message("first", id=source["id"]), facts, {0: self.drafts[0]})

    @rule(number=older, facts=some_facts, minute=minutes, text=st.sampled_from(["first", "second", "third", "fourth"]))
    def a_message_is_edited(self, number, facts, minute, text):
        source = self._pick(number, "message")
        if source is None:
            return
        edited_at = at(minute) + timedelta(seconds=30)
        news = text != source["text"] and all(seen < edited_at for seen in source["seen"])
        parts = {0: self.drafts[source["draft"]]}
        assert self.store.hear(message(text, id=source["id"]), facts, parts, edited_at=edited_at) is news
        if news:
            before = list(source["facts"])
            source["facts"] = [(said(each), self._instant(said(each), before, edited_at)) for each in facts]
            source |= {"text": text, "seen": [edited_at], "withdrawn": False}

    @staticmethod
    def _instant(heard, before, edited_at):
        for known in before:
            if known[0] == heard:
                before.remove(known)
                return known[1]
        return edited_at

    @rule(draft=which, minute=minutes)
    def the_last_is_undone(self, draft, minute):
        standing = [each for each in self.sources if each["draft"] == self._draft(draft) and not each["withdrawn"]]
        last = max(standing, key=lambda each: (each["at"], self.sources.index(each)), default=None)
        took = self.store.withdraw_last(self.drafts[draft], "dana", at(minute), press(new_id(), minute, "Undo"))
        assert took == (last["text"] if last else None)
        if last:
            self._withdraw(last, minute)

    @rule(number=older, minute=minutes)
    def something_is_deleted(self, number, minute):
        source = self._pick(number)
        if source is not None:
            assert self.store.withdraw(source["id"], "dana", at(minute)) is not source["withdrawn"]
            if not source["withdrawn"]:
                self._withdraw(source, minute)

    def _withdraw(self, source, minute):
        source["withdrawn"] = True
        source["seen"] = [*source["seen"], at(minute)]

    @precondition(lambda self: len(self.sources) > 3)
    @rule()
    def the_drafts_turn_out_to_be_one(self):
        self.store.merge(self.drafts[1], self.drafts[0], "dana")
        self.merged = True
        for source in self.sources:
            source["draft"] = 0

    @invariant()
    def the_facts_are_those_of_the_model(self):
        for draft in (0, 1):
            standing = [
                (instant, number, seq, heard)
                for number, source in enumerate(self.sources)
                for seq, (heard, instant) in enumerate(source["facts"])
                if source["draft"] == self._draft(draft) and not source["withdrawn"]
            ]
            expected = [(heard, instant) for instant, _, _, heard in sorted(standing, key=lambda each: each[:3])]
            assert [(said(each), each.at) for each in self.store.facts(self.drafts[draft])] == expected


def test_the_store_agrees_with_the_model(store):
    Evening.store = store
    run_state_machine_as_test(
        Evening,
        settings=settings(
            max_examples=30,
            stateful_step_count=25,
            deadline=None,
            suppress_health_check=list(HealthCheck),
            phases=[Phase.generate],  # each try is a conversation with a real database: making it short takes minutes
        ),
    )
    assert store.verify_audit() == ()
