"""Write what is stored as the document of a file."""

from collections.abc import Iterator, Sequence
from operator import attrgetter

from notifications.core.config_files import documents
from notifications.core.config_files.documents import Document
from notifications.core.config_files.keyed import Keyed, Wanted
from notifications.core.config_files.naming import Taken
from notifications.core.model import Channel, EventType, Rule
from notifications.core.mutes import Mute
from notifications.core.nearest import quoted
from notifications.core.values import value

UNNAMED_SET = "default"
"""The set that an export of everything names, unless one set manages all that is managed."""

_HEADERS = "spec.headers."


@value
class Stored:
    """All that is configured: custom event types only, and no mutes that have ended."""

    channels: Sequence[Channel] = ()
    event_types: Sequence[EventType] = ()
    rules: Sequence[Rule] = ()
    mutes: Sequence[Mute] = ()


@value
class Variable:
    """A variable that stands for a secret. ``key``: the channel's. ``path``: of the member in it."""

    name: str
    key: str
    path: str


@value
class Exported:
    """A file's document. ``notes``: what it needs and does not have, in words."""

    document: Document
    variables: Sequence[Variable]
    notes: Sequence[str]


def export(stored: Stored, wanted: Wanted) -> Exported:
    """Write what is wanted of what is stored."""
    made = _Export(stored, wanted)
    sections = {
        "event_types": made.event_types(),
        "channels": made.channels(),
        "rules": made.rules(),
        "mutes": made.mutes(),
    }
    document = {"set": made.set(), **{name: section for name, section in sections.items() if section}}
    return Exported(document, made.variables, [*made.notes()])


class _Export:
    """One export, section by section."""

    def __init__(self, stored: Stored, wanted: Wanted) -> None:
        self._stored = stored
        self._wanted = wanted
        self._channels = Keyed("channel", stored.channels, wanted, attrgetter("name"))
        self._rules = Keyed("rule", stored.rules, wanted, attrgetter("name"))
        self._mutes = Keyed("mute", stored.mutes, wanted, attrgetter("reason"))
        types = sorted(stored.event_types, key=attrgetter("name"))
        self._types = {each.name: each for each in types if wanted.has(each.managed)}
        self._taken = Taken()
        self.variables: list[Variable] = []

    def set(self) -> str:
        """Return the set that the file is to own."""
        if self._wanted.set is not None:
            return self._wanted.set
        stored = self._stored
        sections = (stored.channels, stored.event_types, stored.rules, stored.mutes)
        sets = {each.managed.set for section in sections for each in section if each.managed}
        return sets.pop() if len(sets) == 1 else UNNAMED_SET

    def event_types(self) -> Document:
        """Write the custom event types; the key of each is its name."""
        return {name: documents.event_type_document(each) for name, each in self._types.items()}

    def channels(self) -> Document:
        """Write the channels, and note the variables that stand for their secrets."""
        return {key: self._channel(key, each) for key, each in self._channels.of_key.items()}

    def _channel(self, key: str, channel: Channel) -> Document:
        def variable(path: str) -> str:
            part = path.removeprefix(_HEADERS) if path.startswith(_HEADERS) else path.rpartition(".")[2]
            name = self._taken.variable(key, part)
            self.variables.append(Variable(name, key, path))
            return name

        return documents.channel_document(channel, key, variable)

    def rules(self) -> Document:
        """Write the rules."""
        return {
            key: documents.rule_document(each, key, self._channels.reference(each.channel_id))
            for key, each in self._rules.of_key.items()
        }

    def mutes(self) -> Document:
        """Write the mutes."""
        return {key: self._mute(each) for key, each in self._mutes.of_key.items()}

    def _mute(self, mute: Mute) -> Document:
        rule, channel = (
            None if identity is None else keyed.reference(identity)
            for keyed, identity in ((self._rules, mute.rule_id), (self._channels, mute.channel_id))
        )
        return documents.mute_document(mute, rule, channel)

    def notes(self) -> Iterator[str]:
        """Say which custom event types and channels the rules need that the document does not have."""
        custom = {each.name for each in self._stored.event_types} - self._types.keys()
        used = {each.rule_type for each in self._rules.of_key.values()} & custom
        yield from (f"The event type {name} is used and not in the document" for name in sorted(used))
        needed = {rule.channel_id for rule in self._rules.of_key.values()}
        needed -= {channel.id for channel in self._channels.of_key.values()}
        away = sorted(each.name for each in self._stored.channels if each.id in needed)
        yield from (f"The channel {quoted(name)} is used and not in the document" for name in away)
