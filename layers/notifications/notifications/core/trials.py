"""A template is tried with a sample of its event type when it is saved: can it ever make what is sent?"""

import functools
import itertools
from collections.abc import Iterator
from datetime import datetime
from time import thread_time

from jinja2 import Template

from notifications.core import templates
from notifications.core.errors import NotJson, TemplateError
from notifications.core.model import Event, EventType, Format
from notifications.core.samples import TIMESTAMP, sample
from notifications.core.templating.branches import OWN
from notifications.core.templating.budget import MAX_UNITS, Branches
from notifications.core.templating.compiling import compiled, explorable

MAX_CONDITIONS = 6
"""With how many conditions on data all ways through a template are tried; with more of them it is taken."""

MAX_SECONDS = 0.3
"""CPU time of all of them: what takes longer is taken, too."""

WAY_UNITS = MAX_UNITS // 10


def check(source: str, event_type: EventType, format: Format) -> None:  # noqa: A002
    """Refuse a template that has been checked, if no way through it makes a message for its channel.

    It is rendered with the sample. If that makes no JSON where it must, it is rendered again and again with
    its conditions ended otherwise. One way that makes JSON, or that fails for the sample's data, is enough:
    then an event may come for which it is right.

    Raises:
        TemplateError: says what the sample came to.
    """
    first = _fault(compiled(source, format).template, event_type, format, MAX_UNITS)
    if first is None:
        return
    began = thread_time()
    template, conditions = explorable(source, format)
    if conditions > MAX_CONDITIONS:
        return
    for branches in _ways(conditions):
        if thread_time() - began > MAX_SECONDS or not _fault(
            template, event_type, format, WAY_UNITS, branches
        ):
            return
    raise NotJson(f"With a sample of {event_type.name}: {first.message}")


def _fault(
    template: Template,
    event_type: EventType,
    format: Format,  # noqa: A002
    units: int,
    branches: Branches | None = None,
) -> TemplateError | None:
    """Return what is wrong with a rendering that no data would mend."""
    data = dict.fromkeys(sorted(event_type.fields)) | sample(event_type)
    event = Event("sample", event_type.name, datetime.fromisoformat(TIMESTAMP), data)
    try:
        message = templates.run(template, templates.context(event, data), format, units, branches)
    except NotJson as error:
        return error
    except TemplateError:
        return None
    return NotJson("The message is empty") if format == "json" and templates.is_empty(message) else None


def _ways(conditions: int) -> Iterator[Branches]:
    """End the conditions that depend on data in all ways, with the template's own as they end, or alike."""
    for own in (None, True, False):
        for ends in itertools.product((True, False), repeat=conditions):
            yield functools.partial(_end, ends, own)


def _end(ends: tuple[bool, ...], own: bool | None, number: int) -> bool | None:  # noqa: FBT001
    return own if number == OWN else ends[number]
