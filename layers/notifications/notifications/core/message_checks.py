"""Check a rule's message when the rule is saved, and warn of parts that would not be shown."""

import re
from collections.abc import Iterator

from notifications.core import rendering, templates
from notifications.core.composing import field_source
from notifications.core.errors import InvalidRequest, NotificationError, TemplateError
from notifications.core.model import LEVELS, Channel, Digest, EventType, MessageParts, Rule, WebhookSpec
from notifications.core.nearest import hint, quoted
from notifications.core.refusals import of
from notifications.core.variables import DIGEST, Variables, names_besides

_MARK = re.compile(r"\{[{%#]")
_WEB = ("https://", "http://")

NO_PARSE = "The template does not parse"
"""The beginning of faults of syntax."""


def refusals(rule: Rule, event_type: EventType | None) -> Iterator[NotificationError]:
    """Yield what is wrong with the parts of a message: with its level, its link, and its templates.

    Each message begins with the part's name. ``event_type``: None if nobody knows it.
    """
    parts = rule.message or MessageParts()
    level, link = parts.level, parts.link
    if level is not None and not _MARK.search(level):
        yield from of(lambda: _check_level(level))
    if link is not None:
        yield from of(lambda: _check_link(link))
    for name, source in _sources(parts):
        try:
            templates.check(source, event_type, "text", names_besides(rule))
        except TemplateError as error:
            yield TemplateError(f"message.{name}: {_fault(name, parts, error.message)}")


def warnings(rule: Rule, channel: Channel, variables: Variables) -> list[str]:
    """List the warnings about a rule's message, which can be sent nevertheless. ``variables``: an event's.

    Raises:
        TemplateError: its template fails on the event.
    """
    parts, found = rule.message, []
    preset = rendering.preset_of(channel.spec)
    if rule.message_template and preset is not None:
        from notifications.core import presets  # noqa: PLC0415 - only such channels need them

        made = rendering.handwritten(rule, channel, variables, preset.escape)
        if not templates.is_empty(made):
            found += presets.problems(preset, made)
    if parts is None:
        return found
    if rule.message_template:
        found.append("message: the rule has a template, so the parts of the default message are not used")
        return found
    rendering.content(rule, channel, variables)
    found += _level_warnings(parts.level, variables)
    if not _has_incidents(channel):
        if parts.dedup is not None:
            found.append("message.dedup: only PagerDuty has incidents, so it has no effect here")
        if parts.action is not None:
            found.append(
                "message.action: only PagerDuty has incidents; here the rule sends an ordinary message"
            )
    elif parts.dedup is not None and rule.digest is not None:
        found += _key_warnings(parts.dedup, rule.digest)
    return found


def _key_warnings(source: str, digest: Digest) -> Iterator[str]:
    """Yield that a digest may have events of several incidents, of which its message can name only one."""
    by = {path.partition(".")[0] for path in digest.by}
    fields = templates.names(source) - by - DIGEST - {"data", "rule_type"}
    if fields:
        yield (
            "message.dedup: a digest is one incident, with the key of its last event, so incidents of its"
            " other events are never resolved; collect by the same fields: digest.by with "
            + ", ".join(sorted(fields))
        )


def _fault(name: str, parts: MessageParts, fault: str) -> str:
    """Return the fault of a part, without a place in the template that the service makes of an expression."""
    part, _, label = name.partition(".")
    if part != "fields" or not fault.startswith(NO_PARSE):
        return fault
    expression = (parts.fields or {})[label]
    return f"{quoted(expression)} is no expression, as context.project or session_name | upper are"


def _check_level(level: str) -> None:
    if level.strip().lower() not in LEVELS:
        raise InvalidRequest(_no_level(level))


def _level_warnings(source: str | None, variables: Variables) -> Iterator[str]:
    """Yield a warning if a template renders no known level.

    Empty text is right: it means the type's level.
    """
    made = "" if source is None else templates.render(source, variables, "text").strip()
    if made and made.lower() not in LEVELS:
        yield f"{_no_level(made)}; the type's own is used instead"


def _no_level(level: str) -> str:
    likely = hint(level.strip().lower(), LEVELS)
    return f"message.level: {quoted(level)} is not a level{likely} ({', '.join(LEVELS)})"


def _check_link(link: str) -> None:
    """Refuse a link that no reader could follow, as far as that is certain before it is rendered."""
    begins, *rest = _MARK.split(link.strip(), maxsplit=1)
    known = begins.lower()
    if known and not any(known.startswith(web) or (rest and web.startswith(known)) for web in _WEB):
        fault = "is not a link that readers can follow: it must begin with https:// or http://"
        raise InvalidRequest(f"message.link: {quoted(link)} {fault}")


def _has_incidents(channel: Channel) -> bool:
    return isinstance(channel.spec, WebhookSpec) and channel.spec.preset == "pagerduty"


def _sources(parts: MessageParts) -> Iterator[tuple[str, str]]:
    for name in ("title", "text", "link", "level", "dedup"):
        if (source := getattr(parts, name)) is not None:
            yield name, source
    for label, expression in (parts.fields or {}).items():
        yield f"fields.{label}", field_source(expression)
