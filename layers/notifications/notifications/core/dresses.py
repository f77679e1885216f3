r"""Finding a secret in a text that may repeat it in any dress.

A receiver that shows what it got may show it as part of a URL (``%2F``), of JSON (``\u002f``, ``\/``), of
HTML (``&#47;``, ``&amp;``), in base64, or in two of these at once. So text and secrets are both undressed,
escape by escape, with a note of where each byte came from; what is found there is masked where it stands.
"""

import html
import re
import sys
from base64 import b64encode
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

LAYERS = 2
"""Escapes inside escapes, like ``%252F`` or JSON inside JSON."""

MIN_TAIL_BYTES = 4
"""How much of a secret's beginning is masked where a text was cut."""

_ESCAPE = re.compile(
    rb"%[0-9a-fA-F]{2}|\\u[0-9a-fA-F]{4}(?:\\u[dD][c-fC-F][0-9a-fA-F]{2})?|\\x[0-9a-fA-F]{2}|\\[\"'\\/bfnrt]"
    rb"|&#[xX][0-9a-fA-F]{1,6};|&#[0-9]{1,7};|&[a-zA-Z]{2,8};|\+"
)
_BACKSLASHED = {b"b": b"\b", b"f": b"\f", b"n": b"\n", b"r": b"\r", b"t": b"\t"}


@dataclass(slots=True)
class _Layer:
    """Where each stretch begins, without the escapes and with them: by turns one as it was, and an escape."""

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
    """A text without its escapes, which knows where each part of it stood."""

    def __init__(self, text: bytes) -> None:
        self.text = text
        self._layers: list[_Layer] = []
        for _ in range(LAYERS):
            self.text, layer = _undressed(self.text)
            if layer is not None:
                self._layers.append(layer)

    def _span(self, start: int, end: int) -> tuple[int, int]:
        for layer in reversed(self._layers):
            start, end = layer.start(start), layer.end(end)
        return start, end

    def find(self, secrets: Iterable[bytes], *, cut: bool) -> Iterator[tuple[int, int]]:
        """Tell where secrets stand. ``cut``: the text was, so the beginning of one may be its end."""
        for secret in secrets:
            at = self.text.find(secret)
            while at >= 0:
                yield self._span(at, at + len(secret))
                at = self.text.find(secret, at + 1)
            if cut and (length := self._tail(secret)):
                yield self._span(len(self.text) - length, len(self.text))

    def _tail(self, secret: bytes) -> int:
        for length in range(min(len(secret) - 1, len(self.text)), MIN_TAIL_BYTES - 1, -1):
            if self.text.endswith(secret[:length]):
                return length
        return 0


def undressed(secret: bytes) -> bytes:
    """Return a secret as it is looked for."""
    return Undressed(secret).text


def in_base64(secret: bytes) -> set[bytes]:
    """Return what base64 makes of a secret, at each place in a longer text, in both alphabets."""
    made = set()
    for before in range(3):
        # The first and the last letter also depend on what stands beside the secret.
        text = b64encode(bytes(before) + secret).rstrip(b"=")
        part = text[-(-before * 8 // 6) :]
        whole = (before + len(secret)) % 3 == 0
        made.add(part if whole else part[:-1])
    return made | {text.replace(b"+", b"-").replace(b"/", b"_") for text in made}


def _undressed(text: bytes) -> tuple[bytes, _Layer | None]:
    """Take one layer of escapes off."""
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
        case b"+", _:  # a space in a query; looked for as one everywhere
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
    if escape[1] != "#":
        unescaped = html.unescape(escape)
        return None if unescaped == escape else _character(unescaped)
    code = int(escape[3:-1], 16) if escape[2] in "xX" else int(escape[2:-1])
    return _character(chr(code)) if code <= sys.maxunicode else None


def _character(text: str) -> bytes:
    joined = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return joined.encode(errors="replace").replace(b"+", b" ")
