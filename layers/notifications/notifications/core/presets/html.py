"""The subset of HTML that Telegram reads: mend it, and cut it so that each tag is closed."""

import re

from notifications.core.presets.cutting import cut as cut_text
from notifications.core.presets.cutting import utf16

TAGS = frozenset(
    "b strong i em u ins s strike del span tg-spoiler a code pre blockquote tg-emoji tg-time".split()  # noqa: SIM905
)
MAX_OPEN = 16
"""How many tags may be open at once; further ones are shown as they were written."""

ATOM = re.compile(r"&(?:#[0-9]+|#[xX][0-9a-fA-F]+|[a-zA-Z]+);|<[^<>]*>|[@#:]\u200b")

_TOKEN = re.compile(r"<(/?)([a-z-]+)((?:\s[^<>]*)?)>|<|>|&(?!(?:lt|gt|amp|quot|#[0-9]+|#[xX][0-9a-fA-F]+);)")
_ENTITIES = {"<": "&lt;", ">": "&gt;", "&": "&amp;"}


def mended(text: str) -> str:
    """Return a text that Telegram can parse: unknown tags are shown as text, open ones are closed."""
    opened: list[str] = []
    made = _TOKEN.sub(lambda found: _token(found, opened), text)
    return made + _closed(opened)


def cut(text: str, most: int, mark: str) -> str:
    """Cut a mended text to ``most`` UTF-16 units, and close the tags that are open there."""
    room = most
    while room > 0:
        kept = cut_text(text, room, utf16, ATOM, mark)
        whole = kept + _closed(_open(kept))
        if utf16(whole) <= most:
            return whole
        room -= utf16(whole) - most
    return ""


def _token(found: re.Match[str], opened: list[str]) -> str:
    closing, name = found[1], found[2]
    if name not in TAGS:
        return "".join(_ENTITIES.get(character, character) for character in found[0])
    if not closing:
        if len(opened) >= MAX_OPEN:
            return f"&lt;{found[0][1:-1]}&gt;"
        opened.append(name)
        return found[0]
    if name not in opened:
        return f"&lt;/{name}&gt;"
    # Close the tags that were opened inside and not closed, too.
    at = len(opened) - 1 - opened[::-1].index(name)
    inner = _closed(opened[at:])
    del opened[at:]
    return inner


def _open(text: str) -> list[str]:
    opened: list[str] = []
    for closing, name, _ in re.findall(r"<(/?)([a-z-]+)((?:\s[^<>]*)?)>", text):
        if closing:
            opened.pop()
        else:
            opened.append(name)
    return opened


def _closed(opened: list[str]) -> str:
    return "".join(f"</{name}>" for name in reversed(opened))
