"""The documents of exports: the stored configuration, in the form of a file."""

from typing import Any

from configuration_api.models import SetName
from notifications.api.models import Document


class ExportIn(Document):
    """What to export: the objects of one set, everything that no other set manages, or everything."""

    set: SetName | None = None
    """The set whose objects are exported. If it is absent and ``all`` is true, the objects of all sets are.
    """
    all: bool = False
    """Whether objects that no set manages are exported too, under keys made from their names."""


class VariableOut(Document):
    """A variable that stands for a secret."""

    name: str
    """Its name, as in ``${env:NAME}``."""
    key: str
    """The key of the channel whose secret it is."""
    path: str
    """The member of the channel, for example ``spec.url``."""


class ExportOut(Document):
    """The stored configuration, in the form of a file."""

    document: dict[str, Any]
    """The file's document: the set, and its event types, channels, rules and mutes by their keys. Secrets are
    references to variables; members that have their defaults are left out."""
    variables: list[VariableOut]
    """The variables that stand for secrets."""
    notes: list[str]
    """What the document needs but lacks, in words."""
