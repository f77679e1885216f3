"""A fake of Mattermost's incoming webhooks.

Sources: developers.mattermost.com, "Incoming webhooks", "Message attachments", "Format text"; the server's
incoming_webhook.go, notification.go and post.go; the web client's message_attachment.tsx for what is
Markdown; mattermost#27059 for the length.
"""

import re
from collections.abc import Iterator
from typing import Any

from local.receiver import Received
from tests.receivers import markdown
from tests.receivers.seen import Part, Role, Run, Seen, Style, linked, plain
from tests.receivers.service import Answer, Malformed, Service, Window, document, json_answer, text_answer

MAX_RUNES = 16_383
"""Of a post, and so of each of an attachment's texts, of which a long one is cut into posts of its own."""

MAX_FOOTER_SHOWN = 300

ANY_NAME = r"(?<![^\W_])(?<!@)@[a-z0-9_.-]*[a-z0-9_]"
"""The server takes ``:.-_`` off the beginning of a word before it looks for names."""

DIALECT = markdown.Dialect(
    {"**": "bold", "__": "bold", "~~": "strike", "*": "italic", "_": "italic"},
    references=re.compile(r"(?<![\w~])~[a-z0-9][\w.-]+|(?<![\w#&/])#[a-zA-Z][\w.-]+|:(?!\d\d:)[a-z0-9_+-]+:"),
)
_REFERENCE: frozenset[Style] = frozenset({"reference"})
PINGS = re.compile(ANY_NAME, re.IGNORECASE)


class Refused(Exception):
    """A message that the server does not take."""


def answer(request: Received) -> Answer:
    """Answer to a message."""
    hook = re.fullmatch(r"(?:/[\w-]+)*/hooks/([a-z0-9]{26})", request.path)
    if hook is None:
        return json_answer(404, _error("api.context.404.app_error", "page not found", 404), lost="404")
    try:
        seen = _seen(document(request))
    except (Malformed, Refused) as error:
        told = "Failed to handle the payload of media type application/json for incoming webhook"
        wrong = _error("web.incoming_webhook.general.app_error", f"{told} {hook[1]}. invalid message", 400)
        return json_answer(400, wrong, lost=f"invalid message: {error}")
    return text_answer(200, "ok", seen)


def refuse(wait: float) -> Answer:
    """Tell in a header when to come again."""
    headers = {"Retry-After": str(max(1, round(wait + 0.5))), "X-RateLimit-Remaining": "0"}
    return Answer(429, headers, b"limit exceeded\n", lost="rate")


def _error(name: str, message: str, status: int) -> dict[str, Any]:
    return {
        "id": name,
        "message": message,
        "detailed_error": "",
        "request_id": "x" * 26,
        "status_code": status,
    }


def _seen(body: dict[str, Any]) -> Seen:
    attachments = body.get("attachments")
    if not body.get("text") and not attachments:
        raise Refused("no text")
    parts = [_part("text", body["text"])] if body.get("text") else []
    for attachment in attachments or ():
        parts += _attachment(attachment)
    if not "".join(part.text for part in parts).strip():
        raise Refused("nothing to show")
    color = next((str(item["color"]) for item in attachments or () if item.get("color")), None)
    return Seen(tuple(parts), color)


def _attachment(attachment: dict[str, Any]) -> Iterator[Part]:
    if pretext := attachment.get("pretext"):
        yield _part("text", pretext)
    if title := attachment.get("title"):
        link = attachment.get("title_link")
        yield linked("title", _fitting(title), link) if link else _title(title)
    if text := attachment.get("text"):
        yield _part("text", text)
    for item in attachment.get("fields") or ():
        yield plain("label", _fitting(item.get("title") or ""))
        yield _part("value", str(item.get("value") or ""), pings=False)
    if footer := attachment.get("footer"):
        yield plain("footer", _fitting(footer)[:MAX_FOOTER_SHOWN])
    for action in attachment.get("actions") or ():
        raise Refused(f"an action that calls a server: {action.get('name')}")


def _title(title: str) -> Part:
    """Read a title without a link of its own: as Markdown, of which only links are active."""
    runs = markdown.parse(_fitting(title), DIALECT)
    return Part("title", tuple(Run(run.text, link=run.link) for run in runs))


def _part(role: Role, text: str, *, pings: bool = True) -> Part:
    """Read a text. ``pings``: the server looks for names in it, after it has read the Markdown."""
    runs = markdown.parse(_fitting(text), DIALECT)
    return Part(role, tuple(piece for run in runs for piece in _named(run, pings=pings)))


def _named(run: Run, *, pings: bool) -> Iterator[Run]:
    """Find whom a text notifies: a backslash does not help, since it is gone by then."""
    at = 0
    for found in PINGS.finditer(run.text) if "code" not in run.styles else ():
        yield Run(run.text[at : found.start()], run.styles, run.link)
        styles = run.styles if pings else run.styles | _REFERENCE
        yield Run(found[0], styles, run.link, mention=pings)
        at = found.end()
    yield Run(run.text[at:], run.styles, run.link)


def _fitting(text: Any) -> str:
    if not isinstance(text, str) or len(text) > MAX_RUNES:
        raise Refused(f"a text that is not at most {MAX_RUNES} characters long")
    return text


SERVICE = Service("mattermost", "/hooks/" + "x" * 26, (Window(100, 10.0),), answer, refuse)
