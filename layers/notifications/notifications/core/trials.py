"""Try a template with a sample event when it is saved, to see whether it can ever render a valid message."""

import functools
import itertools
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from time import thread_time
from typing import TYPE_CHECKING, Any

from notifications.core import rendering, templates
from notifications.core.errors import NotJson, TemplateError
from notifications.core.model import Event, EventType, Format, Rule
from notifications.core.samples import TIMESTAMP, sample
from notifications.core.templating.branches import OWN
from notifications.core.templating.budget import MAX_UNITS, Branches
from notifications.core.templating.compiling import explorable
from notifications.core.variables import Variables

if TYPE_CHECKING:
    from notifications.core.presets import Preset

MAX_CONDITIONS = 6
"""How many conditions on data a template may have for all paths through it to be tried; a template with more
is accepted."""

MAX_SECONDS = 0.3
"""How much CPU time all paths together may take; a template that takes longer is accepted too."""

PATH_UNITS = MAX_UNITS // 10

Render = Callable[[Mapping[str, Any]], str]
"""Renders a template along one path, for these variables."""


def check(
    source: str,
    event_type: EventType,
    format: Format,  # noqa: A002 - the builtin is not used here
    rule: Rule | None = None,
    preset: "Preset | None" = None,
) -> None:
    """Refuse a template, checked before, if no path through it renders a message for its channel.

    It is rendered with a sample. If that does not render to JSON where it must, the template's conditions are
    forced to other results, one combination after the other. One path that renders to JSON, or that fails
    only because of the sample's data, is enough, because an event may take it. Then the same is asked of what
    the channel's service needs in every message. ``rule``: whose it is.

    Raises:
        TemplateError: with what is wrong for the sample.
    """
    event = sample_event(event_type)
    data = dict.fromkeys(sorted(event_type.fields)) | dict(event.data)

    def seen(data: dict[str, Any]) -> Variables:
        made = Variables(templates.context(event, data), event.id, event_type)
        return made if rule is None else rendering.for_rule(rule, made)

    _explore(source, event_type, format, lambda render: _fault(lambda: render(seen(data)), format))
    if preset is not None:
        from notifications.core import body_trials  # noqa: PLC0415 - only such channels need it

        _explore(
            source,
            event_type,
            format,
            lambda render: body_trials.fault(lambda data: render(seen(data)), data, preset),
        )


def _explore(
    source: str,
    event_type: EventType,
    format: Format,  # noqa: A002 - the builtin is not used here
    fault_of: Callable[[Render], TemplateError | None],
) -> None:
    """Refuse a template if there is a fault on each path through it.

    Raises:
        TemplateError: with the fault of the path that the sample takes.
    """
    first = fault_of(lambda variables: templates.render(source, variables, format))
    if first is None:
        return
    began = thread_time()
    template, conditions = explorable(source, format)
    if conditions > MAX_CONDITIONS:
        return
    for branches in _combinations(conditions):
        path = functools.partial(templates.run, template, format=format, units=PATH_UNITS, branches=branches)
        if thread_time() - began > MAX_SECONDS or not fault_of(path):
            return
    raise type(first)(f"With a sample of {event_type.name}: {first.message}")


def sample_event(event_type: EventType) -> Event:
    """Make a sample event of a type."""
    return Event("sample", event_type.name, datetime.fromisoformat(TIMESTAMP), sample(event_type))


def _fault(render: Callable[[], str], format: Format) -> TemplateError | None:  # noqa: A002 - the builtin is not used here
    """Return the fault of a rendering, if no other data could avoid it."""
    try:
        message = render()
    except NotJson as error:
        return error
    except TemplateError:
        return None
    return NotJson("The message is empty") if format == "json" and templates.is_empty(message) else None


def _combinations(conditions: int) -> Iterator[Branches]:
    """Yield every combination of results to force on the conditions on data.

    Conditions on the template's own variables are evaluated, or all forced to one result.
    """
    for own in (None, True, False):
        for ends in itertools.product((True, False), repeat=conditions):
            yield functools.partial(_end, ends, own)


def _end(ends: tuple[bool, ...], own: bool | None, number: int) -> bool | None:  # noqa: FBT001 - only called with variables
    return own if number == OWN else ends[number]
