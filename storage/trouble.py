"""What storage says when it cannot go on, in words for the person who has to do something about it."""


class StorageTrouble(Exception):
    """Its text is one clear sentence or two, says what to do, and holds no client's data."""


class LineIsOut(StorageTrouble):
    """A claim line that has left the house cannot be held or made ready again; it is voided or replaced."""
