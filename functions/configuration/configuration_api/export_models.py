"""The documents of exports: what is stored, in the form of a file."""

from typing import Any

from configuration_api.models import SetName
from notifications.api.models import Document


class ExportIn(Document):
    """What to export: what a set manages, everything that no other set manages, or everything."""

    set: SetName | None = None
    """The set whose objects are exported. Absent with ``all``, those of all sets are."""
    all: bool = False
    """Whether what no set manages is exported too, under keys that are made of names."""


class VariableOut(Document):
    """A variable that stands for a secret."""

    name: str
    """Its name, as in ``${env:NAME}``."""
    key: str
    """The key of the channel whose secret it is."""
    path: str
    """The member of the channel, for example ``spec.url``."""


class ExportOut(Document):
    """What is stored, in the form of a file."""

    document: dict[str, Any]
    """The file's document: the set, and by their keys the event types, channels, rules and mutes that there
    are. Secrets are references to variables; members that have their defaults are left out."""
    variables: list[VariableOut]
    """The variables that stand for secrets."""
    notes: list[str]
    """What the document needs and does not have, in words."""
