"""Try a template with a sample event when it is saved, to see whether it can ever render a valid message."""

import functools
import itertools
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from time import thread_time
from typing import Any

from notifications.core import rendering, templates
from notifications.core.errors import NotJson, TemplateError
from notifications.core.model import Event, EventType, Format, Rule
from notifications.core.samples import TIMESTAMP, sample
from notifications.core.templating.branches import OWN
from notifications.core.templating.budget import MAX_UNITS, Branches
from notifications.core.templating.compiling import explorable
from notifications.core.variables import Variables

MAX_CONDITIONS = 6
"""How many conditions on data a template may have for all paths through it to be tried; beyond that it is
accepted."""

MAX_SECONDS = 0.3
"""CPU time for all paths together; a template that takes longer is accepted, too."""

PATH_UNITS = MAX_UNITS // 10


def check(
    source: str,
    event_type: EventType,
    format: Format,  # noqa: A002
    rule: Rule | None = None,
) -> None:
    """Refuse a template, checked before, if no path through it renders a message for its channel.

    It is rendered with a sample. If that does not render to JSON where it must, the template's conditions are
    forced to other results, one combination after the other. One path that renders to JSON, or that fails
    only because of the sample's data, is enough, because an event may take it. ``rule``: whose it is.

    Raises:
        TemplateError: with what is wrong for the sample.
    """
    first = _fault(lambda variables: templates.render(source, variables, format), rule, event_type, format)
    if first is None:
        return
    began = thread_time()
    template, conditions = explorable(source, format)
    if conditions > MAX_CONDITIONS:
        return
    for branches in _combinations(conditions):
        path = functools.partial(templates.run, template, format=format, units=PATH_UNITS, branches=branches)
        if thread_time() - began > MAX_SECONDS or not _fault(path, rule, event_type, format):
            return
    raise NotJson(f"With a sample of {event_type.name}: {first.message}")


def sample_event(event_type: EventType) -> Event:
    """Make a sample event of a type."""
    return Event("sample", event_type.name, datetime.fromisoformat(TIMESTAMP), sample(event_type))


def _fault(
    render: Callable[[Mapping[str, Any]], str],
    rule: Rule | None,
    event_type: EventType,
    format: Format,  # noqa: A002
) -> TemplateError | None:
    """Return the fault of a rendering, if no other data could avoid it."""
    event = sample_event(event_type)
    data = dict.fromkeys(sorted(event_type.fields)) | dict(event.data)
    try:
        seen = Variables(templates.context(event, data), event.id, event_type)
        message = render(seen if rule is None else rendering.for_rule(rule, seen))
    except NotJson as error:
        return error
    except TemplateError:
        return None
    return NotJson("The message is empty") if format == "json" and templates.is_empty(message) else None


def _combinations(conditions: int) -> Iterator[Branches]:
    """Yield every combination of results to force on conditions.

    The template's own conditions are evaluated, or all forced alike.
    """
    for own in (None, True, False):
        for ends in itertools.product((True, False), repeat=conditions):
            yield functools.partial(_end, ends, own)


def _end(ends: tuple[bool, ...], own: bool | None, number: int) -> bool | None:  # noqa: FBT001
    return own if number == OWN else ends[number]
