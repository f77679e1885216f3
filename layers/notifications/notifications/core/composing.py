"""Compose the message of a rule without a template: its type's default message, with the rule's own parts.

Values are escaped for the service that shows them; the text of the parts' templates is markup.
"""

from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from itertools import islice
from typing import Any

from notifications.core import digest_messages, readable, templates, type_messages
from notifications.core.errors import TemplateError
from notifications.core.messages import Message
from notifications.core.model import LEVELS, EventType, Level, MessageParts, Rule
from notifications.core.templating.budget import MAX_UNITS
from notifications.core.templating.markup import Escape, escaped
from notifications.core.values import value
from notifications.core.variables import Variables

MAX_DEDUP_CHARS = 255
"""The longest key of an incident that PagerDuty accepts."""

MAX_VALUE_CHARS = 4_096
"""How much of a field's value the text and the title of a default message show."""

MAX_MARKUP_CHARS = 32_768
"""The longest markup of a value: the text of a built-in type has four, and its limit is 256 KiB."""

MAX_FIELDS = 100
"""How many fields a default message has at most."""


def compose_message(
    rule: Rule,
    variables: Variables,
    escape: Escape,
    zone: str | None = None,
    units: int = MAX_UNITS,
) -> Message:
    """Compose the message of a rule.

    ``zone``: the IANA zone of the times in it; None for UTC. ``units``: the budget of each template.

    Raises:
        TemplateError: a template of the rule's parts fails; the message begins with the part's name.
    """
    event_type = variables.event_type
    assert event_type is not None  # noqa: S101 - events are rendered only with their type
    bounded = partial(escaped, escape=escape, most=MAX_MARKUP_CHARS)
    composer = _Composer(event_type, rule.message or MessageParts(), variables, _Place(bounded, zone, units))
    return composer.message()


def field_source(expression: str) -> str:
    """Return the template that renders the expression of a field."""
    return f"{{{{ ({expression}\n) | readable }}}}"


@value
class _Place:
    """The service and the time zone that a message is composed for, and the budget of each template."""

    escape: Escape
    zone: str | None
    units: int


class _Composer:
    """Composes one message."""

    def __init__(
        self, event_type: EventType, parts: MessageParts, variables: Variables, place: _Place
    ) -> None:
        self._type = event_type
        self._parts = parts
        self._place = place
        self._variables = variables
        self._default = type_messages.of(event_type)
        self._seen = self._shortened(variables)
        self._own = self._seen if not variables.windows else {**self._seen, **self._hidden()}
        # Read the windows' own variables: an event type may have fields of the same names.
        digest: Sequence[Mapping[str, Any]] = variables.windows.get("events", ())
        self._digest = None
        if variables.windows.get("count", 1) > 1:
            shown = [*map(self._shortened, digest)]
            self._digest = digest_messages.Digest(shown, variables.windows, place.zone)

    def message(self) -> Message:
        """Compose it."""
        parts, digest = self._parts, self._digest
        title = self._title() or self._escaped(readable.words(self._type.name))
        link = self._rendered("link", parts.link, self._default.link, escape=False)
        dedup = self._rendered("dedup", parts.dedup, None, escape=False)
        return Message(
            title=title,
            text=self._text(),
            fields=tuple(self._fields()),
            link=link or None,
            level=self._level(),
            at=self._variables["timestamp"],
            zone=self._place.zone,
            event_id=self._variables.event_id,
            rule_type=self._type.name,
            dedup=dedup[:MAX_DEDUP_CHARS] or None,
            action=parts.action,
            count=None if digest is None else digest.count,
        )

    def _title(self) -> str:
        if self._parts.title is None and self._digest is not None:
            return self._escaped(self._digest.title(readable.words(self._type.name)))
        return self._rendered("title", self._parts.title, self._default.title)

    def _text(self) -> str:
        if self._parts.text is None and self._digest is not None:
            text = "\n".join(self._digest.lines(self._line, self._escaped))
        else:
            text = self._rendered("text", self._parts.text, self._default.text)
        repeats = self._repeats()
        suppressed = f"Before this, {repeats} repeat{'s were' if repeats > 1 else ' was'} not sent."
        return "\n\n".join(filter(None, (text, self._escaped(suppressed) if repeats else "")))

    def _repeats(self) -> int:
        """Return how many repeats of the event, or of the events of a digest, were not sent."""
        windows = self._variables.windows
        if "repeats" not in windows:  # the rule has no once-per; an event may have a field of this name
            return 0
        events: Sequence[Mapping[str, Any]] = windows.get("events") or (windows,)
        return sum(each.get("repeats") or 0 for each in events)

    def _hidden(self) -> dict[str, Any]:
        """Return the fields that the windows' variables hide, because the type's own templates mean them."""
        data = self._shortened(self._variables["data"])
        return {name: data[name] for name in self._variables.windows if name in data}

    def _line(self, seen: Mapping[str, Any]) -> str:
        """Return the title of one event of a digest, or its fields if its type has no titles of its own."""
        if self._type.message is None:
            fields = digest_messages.in_a_line(type_messages.fields(self._type, seen))
            if fields:
                return self._escaped(fields)
        try:
            return templates.render(self._default.title, seen, "text", self._place.units, self._place.escape)
        except TemplateError:  # a built-in template that renders an event of a former schema
            return ""

    def _level(self) -> Level:
        if self._parts.level is None and self._digest is not None:
            return max((self._level_of(self._default.level, seen) for seen in self._digest.events), key=_rank)
        own = self._rendered("level", self._parts.level, None, escape=False)
        return _known(own) or self._level_of(self._default.level, self._own)

    def _level_of(self, source: str, seen: Mapping[str, Any]) -> Level:
        try:
            return _known(templates.render(source, seen, "text", self._place.units)) or "info"
        except TemplateError:
            return "info"

    def _fields(self) -> Iterator[tuple[str, str]]:
        if self._parts.fields is not None:
            for label, expression in self._parts.fields.items():
                source = field_source(expression)
                if made := self._rendered(f"fields.{label}", source, None).strip():
                    yield self._escaped(label), made
            return
        if self._digest is not None:
            found = self._digest.fields(self._type)
        else:
            found = type_messages.fields(self._type, self._seen)
        # Cut the values before they are escaped: a cut within an escape could turn it into markup.
        for label, text in readable.bounded(islice(found, MAX_FIELDS)):
            yield self._escaped(label), self._escaped(text)

    def _shortened(self, variables: Mapping[str, Any]) -> dict[str, Any]:
        """Cut texts that are longer than any service shows, and mark the cut."""
        ending = f"… [cut; event {self._variables.event_id}]"
        return {
            name: seen[:MAX_VALUE_CHARS] + ending
            if type(seen) is str and len(seen) > MAX_VALUE_CHARS
            else seen
            for name, seen in variables.items()
        }

    def _escaped(self, text: str) -> str:
        return self._place.escape(text) if text else text

    def _rendered(self, part: str, own: str | None, default: str | None, *, escape: bool = True) -> str:
        """Render a part of the message with the rule's own template, or else with the type's."""
        source = default if own is None else own
        if source is None:
            return ""
        seen = self._own if own is None else self._seen
        made = self._place.escape if escape else None
        try:
            return templates.render(source, seen, "text", self._place.units, made).strip()
        except TemplateError as error:
            raise type(error)(f"message.{part}: {error.message}") from None


def _known(text: str) -> Level | None:
    wanted = text.strip().lower()
    return next((level for level in LEVELS if level == wanted), None)


def _rank(level: Level) -> int:
    return LEVELS.index(level)
