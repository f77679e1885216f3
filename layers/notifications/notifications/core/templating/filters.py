"""Jinja2's filters and tests, each within the budget. A filter that is not listed here is refused."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from jinja2.filters import FILTERS
from jinja2.tests import TESTS
from jinja2.utils import pass_context
from markupsafe import escape

from notifications.core.errors import TemplateError
from notifications.core.templating import branches, families, methods, operators, ordering, output, zones
from notifications.core.templating.absent import is_nothing, written
from notifications.core.templating.budget import SIZED, RenderContext, opaque
from notifications.core.templating.families import Function
from notifications.core.texts import whole

MAX_PRECISION = 100

_PLAIN = ("capitalize", "center", "lower", "trim", "truncate", "upper")
_MEASURES = ("abs", "filesizeformat")
_SCANNING = ("title", "wordcount")
_PATTERNS = ("striptags", "wordwrap")
_CHEAP = ("attr", "d", "default")
_PICKING = ("count", "first", "last", "length")
_LAZY = ("batch", "map", "slice")
_SIFTING = ("reject", "rejectattr", "select", "selectattr")


@pass_context
def _concat(context: RenderContext, values: list[Any]) -> str:
    return methods.join(context.budget, "", values)


@pass_context
def _each(context: RenderContext, values: Any, weight: int) -> Any:
    """Charge for a loop before it begins; None is an empty list, because optional fields may be missing."""
    budget = context.budget
    if values is None:
        return ()
    if type(values) in SIZED:
        budget.charge(1 + len(values) * max(weight, 1))
        return values
    return budget.each(values, max(weight, 1))


@pass_context
def _escape(context: RenderContext, value: Any) -> str:
    return str(context.budget.made(str(escape(written(context.budget.taken(value))))))


@pass_context
def _format(context: RenderContext, text: Any, *args: Any, **kwargs: Any) -> str:
    if is_nothing(text):
        return ""
    if args and kwargs:
        raise TemplateError("The filter format takes values by place or by name, not both")
    return operators.percent(context.budget, written(context.budget.taken(text)), kwargs or args)


@pass_context
def _indent(
    context: RenderContext,
    text: Any,
    width: int | str = 4,
    first: bool = False,  # noqa: FBT001, FBT002 - Jinja2's own
    blank: bool = False,  # noqa: FBT001, FBT002 - Jinja2's own
) -> str:
    budget = context.budget
    text = written(budget.taken(text))
    budget.arguments(width)
    step = len(width) if isinstance(width, str) else max(width, 0)
    # Charge for the result before it is made: a short text of many lines becomes long by its indents.
    budget.chars(len(text) + step * (len(text.splitlines()) + 1))
    return str(families.called(FILTERS["indent"], context, text, width, first, blank))


@pass_context
def _join(context: RenderContext, values: Any, d: Any = "", attribute: str | int | None = None) -> str:
    if values is None:
        return ""
    if attribute is not None:
        values = context.environment.filters["map"](context, values, attribute=attribute)
    elif opaque(values) and not isinstance(values, Iterator):
        raise TemplateError(f"A {type(values).__name__} has no items")
    return methods.join(context.budget, written(context.budget.made(d)), values)


@pass_context
def _list(context: RenderContext, values: Any) -> list[Any]:
    budget = context.budget
    if values is None:
        return []
    if type(values) in SIZED:
        budget.charge(1 + len(values))
        return list(values)
    return list(budget.each(values))


@pass_context
def _readable(context: RenderContext, value: Any) -> str:
    from notifications.core import readable  # noqa: PLC0415 - few templates use it

    return readable.text(None if is_nothing(value) else context.budget.taken(value))


@pass_context
def _replace(context: RenderContext, text: Any, old: Any, new: Any, count: int | None = None) -> str:
    old, new = written(context.budget.made(old)), written(context.budget.made(new))
    return methods.replace(
        context.budget, written(context.budget.taken(text)), old, new, -1 if count is None else count
    )


@pass_context
def _round(context: RenderContext, value: Any, precision: int = 0, method: str = "common") -> Any:
    if is_nothing(value):
        return None
    families.check_number(value)
    if abs(precision) > MAX_PRECISION:
        raise TemplateError(f"A precision may be {MAX_PRECISION} at most")
    return context.budget.made(FILTERS["round"](value, precision, method))


@pass_context
def _safe(context: RenderContext, value: Any) -> Any:
    return value if isinstance(value, str) else written(context.budget.taken(value))


@pass_context
def _string(context: RenderContext, value: Any) -> str:
    context.budget.weigh(value)
    return written(value)


@pass_context
def _sum(context: RenderContext, values: Any, attribute: str | int | None = None, start: Any = 0) -> Any:
    if values is None:
        return start
    if attribute is not None:
        values = context.environment.filters["map"](context, values, attribute=attribute)
    numbers = [*(value for value in context.budget.taken(values) if not is_nothing(value)), start]
    for number in numbers:
        families.check_number(number)
    return context.budget.made(sum(numbers))


@pass_context
def _urlencode(context: RenderContext, value: Any) -> str:
    context.budget.weigh(value)
    made = str(
        FILTERS["urlencode"](value if isinstance(value, (dict, list, tuple)) else whole(written(value)))
    )
    context.budget.charge(len(made))
    return str(context.budget.made(made))


@pass_context
def _weighed(context: RenderContext, value: Any) -> Any:
    """Charge for a value that will be compared or looked up; functions and loops compare by identity."""
    if isinstance(value, Iterator) or opaque(value):
        return value
    context.budget.weigh(value)
    return value


@pass_context
def _key(context: RenderContext, value: Any) -> Any:
    """Charge for a key of an object that the template makes; a missing one is None."""
    return None if is_nothing(value) else _weighed(context, value)


def _families() -> Iterator[tuple[tuple[str, ...], Callable[[Function], Function]]]:
    yield _PLAIN, families.plain
    yield _MEASURES, families.measure
    yield _SCANNING, families.scanning
    yield _PATTERNS, families.pattern
    yield _CHEAP, families.cheap
    yield _PICKING, families.picking
    yield _LAZY, families.lazy
    yield _SIFTING, families.sifting


INTERNAL: Mapping[str, Function] = {
    " each": _each,
    " concat": _concat,
    " weighed": _weighed,
    " key": _key,
    " made": pass_context(lambda context, value: context.budget.made(value)),
    " text": output.as_text,
    " captured text": output.as_captured,
    " marked": output.marked,
    " json": output.as_json,
    " in string": output.in_string,
    " in macro": output.in_macro,
    " plain": output.as_plain,
    " direct": output.direct,
    " enter": output.enter,
    " branch": branches.branch,
    " filled": branches.filled,
}
"""The filters of the instrumented tree. A template can use a name with a leading space only as a text
(``map(' each')``), so these filters must keep the budget too, whatever they are given."""

BOUNDED_FILTERS: Mapping[str, Function] = {
    **{name: family(FILTERS[name]) for names, family in _families() for name in names},
    **{name: families.ordering(function) for name, function in ordering.FILTERS.items()},
    **dict.fromkeys(("e", "escape", "forceescape"), _escape),
    "float": families.plain(FILTERS["float"], empty=None),
    "format": _format,
    "indent": _indent,
    "items": families.lazy(FILTERS["items"], empty={}),
    "int": families.plain(FILTERS["int"], empty=None),
    "join": _join,
    "list": _list,
    "localtime": zones.localtime,
    "readable": _readable,
    "replace": _replace,
    "reverse": families.lazy(FILTERS["reverse"], empty=""),
    "round": _round,
    "safe": _safe,
    "safe_markup": output.safe_markup,
    "string": _string,
    "sum": _sum,
    "tojson": output.tojson,
    "urlencode": _urlencode,
}
_TESTS: Mapping[str, Any] = TESTS
BOUNDED_TESTS: Mapping[str, Function] = {
    name: families.test(name, function) for name, function in _TESTS.items()
}
