"""A fake of Telegram's Bot API, for ``sendMessage`` with a text in HTML.

Sources: core.telegram.org/bots/api, "sendMessage", "Formatting options", "Making requests"; the bots' FAQ for
the rates; tdlib's MessageEntity.cpp for what its parser takes and what it says.
"""

import re
from collections.abc import Iterator
from typing import Any

from local.receiver import Received
from tests.receivers import telegram_html
from tests.receivers.markdown import ADDRESS
from tests.receivers.seen import Part, Run, Seen
from tests.receivers.service import Answer, Malformed, Service, Window, document, json_answer, units

MAX_UNITS = 4_096
"""Of the text that is seen, without markup."""

TOKEN = r"\d{1,20}:[\w-]{1,64}"
NAME = re.compile(r"(?<![\w@])@[a-zA-Z0-9_]{2,32}(?!\w)|" + ADDRESS.pattern, re.IGNORECASE)


class Refused(Exception):
    """A message that is refused, in Telegram's words."""


def answer(request: Received) -> Answer:
    """Answer to a message."""
    found = re.fullmatch(rf"/bot({TOKEN})/sendMessage", request.path)
    if found is None:
        return _error(404, "Not Found")
    if found[1].endswith("revoked"):
        return _error(401, "Unauthorized")
    try:
        body = document(request)
    except Malformed:
        body = {}
    return _sent(body)


def refuse(wait: float) -> Answer:
    """Tell in the body when to come again."""
    seconds = max(1, round(wait + 0.5))
    told = {"ok": False, "error_code": 429, "description": f"Too Many Requests: retry after {seconds}"}
    return json_answer(429, {**told, "parameters": {"retry_after": seconds}}, lost="rate")


def _sent(body: dict[str, Any]) -> Answer:
    try:
        _check(body)
        runs = telegram_html.parse(body["text"]) if body.get("parse_mode") else (Run(body["text"]),)
    except Refused as error:
        return _error(400, f"Bad Request: {error}")
    except telegram_html.Unparsable as error:
        return _error(400, f"Bad Request: can't parse entities: {error}")
    shown = "".join(run.text for run in runs).strip()
    if not shown:
        return _error(400, "Bad Request: message text is empty")
    if units(shown) > MAX_UNITS:
        return _error(400, "Bad Request: message is too long")
    seen = Seen((Part("text", tuple(piece for run in runs for piece in _named(run))),))
    return json_answer(200, {"ok": True, "result": {"message_id": 1, "text": shown}}, seen)


def _check(body: dict[str, Any]) -> None:
    if body.get("chat_id") in {None, ""}:
        raise Refused("chat_id is empty")
    if not re.fullmatch(r"-?\d+|@\w+", str(body["chat_id"])):
        raise Refused("chat not found")
    if not isinstance(body.get("text"), str) or not body["text"].strip():
        raise Refused("message text is empty")
    if body.get("parse_mode", "") not in {"", "HTML"}:
        raise Refused("unsupported parse_mode")


def _named(run: Run) -> Iterator[Run]:
    """Find names and addresses, which are active in any text but code."""
    if run.mention:
        yield run
        return
    at = 0
    for found in NAME.finditer(run.text) if "code" not in run.styles and run.link is None else ():
        yield Run(run.text[at : found.start()], run.styles, run.link)
        mention = found[0].startswith("@")
        yield Run(found[0], run.styles, None if mention else found[0], mention=mention)
        at = found.end()
    yield Run(run.text[at:], run.styles, run.link)


def _error(status: int, description: str) -> Answer:
    told = {"ok": False, "error_code": status, "description": description}
    return json_answer(status, told, lost=description)


SERVICE = Service(
    "telegram", "/bot123456789:XXXXXXXX/sendMessage", (Window(5, 5.0), Window(20, 60.0)), answer, refuse
)
