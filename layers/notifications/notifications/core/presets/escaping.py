"""Escapes that several services share: Markdown's, and characters of no width where there is no escape."""

import re
from collections.abc import Callable

from notifications.core.presets.common import clean

GAP = "\u200b"
"""A space of no width: it breaks what a service would make a link, a mention or an emoji of."""

ESCAPED = re.compile(r"\\[~.]?\u200b|\\.\u200b?|[@:.#]\u200b", re.DOTALL)
"""What must not be cut in Markdown that these escapes made."""

LOOSE_MARK = r"[*_~](?:(?<![^\W_].)(?!\s)|(?<!\s.)(?![^\W_]))"
"""A sign that may begin or end a format, as it stands at the edge of a word.

Each pattern here begins with the signs themselves, which are found much faster than what stands around them.
"""

EMOJI = r":(?!\d\d:)(?=[\w+-]{1,100}:)"
"""What may begin an emoji, whose name has 100 characters at most in Slack, and fewer elsewhere; two digits
between colons are part of a time."""

_LOOSE = r"_(?:(?<![^\W_]_)|(?![^\W_]))"
"""An underscore that is not inside of a name like ``my_session``, which no Markdown takes for a format."""

_ALWAYS = {ord(sign): f"\\{sign}" for sign in "\\`*~[]<>|"}
_SOMETIMES = re.compile(rf"{_LOOSE}|&(?=[#\w])")
_ADDRESS = re.compile(r"(https?://\S*[^\s\\`*~_\[\]<>|()\"'.,;:!?])", re.IGNORECASE)
"""An address, without the signs that end a sentence or enclose it: what is copied must still lead there."""

_IN_ADDRESS = re.compile(rf"[\\`*~\[\]<>|()\"]|{_LOOSE}")
IN_MARKDOWN = re.compile(rf"(?<!\\)\]\(https?:{GAP}//[^\s()]*\)")
IN_ANGLES = re.compile(rf"<https?:{GAP}//[^\s<>|]*[|>]")
IN_HTML = re.compile(r"<a\s[^<>]*>")
"""Where a template writes the address of a link. No value can write one: its signs are escaped."""

_BEGUN_LINE = re.compile(r"\n([^\S\n]*)(?:([-+=#])|(\d+)([.)]))")
_EMOJI = re.compile(EMOJI)
_NAMED = re.compile(r"@(?<![a-zA-Z0-9]@)(?=[\w.-]|\Z)|\\~(?<!\w\\~)(?=\w)|#(?<!\w#)(?=\w)")
"""What begins the name of a person, a channel, or a topic; an email address has a letter before its sign.

Underscores are none: Mattermost takes them off before it looks for names. Another value may follow the end.
"""

_URL = re.compile(
    r"(?i)"
    r":(?:(?=//)|(?<=mailto:)|(?<=tel:)|(?:(?<=http:)|(?<=https:))(?=/?\Z))"
    r"|\.(?:(?<=www\.)|(?<=www\d\.)|(?<=www\d\d\.)|(?<=www\d\d\d\.))(?=\S|\Z)"
)
"""What makes an address of a text, in which another value may follow at the end."""


def by_url(text: str, outside: Callable[[str], str], inside: Callable[[str], str]) -> str:
    """Escape a text: its addresses in one way, everything else in another."""
    text = clean(text)
    if "://" not in text:
        return outside(text)
    # At every other place stands an address, because the pattern has a group of its own.
    pieces = _ADDRESS.split(text)
    return "".join(inside(piece) if number % 2 else outside(piece) for number, piece in enumerate(pieces))


def percent(text: str) -> str:
    """Escape the signs of markup in an address in the way of addresses, which leaves it the same address."""
    return _IN_ADDRESS.sub(lambda found: f"%{ord(found[0]):02X}", text)


def markdown(text: str) -> str:
    r"""Escape what Markdown formats and links by backslashes; a value may stand where a line begins."""
    made = by_url(text, lambda piece: _SOMETIMES.sub(r"\\\g<0>", piece.translate(_ALWAYS)), percent)
    return _BEGUN_LINE.sub(_plain_line, f"\n{made}")[1:]


def backslashed_urls(text: str) -> str:
    """Keep addresses from becoming links, where a backslash may stand before any sign."""
    return _URL.sub(_backslashed, text)


def broken_urls(text: str) -> str:
    """Keep addresses from becoming links, where no backslash helps."""
    return _URL.sub(_gapped, text)


def broken_names(text: str) -> str:
    """Keep names after ``@``, ``~`` and ``#`` from being mentions and links."""
    return _NAMED.sub(_gapped, text)


def broken_emoji(text: str) -> str:
    """Keep words between colons from becoming pictures."""
    return _EMOJI.sub(_gapped, text)


def mended_links(text: str, *places: re.Pattern[str]) -> str:
    """Take the spaces of no width out of the addresses of links, which only a template can have written."""
    for place in places if GAP in text else ():
        text = place.sub(lambda found: found[0].replace(GAP, ""), text)
    return text


def _gapped(found: re.Match[str]) -> str:
    # Behind the point of "www." a link might begin in which the gap is part of a host, and ignored.
    return f"{GAP}." if found[0] == "." else found[0] + GAP


def _backslashed(found: re.Match[str]) -> str:
    return f"\\{found[0]}"


def _plain_line(found: re.Match[str]) -> str:
    sign = f"\\{found[2]}" if found[2] else f"{found[3]}\\{found[4]}"
    return f"\n{found[1]}{sign}"
