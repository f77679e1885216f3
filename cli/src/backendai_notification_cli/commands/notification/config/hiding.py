"""Keep secrets out of what is shown, wherever the service may repeat a part of one."""

import json
import re
from collections.abc import Iterable
from typing import Any
from urllib.parse import quote

MASK = "***"
PIECE = 8
"""Not even this many characters of a secret are shown in a row."""

MIN_WORD = 4
"""A shorter secret is not looked for: it would be found in every other word."""

_ORIGIN = re.compile(r"(https?://)([^/@\s]*@)?([^/?#\s]+)")


class Hidden:
    """Secrets that were looked up."""

    def __init__(self, secrets: Iterable[str]) -> None:
        # A service's host is no secret, and plans name it.
        told = {part for secret in secrets for part in _parts(secret)}
        dressed = {form for part in told for form in (part, quote(part, safe=""), json.dumps(part)[1:-1])}
        self._pieces = {text[at : at + PIECE] for text in dressed for at in range(len(text) - PIECE + 1)}
        words = sorted((word for word in dressed if MIN_WORD <= len(word) < PIECE), key=len, reverse=True)
        self._words = re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, words))})(?!\w)") if words else None

    def text(self, text: str) -> str:
        """Return a text without any piece of a secret."""
        if self._words is not None:
            text = self._words.sub(MASK, text)
        if not self._pieces:
            return text
        made, end = [], 0
        at = 0
        while at <= len(text) - PIECE:
            if text[at : at + PIECE] not in self._pieces:
                at += 1
                continue
            begun = at
            while text[at : at + PIECE] in self._pieces:
                at += 1
            made.append(text[end:begun] + MASK)
            at = end = at + PIECE - 1
        return "".join((*made, text[end:]))

    def value(self, value: Any) -> Any:
        """Return a JSON value whose texts have no piece of a secret."""
        if isinstance(value, str):
            return self.text(value)
        if isinstance(value, dict):
            return {key: self.value(member) for key, member in value.items()}
        if isinstance(value, list):
            return [self.value(member) for member in value]
        return value


def _parts(secret: str) -> Iterable[str]:
    found = _ORIGIN.match(secret)
    if found is None:
        return [secret]
    return [part for part in (found[2], secret[found.end() :]) if part]
