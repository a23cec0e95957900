"""Why a claim line is held, in the rules' own words."""

from datetime import datetime

from billing.checking import check
from billing.notes import reopened
from billing.records import ClaimLine, LineState
from billing.rulebook import because
from storage.store import Store


class NoSuchLine(ValueError):
    """There is no line of that id."""


def why(store: Store, line_id: str, now: datetime) -> tuple[str, ...]:
    """A sentence for each reason, with rule and source, as note and office data are now. Raises NoSuchLine."""
    line = _line(store, line_id)
    if line.state is not LineState.HELD:
        return (f"The line is {line.state}: nothing holds it.",)
    note = store.note(line.note)
    assert note is not None
    draft = reopened(note)
    findings = check(draft, store.background(draft, now))
    return because(line.says, findings) or ("Nothing holds the line any more: it is looked at again at the next run.",)


def _line(store: Store, line_id: str) -> ClaimLine:
    """Held lines first: they are few, and the ones that are asked about."""
    for state in (LineState.HELD, *(s for s in LineState if s is not LineState.HELD)):
        for line in store.lines(state=state):
            if line.id == line_id:
                return line
    raise NoSuchLine(f"There is no claim line “{line_id}”.")
