"""Escapes that several services share: Markdown's, and characters of no width where there is no escape."""

import re
from collections.abc import Callable

from notifications.core.presets.common import clean

GAP = "\u200b"
"""A zero-width space. It breaks text that a service would turn into a link, a mention or an emoji."""

ESCAPED = re.compile(r"\\[~.]?\u200b|\\.\u200b?|[@:.#]\u200b", re.DOTALL)
"""The atoms of Markdown with these escapes, which must not be cut apart."""

LOOSE_MARK = r"[*_~](?:(?<![^\W_].)(?!\s)|(?<!\s.)(?![^\W_]))"
"""A sign that may begin or end a format, because it is at the edge of a word.

Each pattern here begins with the signs themselves, because these are found much faster than their neighbours.
"""

EMOJI = r":(?!\d\d:)(?=[\w+-]{1,100}:)"
"""A colon that may begin an emoji. Its name has at most 100 characters in Slack, and fewer elsewhere; two
digits between colons are part of a time."""

_LOOSE = r"_(?:(?<![^\W_]_)|(?![^\W_]))"
"""An underscore that is not inside a name like ``my_session``, which no Markdown takes for a format."""

_ALWAYS = {ord(sign): f"\\{sign}" for sign in "\\`*~[]<>|"}
_SOMETIMES = re.compile(rf"{_LOOSE}|&(?=[#\w])")
_ADDRESS = re.compile(r"(https?://\S*[^\s\\`*~_\[\]<>|()\"'.,;:!?])", re.IGNORECASE)
"""An address, without the signs that end a sentence or enclose it, so that a copy of it still works."""

_IN_ADDRESS = re.compile(rf"[\\`*~\[\]<>|()\"]|{_LOOSE}")
IN_MARKDOWN = re.compile(rf"(?<!\\)\]\(https?:{GAP}//[^\s()]*\)")
IN_ANGLES = re.compile(rf"<https?:{GAP}//[^\s<>|]*[|>]")
IN_HTML = re.compile(r"<a\s[^<>]*>")
"""The places where a template writes the address of a link. No value can, because its signs are escaped."""

_BEGUN_LINE = re.compile(r"\n([^\S\n]*)(?:([-+=#])|(\d+)([.)]))")
_EMOJI = re.compile(EMOJI)
_NAMED = re.compile(r"@(?<![a-zA-Z0-9]@)(?=[\w.-]|\Z)|\\~(?<!\w\\~)(?=\w)|#(?<!\w#)(?=\w)")
"""A sign that begins the name of a person, a channel or a topic; in an email address a letter precedes it.

An underscore before it does not count as a letter: Mattermost strips underscores before it looks for names.
At the end of a text another value may follow, so a sign there counts.
"""

_URL = re.compile(
    r"(?i)"
    r":(?:(?=//)|(?<=mailto:)|(?<=tel:)|(?:(?<=http:)|(?<=https:))(?=/?\Z))"
    r"|\.(?:(?<=www\.)|(?<=www\d\.)|(?<=www\d\d\.)|(?<=www\d\d\d\.))(?=\S|\Z)"
)
"""A sign that turns text into an address; at the end of a text another value may follow."""


def by_url(text: str, outside: Callable[[str], str], inside: Callable[[str], str]) -> str:
    """Escape a text: its addresses in one way, everything else in another."""
    text = clean(text)
    if "://" not in text:
        return outside(text)
    # Every other piece is an address, because the pattern is one group.
    pieces = _ADDRESS.split(text)
    return "".join(inside(piece) if number % 2 else outside(piece) for number, piece in enumerate(pieces))


def percent(text: str) -> str:
    """Percent-encode the signs of markup in an address, which leaves it the same address."""
    return _IN_ADDRESS.sub(lambda found: f"%{ord(found[0]):02X}", text)


def markdown(text: str) -> str:
    r"""Escape Markdown's formats and links with backslashes, as if the text began a line."""
    made = by_url(text, lambda piece: _SOMETIMES.sub(r"\\\g<0>", piece.translate(_ALWAYS)), percent)
    return _BEGUN_LINE.sub(_plain_line, f"\n{made}")[1:]


def backslashed_urls(text: str) -> str:
    """Keep addresses from becoming links in services where a backslash escapes any sign."""
    return _URL.sub(_backslashed, text)


def broken_urls(text: str) -> str:
    """Keep addresses from becoming links in services where a backslash does not help."""
    return _URL.sub(_gapped, text)


def broken_names(text: str) -> str:
    """Keep names after ``@``, ``~`` and ``#`` from being mentions and links."""
    return _NAMED.sub(_gapped, text)


def broken_emoji(text: str) -> str:
    """Keep words between colons from becoming pictures."""
    return _EMOJI.sub(_gapped, text)


def mended_links(text: str, *places: re.Pattern[str]) -> str:
    """Remove the zero-width spaces from the addresses of links, which only a template can have written."""
    for place in places if GAP in text else ():
        text = place.sub(lambda found: found[0].replace(GAP, ""), text)
    return text


def _gapped(found: re.Match[str]) -> str:
    # Before the dot of "www.", not after it: there a host could begin with the gap, which is ignored in
    # hosts.
    return f"{GAP}." if found[0] == "." else found[0] + GAP


def _backslashed(found: re.Match[str]) -> str:
    return f"\\{found[0]}"


def _plain_line(found: re.Match[str]) -> str:
    sign = f"\\{found[2]}" if found[2] else f"{found[3]}\\{found[4]}"
    return f"\n{found[1]}{sign}"
