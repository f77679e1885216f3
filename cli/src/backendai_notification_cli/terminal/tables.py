"""Tables that fit the width of a terminal. Values in, lines out."""

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

import click

from backendai_notification_cli.terminal.colours import STATES
from backendai_notification_cli.terminal.kinds import Column
from backendai_notification_cli.terminal.times import distance
from backendai_notification_cli.terminal.visible import visible

GAP = "  "
SHORT_ID = 8
"""How much of an id is shown, unless more is needed to tell it from the others of a table."""

DIGEST = "digest-"
"""What the ids of digests begin with; it tells none from another."""

_MADE = re.compile(rf"({DIGEST})?[0-9a-f]{{{SHORT_ID}}}")
"""What ids that were made begin with. Event types have names instead, and others' events may have any id."""

TEXT_WIDTH, ID_WIDTH = 8, 8
"""How narrow texts become before ids give way, and ids before the others do."""

MIN_WIDTH, MIN_WIDTHS = 4, {"id": 5, "number": 3}
"""How narrow any column becomes at last: of an id as much is left as other commands need of one."""

ELLIPSIS = "…"


def rows(items: Sequence[Mapping[str, Any]], columns: Sequence[Column], now: datetime) -> list[list[str]]:
    """Write each item's values as a table shows them."""
    shown = [[_text(column, column.value(item), now) for column in columns] for item in items]
    for place, column in enumerate(columns):
        if column.form == "id":
            cut = short_ids([row[place] for row in shown])
            for row, text in zip(shown, cut, strict=True):
                row[place] = text
    return shown


def lines(shown: Sequence[Sequence[str]], columns: Sequence[Column], width: int) -> Iterator[str]:
    """Lay rows out within so many columns of a terminal: what is too long is cut, and what is empty goes."""
    if sum(_natural(shown, columns)) + len(GAP) * (len(columns) - 1) > width:
        filled = [place for place in range(len(columns)) if any(row[place] for row in shown)]
        shown, columns = [[row[place] for place in filled] for row in shown], [columns[at] for at in filled]
    heads = [column.title.upper() for column in columns]
    widths = fitted(_natural(shown, columns), columns, width - len(GAP) * (len(columns) - 1))
    yield click.style(_line(heads, widths).rstrip(), bold=True)
    for row in shown:
        padded = [pad(text, size) for text, size in zip(row, widths, strict=True)]
        styled = [
            click.style(text, fg=STATES.get(value)) if column.form == "state" else text
            for text, value, column in zip(padded, row, columns, strict=True)
        ]
        yield GAP.join(styled).rstrip()


def _natural(shown: Sequence[Sequence[str]], columns: Sequence[Column]) -> list[int]:
    return [
        max(map(display_width, (column.title, *(row[place] for row in shown))))
        for place, column in enumerate(columns)
    ]


def fitted(natural: Sequence[int], columns: Sequence[Column], room: int) -> list[int]:
    """Return the widths of columns that share some room: texts give way first, then ids, then all."""
    widths = list(natural)
    for forms, least in (({"text"}, TEXT_WIDTH), ({"text", "id"}, ID_WIDTH), (None, None)):
        floors = {
            place: least or MIN_WIDTHS.get(column.form, MIN_WIDTH)
            for place, column in enumerate(columns)
            if forms is None or column.form in forms
        }
        while sum(widths) > room and (wide := [at for at, floor in floors.items() if widths[at] > floor]):
            # The widest gives way by one: what is cut is small, and the widths stay even.
            widths[max(wide, key=widths.__getitem__)] -= 1
    return widths


def short_ids(ids: Sequence[str]) -> list[str]:
    """Cut ids to as few characters as tell them apart; names that serve as ids stay whole."""
    parted = [text.rpartition("_") for text in ids]
    fronts = _distinct([front or back for front, _, back in parted])
    backs = _distinct([back if front else "" for front, _, back in parted])
    return [f"{front}_{back}" if back else front for front, back in zip(fronts, backs, strict=True)]


def _distinct(texts: Sequence[str]) -> list[str]:
    ordered = sorted(set(texts))
    sizes = {}
    for before, text, after in zip(["", *ordered], ordered, [*ordered[1:], ""], strict=False):
        if not _MADE.match(text):
            sizes[text] = len(text)
            continue
        size = SHORT_ID + (len(DIGEST) if text.startswith(DIGEST) else 0)
        # Of all others, the neighbours have the longest beginnings in common with it.
        while size < len(text) and text[:size] in {before[:size], after[:size]}:
            size += 1
        sizes[text] = size
    return [text[: sizes[text]] for text in texts]


def _line(texts: Sequence[str], widths: Sequence[int]) -> str:
    return GAP.join(pad(text, width) for text, width in zip(texts, widths, strict=True))


def pad(text: str, width: int) -> str:
    """Fill a text up to a width, or cut it to it."""
    if display_width(text) > width:
        kept = ""
        for character in text:
            if display_width(kept + character) > width - 1:
                break
            kept += character
        text = kept + ELLIPSIS
    return text + " " * (width - display_width(text))


def display_width(text: str) -> int:
    """Return how many columns of a terminal a text takes: Korean and Chinese characters take two each."""
    return len(text) if text.isascii() else sum(map(_width, text))


def _width(character: str) -> int:
    from unicodedata import category, east_asian_width

    # Marks and joiners stand on what is before them; so do the later parts of a decomposed Korean syllable.
    if category(character) in {"Mn", "Me", "Cf"} or "\u1160" <= character <= "\u11ff":
        return 0
    return 2 if east_asian_width(character) in "WF" else 1


def _text(column: Column, value: Any, now: datetime) -> str:
    if value is None:
        return ""
    if column.form == "time":
        return visible(distance(str(value), now))
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list | tuple):
        return visible(", ".join(map(str, value)))
    return visible(value)


def utc_now() -> datetime:
    """Return the time that distances are counted from."""
    return datetime.now(UTC)
