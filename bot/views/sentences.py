"""The short things that the bot says which are not cards. Kind, specific, and never a client's anything."""

from billing.findings import Question
from billing.records import Roster
from bot.views.blocks import Press, View, buttons, section
from storage.handles import Asked, DraftHandle

OUTDATED = "That button was from before; here is how it stands now."
CHANGED_SINCE = "Something changed since you last looked, so nothing is signed yet. Here is how it stands now."
ONLY_A_LEADER = "Only who led the group can sign its note."
MESSAGE_DELETED = "You deleted a message, so I forgot what only it had said."
JOINED = "Your colleague has written about this session too: I put both together."


def plainly(text: str, said: str | None = None) -> View:
    """One sentence. It names nobody, so it may stand in a notification as well."""
    return View(text=text, blocks=(section(said or text, "said"),))


def not_about_a_group() -> View:
    return plainly(
        "That does not look like a group note, so I wrote nothing down.",
        "That does not look like a group note, so I wrote nothing down. Tell me who came and what you worked on, "
        "for example: “DBT today 2–3:15, all there but Bob (sick). Worked on TIPP. Tom led the closing.”",
    )


def not_understood() -> View:
    return plainly(
        "I could not use that, and changed nothing.",
        "I could not use that, and changed nothing. Answer what is open on the card, press a button, or say what "
        "to change, for example “Tom left 10 early”.",
    )


def not_staff() -> View:
    return plainly(
        "I only work with the staff of this practice, and you are not on its list. If you should be, ask whoever "
        "set me up to add you."
    )


def not_a_clinician() -> View:
    return plainly("Only clinicians write group notes. If you lead groups, ask your admin to add that role for you.")


def not_yours() -> View:
    return plainly("That belongs to somebody else’s draft, so I changed nothing.")


def already_signed() -> View:
    return plainly("The note of this session is signed, and a signed note is never changed. I wrote nothing down.")


def text_only() -> View:
    return plainly("I read text only, so I kept nothing of that. Please type it, in one message, as it comes.")


def too_long(limit: int) -> View:
    return plainly(
        f"That is longer than {limit:,} characters, so I kept nothing of it. Please send the group’s part only."
    )


def process_notes() -> View:
    return plainly(
        "That looks like process notes. They belong in your separate psychotherapy notes, not in a client’s chart: "
        "please delete them here if that is what they are."
    )


def cosigned() -> View:
    return plainly("Co-signed. Its claim lines were looked at again.")


def taken_back(label: str | None) -> str:
    return "There was nothing left to take back." if label is None else "Took back the last thing you said."


def session_label(handle: DraftHandle, roster: Roster) -> str:
    name = roster.group(handle.group).name if handle.group else "a group not named yet"
    return f"{name} · {handle.met_on:%a %b} {handle.met_on.day}" if handle.met_on else name


def which_session(asked: Asked) -> View:
    """The one question that comes before all others."""
    question: Question = asked.questions[0]
    presses = [Press(label=c.label, action=f"answer.0.{j}", value=asked.id) for j, c in enumerate(question.choices)]
    return View(
        text="Which group session is this about?", blocks=(section(question.text, "which"), buttons(presses, "a"))
    )
