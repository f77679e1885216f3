"""Families of filters and tests by their cost, each with the wrapper that keeps it within the budget."""

from collections.abc import Callable, Iterable, Iterator
from typing import Any

from jinja2.utils import pass_context

from notifications.core.errors import TemplateError
from notifications.core.templating.absent import is_nothing, written
from notifications.core.templating.budget import SIZED, RenderContext, opaque

MAX_PATTERN_CHARS = 8_192
"""The longest text for filters whose time may grow with its square."""

COMPARISONS_PER_UNIT = 2

Function = Callable[..., Any]

_CHEAP_TESTS = frozenset(
    (
        *("boolean", "callable", "defined", "escaped", "false", "filter", "float", "integer", "iterable"),
        *("mapping", "none", "number", "sameas", "sequence", "string", "test", "true", "undefined"),
    )
)
_ARITHMETIC_TESTS = frozenset(["divisibleby", "even", "odd"])


def called(function: Function, context: RenderContext, *args: Any, **kwargs: Any) -> Any:
    """Call one of Jinja2's functions, with the context or environment if it wants one."""
    wanted = getattr(getattr(function, "jinja_pass_arg", None), "name", None)
    if wanted is None:
        return function(*args, **kwargs)
    passed = {"context": context, "eval_context": context.eval_ctx, "environment": context.environment}
    return function(passed[wanted], *args, **kwargs)


def plain(function: Function, empty: object = "") -> Function:
    """Bound a filter whose result is not much longer than its value and numeric arguments.

    ``empty``: replaces a missing value.
    """

    @pass_context
    def bounded(context: RenderContext, value: Any, *args: Any, **kwargs: Any) -> Any:
        budget = context.budget
        value = empty if is_nothing(value) else budget.taken(value)
        budget.arguments(*args, *kwargs.values())
        return budget.made(called(function, context, value, *args, **kwargs))

    return bounded


def measure(function: Function) -> Function:
    """Bound like ``plain`` a filter of a number; a missing number gives nothing."""
    as_plain = plain(function)

    @pass_context
    def bounded(context: RenderContext, value: Any, *args: Any, **kwargs: Any) -> Any:
        return None if is_nothing(value) else as_plain(context, value, *args, **kwargs)

    return bounded


def scanning(function: Function) -> Function:
    """Bound like ``plain`` a filter that looks at each character."""
    as_plain = plain(function)

    @pass_context
    def bounded(context: RenderContext, value: Any, *args: Any, **kwargs: Any) -> Any:
        text = written(context.budget.taken(value))
        context.budget.charge(len(text) // 2)
        return as_plain(context, text, *args, **kwargs)

    return bounded


def pattern(function: Function) -> Function:
    """Bound like ``plain`` a filter whose time may grow with the square of its text, which must be short."""
    as_plain = plain(function)

    @pass_context
    def bounded(context: RenderContext, value: Any, *args: Any, **kwargs: Any) -> Any:
        value = "" if is_nothing(value) else value
        if not isinstance(value, str) or len(value) > MAX_PATTERN_CHARS:
            raise TemplateError(f"This filter takes texts of up to {MAX_PATTERN_CHARS} characters")
        context.budget.charge(len(value))
        return as_plain(context, value, *args, **kwargs)

    return bounded


def cheap(function: Function) -> Function:
    """Bound a filter whose cost does not depend on the size of the value."""

    @pass_context
    def bounded(context: RenderContext, value: Any, *args: Any, **kwargs: Any) -> Any:
        context.budget.charge(1)
        return called(function, context, value, *args, **kwargs)

    return bounded


def picking(function: Function) -> Function:
    """Bound like ``cheap`` a filter of a list; a missing list is empty."""
    as_cheap = cheap(function)

    @pass_context
    def bounded(context: RenderContext, value: Any, *args: Any, **kwargs: Any) -> Any:
        return as_cheap(context, () if value is None else value, *args, **kwargs)

    return bounded


def ordering(function: Function) -> Function:
    """Bound a filter that compares: it costs reading the value as often as its length has bits."""

    @pass_context
    def bounded(context: RenderContext, value: Any, *args: Any, **kwargs: Any) -> Any:
        budget = context.budget
        before = budget.used()
        value = () if is_nothing(value) else budget.taken(value)
        budget.arguments(*args, *kwargs.values())
        length = len(value) if type(value) in SIZED else 1
        read = max(
            budget.used() - before, length
        )  # a text is weighed as a whole, but compared letter by letter
        budget.charge(read * length.bit_length() // COMPARISONS_PER_UNIT)
        return budget.made(called(function, context, value, *args, **kwargs))

    return bounded


def sifting(function: Function) -> Function:
    """Bound like ``lazy`` a filter that may drop most items, so they are charged as they go in."""
    as_lazy = lazy(function)

    @pass_context
    def bounded(context: RenderContext, value: Any, *args: Any, **kwargs: Any) -> Any:
        if type(value) in SIZED:
            value = context.budget.each(value)
        return as_lazy(context, value, *args, **kwargs)

    return bounded


def lazy(function: Function, empty: Iterable[Any] = ()) -> Function:
    """Bound a filter whose items come one by one: they are charged as they come."""

    @pass_context
    def bounded(context: RenderContext, value: Any, *args: Any, **kwargs: Any) -> Any:
        budget = context.budget
        budget.arguments(*args, *kwargs.values())
        if is_nothing(value):
            value = empty
        if isinstance(value, Iterator):
            value = budget.each(value)
        elif opaque(value):
            raise TemplateError(f"A {type(value).__name__} has no items")
        return budget.made(called(function, context, value, *args, **kwargs))

    return bounded


def test(name: str, function: Function) -> Function:
    """Bound a test: it reads its values, or only looks at their type."""

    @pass_context
    def bounded(context: RenderContext, value: Any, *args: Any, **kwargs: Any) -> bool:
        budget = context.budget
        if name in _CHEAP_TESTS:
            budget.charge(1)
        else:
            for operand in (value, *args, *kwargs.values()):
                budget.weigh(operand)
                if name in _ARITHMETIC_TESTS:
                    check_number(operand)
        return bool(called(function, context, value, *args, **kwargs))

    return bounded


def check_number(value: Any) -> None:
    """Refuse anything but a number, because ``%`` and ``*`` mean something else for a text."""
    if not isinstance(value, (int, float)):
        raise TemplateError(f"A {type(value).__name__} is not a number")
