"""Split a clause into its path, its operator, and its values with their stars and quotes."""

import json
from typing import Literal, cast, get_args

from notifications.core.conditions.model import ConditionError, Path
from notifications.core.texts import cut
from notifications.core.values import value

Operator = Literal["", "!", "=", "!=", "~=", "!~=", ">", ">=", "<", "<="]

STAR = None
"""The piece of a value that stands for a star."""

SPECIAL = '=!<>~",*'
"""The characters that end a bare name. In a bare value only the last three have a meaning."""

_BY_LENGTH = sorted((one for one in get_args(Operator) if one not in ("", "!")), key=len, reverse=True)
_MEANT = {"==": "=", "=~": "~=", "=>": ">=", "=<": "<=", "<>": "!=", "=!": "!="}
"""The operators of other languages that people write, and what they mean."""

_decode = json.JSONDecoder().raw_decode


@value
class Item:
    """One value: texts and stars. ``quoted``: whether a part of it was within quotes, so that it is text."""

    pieces: tuple[str | None, ...]
    quoted: bool

    @property
    def stars(self) -> bool:
        """Return whether a star is in it."""
        return STAR in self.pieces

    @property
    def text(self) -> str:
        """Return the text of a value without stars."""
        return "".join(piece for piece in self.pieces if piece is not STAR)


@value
class Clause:
    """A clause as it was written, and its parts."""

    written: str
    path: Path
    operator: Operator
    items: tuple[Item, ...]

    def wrong(self, fault: str) -> ConditionError:
        """Make the error that says what is wrong with it."""
        return wrong(self.written, fault)


def wrong(clause: str, fault: str) -> ConditionError:
    """Make the error of a clause."""
    return ConditionError(cut(clause), fault, prefix="where")


def read(clause: str) -> Clause:
    """Read a clause.

    Raises:
        ConditionError: it cannot be parsed.
    """
    text = clause.strip()
    absent = text.startswith("!")
    path, at = _path(clause, text, 1 if absent else 0)
    rest = text[at:].strip()
    if absent and rest:
        raise wrong(clause, "write !field for what is absent or null, and field!=value for another value")
    if absent or not rest:
        return Clause(clause, path, "!" if absent else "", ())
    for other, meant in _MEANT.items():
        if rest.startswith(other):
            raise wrong(clause, f"{other} is not an operator; write {meant}")
    for operator in _BY_LENGTH:
        if rest.startswith(operator):
            items = _items(clause, rest[len(operator) :])
            return Clause(clause, path, cast("Operator", operator), items)
    raise wrong(
        clause, f"{cut(rest)!r} is no operator with a value; the operators are {' '.join(_BY_LENGTH)}"
    )


def _path(clause: str, text: str, at: int) -> tuple[Path, int]:
    names: list[str] = []
    while True:
        while text[at : at + 1].isspace():
            at += 1
        name, at = _quoted(clause, text, at) if text.startswith('"', at) else _bare_name(text, at)
        names += name.split(".")
        while text[at : at + 1].isspace():
            at += 1
        if not text.startswith(".", at):
            break
        at += 1
    if names == [""] and not text.startswith('"'):
        raise wrong(clause, "it begins with the field's name, as in status=RUNNING")
    return tuple(names), at


def _bare_name(text: str, at: int) -> tuple[str, int]:
    end = at
    while end < len(text) and text[end] not in SPECIAL and text[end] != ".":
        end += 1
    return text[at:end].rstrip(), end


def _quoted(clause: str, text: str, at: int) -> tuple[str, int]:
    try:
        name, end = _decode(text, at)
    except ValueError:
        raise wrong(
            clause, 'a text that begins with " must end with one; \\" stands for a quote in it'
        ) from None
    return str(name), end


def _items(clause: str, text: str) -> tuple[Item, ...]:
    found: list[list[tuple[str | None, bool]]] = [[]]
    at = 0
    while at < len(text):
        if text[at] == '"':
            piece, at = _quoted(clause, text, at)
            found[-1].append((piece, True))
        elif text[at] == ",":
            found.append([])
            at += 1
        elif text[at] == "*":
            found[-1].append((STAR, False))
            at += 1
        else:
            end = at
            while end < len(text) and text[end] not in '",*':
                end += 1
            found[-1].append((text[at:end], False))
            at = end
    return tuple(_item(clause, pieces) for pieces in found)


def _item(clause: str, pieces: list[tuple[str | None, bool]]) -> Item:
    """Make a value of its pieces, without the white space around it that is not within quotes."""
    texts = [piece for piece, _ in pieces]
    if pieces and not pieces[0][1] and texts[0] is not STAR:
        texts[0] = texts[0].lstrip()
    if pieces and not pieces[-1][1] and texts[-1] is not STAR:
        texts[-1] = texts[-1].rstrip()
    quoted = any(is_quoted for _, is_quoted in pieces)
    if not quoted and texts in ([], [""]):
        raise wrong(clause, 'a value is missing; the empty text is written ""')
    if texts[0] and not pieces[0][1] and texts[0][0] in "=!<>~":
        raise wrong(clause, f"a value that begins with {texts[0][0]} is written in double quotes")
    return Item(tuple(piece for piece in texts if piece is STAR or piece), quoted)
