"""The document of the part of a rule's condition that decides a verdict."""

from notifications.api.models import Document
from notifications.core.verdicts import Verdict


class LeafOut(Document):
    """The part of a condition that decides whether it holds for an event."""

    path: str
    """The field."""
    seen: str
    """Its value as JSON, several as a list, or ``absent``."""
    needed: str
    """What the condition needs, in words."""
    clause: str
    """The same in the command line's spelling, or as JSON if it has none."""


def leaf_of(verdict: Verdict) -> LeafOut | None:
    """Make the document of a verdict's deciding part; None if there is none."""
    leaf = verdict.leaf
    if leaf is None:
        return None
    return LeafOut(path=leaf.path, seen=leaf.seen, needed=leaf.needed, clause=leaf.clause)
