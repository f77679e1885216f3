"""Slack's mrkdwn, and the markup of Google Chat's texts, which is like it but for entities.

Spans are read where at least one of the services' clients styles them: a mark that opens has no letter before
it and no space after it, one that closes the other way round, both on one line. Slack takes the full-width
forms of marks for marks, and ``&gt;`` at a line's begin for a quote; spaces of no width do not keep it from
that; of a date without a field it shows the fallback, in which nothing is a mark (jsx-slack, "About escape
and exact mode"). Google Chat documents no escape: a space of no width is supposed to keep a mark from it.
"""

import re
from collections.abc import Iterator, Mapping

from tests.receivers.markdown import ADDRESS
from tests.receivers.seen import Run, Style, merged

ENTITIES: Mapping[str, str] = {"&amp;": "&", "&lt;": "<", "&gt;": ">"}
"""All that Slack decodes; ``&quot;`` stays as it is."""

SPANS: Mapping[str, Style] = {"```": "code", "`": "code", "*": "bold", "_": "italic", "~": "strike"}
WIDTHS = str.maketrans("＊＿｀～＞", "*_`~>")  # noqa: RUF001 - they look alike
DATE = re.compile(r"!date\^-?\d+\^([^^]*)(?:\^.*)?")
DATE_FIELD = re.compile(r"\{(?:date(?:_num|_short|_long)?(?:_pretty)?|time|time_secs|ago)\}")
CONTROL = re.compile(r"<([^<>\n]+)>")
SPACES = " \t\n\u00a0"
NAMED = re.compile(r"(?<![\w@])@(?:here|channel|everyone)\b|(?<![\w#])#[a-z0-9_-]{2,80}")
"""What Slack takes for a mention or a channel in a text object that is not ``verbatim``."""

NOTHING = re.compile(r"(?!)")
"""What Slack takes for an address where ``verbatim`` or ``parse`` tells it to leave texts as they are."""

TOKEN = re.compile(r"&(?:amp|lt|gt);|<[^<>\n]+>|[*_~`]|[^&<*_~`]+|.", re.DOTALL)


def parse(text: str, *, entities: bool = True, names: bool = False) -> tuple[Run, ...]:
    """Return a text's runs.

    ``entities``: it has Slack's. ``names``: ``@here`` and ``#channel`` are active.
    """
    runs: list[Run] = []
    for number, line in enumerate(_lines(text)):
        if number:
            runs.append(Run("\n"))
        quoted = re.match(r"(?:&gt;|>)+ ?", line.translate(WIDTHS)) if entities else None
        within = Run("", frozenset({"quote"})) if quoted else Run("")
        runs += _inline(line[quoted.end() if quoted else 0 :], within, entities=entities, names=names)
    return merged(runs)


def _lines(text: str) -> list[str]:
    """Split a text into lines, but not within a block of code."""
    pieces = re.split(r"(```.+?```)", text, flags=re.DOTALL)
    lines = [""]
    for piece in pieces:
        first, *more = [piece] if piece.startswith("```") and len(piece) > 6 else piece.split("\n")
        lines[-1] += first
        lines += more
    return lines


def _inline(line: str, within: Run, *, entities: bool, names: bool) -> Iterator[Run]:
    # What stands in a control is no mark, though it looks like one.
    marks = CONTROL.sub(lambda found: "\0" * len(found[0]), line.translate(WIDTHS))
    at = 0
    while at < len(line):
        if span := _span(marks, at, SPACES if entities else SPACES + "\u200b"):
            style, begin, end, after = span
            inner = Run("", within.styles | {style}, within.link)
            if style == "code":
                yield Run(_decoded(line[begin:end], entities=entities), inner.styles)
            else:
                yield from _inline(line[begin:end], inner, entities=entities, names=names)
            at = after
            continue
        token = TOKEN.match(line, at)
        piece = token[0] if token else line[at]
        at += len(piece)
        control = CONTROL.fullmatch(piece)
        if control:
            yield _control(control[1], within, entities=entities)
        else:
            decoded = _decoded(piece, entities=entities)
            yield from _words(decoded, within, NAMED if names else NOTHING if entities else ADDRESS)


def _span(line: str, at: int, spaces: str) -> tuple[Style, int, int, int] | None:
    """Return the style of the span that begins here, where its text begins and ends, and what is next."""
    before = line[at - 1] if at else " "
    for mark, style in SPANS.items():
        begin = at + len(mark)
        if not line.startswith(mark, at) or before.isalnum() or not line[begin : begin + 1].strip(spaces):
            continue
        end = line.find(mark, begin + 1)
        while end >= 0:
            after = line[end + len(mark) : end + len(mark) + 1]
            if line[end - 1].strip() and not after.isalnum():
                return style, begin, end, end + len(mark)
            end = line.find(mark, end + 1)
    return None


def _control(inside: str, within: Run, *, entities: bool) -> Run:
    """Read what stands between < and >."""
    target, bar, label = inside.partition("|")
    shown = _decoded(label if bar else target, entities=entities)
    if date := DATE.fullmatch(target):
        return Run(label, within.styles | {"reference"} if DATE_FIELD.search(date[1]) else within.styles)
    if target.startswith("#"):
        return Run(shown, within.styles | {"reference"})
    if target.startswith(("!", "@", "users/")):
        return Run(inside, within.styles, mention=True)
    if re.match(r"(?:https?://|mailto:|tel:)", target):
        return Run(shown, within.styles, _decoded(target, entities=entities))
    return Run(f"<{inside}>", within.styles)


def _words(text: str, within: Run, active: re.Pattern[str]) -> Iterator[Run]:
    """Return the runs of a text without marks. ``active``: what in it is, though nothing marks it."""
    at = 0
    for found in active.finditer(text):
        yield Run(text[at : found.start()], within.styles, within.link)
        if active is ADDRESS:
            yield Run(found[0], within.styles, found[0])
        elif found[0][0] == "@":
            yield Run(found[0], within.styles, mention=True)
        else:
            yield Run(found[0], within.styles | {"reference"})
        at = found.end()
    yield Run(text[at:], within.styles, within.link)


def _decoded(text: str, *, entities: bool) -> str:
    if not entities:
        return text
    return re.sub("&(?:amp|lt|gt);", lambda found: ENTITIES[found[0]], text)
