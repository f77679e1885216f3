"""The default message as an email: its subject, its text, and its HTML.

The HTML is one table with colours in its attributes, because Outlook supports little else, and with nothing
that a reader would have to load. It has no background of its own, so that it is readable in light and dark
mode.
"""

from collections.abc import Iterator
from html import escape
from urllib.parse import urlsplit

from notifications.core import zones
from notifications.core.kinds.email import MAX_SUBJECT_CHARS
from notifications.core.messages import Message, colour
from notifications.core.readable import bounded
from notifications.core.texts import cut

MAX_TITLE_CHARS = 1_024
MAX_TEXT_CHARS = 12_288
"""How much of a title and a text an email shows. Both are stored twice, as text and as HTML, in one item."""

MAX_LINK_CHARS = 2_048
"""A longer link is left out, because a cut one leads elsewhere."""

_FONT = "font-family:-apple-system,'Segoe UI',Roboto,Helvetica,Arial,sans-serif"
_BREAK = "overflow-wrap:anywhere;word-break:break-word"


def subject(message: Message) -> str:
    """Return the subject: the level and the title."""
    return " ".join(f"[{message.level}] {message.title}".split())[:MAX_SUBJECT_CHARS]


def text(message: Message) -> str:
    """Write the part for readers without HTML."""
    blocks = [
        _title(message),
        _cut(message),
        "\n".join(f"{label}: {_indented(value)}" for label, value in bounded(message.fields)),
        link(message) or "",
        footer(message),
    ]
    return "\n\n".join(block for block in blocks if block.strip()) + "\n"


def html(message: Message) -> str:
    """Write the part with HTML."""
    shade = colour(message.level)
    return (
        '<!DOCTYPE html>\n<html><head><meta charset="utf-8"><meta name="color-scheme" content="light dark">'
        '<meta name="supported-color-schemes" content="light dark"></head>'
        '<body style="margin:0;padding:16px">'
        '<table role="presentation" width="100%" cellpadding="0" cellspacing="0" border="0">'
        f'<tr><td width="6" bgcolor="{shade}" style="width:6px;background-color:{shade}">&nbsp;</td>'
        f'<td style="padding:4px 0 4px 16px;{_FONT};font-size:14px;line-height:1.45;{_BREAK}">'
        f"{''.join(_rows(message, shade))}</td></tr></table></body></html>\n"
    )


def link(message: Message) -> str | None:
    """Return the link of a message, if readers can follow it: http or https, with a host."""
    if not message.link or len(message.link) > MAX_LINK_CHARS:
        return None
    try:
        parts = urlsplit(message.link.strip())
    except ValueError:
        return None
    is_web = parts.scheme in {"http", "https"} and bool(parts.hostname)
    return message.link.strip() if is_web and not any(map(str.isspace, message.link.strip())) else None


def footer(message: Message) -> str:
    """Return when it happened, how much it matters, and which event it is about."""
    at = message.at.astimezone(zones.or_utc(message.zone))
    events = "" if message.count is None else f" · {message.count} events"
    return f"{at:%Y-%m-%d %H:%M:%S %Z} · {message.level} · {message.rule_type}{events} · {message.event_id}"


def _rows(message: Message, shade: str) -> Iterator[str]:
    yield f'<div style="font-size:18px;font-weight:600;margin-bottom:6px">{_shown(_title(message))}</div>'
    yield (
        f'<div style="font-size:12px;font-weight:600;color:{shade};margin-bottom:10px">'
        f"{message.level.upper()}</div>"
    )
    if message.text:
        yield f'<div style="margin-bottom:12px">{_shown(_cut(message))}</div>'
    if message.fields:
        fields = "".join(
            '<tr valign="top"><td style="padding:2px 16px 2px 0;font-size:13px;white-space:nowrap">'
            f'<b>{_shown(label)}</b></td><td style="padding:2px 0;font-size:13px;{_BREAK}">'
            f"{_shown(value)}</td></tr>"
            for label, value in bounded(message.fields)
        )
        yield (
            '<table role="presentation" cellpadding="0" cellspacing="0" border="0" '
            f'style="margin-bottom:12px;{_FONT}">{fields}</table>'
        )
    if target := link(message):
        yield f'<div style="margin-bottom:12px"><a href="{escape(target)}">{_shown(target)}</a></div>'
    yield f'<div style="font-size:12px;opacity:0.7">{_shown(footer(message))}</div>'


def _title(message: Message) -> str:
    return cut(" ".join(message.title.split()), MAX_TITLE_CHARS)


def _cut(message: Message) -> str:
    if len(message.text) <= MAX_TEXT_CHARS:
        return message.text
    return f"{cut(message.text, MAX_TEXT_CHARS)} [cut; event {message.event_id}]"


def _indented(value: str) -> str:
    return value if "\n" not in value else "\n  " + value.replace("\n", "\n  ")


def _shown(text: str) -> str:
    return escape(text, quote=False).replace("\n", "<br>")
