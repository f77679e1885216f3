"""Telegram's HTML: its tags and entities, and what its parser refuses."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from tests.receivers.seen import Run, Style, merged

STYLES: Mapping[str, Style | None] = {
    "b": "bold",
    "strong": "bold",
    "i": "italic",
    "em": "italic",
    "u": "underline",
    "ins": "underline",
    "s": "strike",
    "strike": "strike",
    "del": "strike",
    "tg-spoiler": "spoiler",
    "span": "spoiler",
    "code": "code",
    "pre": "code",
    "blockquote": "quote",
    "a": None,
    "tg-emoji": "reference",
    "tg-time": "reference",
}
ENTITIES = {"lt": "<", "gt": ">", "amp": "&", "quot": '"'}
PIECE = re.compile(
    r"""&(?:\#x([0-9a-fA-F]+)|\#(\d+)|([a-zA-Z]+))?;?  # an entity
    |<[^\s>]*(?:\s(?:[^>"']|"[^"]*"|'[^']*')*)?>?     # a tag, which may have > in quotes
    |[^&<]+""",
    re.VERBOSE,
)
TAG = re.compile(r"</?([^\s>]*)\s*(.*?)(>?)", re.DOTALL)
ATTRIBUTE = re.compile(r"""([^\s=>/"']+)(?:\s*=\s*(?:"([^"]*)"|'([^']*)'|([\w.-]*)))?\s*""")
MAX_ENTITY_CHARS = 10


class Unparsable(Exception):
    """A text that the parser refuses, in its words."""


@dataclass
class _Reader:
    """What is open where the parser stands."""

    runs: list[Run] = field(default_factory=list)
    open: list[tuple[str, str | None]] = field(default_factory=list)

    def add(self, text: str) -> None:
        """Add a text with the styles of what is open."""
        styles = frozenset(style for name, _ in self.open if (style := STYLES[name]))
        link = next((link for _, link in reversed(self.open) if link), None)
        self.runs.append(Run(text, styles, link, mention=bool(link and link.startswith("tg://user"))))


def parse(text: str) -> tuple[Run, ...]:
    """Return a text's runs.

    Raises:
        Unparsable: Telegram refuses it.
    """
    reader = _Reader()
    for found in PIECE.finditer(text):
        piece = found[0]
        if piece[0] == "&":
            reader.add(_entity(found))
        elif piece[0] != "<":
            reader.add(piece)
        else:
            place = len(text[: found.start()].encode())
            (_close if piece.startswith("</") else _begin)(reader, piece, place)
    if reader.open:
        raise Unparsable(f'Can\'t find end tag corresponding to start tag "{reader.open[-1][0]}"')
    return merged(reader.runs)


def _entity(found: re.Match[str]) -> str:
    """Decode an entity; one that Telegram does not know stays as it is."""
    if found[3]:
        return ENTITIES[found[3]] if found[3] in ENTITIES else found[0]
    code = int(found[1], 16) if found[1] else int(found[2] or 0)
    if not 0 < code < 0x10FFFF or len(found[0].rstrip(";")) >= MAX_ENTITY_CHARS:
        return found[0]
    return chr(code)


def _begin(reader: _Reader, piece: str, place: int) -> None:
    found = TAG.fullmatch(piece)
    name = found[1].lower() if found else ""
    if found is None or not found[3]:
        raise Unparsable(f"Unclosed start tag at byte offset {place}")
    if name not in STYLES:
        raise Unparsable(f'Unsupported start tag "{name}" at byte offset {place}')
    attributes = _attributes(found[2], name, place)
    if name == "span" and attributes.get("class") != "tg-spoiler":
        raise Unparsable(f'Tag "span" must have class "tg-spoiler" at byte offset {place}')
    reader.open.append((name, attributes.get("href") if name == "a" else None))


def _attributes(text: str, name: str, place: int) -> dict[str, str]:
    attributes: dict[str, str] = {}
    at = 0
    while at < len(text):
        found = ATTRIBUTE.match(text, at)
        if found is None:
            raise Unparsable(f'Empty attribute name in the tag "{name}" at byte offset {place}')
        value = next((group for group in found.groups()[1:] if group is not None), "")
        attributes[found[1]] = PIECE.sub(
            lambda piece: _entity(piece) if piece[0][0] == "&" else piece[0], value
        )
        at = found.end()
    return attributes


def _close(reader: _Reader, piece: str, place: int) -> None:
    name = piece[2:].rstrip(">").strip().lower()
    if not reader.open:
        raise Unparsable(f"Unexpected end tag at byte offset {place}")
    if not piece.endswith(">"):
        raise Unparsable(f"Unclosed end tag at byte offset {place}")
    expected = reader.open[-1][0]
    if name and name != expected:
        told = f'expected "</{expected}>", found "</{name}>"'
        raise Unparsable(f"Unmatched end tag at byte offset {place}, {told}")
    reader.open.pop()
