"""Local time: convert times to time zones, across daylight saving and every older rule.

The zones are loaded when the first template uses one.
"""

from datetime import UTC, datetime, timezone
from typing import Any

from jinja2 import nodes
from jinja2.utils import pass_context

from notifications.core import times, zones
from notifications.core.errors import TemplateError
from notifications.core.nearest import quoted
from notifications.core.templating.absent import is_nothing
from notifications.core.templating.budget import RenderContext

UNITS = 50
"""The units of one conversion, which takes some 3 µs; loading a zone takes a hundred."""


@pass_context
def localtime(context: RenderContext, value: Any, zone: Any) -> datetime | None:
    """Convert a time, or ISO 8601 text, to a time zone.

    The result has a fixed offset, so that the difference between two results is the elapsed time: within one
    zone, Python would subtract what the clocks show.
    """
    budget = context.budget
    budget.charge(UNITS)
    budget.arguments(value, zone)
    found = zones.zone(check_zone(zone))
    if is_nothing(value):
        return None
    local = _time(value).astimezone(found)
    offset = local.utcoffset()
    return local if offset is None else local.replace(tzinfo=timezone(offset, local.tzname() or ""), fold=0)


def check_zone(name: object) -> str:
    """Return the name of a zone.

    Raises:
        TemplateError: there is no such zone; the error has the nearest name.
    """
    if not isinstance(name, str) or not name:
        raise TemplateError("localtime wants the name of a zone, like 'Asia/Seoul'")
    fault = zones.fault(name)
    if fault is not None:
        raise TemplateError(fault)
    return name


def named(tree: nodes.Template) -> tuple[tuple[object, int], ...]:
    """Find the zones that a template names by constants, with their lines."""
    return tuple(
        (argument.value, node.lineno)
        for node in tree.find_all(nodes.Filter)
        if node.name == "localtime"
        for argument in [*node.args, *(keyword.value for keyword in node.kwargs)][:1]
        if isinstance(argument, nodes.Const)
    )


def _time(given: object) -> datetime:
    value = given
    if isinstance(given, str):
        try:
            value = times.parse(given.strip())
        except ValueError:
            raise TemplateError(f"localtime wants an ISO 8601 time, not {quoted(given)}") from None
    if not isinstance(value, datetime):
        raise TemplateError(f"localtime wants a time, not a {type(value).__name__}")
    return value if value.tzinfo else value.replace(tzinfo=UTC)
