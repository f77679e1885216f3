"""The budget of one rendering. Whatever grows, repeats or searches charges it before it begins."""

from collections.abc import Callable, Iterable, Iterator
from datetime import date, time, timedelta, tzinfo
from time import thread_time
from typing import Any, Protocol

from jinja2.runtime import Context, Undefined

from notifications.core.errors import TemplateError, TooMuch
from notifications.core.templating.markup import Escape, Json, Marked, Written, escaped, shown

MAX_UNITS = 500_000
"""How many units of work one rendering may take. A unit is a part of the template, an item or 16 characters,
and takes some 0.2 µs."""

LEAN_UNITS = 5_000
"""The budget of a first try if the event's other renderings took long; a template that needs more waits."""

CHARS_PER_UNIT = 16
BITS_PER_UNIT = 64
MAX_TEXT_CHARS = 256 * 1024
"""The longest text that a template may make, even as an intermediate value."""

MAX_NUMBER_BITS = 16_384
"""The largest whole number; it is larger than the 4,300 digits that a number in JSON can have."""

MAX_ARGUMENT = 10_000
"""The largest whole number that a filter or a method accepts: widths, counts, precisions."""

MAX_ARGUMENT_CHARS = 1_024
"""The longest text to search for, to fill or to join with."""

MAX_DEPTH = 64
"""How deep lists and objects may be nested."""

MAX_SECONDS = 0.15
"""How much CPU time one rendering may take. The documented limit is 250 ms; the rest is for compiling and the
last step."""

UNITS_BETWEEN_LOOKS = 500
"""How many units are charged between two reads of the clock, each of which costs half a microsecond."""

OUTSIDE, INSIDE, PLAIN = 0, 1, 2
"""Where a macro's text goes: outside or inside a string of a JSON text, or neither."""

_SCALARS = (bool, float, complex, type(None), date, time, timedelta, tzinfo, Undefined)
VIEWS: tuple[type, ...] = (type({}.items()), type({}.keys()), type({}.values()))
SIZED = frozenset({str, Json, Marked, Written, list, tuple, dict, range, *VIEWS})


Branches = Callable[[int], bool | None]
"""The result to force on a condition, by its number; None to evaluate it."""


class Budget:
    """Counts down from a number of units, and raises ``TemplateError`` when they are spent.

    ``escape``: makes markup of each value that is written; None if there is no markup. ``captured``: whether
    the output is captured, so that its text is needed in addition to its markup. ``where``: where the text of
    a macro goes.
    """

    __slots__ = ("_deadline", "_left", "_look_at", "_units", "captured", "escape", "where")

    def __init__(self, units: int = MAX_UNITS, escape: Escape | None = None) -> None:
        self._units = self._left = units
        self._look_at = units - UNITS_BETWEEN_LOOKS
        self._deadline: float | None = None
        self.where = OUTSIDE
        self.escape = escape
        self.captured = False

    def charge(self, units: int) -> None:
        """Charge units of work."""
        self._left -= units
        if self._left < self._look_at:
            self._look()

    def _look(self) -> None:
        if self._left < 0:
            raise TooMuch("The template does too much: it loops too often, or makes overlong texts")
        now = thread_time()
        # Count the time from the first look, not from the start, so that small templates never read the
        # clock.
        if self._deadline is None:
            self._deadline = now + MAX_SECONDS
        elif now > self._deadline:
            raise TooMuch(f"The template takes too long: more than {MAX_SECONDS} s")
        self._look_at = self._left - UNITS_BETWEEN_LOOKS

    def used(self) -> int:
        """Return how many units are spent."""
        return self._units - self._left

    def chars(self, count: int) -> None:
        """Charge for a text of ``count`` characters, before it is made."""
        if count > MAX_TEXT_CHARS:
            raise TooMuch(f"The template makes a text of more than {MAX_TEXT_CHARS} characters")
        self._left -= 1 + count // CHARS_PER_UNIT  # ``charge`` inlined, because this runs for each value
        if self._left < self._look_at:
            self._look()

    def escaped(self, text: str) -> str:
        """Make markup of a text; return the text itself if there is no markup."""
        if self.escape is None or not text:
            return text
        made = escaped(shown(text), self.escape)
        self.chars(len(made))
        return made

    def weigh(self, value: Any, depth: int = 0) -> None:
        """Charge for reading a value and everything inside it, as often as it occurs.

        A list that contains one list twice, which contains another one twice, and so on, is small in memory
        but endless when it is written, compared or hashed. So every such operation weighs its operands first.

        Raises:
            TemplateError: the budget is spent, the value is nested too deeply, or it is a function, a loop or
            a namespace.
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
        """Weigh a new value and return it; an iterator's items are weighed as they come."""
        if isinstance(value, Iterator):
            return self.each(value)
        self.weigh(value)
        return value

    def taken(self, value: Any) -> Any:
        """Weigh a filter's input and return it; an iterator becomes a list."""
        if isinstance(value, Iterator):
            return list(self.each(value))
        self.weigh(value)
        return value

    def each(self, values: Iterable[Any], weight: int = 1) -> Iterator[Any]:
        """Yield values one by one; charge ``weight`` and the value's own weight for each."""
        for value in values:
            self.charge(weight)
            if isinstance(value, (str, list, tuple, dict)):
                self.weigh(value)
            yield value

    def arguments(self, *values: Any, most: int = MAX_ARGUMENT_CHARS) -> None:
        """Refuse arguments that make a short call expensive. ``most``: characters of each text."""
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
            raise TemplateError("An iterator must be made a list first: | list")
        else:
            raise TemplateError(f"A {type(value).__name__} cannot be written, compared or changed")


class HasBudget(Protocol):
    """The part of a context that the functions that write values need."""

    budget: Budget


class OnlyBudget:
    """A context that has only a budget."""

    __slots__ = ("budget",)

    def __init__(self, budget: Budget) -> None:
        self.budget = budget


class RenderContext(Context):
    """The context of a template's code: its variables and the budget of this rendering.

    ``branches``: the results to force on conditions; None outside of trials.
    """

    budget: Budget
    branches: Branches | None


def opaque(value: Any) -> bool:
    """Return whether a value is a function, a loop, a namespace or the like."""
    return not isinstance(value, (str, int, list, tuple, dict, range, *VIEWS, *_SCALARS))
