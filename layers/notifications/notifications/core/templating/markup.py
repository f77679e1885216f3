"""Markup: texts escaped for the service that shows them, and texts that are markup already.

If a template's message goes to a service that shows markup, each value is escaped when it is written. Text
that is captured first, by ``{% set %}``, a macro in an expression or the like, is kept in both forms: filters
and operators work on the text, and their results are values again; if it is written unchanged, its markup is
written.
"""

from collections.abc import Callable, ItemsView, Iterable, KeysView, ValuesView
from typing import Any, Final, Self

from notifications.core.texts import cut

MAX_SHOWN_CHARS: Final = 40_960
"""How much of a value is kept where values are escaped: no service shows a message of that length."""

MAX_MARKUP_CHARS: Final = 131_072
"""The longest markup of a value; an escape may be many times as long as the sign that it escapes."""

PROBE_CHARS: Final = 4_096
"""How much of a long text is escaped to estimate the length of its markup."""

Escape = Callable[[str], str]
"""Turns a text into markup that shows this text and does nothing else."""


class Marked(str):
    """A text, and its markup."""

    __slots__ = ("markup",)
    markup: str

    def __new__(cls, text: str, markup: str | None = None) -> Self:
        """Mark a text. Without ``markup`` the text itself is markup, and is not escaped."""
        made = super().__new__(cls, text)
        made.markup = markup_of(text) if markup is None else markup
        return made


class Written(str):
    """Text that was already written for its place, and is not escaped again."""

    __slots__ = ("markup",)
    markup: str


class Json(str):
    """Text that is JSON already: from ``tojson``. Its markup is JSON in which the strings are escaped."""

    __slots__ = ("markup",)
    markup: str


def markup_of(text: str) -> str:
    """Return a text's markup: the text itself unless it carries other markup."""
    return str(getattr(text, "markup", text))


def settled(text: str) -> Written:
    """Take a text as written for its place."""
    made = Written(text)
    made.markup = markup_of(text)
    return made


_TEXTS = frozenset({str})


def concat(parts: Iterable[str]) -> str:
    """Join the parts that a capture has written, and their markup if it differs."""
    parts = [*parts]
    made = "".join(parts)
    if _TEXTS.issuperset(map(type, parts)):
        return made
    markup = "".join(map(markup_of, parts))
    return made if markup == made else Marked(made, markup)


def shown(text: str) -> str:
    """Cut a text that is longer than any service shows."""
    return text if len(text) <= MAX_SHOWN_CHARS else cut(text, MAX_SHOWN_CHARS)


def escaped(text: str, escape: Escape, most: int = MAX_MARKUP_CHARS) -> str:
    """Escape a text, or as much of its beginning as makes no more than ``most`` characters."""
    # An escape may take a microsecond per sign, so cut a long text of signs before escaping all of it.
    if len(text) > PROBE_CHARS:
        tried = len(escape(text[:PROBE_CHARS]))
        if len(text) * tried > most * PROBE_CHARS:
            text = cut(text, most * PROBE_CHARS // tried)
    made = escape(text)
    while len(made) > most:
        text = cut(text, len(text) // 2)
        made = escape(text)
    return made


def mapped(value: Any, change: Callable[[str], str]) -> Any:
    """Change every text in a value, names in objects too. Lists and objects become new ones."""
    match value:
        case str():
            return change(value)
        case dict():
            return {mapped(key, change): mapped(inner, change) for key, inner in value.items()}
        case list() | tuple() | KeysView() | ValuesView() | ItemsView():
            return [mapped(inner, change) for inner in value]
    return value
