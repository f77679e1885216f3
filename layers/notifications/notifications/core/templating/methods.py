"""The methods that a template may call on values, each within the budget."""

import re
from collections.abc import Callable, Mapping
from datetime import date, datetime, time, timedelta
from types import BuiltinMethodType
from typing import Any

from jinja2.exceptions import SecurityError

from notifications.core.templating.absent import written
from notifications.core.templating.budget import MAX_ARGUMENT, MAX_ARGUMENT_CHARS, Budget
from notifications.core.templating.operators import MAX_FORMAT_DIGITS

MAX_CHARS_BACKWARDS = 64
"""The longest text to search for from the end, because such a search may cost the product of both lengths."""

_SEARCHING = frozenset(
    (
        *("count", "endswith", "find", "index", "lstrip", "partition", "removeprefix", "removesuffix"),
        *("rstrip", "split", "startswith", "strip"),
    )
)
_BACKWARDS = frozenset(("rfind", "rindex", "rpartition", "rsplit"))
_CHANGING = frozenset(
    (
        *("capitalize", "casefold", "center", "isalnum", "isalpha", "isascii", "isdecimal", "isdigit"),
        *("isidentifier", "islower", "isnumeric", "isprintable", "isspace", "istitle", "isupper", "ljust"),
        *("lower", "rjust", "splitlines", "swapcase", "title", "upper", "zfill"),
    )
)
DATES = frozenset(
    (
        *("astimezone", "ctime", "date", "dst", "isocalendar", "isoformat", "isoweekday", "replace"),
        *("strftime", "time", "timestamp", "timetz", "toordinal", "total_seconds", "tzname", "utcoffset"),
        "weekday",
    )
)
DICTS = frozenset(("copy", "get", "items", "keys", "values"))
LISTS = frozenset(("copy", "count", "index"))
NUMBERS = frozenset(("bit_length", "is_integer"))
_DIGITS = r"\d+"


def call(budget: Budget, method: BuiltinMethodType, args: tuple[Any, ...], kwargs: Mapping[str, Any]) -> Any:
    """Call a method of a value within the budget.

    Raises:
        SecurityError: templates may not call it.
        TemplateError: its arguments are too large, or the budget is spent.
    """
    owner, name = method.__self__, method.__name__
    if isinstance(owner, dict) and name in DICTS:
        budget.arguments(*args[:1])
        budget.charge(len(owner) if name == "copy" else 1)
        return method(*args, **kwargs)
    # These can make a long text from short arguments, so each computes the length of its result first.
    if isinstance(owner, str) and name in _OWN:
        return _OWN[name](budget, owner, *args, **kwargs)
    if not _known(owner, name):
        raise SecurityError(f"calling {name!r} of a {type(owner).__name__} is not allowed")
    budget.weigh(owner)
    most = MAX_CHARS_BACKWARDS if name in _BACKWARDS else MAX_ARGUMENT_CHARS
    budget.arguments(*args, *kwargs.values(), most=most)
    return budget.made(method(*args, **kwargs))


def join(budget: Budget, separator: str, values: Any) -> str:
    """Join texts if the budget has room for the result; None is joined as nothing."""
    texts = [
        value if isinstance(value, str) else written(budget.made(value)) for value in budget.taken(values)
    ]
    budget.chars(sum(map(len, texts)) + len(separator) * len(texts))
    return separator.join(texts)


def replace(budget: Budget, text: str, old: str, new: str, count: int = -1) -> str:
    """Replace a text by another if the budget has room for the result."""
    budget.weigh(text)
    budget.arguments(old, count)
    budget.weigh(new)
    found = text.count(old)
    times = found if count is None or count < 0 else min(found, count)
    budget.chars(len(text) + times * len(new))
    return text.replace(old, new, -1 if count is None else count)


def check_format_spec(spec: str) -> None:
    """Refuse a format specification (``>10``) with a number of more than three digits in it.

    Raises:
        SecurityError: it could make a text of any length.
    """
    if (
        any(len(digits) > MAX_FORMAT_DIGITS for digits in re.findall(_DIGITS, spec))
        or len(spec) > MAX_ARGUMENT_CHARS
    ):
        raise SecurityError("a format with a width or a precision above 999 is not allowed")


def _join(budget: Budget, text: str, values: Any) -> str:
    return join(budget, text, values)


def _expandtabs(budget: Budget, text: str, tabsize: int = 8) -> str:
    budget.arguments(tabsize)
    budget.chars(len(text) + text.count("\t") * min(max(tabsize, 0), MAX_ARGUMENT))
    return text.expandtabs(tabsize)


_OWN: Mapping[str, Callable[..., str]] = {"join": _join, "replace": replace, "expandtabs": _expandtabs}
TEXTS = _SEARCHING | _BACKWARDS | _CHANGING | _OWN.keys()


def _known(owner: Any, name: str) -> bool:
    if isinstance(owner, str):
        return name in TEXTS
    if isinstance(owner, (list, tuple)):
        return name in LISTS
    if isinstance(owner, (datetime, date, time, timedelta)):
        return name in DATES
    return isinstance(owner, (int, float)) and name in NUMBERS
