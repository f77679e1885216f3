"""Jinja2's filters and tests, each within the budget. A filter that is not listed here does not exist."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from jinja2 import pass_context
from jinja2.filters import FILTERS
from jinja2.tests import TESTS
from markupsafe import escape

from notifications.core.errors import TemplateError
from notifications.core.templating import families, methods, operators, output
from notifications.core.templating.budget import SIZED, RenderContext, opaque
from notifications.core.templating.families import Function

MAX_PRECISION = 100

_PLAIN = (
    "abs",
    "capitalize",
    "center",
    "filesizeformat",
    "float",
    "int",
    "lower",
    "trim",
    "truncate",
    "upper",
)
_SCANNING = ("title", "wordcount")
_PATTERNS = ("striptags", "wordwrap")
_CHEAP = ("attr", "count", "d", "default", "first", "last", "length")
_ORDERING = ("dictsort", "groupby", "max", "min", "sort", "unique")
_LAZY = ("batch", "items", "map", "reject", "rejectattr", "reverse", "select", "selectattr", "slice")


@pass_context
def _concat(context: RenderContext, values: list[Any]) -> str:
    return methods.join(context.budget, "", values)


@pass_context
def _each(context: RenderContext, values: Any, weight: int) -> Any:
    """Pay for a loop before it begins; None is an empty list, since optional fields may be absent."""
    budget = context.budget
    if values is None:
        return ()
    if type(values) in SIZED:
        budget.charge(1 + len(values) * max(weight, 1))
        return values
    return budget.each(values, max(weight, 1))


@pass_context
def _escape(context: RenderContext, value: Any) -> str:
    return str(context.budget.made(str(escape(str(context.budget.taken(value))))))


@pass_context
def _format(context: RenderContext, text: Any, *args: Any, **kwargs: Any) -> str:
    if args and kwargs:
        raise TemplateError("The filter format takes values by place or by name, not both")
    return operators.percent(context.budget, str(context.budget.taken(text)), kwargs or args)


@pass_context
def _indent(
    context: RenderContext,
    text: Any,
    width: int | str = 4,
    first: bool = False,  # noqa: FBT001, FBT002
    blank: bool = False,  # noqa: FBT001, FBT002
) -> str:
    budget = context.budget
    text = str(budget.taken(text))
    budget.arguments(width)
    step = len(width) if isinstance(width, str) else max(width, 0)
    budget.chars(len(text) + step * (len(text.splitlines()) + 1))
    return str(families.called(FILTERS["indent"], context, text, width, first, blank))


@pass_context
def _join(context: RenderContext, values: Any, d: Any = "", attribute: str | int | None = None) -> str:
    if attribute is not None:
        values = context.environment.filters["map"](context, values, attribute=attribute)
    elif opaque(values) and not isinstance(values, Iterator):
        raise TemplateError(f"A {type(values).__name__} has no items")
    return methods.join(context.budget, str(context.budget.made(d)), values)


@pass_context
def _list(context: RenderContext, values: Any) -> list[Any]:
    budget = context.budget
    if type(values) in SIZED:
        budget.charge(1 + len(values))
        return list(values)
    return list(budget.each(values))


@pass_context
def _replace(context: RenderContext, text: Any, old: Any, new: Any, count: int | None = None) -> str:
    old, new = str(context.budget.made(old)), str(context.budget.made(new))
    return methods.replace(
        context.budget, str(context.budget.taken(text)), old, new, -1 if count is None else count
    )


@pass_context
def _round(context: RenderContext, value: Any, precision: int = 0, method: str = "common") -> Any:
    families.check_number(value)
    if abs(precision) > MAX_PRECISION:
        raise TemplateError(f"A precision may be {MAX_PRECISION} at most")
    return context.budget.made(FILTERS["round"](value, precision, method))


@pass_context
def _safe(context: RenderContext, value: Any) -> Any:
    return value if isinstance(value, str) else str(context.budget.taken(value))


@pass_context
def _sum(context: RenderContext, values: Any, attribute: str | int | None = None, start: Any = 0) -> Any:
    if attribute is not None:
        values = context.environment.filters["map"](context, values, attribute=attribute)
    numbers = [*context.budget.taken(values), start]
    for number in numbers:
        families.check_number(number)
    return context.budget.made(sum(numbers))


@pass_context
def _urlencode(context: RenderContext, value: Any) -> str:
    context.budget.weigh(value)
    made = str(FILTERS["urlencode"](value))
    context.budget.charge(len(made))
    return str(context.budget.made(made))


@pass_context
def _weighed(context: RenderContext, value: Any) -> Any:
    """Pay for what is going to be compared or looked up by; functions and loops compare at once."""
    if isinstance(value, Iterator) or opaque(value):
        return value
    context.budget.weigh(value)
    return value


def _families() -> Iterator[tuple[tuple[str, ...], Callable[[Function], Function]]]:
    yield _PLAIN, families.plain
    yield _SCANNING, families.scanning
    yield _PATTERNS, families.pattern
    yield _CHEAP, families.cheap
    yield _ORDERING, families.ordering
    yield _LAZY, families.lazy


INTERNAL: Mapping[str, Function] = {
    " each": _each,
    " concat": _concat,
    " weighed": _weighed,
    " made": pass_context(lambda context, value: context.budget.made(value)),
    " text": output.as_text,
    " json": output.as_json,
    " in string": output.in_string,
    " in macro": output.in_macro,
    " direct": output.direct,
    " enter": output.enter,
}
"""What the instrumented tree uses. No template can write a name with a space in front of it but as a text
(``map(' each')``): so these too keep the budget whatever they are given."""

BOUNDED_FILTERS: Mapping[str, Function] = {
    **{name: family(FILTERS[name]) for names, family in _families() for name in names},
    **dict.fromkeys(("e", "escape", "forceescape"), _escape),
    "format": _format,
    "indent": _indent,
    "join": _join,
    "list": _list,
    "replace": _replace,
    "round": _round,
    "safe": _safe,
    "string": output.as_text,
    "sum": _sum,
    "tojson": output.tojson,
    "urlencode": _urlencode,
}
_TESTS: Mapping[str, Any] = TESTS
BOUNDED_TESTS: Mapping[str, Function] = {
    name: families.test(name, function) for name, function in _TESTS.items()
}
