"""A fake of Slack's incoming webhooks.

Sources: docs.slack.dev, "Sending messages using incoming webhooks", "Block Kit", "Formatting message text",
"Rate limits"; what senders report of its answers.
"""

from collections.abc import Iterator, Mapping
from itertools import chain
from typing import Any

from local.receiver import Received
from tests.receivers import mrkdwn
from tests.receivers.seen import Part, Role, Run, Seen, Style, linked, plain
from tests.receivers.service import (
    TEXT_HEADERS,
    Answer,
    Malformed,
    Service,
    Window,
    document,
    json_answer,
    text_answer,
    units,
)

MAX_BLOCKS = 50
MAX_SECTION, MAX_FIELDS, MAX_FIELD = 3_000, 10, 2_000
MAX_HEADER = 150
MAX_CONTEXT_ELEMENTS, MAX_CONTEXT = 10, 3_000
MAX_BUTTONS, MAX_BUTTON, MAX_URL = 25, 75, 3_000
MAX_TEXT = 40_000
"""A longer text is cut without a word."""
MAX_ATTACHMENTS, MAX_ATTACHMENT_TITLE, MAX_FOOTER = 100, 1_024, 300
MAX_ID = 255

STYLES: Mapping[str, Style] = {"bold": "bold", "italic": "italic", "strike": "strike", "code": "code"}
ENDED: Mapping[str, tuple[int, str]] = {
    "archived": (410, "channel_is_archived"),
    "removed": (404, "no_service"),
    "revoked": (403, "invalid_token"),
    "prohibited": (403, "action_prohibited"),
}
"""Webhooks that do not work any more, by the last part of their path."""


class Invalid(Exception):
    """Blocks that Slack refuses."""


def answer(request: Received) -> Answer:
    """Answer to a message."""
    if ended := ENDED.get(request.path.rpartition("/")[2]):
        return text_answer(*ended, lost=ended[1])
    if not request.path.startswith("/services/"):
        return text_answer(404, "no_team", lost="no_team")
    try:
        body = document(request)
        seen = _seen(body)
    except Malformed:
        return text_answer(400, "invalid_payload", lost="invalid_payload")
    except Invalid as error:
        return text_answer(400, "invalid_blocks", lost=f"invalid_blocks: {error}")
    if not seen.text.strip():
        return text_answer(400, "no_text", lost="no_text")
    return text_answer(200, "ok", seen)


def refuse(wait: float) -> Answer:
    """Tell in header and body when to come again."""
    seconds = max(1, round(wait + 0.5))
    refused = json_answer(429, {"retry_after": seconds, "ok": False, "error": "rate_limited"}, lost="rate")
    return Answer(429, {**TEXT_HEADERS, "Retry-After": str(seconds)}, refused.body, lost="rate")


def _seen(body: dict[str, Any]) -> Seen:
    """Return what is shown: the blocks, with the text only in the notification; without blocks the text."""
    attachments = _list(body.get("attachments"), MAX_ATTACHMENTS)
    blocks = _list(body.get("blocks"), MAX_BLOCKS)
    text = body.get("text") or ""
    if not isinstance(text, str):
        raise Malformed("text")
    shown = [_part("text", text[:MAX_TEXT], names=False)] if text else []
    # Whoever is mentioned in the text alone is notified, too; the notification is read but not drawn.
    hidden = [part for part in shown if blocks and any(run.mention for run in part.runs)]
    parts = [*(hidden if blocks else shown), *chain.from_iterable(_block(block) for block in blocks)]
    for attachment in attachments:
        parts += _attachment(attachment)
    color = next((str(item["color"]) for item in attachments if item.get("color")), None)
    return Seen(tuple(parts), color)


def _attachment(attachment: dict[str, Any]) -> Iterator[Part]:
    if not isinstance(attachment, dict):
        raise Invalid("an attachment")
    for block in _list(attachment.get("blocks"), MAX_BLOCKS):
        yield from _block(block)
    if title := attachment.get("title"):
        _fits(title, MAX_ATTACHMENT_TITLE, "title")
        link = attachment.get("title_link")
        yield linked("title", title, link) if link else _part("title", title, names=False)
    for name in ("pretext", "text"):
        if text := attachment.get(name):
            yield _part("text", text, names=False)
    for item in attachment.get("fields") or ():
        yield plain("label", item["title"])
        yield _part("value", item["value"], names=False)
    if footer := attachment.get("footer"):
        _fits(footer, MAX_FOOTER, "footer")
        yield _part("footer", footer, names=False)


def _block(block: Any) -> Iterator[Part]:
    if not isinstance(block, dict):
        raise Invalid("a block")
    _fits(block.get("block_id", ""), MAX_ID, "block_id", least=0)
    elements = block.get("elements")
    match block.get("type"):
        case "header":
            yield _text(block.get("text"), "title", MAX_HEADER, only="plain_text")
        case "section":
            yield from _section(block)
        case "context":
            yield from (
                _text(item, "footer", MAX_CONTEXT) for item in _list(elements, MAX_CONTEXT_ELEMENTS, 1)
            )
        case "actions":
            yield from (_button(item) for item in _list(elements, MAX_BUTTONS, 1))
        case "rich_text":
            yield from chain.from_iterable(_rich(item) for item in _list(elements, MAX_BLOCKS, 1))
        case "divider":
            pass
        case other:
            raise Invalid(f"unknown block {other}")


def _section(block: dict[str, Any]) -> Iterator[Part]:
    if "text" not in block and "fields" not in block:
        raise Invalid("a section without text")
    if "text" in block:
        yield _text(block["text"], "text", MAX_SECTION)
    if "fields" in block:
        for item in _list(block["fields"], MAX_FIELDS, least=1):
            yield _text(item, "field", MAX_FIELD)
    if "accessory" in block:
        yield _button(block["accessory"])


def _text(text: Any, role: Role, limit: int, only: str | None = None) -> Part:
    """Check a text object, and return what it shows."""
    if only and (not isinstance(text, dict) or text.get("type") != only):
        raise Invalid(f"a {role} that is not {only}")
    if not isinstance(text, dict) or text.get("type") not in {"plain_text", "mrkdwn"}:
        raise Invalid(f"a {role} that is no text object")
    _fits(text.get("text"), limit, role)
    if text["type"] == "plain_text":
        if "verbatim" in text:
            raise Invalid("verbatim in a plain_text")
        return plain(role, text["text"])
    if "emoji" in text:
        raise Invalid("emoji in a mrkdwn")
    return _part(role, text["text"], names=text.get("verbatim") is not True)


def _button(element: Any) -> Part:
    if not isinstance(element, dict) or element.get("type") != "button":
        raise Invalid("an element that is no button")
    text = _text(element.get("text"), "button", MAX_BUTTON, only="plain_text").text
    if "url" not in element:
        return plain("button", text)
    _fits(element["url"], MAX_URL, "url")
    if not str(element["url"]).startswith(("http://", "https://")):
        raise Invalid("a url of another scheme")
    return linked("button", text, element["url"])


def _rich(element: Any) -> Iterator[Part]:
    kind = element.get("type") if isinstance(element, dict) else None
    if kind not in {"rich_text_section", "rich_text_preformatted", "rich_text_quote"}:
        raise Invalid(f"unknown rich text {kind}")
    around: frozenset[Style] = {
        "rich_text_preformatted": frozenset[Style]({"code"}),
        "rich_text_quote": frozenset[Style]({"quote"}),
    }.get(str(kind), frozenset[Style]())
    yield Part("text", tuple(_rich_run(item, around) for item in _list(element.get("elements"), 1_000)))


def _rich_run(item: Any, around: frozenset[Style]) -> Run:
    style = item.get("style") or {}
    styles = around | {name for key, name in STYLES.items() if style.get(key)}
    match item.get("type"):
        case "text":
            _fits(item.get("text"), MAX_SECTION, "text")
            return Run(item["text"], styles)
        case "link":
            return Run(item.get("text") or item["url"], styles, item["url"])
        case "user" | "usergroup" | "broadcast" | "channel":
            return Run(str(item), styles, mention=True)
        case other:
            raise Invalid(f"unknown element {other}")


def _part(role: Role, text: str, *, names: bool) -> Part:
    return Part(role, mrkdwn.parse(text, names=names))


def _list(found: Any, limit: int, least: int = 0) -> list[Any]:
    if found is None and not least:
        return []
    if not isinstance(found, list) or not least <= len(found) <= limit:
        raise Invalid(f"not {least} to {limit} elements")
    return found


def _fits(text: Any, limit: int, what: str, least: int = 1) -> None:
    if not isinstance(text, str) or not least <= units(text) <= limit:
        raise Invalid(f"a {what} that is not {least} to {limit} characters long")


SERVICE = Service("slack", "/services/T00000000/B00000000/XXXXXXXXXXXX", (Window(10, 10.0),), answer, refuse)
