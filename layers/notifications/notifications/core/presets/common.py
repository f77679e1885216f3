"""Parts that the bodies of several services have in common."""

import re
from collections.abc import Mapping
from datetime import UTC
from urllib.parse import SplitResult, quote, urlsplit

from notifications.core.messages import Message
from notifications.core.model import Level
from notifications.core.presets.cutting import ELLIPSIS, cut, utf16

SIGNS: Mapping[Level, str] = {"info": "ℹ️", "success": "✅", "warning": "⚠️", "error": "❌", "critical": "🚨"}  # noqa: RUF001
"""The signs of levels, for services without colours, and for readers who do not see colours."""

MAX_LINK = 2_000
"""A longer link is left out."""

MAX_TITLE = 250
"""A longer title is cut, in any service."""

EMPTY = "–"  # noqa: RUF001 - a dash on purpose
"""Replaces an empty text where a service accepts none."""

_UNSEEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\u202a-\u202e\u2066-\u2069]")
"""Control characters, and characters that turn the direction of the text after them."""

_NEWLINE = re.compile("\r\n?|[\x85\u2028\u2029]")
_SPACE = re.compile(r"\s*\n\s*")
_URL_SAFE = "%:/?#[]@!$&'*+,;=-._~"


def clean(text: str) -> str:
    """Return a text without characters that are invisible, and that may change how others look."""
    return _NEWLINE.sub("\n", _UNSEEN.sub("", text)) if not text.isprintable() else text


def one_line(text: str) -> str:
    """Return a text as one line."""
    return _SPACE.sub(" ", text.strip())


def title_of(message: Message, atom: re.Pattern[str]) -> str:
    """Return a message's title as one line that is not empty, and short enough to stand inside of markup."""
    title = one_line(message.title)
    return cut(title, MAX_TITLE, utf16, atom, ELLIPSIS) if utf16(title) > MAX_TITLE else title or EMPTY


def link_of(message: Message) -> str | None:
    """Return a message's link, quoted so that no markup can end it; None if readers cannot follow it."""
    if message.link is None:
        return None
    link = quote(message.link.strip(), safe=_URL_SAFE)
    scheme, colon, rest = link.partition(":")
    link = f"{scheme.lower()}{colon}{rest}"  # services may compare it as it stands
    parts = split(link)
    usable = parts is not None and parts.scheme in {"http", "https"} and parts.hostname
    return link if usable and len(link) <= MAX_LINK else None


def footer(message: Message) -> str:
    """Return the line that says which event a message is about, as plain text."""
    events = "" if message.count is None else f"{message.count} events · "
    return f"{events}{message.rule_type} · {message.event_id}"


def shown_time(message: Message) -> str:
    """Return when it happened, in the message's zone."""
    if message.zone is None:
        return f"{message.at:%Y-%m-%d %H:%M:%S} UTC"
    from notifications.core.zones import or_utc  # noqa: PLC0415 - most messages need none

    at = message.at.astimezone(or_utc(message.zone))
    return f"{at:%Y-%m-%d %H:%M:%S} {'UTC' if at.tzinfo is UTC else message.zone}"


def split(url: str) -> SplitResult | None:
    """Split a URL; None if it is malformed."""
    try:
        parts = urlsplit(url)
        parts.port  # noqa: B018 - it raises if the port is not one
    except ValueError:
        return None
    return parts


def host_of(url: str) -> str:
    """Return a URL's host, in lower case; empty if there is none."""
    parts = split(url)
    return (parts.hostname or "").rstrip(".") if parts else ""


def path_of(url: str) -> str:
    """Return a URL's path."""
    parts = split(url)
    return parts.path if parts else ""
