"""Cut a text between its characters and its escapes, and measure it as services do."""

import json
import re
import unicodedata
from collections.abc import Callable, Iterator

Measure = Callable[[str], int]
"""Returns the size of a text. The sizes of a text's parts must add up to the size of the text."""

ELLIPSIS = "…"
NOTHING_SPECIAL = re.compile(r"(?!)")
"""The pattern of plain text's atoms: it has none but its characters."""

MAX_JOINED = 32
"""How many combining characters may belong to one character; longer heaps of them are cut."""

_JOINER = "\u200d"
_MARKS = frozenset({"Mn", "Me", "Mc"})
_JOINED = re.compile("[\u1160-\u11ff\u200d\U0001f3fb-\U0001f3ff\U000e0020-\U000e007f]")
"""Characters besides marks that belong to the one before: parts of Hangul, joiners, skin tones, flags' tags.
"""

_FLAG = re.compile("[\U0001f1e6-\U0001f1ff]{2}")
_LETTERS_OF_FLAGS = "".join(map(chr, range(0x1F1E6, 0x1F200)))


def utf16(text: str) -> int:
    """Count UTF-16 units, which is never less than what a service calls characters."""
    return len(text) if text.isascii() else len(text.encode("utf-16-le", "surrogatepass")) // 2


def utf8(text: str) -> int:
    """Count bytes."""
    return len(text) if text.isascii() else len(text.encode(errors="surrogatepass"))


def in_json(text: str) -> int:
    """Count the bytes of a text inside a JSON string."""
    return utf8(json.dumps(text, ensure_ascii=False)) - 2


def cut(text: str, most: int, measure: Measure, atom: re.Pattern[str], mark: str) -> str:
    """Return the beginning of a text with the mark after it, of at most the size ``most``.

    ``atom``: matches what must not be cut apart, such as an escape. A mark that would take more than half of
    the room is replaced by an ellipsis.
    """
    ending = mark if 2 * measure(mark) <= most else ELLIPSIS
    room = most - measure(ending)
    if room < 0:
        return ""
    kept = 0
    if atom is NOTHING_SPECIAL:
        kept = _far(text, room, measure)
        room -= measure(text[:kept])
    for end in _ends(text, atom, kept):
        room -= measure(text[kept:end])
        if room < 0:
            break
        kept = end
    return text[:kept] + ending


def _far(text: str, room: int, measure: Measure) -> int:
    """Return a place in plain text, between characters, shortly before the cut.

    It is found by bisection, because looking at each character of a text of 500 KB takes half a second.
    """
    low, high = 0, len(text)
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if measure(text[:middle]) <= room else (low, middle - 1)
    begin = max(0, low - 4 * MAX_JOINED)
    # Flags are pairs of letters, so after an odd number of them this place would be inside a flag.
    begin += (begin - len(text[:begin].rstrip(_LETTERS_OF_FLAGS))) % 2
    return next(_ends(text, NOTHING_SPECIAL, begin)) if begin else 0


def _ends(text: str, atom: re.Pattern[str], at: int = 0) -> Iterator[int]:
    """Yield the places where a text may be cut, in order. ``at``: such a place, from which to begin."""
    while at < len(text):
        at = _next(text, at, atom)
        most = at + MAX_JOINED
        while at < min(len(text), most) and (text[at - 1] == _JOINER or _is_joined(text[at])):
            at = _next(text, at, atom)
        yield at


def _next(text: str, at: int, atom: re.Pattern[str]) -> int:
    found = atom.match(text, at) or _FLAG.match(text, at)
    return found.end() if found else at + 1


def _is_joined(character: str) -> bool:
    if character.isascii():
        return False
    return unicodedata.category(character) in _MARKS or _JOINED.match(character) is not None
