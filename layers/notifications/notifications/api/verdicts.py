"""What a verdict says of a rule's condition, as a document."""

from notifications.api.models import Document
from notifications.core.verdicts import Verdict


class LeafOut(Document):
    """The part of a condition that decides about an event."""

    path: str
    """The field."""
    seen: str
    """Its value as JSON, several as a list, or ``absent``."""
    needed: str
    """What the condition needs, in words."""
    clause: str
    """The same as the command line spells it, or as JSON if it has no spelling there."""


def leaf_of(verdict: Verdict) -> LeafOut | None:
    """Show the part of the condition that decides; None if there is none."""
    leaf = verdict.leaf
    if leaf is None:
        return None
    return LeafOut(path=leaf.path, seen=leaf.seen, needed=leaf.needed, clause=leaf.clause)
