"""Try a file's rules with the events of its tests, as ``simulate`` does. Nothing is read, sent or written."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import field
from typing import Any

from notifications.core import json_text
from notifications.core.delivery import Content
from notifications.core.matching import IndexedRules
from notifications.core.model import Channel, Event, EventType, Rule
from notifications.core.mutes import Mute
from notifications.core.routing import Routing
from notifications.core.texts import cut
from notifications.core.values import value
from notifications.core.verdicts import Verdict, Verdicts

MAX_QUOTED_CHARS = 500
"""How much of a message a fault quotes."""

TOO_SLOW = "the templates of those before take too long with this event"


@value
class Tried:
    """A file's rules by key, with the channels that they send to by id, and the file's mutes."""

    rules: Mapping[str, Rule]
    channels: Mapping[str, Channel]
    mutes: Sequence[Mute] = ()


@value
class Expected:
    """What a test expects. ``fires``: the keys of the rules. ``texts``: by key, what its message contains."""

    fires: frozenset[str] = frozenset()
    texts: Mapping[str, Sequence[str]] = field(default_factory=dict)


@value
class Result:
    """What came of a test. ``verdicts``: by key, of the rules that are about the event's type.

    ``left``: how many of them there was no time for.
    """

    verdicts: Mapping[str, Verdict]
    faults: Sequence[str]
    left: int = 0


def run(
    event: Event,
    event_type: EventType,
    tried: Tried,
    expected: Expected,
    *,
    muted: bool,
    is_late: Callable[[], bool] = lambda: False,
) -> Result:
    """Try the rules with an event. ``muted``: whether the mutes count that are in force at its time.

    ``is_late``: asked before each rule but the first; once it is, the test fails without the other rules.
    """
    rules = {key: rule for key, rule in tried.rules.items() if rule.rule_type == event_type.name}
    routing = Routing(event_type, IndexedRules([*rules.values()]), tried.channels)
    if muted and tried.mutes:
        from notifications.core.muting import Mutes  # noqa: PLC0415 - few files have mutes

        routing = Routing(
            routing.event_type, routing.rules, routing.channels, mutes=Mutes(tried.mutes, event_type)
        )
    found = Verdicts(event, routing, event.timestamp)
    verdicts: dict[str, Verdict] = {}
    for key, rule in rules.items():
        if verdicts and is_late():
            left = len(rules) - len(verdicts)
            return Result(verdicts, [f"{left} of {len(rules)} rules were not tried: {TOO_SLOW}"], left)
        verdicts[key] = found.of(rule)
    return Result(verdicts, [*_faults(event_type, tried, verdicts, expected)])


def _faults(
    event_type: EventType, tried: Tried, verdicts: Mapping[str, Verdict], expected: Expected
) -> Iterator[str]:
    fired = {key for key, verdict in verdicts.items() if verdict.name == "fires"}
    for key in sorted(fired - expected.fires):
        yield f"{key} fires, which is not expected: {_why(verdicts[key])}"
    for key in sorted(key for key, verdict in verdicts.items() if verdict.name == "failed"):
        if key not in expected.fires:
            yield f"{key} would fire and fails: {verdicts[key].reason}"
    for key in sorted(expected.fires - fired):
        verdict = verdicts.get(key)
        about = f"it is about {tried.rules[key].rule_type}, not {event_type.name}"
        yield f"{key} does not fire: {f'{verdict.name}: {_why(verdict)}' if verdict else about}"
    for key, texts in expected.texts.items():
        content = verdicts[key].content if key in fired else None
        if content is not None:
            yield from _missing(key, texts, content)
        elif key not in expected.fires:
            yield f"{key} does not fire, so it has no message"


def _why(verdict: Verdict) -> str:
    return verdict.reason or str(verdict.leaf or "it has no condition")


def _missing(key: str, texts: Sequence[str], content: Content) -> Iterator[str]:
    """Say which texts a message does not contain."""
    parts = [*_readable(content)]
    for text in texts:
        if not any(text in part for part in parts):
            quoted = cut(content.message, MAX_QUOTED_CHARS)
            yield f"the message of {key} does not contain {cut(text)!r}: it is {quoted!r}"


def _readable(content: Content) -> Iterator[str]:
    """List the texts of a message: as it is sent, of an email the subject, and of JSON each text in it.

    JSON spells a quotation mark or a line break otherwise than whoever writes a test.
    """
    yield content.message
    yield content.subject or ""
    with suppress(ValueError, RecursionError):  # it is no JSON
        yield from _texts(json_text.read(content.message))


def _texts(part: Any) -> Iterator[str]:
    match part:
        case str():
            yield part
        case dict():
            for inner in part.values():
                yield from _texts(inner)
        case list():
            for inner in part:
                yield from _texts(inner)
