"""The documents of configuration as code."""

from collections.abc import Mapping
from typing import Annotated, Any, Literal

from pydantic import ConfigDict, Field

from notifications.api.models import Document
from notifications.core.model import MAX_EVENT_TYPE_CHARS
from notifications.core.revisions import RevisionKind

MAX_ENTRIES = 1_000
"""How many channels, event types, rules and mutes a set has at most, together."""

MAX_NAME_CHARS = 64
"""The longest name of a set, and the longest key except of event types, whose key is their name."""

KEY_RULE = f"a key has letters in lower case, digits, '.', '_' and '-', up to {MAX_NAME_CHARS}"
"""The message about a key that does not match ``NAME``."""

NAME = rf"^[a-z0-9][a-z0-9._-]{{0,{MAX_NAME_CHARS - 1}}}$"
MAX_HOLDER_CHARS = 64

SECTIONS: Mapping[RevisionKind, str] = {
    "event_type": "event_types",
    "channel": "channels",
    "rule": "rules",
    "mute": "mutes",
}
"""The sections of a document by the kind of their objects, each after those that it may refer to."""

Action = Literal["create", "update", "delete"]
SetName = Annotated[str, Field(pattern=NAME)]
Section = dict[str, Any] | None


class ConfigurationIn(Document):
    """The document of a set."""

    model_config = ConfigDict(defer_build=True, extra="allow")  # the plan notes it as one fault among others

    set: SetName
    """The set's name: letters in lower case, digits, ``.``, ``_`` and ``-``."""
    channels: Section = None
    """The channels by their keys, each as ``POST /notifications/channels`` takes it; the name is the key if
    absent.
    """
    event_types: Section = None
    """The event types by their names, with ``description`` and ``json_schema``."""
    rules: Section = None
    """The rules by their keys, each as ``POST /notifications/rules`` takes it, but with ``channel``: a key of
    this document, or ``{"id": ...}`` or ``{"name": ...}`` of a channel outside of the set.
    """
    mutes: Section = None
    """The mutes by their keys, each as ``POST /notifications/mutes`` takes it, but with ``rule`` and
    ``channel`` in place of their ids.
    """
    prune: bool = True
    """Whether objects that the set has and this document lacks are deleted."""


class ApplyIn(ConfigurationIn):
    """The document of a set, and the version of the plan that was made from it."""

    version: Annotated[str, Field(max_length=64)] | None = None
    """The version of the plan; absent to continue what the same ``holder`` began."""
    holder: Annotated[str, Field(min_length=1, max_length=MAX_HOLDER_CHARS)]
    """A random text that distinguishes this client from others that apply."""


class PlannedDifference(Document):
    """A field that changes."""

    path: str
    """Its name; with dots for a part of a spec, a message, once-per or a digest, like ``message.title``."""
    before: Any
    """Its value now; null if it has none. Credentials are ``***``, and URLs lack their paths."""
    after: Any
    """Its value afterwards."""


class ChangeOut(Document):
    """A planned change of one object."""

    action: Action
    """What applying does to the object."""
    kind: RevisionKind
    """The kind of object."""
    key: str
    """Its key in the set."""
    id: str | None
    """Its id; for an event type, its name; null if it is new."""
    name: str
    """Its name afterwards; for a mute, its reason."""
    differences: list[PlannedDifference]
    """The fields that change."""
    warnings: list[str]
    """Probable mistakes, and who changed the object by other means since it was applied."""


class PlanOut(Document):
    """What applying a set would do."""

    set: str
    """The set's name."""
    version: str
    """A hash of the configuration that it was made from; ``apply`` takes it."""
    changes: list[ChangeOut]
    """The changes, in the order in which they are made."""
    unchanged: int
    """How many of the document's entries are as they should be."""
    warnings: list[str]
    """Warnings about the plan as a whole."""


class AppliedOut(Document):
    """A change that was made."""

    action: Action
    """What was done to the object."""
    kind: RevisionKind
    """The kind of object."""
    key: str
    """Its key in the set."""
    id: str
    """Its id; for an event type, its name."""
    name: str
    """Its name; for a mute, its reason."""
    signing_secret: str | None
    """The secret that signs a new webhook channel's messages, which is shown only this once."""


class ApplyOut(Document):
    """How far a plan was applied."""

    applied: list[AppliedOut]
    """The changes that were made, in this order."""
    remaining: int
    """How many changes are left: repeat the request until there are none."""


class ObjectIn(Document):
    """An object that a set adopts."""

    kind: RevisionKind
    """The kind of object."""
    key: str
    """The key that it gets in the set; for an event type, its name."""
    id: Annotated[str, Field(min_length=1, max_length=MAX_EVENT_TYPE_CHARS)]  # it is read as a table's key
    """Its id; for an event type, its name."""


class GivenUpIn(Document):
    """An object that a set gives up."""

    kind: RevisionKind
    """The kind of object."""
    key: str
    """Its key in the set."""


class AdoptIn(Document):
    """The objects that a set adopts, and those that it gives up. The objects themselves stay as they are."""

    set: SetName
    """The set's name."""
    objects: Annotated[list[ObjectIn], Field(max_length=MAX_ENTRIES)] = []
    """The objects that it adopts."""
    give_up: Annotated[list[GivenUpIn], Field(max_length=MAX_ENTRIES)] = []
    """The objects that it gives up; another set may adopt them afterwards."""


class ObjectOut(Document):
    """An object that a set adopted or gave up."""

    kind: RevisionKind
    """The kind of object."""
    key: str
    """Its key."""
    id: str
    """Its id; for an event type, its name."""
    name: str
    """Its name; for a mute, its reason."""


class AdoptOut(Document):
    """The objects that a set adopted, and those that it gave up."""

    adopted: list[ObjectOut]
    """The objects that now belong to it."""
    given_up: list[ObjectOut]
    """The objects that no longer belong to it."""
    unchanged: int
    """How many objects it already had under these keys."""
