"""Markdown as chat services read it, each its own subset, to tell what is active in a text.

Where services differ in what opens or closes a span, this takes it for one: what it finds nothing active in
is inert in all of them.
"""

import html
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from tests.receivers.seen import Run, Style, merged

MAX_DEPTH = 20
ESCAPED = re.compile(r"\\([!-/:-@\[-`{-~])")
ENTITY = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[a-zA-Z][a-zA-Z0-9]{1,31});")
LINK = re.compile(
    r"!?\[((?:\\.|[^\\\[\]])*)\]\(\s*<?((?:\\.|[^\\()\s<>]|\([^()\s]*\))*)>?(?:\s+[^()]*)?\)", re.DOTALL
)
AUTOLINK = re.compile(r"<([a-zA-Z][a-zA-Z0-9+.-]{1,31}:[^\s<>]*)>")
ADDRESS = re.compile(
    r"(?:[a-z][a-z0-9+.-]{0,30}://|(?:mailto|tel):(?=[\w+])|www\d{0,3}\.)[^\s<>\\]*[^\s<>\\.,:;!?)\"'\]*_~|`]",
    re.IGNORECASE,
)
HEADING = re.compile(r" {0,3}(?:-#|#{1,6})[ \t]+(?=\S)")
QUOTE = re.compile(r" {0,3}>{1,3} ?")
ITEM = re.compile(r"[ \t]*(?:[-*+]|\d{1,9}[.)])[ \t]+(?=\S)")
FENCE = re.compile(r" {0,3}(?:`{3,}|~{3,})")
BACKTICKS = re.compile(r"`+")
PLAIN = re.compile(r"(?:[^\\&`!\[<*_~|@#:{a-zA-Z]|[a-zA-Z](?![a-zA-Z0-9+.-]{0,30}[:.]))+")
"""What cannot begin anything: read at once."""


@dataclass(frozen=True)
class Dialect:
    """What a service reads as markup.

    ``delimiters``: what stands around a styled text, longer ones first. ``pings``: what notifies somebody.
    ``references``: what the service looks up. ``blocks``: headings, quotes, lists and fences begin a line.
    """

    delimiters: Mapping[str, Style]
    pings: re.Pattern[str] | None = None
    references: re.Pattern[str] | None = None
    links: bool = True
    blocks: bool = True
    entities: bool = True


def parse(text: str, dialect: Dialect) -> tuple[Run, ...]:
    """Return a text's runs."""
    return merged(_blocks(text, dialect) if dialect.blocks else _inline(text, dialect, Run(""), 0))


def _blocks(text: str, dialect: Dialect) -> Iterator[Run]:
    paragraph: list[str] = []
    fence: str | None = None
    for line in text.split("\n"):
        fenced = FENCE.match(line)
        style = None if fence or fenced else _block_of(line)
        if not (fence or fenced or style):
            paragraph.append(line)
            continue
        yield from _inline("".join(f"{part}\n" for part in paragraph), dialect, Run(""), 0)
        paragraph = []
        if style:
            name, begin = style
            yield from _inline(line[begin:], dialect, Run("", frozenset({name})), 0)
            yield Run("\n")
        elif fenced and (fence is None or fenced[0].strip().startswith(fence)):
            fence = None if fence else fenced[0].strip()
            yield Run("", frozenset({"code"}))
        else:
            yield Run(f"{line}\n", frozenset({"code"}))
    yield from _inline("\n".join(paragraph), dialect, Run(""), 0)


def _block_of(line: str) -> tuple[Style, int] | None:
    """Return what a line's beginning makes of it, and where its text begins."""
    for pattern, style in _BLOCKS:
        if found := pattern.match(line):
            return style, found.end()
    return None


_BLOCKS: tuple[tuple[re.Pattern[str], Style], ...] = ((HEADING, "heading"), (QUOTE, "quote"), (ITEM, "list"))


def _inline(text: str, dialect: Dialect, within: Run, depth: int) -> Iterator[Run]:
    """Return the runs of a paragraph. ``within``: what it is inside of."""
    at = 0
    while at < len(text):
        runs, end = _next(text, at, dialect, within, depth)
        yield from runs
        at = end


def _next(text: str, at: int, dialect: Dialect, within: Run, depth: int) -> tuple[list[Run], int]:
    """Return the runs of what begins at a place, and where it ends."""
    if found := PLAIN.match(text, at):
        return [_like(within, found[0])], found.end()
    if found := ESCAPED.match(text, at):
        return [_like(within, found[1])], found.end()
    if dialect.entities and (found := ENTITY.match(text, at)):
        return [_like(within, html.unescape(found[0]))], found.end()
    if text[at] == "`":
        return _code(text, at, within)
    if depth < MAX_DEPTH:
        for reader in (_link, _looked_up, _styled):
            if read := reader(text, at, dialect, within, depth):
                return read
    return [_like(within, text[at])], at + 1


def _code(text: str, at: int, within: Run) -> tuple[list[Run], int]:
    found = BACKTICKS.match(text, at)
    ticks = found[0] if found else "`"
    end = re.compile(rf"(?<!`){ticks}(?!`)").search(text, at + len(ticks))
    if end is None:
        return [_like(within, ticks)], at + len(ticks)
    inside = text[at + len(ticks) : end.start()]
    return [Run(inside, within.styles | {"code"}, within.link)], end.end()


def _link(text: str, at: int, dialect: Dialect, within: Run, depth: int) -> tuple[list[Run], int] | None:
    if dialect.links and (found := LINK.match(text, at)):
        target = ESCAPED.sub(r"\1", found[2])
        inner = Run("", within.styles, html.unescape(target) if dialect.entities else target)
        return list(_inline(found[1], dialect, inner, depth + 1)), found.end()
    if found := AUTOLINK.match(text, at):
        return [Run(found[1], within.styles, within.link or found[1])], found.end()
    if (found := ADDRESS.match(text, at)) and not (at and text[at - 1].isalnum()):
        return [Run(found[0], within.styles, within.link or found[0])], found.end()
    return None


def _looked_up(text: str, at: int, dialect: Dialect, within: Run, _: int) -> tuple[list[Run], int] | None:
    if dialect.pings and (found := dialect.pings.match(text, at)):
        return [Run(found[0], within.styles, within.link, mention=True)], found.end()
    if dialect.references and (found := dialect.references.match(text, at)):
        return [Run(found[0], within.styles | {"reference"}, within.link)], found.end()
    return None


def _styled(text: str, at: int, dialect: Dialect, within: Run, depth: int) -> tuple[list[Run], int] | None:
    for mark, style in dialect.delimiters.items():
        begin = at + len(mark)
        if not text.startswith(mark, at) or not text[begin : begin + 1].strip():
            continue
        if mark[0] == "_" and at and text[at - 1].isalnum():
            continue
        end = _end_of(text, begin + 1, mark)
        if end is not None:
            inner = Run("", within.styles | {style}, within.link)
            return list(_inline(text[begin:end], dialect, inner, depth + 1)), end + len(mark)
    return None


def _end_of(text: str, at: int, mark: str) -> int | None:
    """Return where a mark closes what it opened, None if nowhere in the paragraph."""
    while (end := text.find(mark, at)) >= 0:
        backslashes = 0
        while end > backslashes and text[end - 1 - backslashes] == "\\":
            backslashes += 1
        after = text[end + len(mark) : end + len(mark) + 1]
        if "\n\n" in text[at:end]:
            return None
        if backslashes % 2 == 0 and text[end - 1].strip() and not (mark[0] == "_" and after.isalnum()):
            return end
        at = end + 1
    return None


def _like(run: Run, text: str) -> Run:
    return Run(text, run.styles, run.link)
