"""A fake of a Teams channel behind the Workflows template "Send webhook alerts to a channel".

The flow answers before it posts: whatever goes wrong afterwards, the sender was told 202. Sources: the
Adaptive Cards schema up to 1.4; learn.microsoft.com, "Format cards in Microsoft Teams", "Limits and
specifications"; msteams-docs#11274 for what is counted.
"""

import json
import re
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from local.receiver import Received
from tests.receivers import markdown
from tests.receivers.seen import Part, Role, Run, Seen, linked, plain
from tests.receivers.service import Answer, Malformed, Service, Window, document, json_answer

MAX_BYTES = 28_672
CARD = "application/vnd.microsoft.card.adaptive"
VERSIONS = ("1.0", "1.1", "1.2", "1.3", "1.4")
COLORS = {
    "default": None,
    "dark": None,
    "light": None,
    "accent": "#0078d4",
    "good": "#107c10",
    "warning": "#c19c00",
    "attention": "#d13438",
    "emphasis": None,
}
UNWRAPPED_CHARS = 60
"""How much of a text that does not wrap a reader sees, about."""

DIALECT = markdown.Dialect(
    {"**": "bold", "__": "bold", "~~": "strike", "*": "italic", "_": "italic"},
    references=re.compile(r"\{\{(?:DATE|TIME)\([^)]*\)\}\}"),
)
TIME = re.compile(r"\{\{(DATE|TIME)\(([^,)]*)(?:,\s*(?:SHORT|LONG|COMPACT))?\)\}\}")
AT = re.compile(r"<at>(.*?)</at>", re.DOTALL)


class Failed(Exception):
    """The flow fails at a card."""


def answer(request: Received) -> Answer:
    """Answer 202 to all that is JSON; what becomes of it, ``lost`` tells."""
    if "sig=" not in request.path:
        return json_answer(401, {"error": {"code": "DirectApiAuthorizationRequired"}}, lost="no signature")
    try:
        body = document(request)
    except Malformed as error:
        return json_answer(400, {"error": {"code": "InvalidRequestContent"}}, lost=str(error))
    try:
        seen = _posted(body)
    except Failed as error:
        return Answer(202, {}, b"", lost=str(error))
    return Answer(202, {}, b"", seen)


def refuse(wait: float) -> Answer:
    """Tell in a header when to come again."""
    refused = json_answer(429, {"error": {"code": "WorkflowTriggerRequestsThrottled"}}, lost="rate")
    return Answer(
        429, {**refused.headers, "Retry-After": str(max(1, round(wait + 0.5)))}, refused.body, lost="rate"
    )


def stored_bytes(card: Any) -> int:
    """Return a card's size as it is stored: a JSON text within a JSON document."""
    return len(json.dumps(json.dumps(card, ensure_ascii=False), ensure_ascii=False).encode())


def _posted(body: dict[str, Any]) -> Seen:
    attachments = body.get("attachments")
    if body.get("type") != "message" or not isinstance(attachments, list) or not attachments:
        raise Failed("no attachments: the flow has nothing to post")
    parts: list[Part] = []
    colors: list[str] = []
    for attachment in attachments:
        card = attachment.get("content")
        if attachment.get("contentType") != CARD or not isinstance(card, dict):
            raise Failed("an attachment that is no Adaptive Card")
        if card.get("type") != "AdaptiveCard" or card.get("version") not in VERSIONS:
            raise Failed(f"not a card of a version up to {VERSIONS[-1]}: {card.get('version')}")
        if (size := stored_bytes(card)) > MAX_BYTES:
            raise Failed(f"MessageSizeExceeded: {size} bytes, whereas max allowed size is {MAX_BYTES}")
        mentions = [str(entity.get("text")) for entity in card.get("msteams", {}).get("entities", ())]
        parts += _elements(card.get("body"), mentions, colors)
        parts += [_action(action) for action in card.get("actions", ())]
    if not "".join(part.text for part in parts).strip():
        raise Failed("a card without a text")
    return Seen(tuple(parts), next(iter(colors), None))


def _elements(elements: Any, mentions: list[str], colors: list[str]) -> Iterator[Part]:
    if not isinstance(elements, list):
        raise Failed("a body that is no list")
    for element in elements:
        _note(element, colors)
        match element.get("type"):
            case "TextBlock":
                yield _text_block(element, mentions)
            case "FactSet":
                for fact in element["facts"]:
                    yield _text("label", fact["title"], mentions)
                    yield _text("value", fact["value"], mentions)
            case "Container" | "ColumnSet":
                for column in element.get("columns", (element,)):
                    yield from _elements(column.get("items"), mentions, colors)
            case "RichTextBlock":
                yield Part("text", tuple(_rich(item) for item in element["inlines"]))
            case "ActionSet":
                yield from (_action(action) for action in element["actions"])
            case other:
                raise Failed(f"unknown element {other}")


def _note(element: Any, colors: list[str]) -> None:
    """Keep the colour of an element that has one."""
    named = str(element.get("color") or element.get("style") or "default").lower()
    if color := COLORS.get(named):
        colors.append(color)


def _text_block(element: dict[str, Any], mentions: list[str]) -> Part:
    large = str(element.get("size", "")).lower() in {"medium", "large", "extralarge"}
    role: Role = "title" if large or element.get("style") == "heading" else "text"
    if element.get("isSubtle") and not large:
        role = "footer"
    text = element.get("text")
    if not isinstance(text, str):
        raise Failed("a TextBlock without text")
    part = _text(role, text, mentions)
    if element.get("wrap") is True:
        return part
    return plain(role, part.text.partition("\n")[0][:UNWRAPPED_CHARS])


def _text(role: Role, text: Any, mentions: list[str]) -> Part:
    """Read a text's Markdown, then what it mentions and when."""
    if not isinstance(text, str):
        raise Failed(f"a {role} that is no text")
    return Part(
        role, tuple(piece for run in markdown.parse(text, DIALECT) for piece in _looked_up(run, mentions))
    )


def _looked_up(run: Run, mentions: list[str]) -> Iterator[Run]:
    if "reference" in run.styles and (found := TIME.fullmatch(run.text)):
        yield Run(_local(found[1], found[2]), run.styles, run.link)
        return
    at = 0
    for found in AT.finditer(run.text):
        yield Run(run.text[at : found.start()], run.styles, run.link)
        known = found[0] in mentions
        yield Run(found[1] if known else found[0], run.styles, run.link, mention=known)
        at = found.end()
    yield Run(run.text[at:], run.styles, run.link)


def _local(function: str, moment: str) -> str:
    """Write a day or a time of day, as for a reader in UTC; what is none stays as it is."""
    try:
        return f"{datetime.fromisoformat(moment.strip()):{'%Y-%m-%d' if function == 'DATE' else '%H:%M'}}"
    except ValueError:
        return moment


def _rich(item: Any) -> Run:
    """Read a text run, in which nothing is markup."""
    if isinstance(item, str):
        return Run(item)
    if item.get("type") != "TextRun":
        raise Failed(f"unknown inline {item.get('type')}")
    action = item.get("selectAction") or {}
    return Run(item["text"], link=action.get("url"))


def _action(action: Any) -> Part:
    if action.get("type") != "Action.OpenUrl":
        raise Failed(f"an action that a flow cannot do: {action.get('type')}")
    if not re.match(r"https?://", str(action.get("url"))):
        raise Failed("an action without an address")
    return linked("button", action["title"], action["url"])


SERVICE = Service(
    "teams",
    "/powerautomate/automations/direct/workflows/0a1b2c/triggers/manual/paths/invoke"
    "?api-version=1&sp=%2Ftriggers%2Fmanual%2Frun&sv=1.0&sig=XXXXXXXX",
    (Window(4, 1.0),),
    answer,
    refuse,
)
