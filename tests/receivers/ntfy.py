"""A fake of an ntfy server with its default configuration, as ntfy.sh has it but for the message's length.

Sources: ntfy's server.go (``transformBodyJSON``, ``handlePublishBody``), errors.go, types.go, config.go and
its documentation, "Publish as JSON" and "Limitations".
"""

import re
from typing import Any

from local.receiver import Received
from tests.receivers import markdown
from tests.receivers.seen import Part, Role, Run, Seen, linked, plain
from tests.receivers.service import Answer, Malformed, Service, Window, document, json_answer

MAX_MESSAGE_BYTES = 4_096
"""A longer message becomes a file that is attached, and of the message only its name is seen."""

MAX_JSON_BYTES = 2 * MAX_MESSAGE_BYTES
MAX_TITLE_BYTES, MAX_TAGS_BYTES = 1_024, 512
MAX_ACTIONS = 3
TOPIC = re.compile(r"[-_A-Za-z0-9]{1,64}")
DISALLOWED = ("docs", "static", "file", "app", "metrics", "account", "settings", "signup", "login", "v1")
PRIORITY_COLORS = {5: "#d0021b", 4: "#f2711c"}
DIALECT = markdown.Dialect({"**": "bold", "__": "bold", "~~": "strike", "*": "italic", "_": "italic"})
SIGNS = {
    "information_source": "\u2139\ufe0f",
    "white_check_mark": "✅",
    "warning": "⚠️",
    "x": "❌",
    "rotating_light": "🚨",
}
"""Of the tags that are emoji, those that are used here; they stand before the title."""

EMPTY = "triggered"
"""What is shown of a message without a text."""


class Refused(Exception):
    """A message that the server does not take: code and error."""


def answer(request: Received) -> Answer:
    """Answer to a message as JSON, sent to the server's root."""
    if request.path.partition("?")[0] != "/":
        return _error(40401, "page not found")
    if len(request.body) > MAX_JSON_BYTES:
        return _error(41303, "JSON body too large")
    try:
        body = document(request)
        seen = _seen(body)
    except Malformed:
        return _error(40024, "invalid request: request body must be valid JSON")
    except Refused as error:
        return _error(*error.args)
    return json_answer(200, {"id": "x" * 12, "event": "message", "topic": body["topic"]}, seen)


def refuse(wait: float) -> Answer:  # noqa: ARG001 - it does not say for how long
    """Say that there were too many."""
    return _error(42901, "limit reached: too many requests")


def _error(code: int, message: str) -> Answer:
    told = {"code": code, "http": code // 100, "error": message, "link": "https://ntfy.sh/docs/publish/"}
    return json_answer(code // 100, told, lost=message)


def _seen(body: dict[str, Any]) -> Seen:
    _check(body)
    message, title = body.get("message") or EMPTY, body.get("title") or ""
    signs = "".join(f"{SIGNS[tag]} " for tag in body.get("tags", ()) if tag in SIGNS)
    parts: list[Part] = [plain("title", f"{signs}{title}")] if title else []
    if len(message.encode()) > MAX_MESSAGE_BYTES:
        parts.append(plain("text", "You received a file: attachment.txt"))
    elif body.get("markdown"):
        parts.append(Part("text", markdown.parse(message, DIALECT)))
    else:
        parts.append(_addressed("text", message))
    if others := [tag for tag in body.get("tags", ()) if tag not in SIGNS]:
        parts.append(plain("footer", ", ".join(others)))
    if body.get("click"):
        parts.append(linked("button", "Tap to open", body["click"]))
    parts += [linked("button", action["label"], action["url"]) for action in body.get("actions") or ()]
    return Seen(tuple(parts), PRIORITY_COLORS.get(body.get("priority", 3)))


def _check(body: dict[str, Any]) -> None:
    kinds = {"topic": str, "title": str, "message": str, "tags": list, "click": str, "actions": list}
    if any(not isinstance(body.get(name, kind()), kind) for name, kind in kinds.items()):
        raise Refused(40024, "invalid request: request body must be valid JSON")
    if not TOPIC.fullmatch(body.get("topic", "")):
        raise Refused(40009, "invalid request: topic invalid")
    if body["topic"] in DISALLOWED:
        raise Refused(40010, "invalid request: topic name is not allowed")
    if body.get("priority", 3) not in range(6):
        raise Refused(40007, "invalid priority parameter")
    if len(body.get("title", "").encode()) > MAX_TITLE_BYTES:
        raise Refused(40000, "invalid request: title too long")
    if len(",".join(body.get("tags", ())).encode()) > MAX_TAGS_BYTES:
        raise Refused(40000, "invalid request: tags too long")
    actions = body.get("actions", ())
    known = ("view", "http", "broadcast")
    if len(actions) > MAX_ACTIONS or any(
        action.get("action") not in known or not action.get("label") or not action.get("url")
        for action in actions
    ):
        raise Refused(40018, "invalid request: actions invalid")


def _addressed(role: Role, text: str) -> Part:
    """Read a text in which nothing is markup, but addresses lead where they say."""
    runs: list[Run] = []
    at = 0
    for found in markdown.ADDRESS.finditer(text):
        runs += [Run(text[at : found.start()]), Run(found[0], link=found[0])]
        at = found.end()
    return Part(role, (*runs, Run(text[at:])))


SERVICE = Service("ntfy", "/", (Window(60, 300.0),), answer, refuse)
