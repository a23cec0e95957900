"""What things are called in storage and between folders: opaque strings, told apart by their types.

Everybody takes them from `billing.records`, where they are nouns among the others.
"""

from typing import NewType

ClientId = NewType("ClientId", str)
ClinicianId = NewType("ClinicianId", str)
GroupId = NewType("GroupId", str)
PayerId = NewType("PayerId", str)
SourceId = NewType("SourceId", str)
DraftId = NewType("DraftId", str)
NoteId = NewType("NoteId", str)
LineId = NewType("LineId", str)
