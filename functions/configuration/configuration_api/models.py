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
"""The longest name of a set, and the longest key but for event types, whose key is their name."""

KEY_RULE = f"a key has letters in lower case, digits, '.', '_' and '-', up to {MAX_NAME_CHARS}"
"""What is said of a key that does not match ``NAME``."""

NAME = rf"^[a-z0-9][a-z0-9._-]{{0,{MAX_NAME_CHARS - 1}}}$"
MAX_HOLDER_CHARS = 64

SECTIONS: Mapping[RevisionKind, str] = {
    "event_type": "event_types",
    "channel": "channels",
    "rule": "rules",
    "mute": "mutes",
}
"""The sections of a document by what is in them, each after those that it may refer to."""

Action = Literal["create", "update", "delete"]
SetName = Annotated[str, Field(pattern=NAME)]
Section = dict[str, Any] | None


class ConfigurationIn(Document):
    """What a set is to be."""

    model_config = ConfigDict(defer_build=True, extra="allow")  # a fault of its own, beside all others

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
    """Whether what the set has and this document lacks is deleted."""


class ApplyIn(ConfigurationIn):
    """What a set is to be, and the plan that was made of it."""

    version: Annotated[str, Field(max_length=64)] | None = None
    """The version of the plan; absent to go on with what the same ``holder`` has begun."""
    holder: Annotated[str, Field(min_length=1, max_length=MAX_HOLDER_CHARS)]
    """A random text that tells those who apply apart."""


class PlannedDifference(Document):
    """A field that changes."""

    path: str
    """Its name; that of a part of a spec, a message, once-per or a digest with dots, as ``message.title``."""
    before: Any
    """Its value now; null if it has none. Credentials are ``***``, and a URL is without its path."""
    after: Any
    """Its value then."""


class ChangeOut(Document):
    """What is to be done."""

    action: Action
    """What it is."""
    kind: RevisionKind
    """Of what it is."""
    key: str
    """Its key in the set."""
    id: str | None
    """Its id, of an event type its name; null if it is new."""
    name: str
    """Its name then; of a mute the reason."""
    differences: list[PlannedDifference]
    """The fields that change."""
    warnings: list[str]
    """What is probably a mistake, and who changed it by other means since it was applied."""


class PlanOut(Document):
    """What applying a set would do."""

    set: str
    """The set's name."""
    version: str
    """What it was made from; ``apply`` takes it."""
    changes: list[ChangeOut]
    """What is to be done, in this order."""
    unchanged: int
    """How many of the document's entries are as they should be."""
    warnings: list[str]
    """What concerns the plan as a whole."""


class AppliedOut(Document):
    """What was done."""

    action: Action
    """What it was."""
    kind: RevisionKind
    """Of what it was."""
    key: str
    """Its key in the set."""
    id: str
    """Its id; of an event type, its name."""
    name: str
    """Its name; of a mute the reason."""
    signing_secret: str | None
    """The secret that signs a new webhook channel's messages, which is shown only this once."""


class ApplyOut(Document):
    """What was done of a plan."""

    applied: list[AppliedOut]
    """What was done, in this order."""
    remaining: int
    """How much is left to do: ask again until there is nothing."""


class ObjectIn(Document):
    """Something that a set takes over."""

    kind: RevisionKind
    """What it is."""
    key: str
    """The key that it gets in the set; of an event type, its name."""
    id: Annotated[str, Field(min_length=1, max_length=MAX_EVENT_TYPE_CHARS)]  # it is read as a table's key
    """Its id; of an event type, its name."""


class GivenUpIn(Document):
    """Something that a set lets go."""

    kind: RevisionKind
    """What it is."""
    key: str
    """Its key in the set."""


class AdoptIn(Document):
    """What a set takes over, and what it lets go, as it is."""

    set: SetName
    """The set's name."""
    objects: Annotated[list[ObjectIn], Field(max_length=MAX_ENTRIES)] = []
    """What it takes over."""
    give_up: Annotated[list[GivenUpIn], Field(max_length=MAX_ENTRIES)] = []
    """What it lets go; another set may have it then."""


class ObjectOut(Document):
    """Something that belongs to a set now, or no more."""

    kind: RevisionKind
    """What it is."""
    key: str
    """Its key."""
    id: str
    """Its id; of an event type, its name."""
    name: str
    """Its name; of a mute the reason."""


class AdoptOut(Document):
    """What a set took over, and what it let go."""

    adopted: list[ObjectOut]
    """What belongs to it now."""
    given_up: list[ObjectOut]
    """What belongs to it no more."""
    unchanged: int
    """How much was as it should be."""
