"""What one rendering may use. Whatever grows, repeats or searches asks here before it does."""

from collections.abc import Callable, Iterable, Iterator
from datetime import date, time, timedelta, tzinfo
from time import thread_time
from typing import Any

from jinja2 import Undefined
from jinja2.runtime import Context

from notifications.core.errors import TemplateError

MAX_UNITS = 500_000
"""Units of work in one rendering: a part of the template, an item, 16 characters; some 0.2 µs each."""

LEAN_UNITS = 5_000
"""What a rendering may use at first if others of its event took long; one that needs more waits."""

CHARS_PER_UNIT = 16
BITS_PER_UNIT = 64
MAX_TEXT_CHARS = 256 * 1024
"""The longest text that a template may make on its way; no message can be longer."""

MAX_NUMBER_BITS = 16_384
"""More than the 4,300 digits that a number in JSON can have."""

MAX_ARGUMENT = 10_000
"""The largest whole number that a filter or a method takes: widths, counts, precisions."""

MAX_ARGUMENT_CHARS = 1_024
"""The longest text to look for, to fill or to join with."""

MAX_DEPTH = 64
"""How deep lists and objects may be nested."""

MAX_SECONDS = 0.15
"""CPU time of one rendering. 250 ms are promised: the rest is for compiling, and for the step under way."""

UNITS_BETWEEN_LOOKS = 500
"""How often the clock is read: reading it costs half a microsecond."""

OUTSIDE, INSIDE, PLAIN = 0, 1, 2
"""Where a macro's text goes: outside or inside a string of a JSON text, or neither."""

_SCALARS = (bool, float, complex, type(None), date, time, timedelta, tzinfo, Undefined)
VIEWS: tuple[type, ...] = (type({}.items()), type({}.keys()), type({}.values()))
SIZED = frozenset({str, list, tuple, dict, range, *VIEWS})


Branches = Callable[[int], bool | None]
"""How a condition ends, by its number; None: as it does."""


class Budget:
    """Counts down from so many units; raises ``TemplateError`` when it is spent."""

    __slots__ = ("_deadline", "_left", "_look_at", "_units", "where")

    def __init__(self, units: int = MAX_UNITS) -> None:
        self._units = self._left = units
        self._look_at = units - UNITS_BETWEEN_LOOKS
        self._deadline: float | None = None
        self.where = OUTSIDE

    def charge(self, units: int) -> None:
        """Take units of work."""
        self._left -= units
        if self._left < self._look_at:
            self._look()

    def _look(self) -> None:
        if self._left < 0:
            raise TemplateError("The template does too much: it loops too often, or makes too long texts")
        now = thread_time()
        if self._deadline is None:  # small templates never read the clock
            self._deadline = now + MAX_SECONDS
        elif now > self._deadline:
            raise TemplateError(f"The template takes too long: more than {MAX_SECONDS} s")
        self._look_at = self._left - UNITS_BETWEEN_LOOKS

    def used(self) -> int:
        """Tell how many units are gone."""
        return self._units - self._left

    def chars(self, count: int) -> None:
        """Take the work of making a text of so many characters, before it is made."""
        if count > MAX_TEXT_CHARS:
            raise TemplateError(f"The template makes a text of more than {MAX_TEXT_CHARS} characters")
        self.charge(1 + count // CHARS_PER_UNIT)

    def weigh(self, value: Any, depth: int = 0) -> None:
        """Take the work of reading a value with all that is in it, as often as it is in it.

        A list that has one list twice, which has another one twice, and so on, is small in memory and endless
        when it is written, compared or hashed. So whoever is going to do that weighs it first.

        Raises:
            TemplateError: the budget is spent, the value is nested too deeply, or it is no value but a
                function, a loop or a namespace.
        """
        kind = type(value)
        if kind is str:
            self.chars(len(value))
        elif kind is int:
            self._number(value)
        elif kind is list or kind is tuple or kind in VIEWS:
            self._items(value, depth)
        elif kind is dict:
            self._items(value, depth)
            self._items(value.values(), depth)
        elif kind is range:
            self.charge(1 + len(value))
        else:
            self._other(value, depth)

    def made(self, value: Any) -> Any:
        """Weigh a new value and hand it on; what comes item by item is weighed as it comes."""
        if isinstance(value, Iterator):
            return self.each(value)
        self.weigh(value)
        return value

    def taken(self, value: Any) -> Any:
        """Weigh what a filter is going to work on; what comes item by item is made a list."""
        if isinstance(value, Iterator):
            return list(self.each(value))
        self.weigh(value)
        return value

    def each(self, values: Iterable[Any], weight: int = 1) -> Iterator[Any]:
        """Hand on values one by one, each at this price and its own."""
        for value in values:
            self.charge(weight)
            if isinstance(value, (str, list, tuple, dict)):
                self.weigh(value)
            yield value

    def arguments(self, *values: Any, most: int = MAX_ARGUMENT_CHARS) -> None:
        """Refuse arguments that make a small call dear. ``most``: characters of a text among them."""
        for value in values:
            if isinstance(value, int) and abs(value) > MAX_ARGUMENT:
                raise TemplateError(f"A number as an argument may be {MAX_ARGUMENT} at most")
            if isinstance(value, str) and len(value) > most:
                raise TemplateError(f"A text as an argument may have {most} characters at most")
            self.weigh(value)

    def _number(self, value: int) -> None:
        bits = value.bit_length()
        if bits > MAX_NUMBER_BITS:
            raise TemplateError("The template makes a number that is too large")
        self.charge(1 + bits // BITS_PER_UNIT)

    def _items(self, values: Any, depth: int) -> None:
        if depth >= MAX_DEPTH:
            raise TemplateError(f"A value is nested more than {MAX_DEPTH} times")
        self.charge(1 + len(values))
        for value in values:
            self.weigh(value, depth + 1)

    def _other(self, value: Any, depth: int) -> None:
        if isinstance(value, _SCALARS):
            self.charge(1)
        elif isinstance(value, str):
            self.chars(len(value))
        elif isinstance(value, int):
            self._number(value)
        elif isinstance(value, (list, tuple)):
            self._items(value, depth)
        elif isinstance(value, Iterator):
            raise TemplateError("What comes item by item must be made a list first: | list")
        else:
            raise TemplateError(f"A {type(value).__name__} cannot be written, compared or changed")


class RenderContext(Context):
    """What a template's code is given: its variables, and the budget of this rendering.

    ``branches``: of a template that is explored, how its conditions end.
    """

    budget: Budget
    branches: Branches | None


def opaque(value: Any) -> bool:
    """Tell whether a value is a function, a loop, a namespace or the like."""
    return not isinstance(value, (str, int, list, tuple, dict, range, *VIEWS, *_SCALARS))
