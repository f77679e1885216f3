r"""Find a secret in a text that may repeat it in any encoding.

A receiver that echoes a request may show a secret as part of a URL (``%2F``), of JSON (``\u002f``, ``\/``),
of HTML (``&#47;``, ``&amp;``), in base64, or in two of these at once. So escapes are removed from text and
secrets alike, layer by layer, while the place of each byte in the original text is kept. A secret that is
then found is masked at its place in the original text.
"""

import re
import sys
from base64 import b64encode
from bisect import bisect_right
from collections.abc import Iterator

from notifications.core.values import mutable

LAYERS = 3
"""How many layers of escapes are removed: ``%252F``, or JSON inside JSON, has two."""

MIN_TAIL_BYTES = 4
"""How many bytes of a secret at the end of a cut text are enough to be masked."""

_ESCAPE = re.compile(
    rb"%[0-9a-fA-F]{2}|\\u[0-9a-fA-F]{4}(?:\\u[dD][c-fC-F][0-9a-fA-F]{2})?|\\x[0-9a-fA-F]{2}|\\[\"'\\/bfnrt]"
    rb"|&#[xX][0-9a-fA-F]{1,6};?|&#[0-9]{1,7};?|&[a-zA-Z][a-zA-Z0-9]{1,31};|&(?:amp|lt|gt|quot)|\+"
)
_PART_OF_ONE = re.compile(
    rb"(?:%[0-9a-fA-F]?|(?:\\u[dD][89abAB][0-9a-fA-F]{2})?(?:\\(?:u[0-9a-fA-F]{0,3}|x[0-9a-fA-F]?)?)?"
    rb"|&(?:#[xX]?[0-9a-fA-F]{0,7}|[a-zA-Z][a-zA-Z0-9]{0,31})?)\Z"
)
_MAX_PART_BYTES = 34
_WORD = re.compile(rb"\w", re.ASCII)
_BACKSLASHED = {b"b": b"\b", b"f": b"\f", b"n": b"\n", b"r": b"\r", b"t": b"\t"}


@mutable
class _Layer:
    """Where plain stretches and escapes begin, in turns.

    ``plain``: the positions in the text without escapes. ``dressed``: those in the text with them.
    """

    plain: list[int]
    dressed: list[int]

    def start(self, position: int) -> int:
        at = bisect_right(self.plain, position) - 1
        return self.dressed[at] + (0 if at % 2 else position - self.plain[at])

    def end(self, position: int) -> int:
        at = bisect_right(self.plain, position) - 1
        if at % 2 and position > self.plain[at]:  # inside an escape: all of it
            return self.dressed[at + 1]
        return self.start(position)


class Undressed:
    """A text without its escapes, which knows where each part of it was.

    ``cut``: whether there was more text, so that its end may be the beginning of a secret.
    """

    def __init__(self, text: bytes, *, cut: bool = False) -> None:
        self._cut = cut
        self._length = len(text)
        self._texts = [text]
        self._layers: list[_Layer] = []
        for _ in range(LAYERS):
            # Cut before an incomplete escape, because half of one may look like a whole one: "&#10" of
            # "&#107;".
            text, layer = _undressed(text[: _begun_escape(text)] if cut else text)
            if layer is None:
                break
            self._texts.append(text)
            self._layers.append(layer)

    @property
    def text(self) -> bytes:
        """The text without any escape."""
        return self._texts[-1]

    def find(self, secret: bytes, *, word: bool = False) -> Iterator[tuple[int, int]]:
        """Yield where a secret is: start and end in the original text, in bytes.

        ``word``: whether to leave out places where it is part of a longer word.
        """
        # Search every layer, because what one layer takes for an escape may be the beginning of a secret
        # after a "%" or a backslash.
        for depth, text in enumerate(self._texts):
            at = text.find(secret)
            while at >= 0:
                if not (word and _is_within_word(text, at, at + len(secret))):
                    yield self._span(depth, at, at + len(secret))
                at = text.find(secret, at + 1)
            if self._cut and (tail := _tail(text, secret)) is not None:
                yield self._span(depth, tail, tail)[0], self._length

    def _span(self, depth: int, start: int, end: int) -> tuple[int, int]:
        for layer in reversed(self._layers[:depth]):
            start, end = layer.start(start), layer.end(end)
        return start, end


def _begun_escape(text: bytes) -> int:
    """Return where an incomplete escape at the end of a text begins; without one, the end."""
    part = _PART_OF_ONE.search(text, max(0, len(text) - _MAX_PART_BYTES))
    return part.start() if part else len(text)


def _is_within_word(text: bytes, start: int, end: int) -> bool:
    return bool(_WORD.match(text[max(start - 1, 0) : start]) or _WORD.match(text[end : end + 1]))


def _tail(text: bytes, secret: bytes) -> int | None:
    """Return where a secret begins that the end of a text, or half an escape there, cuts off."""
    for end in {len(text), _begun_escape(text)}:
        at = text.find(secret[:MIN_TAIL_BYTES], max(0, end - len(secret) + 1), end)
        while at >= 0:
            if secret.startswith(text[at:end]):
                return at
            at = text.find(secret[:MIN_TAIL_BYTES], at + 1, end)
    return None


def undressed(secret: bytes) -> bytes:
    """Return a secret in the form in which it is searched for."""
    return Undressed(secret).text


def in_base64(secret: bytes) -> set[bytes]:
    """Return the base64 forms of a secret: at each offset in a longer text, in both alphabets."""
    made = {b64encode(secret).rstrip(b"=")}
    for before in range(3):
        # The first and the last letter also encode bits of the neighbouring bytes, so they are left out.
        text = b64encode(bytes(before) + secret).rstrip(b"=")
        part = text[-(-before * 8 // 6) :]
        whole = (before + len(secret)) % 3 == 0
        made.add(part if whole else part[:-1])
    return made | {text.replace(b"+", b"-").replace(b"/", b"_") for text in made}


def _undressed(text: bytes) -> tuple[bytes, _Layer | None]:
    """Remove one layer of escapes."""
    parts: list[bytes] = []
    plain, dressed = [0], [0]
    length = end = 0
    for found in _ESCAPE.finditer(text):
        meant = _meant(found[0])
        if meant is None:
            continue
        parts += (text[end : found.start()], meant)
        length += found.start() - end + len(meant)
        end = found.end()
        plain += (length - len(meant), length)
        dressed += (found.start(), end)
    if not parts:
        return text, None
    return b"".join(parts) + text[end:], _Layer(plain, dressed)


def _meant(escape: bytes) -> bytes | None:
    match escape[:1], escape[1:2]:
        case b"+", _:  # a space in a query; taken for one everywhere, in text and secrets alike
            return b" "
        case b"%", _:
            return bytes.fromhex(escape[1:].decode()).replace(b"+", b" ")
        case b"\\", b"u":
            return _character("".join(chr(int(part, 16)) for part in escape.decode().split("\\u")[1:]))
        case b"\\", b"x":
            return bytes.fromhex(escape[2:].decode())
        case b"\\", letter:
            return _BACKSLASHED.get(letter, letter)
    return _meant_in_html(escape.decode())


def _meant_in_html(escape: str) -> bytes | None:
    escape = escape.rstrip(";") + ";"
    if escape[1] != "#":
        import html  # noqa: PLC0415 - its table of names takes 1.5 ms of a start, and few responses have any

        unescaped = html.unescape(escape)
        return None if unescaped == escape else _character(unescaped)
    code = int(escape[3:-1], 16) if escape[2] in "xX" else int(escape[2:-1])
    return _character(chr(code)) if code <= sys.maxunicode else None


def _character(text: str) -> bytes:
    joined = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return joined.encode(errors="replace").replace(b"+", b" ")
