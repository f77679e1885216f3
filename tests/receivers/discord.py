"""A fake of Discord's webhooks.

Sources: docs.discord.com, "Webhook resource", "Message resource" (embed limits, allowed mentions), "Rate
limits", "Error messages"; discord-api-docs#367 for the rates.
"""

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

from local.receiver import Received
from tests.receivers import markdown
from tests.receivers.seen import Part, Role, Run, Seen, linked, plain
from tests.receivers.service import Answer, Malformed, Service, Window, document, json_answer, units

MAX_CONTENT, MAX_EMBEDS, MAX_TOGETHER = 2_000, 10, 6_000
MAX_TITLE, MAX_DESCRIPTION, MAX_FOOTER, MAX_AUTHOR = 256, 4_096, 2_048, 256
MAX_FIELDS, MAX_NAME, MAX_VALUE = 25, 256, 1_024
MAX_URL, MAX_COLOR = 2_048, 0xFFFFFF

INVALID_FORM, EMPTY, UNKNOWN_WEBHOOK, BAD_JSON = 50035, 50006, 10015, 50109

PINGS = {
    "everyone": r"@everyone|@here",
    "users": r"<@!?\d+>",
    "roles": r"<@&\d+>",
}
REFERENCES = (
    r"<(?:@!?|@&|#)\d+>|<a?:\w{2,32}:\d+>|<t:-?\d+(?::[tTdDfFR])?>|</[^<>\n]{1,100}:\d+>"
    r"|<id:(?:customize|browse|guide|linked-roles)>"
)
STYLES: dict[str, Any] = {
    "***": "bold",
    "**": "bold",
    "__": "underline",
    "~~": "strike",
    "||": "spoiler",
    "*": "italic",
    "_": "italic",
}

Errors = dict[str, Any]


def answer(request: Received) -> Answer:
    """Answer to a message."""
    path, _, query = request.path.partition("?")
    if not re.fullmatch(r"/api/(?:v\d+/)?webhooks/\d+/[\w-]+", path) or path.endswith("/removed"):
        return json_answer(404, {"message": "Unknown Webhook", "code": UNKNOWN_WEBHOOK}, lost="unknown")
    try:
        body = document(request)
    except Malformed as error:
        wrong = {"message": "The request body contains invalid JSON.", "code": BAD_JSON}
        return json_answer(400, wrong, lost=str(error))
    if errors := _errors(body):
        wrong = {"message": "Invalid Form Body", "code": INVALID_FORM, "errors": errors}
        return json_answer(400, wrong, lost=str(errors))
    seen = Seen(tuple(_shown(body)), _color(body))
    if not seen.text.strip():
        return json_answer(400, {"message": "Cannot send an empty message", "code": EMPTY}, lost="empty")
    if "wait=true" in query:
        return json_answer(200, {"id": "1", "type": 0, "content": body.get("content", "")}, seen)
    return Answer(204, {}, b"", seen)


def refuse(wait: float) -> Answer:
    """Tell in whole seconds in the header, and exactly in the body, when to come again."""
    body = {"message": "You are being rate limited.", "retry_after": round(wait, 3), "global": False}
    refused = json_answer(429, body, lost="rate")
    headers = {"Retry-After": str(max(1, round(wait + 0.5))), "X-RateLimit-Scope": "user"}
    return Answer(429, {**refused.headers, **headers}, refused.body, lost="rate")


def _errors(body: dict[str, Any]) -> Errors:
    """Return what is wrong, in Discord's form: a path of keys, then ``_errors``."""
    errors: Errors = {}
    _length(errors, "content", body.get("content"), MAX_CONTENT, required=False)
    allowed = body.get("allowed_mentions") or {}
    if any(kind in allowed.get("parse", ()) and allowed.get(kind) for kind in ("users", "roles")):
        wrong = {"code": "MESSAGE_ALLOWED_MENTIONS_PARSE_EXCLUSIVE", "message": "mutually exclusive"}
        errors["allowed_mentions"] = {"_errors": [wrong]}
    embeds = body.get("embeds") or []
    if len(embeds) > MAX_EMBEDS:
        errors["embeds"] = _error("BASE_TYPE_MAX_LENGTH", f"Must be {MAX_EMBEDS} or fewer in length.")
    elif found := {str(number): wrong for number, embed in enumerate(embeds) if (wrong := _embed(embed))}:
        errors["embeds"] = found
    elif sum(units(text.strip()) for embed in embeds for text in _texts(embed)) > MAX_TOGETHER:
        wrong_size = f"Embed size exceeds maximum size of {MAX_TOGETHER}"
        errors["embeds"] = _error("MAX_EMBED_SIZE_EXCEEDED", wrong_size)
    return errors


def _embed(embed: dict[str, Any]) -> Errors:
    errors: Errors = {}
    _length(errors, "title", embed.get("title"), MAX_TITLE, required=False)
    _length(errors, "description", embed.get("description"), MAX_DESCRIPTION, required=False)
    if "footer" in embed:
        _length(errors, "footer", embed["footer"].get("text"), MAX_FOOTER)
    if "author" in embed:
        _length(errors, "author", embed["author"].get("name"), MAX_AUTHOR)
    if "url" in embed and not re.fullmatch(rf"https?://[^\s/][^\s]{{0,{MAX_URL}}}", str(embed["url"])):
        errors["url"] = _error("URL_TYPE_INVALID_URL", "Not a well formed URL.")
    if "color" in embed and not 0 <= embed["color"] <= MAX_COLOR:
        errors["color"] = _error("NUMBER_TYPE_MAX", f"int value should be less than or equal to {MAX_COLOR}.")
    if "timestamp" in embed and not _is_time(embed["timestamp"]):
        errors["timestamp"] = _error("DATE_TIME_TYPE_PARSE", "Could not parse. Should be ISO8601.")
    fields = embed.get("fields") or []
    if len(fields) > MAX_FIELDS:
        errors["fields"] = _error("BASE_TYPE_MAX_LENGTH", f"Must be {MAX_FIELDS} or fewer in length.")
        return errors
    wrong: Errors = {}
    for number, item in enumerate(fields):
        inner: Errors = {}
        _length(inner, "name", item.get("name"), MAX_NAME)
        _length(inner, "value", item.get("value"), MAX_VALUE)
        wrong.update({str(number): inner} if inner else {})
    return {**errors, "fields": wrong} if wrong else errors


def _length(errors: Errors, name: str, text: Any, limit: int, *, required: bool = True) -> None:
    """Note what is wrong with a text; spaces around it do not count."""
    if text is None or text == "":
        if required:
            errors[name] = _error("BASE_TYPE_REQUIRED", "This field is required")
    elif not isinstance(text, str):
        errors[name] = _error("BASE_TYPE_BAD_TYPE", "Not a string.")
    elif required and not text.strip():
        errors[name] = _error("BASE_TYPE_REQUIRED", "This field is required")
    elif units(text.strip()) > limit:
        errors[name] = _error("BASE_TYPE_MAX_LENGTH", f"Must be {limit} or fewer in length.")


def _error(code: str, message: str) -> Errors:
    return {"_errors": [{"code": code, "message": message}]}


def _is_time(text: Any) -> bool:
    try:
        datetime.fromisoformat(text)
    except (TypeError, ValueError):
        return False
    return True


def _texts(embed: dict[str, Any]) -> Iterator[str]:
    """List the texts that count together."""
    yield from (embed.get("title") or "", embed.get("description") or "")
    yield from ((embed.get("footer") or {}).get("text", ""), (embed.get("author") or {}).get("name", ""))
    for item in embed.get("fields") or ():
        yield from (item["name"], item["value"])


def _shown(body: dict[str, Any]) -> Iterator[Part]:
    if content := body.get("content"):
        yield _part("text", content, body.get("allowed_mentions", {"parse": ["users"]}))
    for embed in body.get("embeds") or ():
        if title := embed.get("title"):
            part = _part("title", title, {}, links=False)
            runs = tuple(Run(run.text, run.styles, embed.get("url")) for run in part.runs)
            yield Part("title", runs) if "url" in embed else part
        if description := embed.get("description"):
            yield _part("text", description, {})
        for item in embed.get("fields") or ():
            yield _part("label", item["name"], {})
            yield _part("value", item["value"], {})
        if author := embed.get("author"):
            yield (
                linked("footer", author["name"], author["url"])
                if "url" in author
                else plain("footer", author["name"])
            )
        if footer := embed.get("footer"):
            yield plain("footer", footer["text"])


def _part(role: Role, text: str, allowed: dict[str, Any], *, links: bool = True) -> Part:
    """Read a text. ``allowed``: whom it may notify; in an embed nobody."""
    kinds = set(allowed.get("parse", ())) | {kind for kind in ("users", "roles") if allowed.get(kind)}
    pings = "|".join(PINGS[kind] for kind in sorted(kinds & PINGS.keys()))
    dialect = markdown.Dialect(
        STYLES,
        pings=re.compile(pings) if pings else None,
        references=re.compile(REFERENCES),
        links=links,
        entities=False,
    )
    return Part(role, tuple(_timed(run) for run in markdown.parse(text, dialect)))


def _timed(run: Run) -> Run:
    """Write a time, as for a reader in UTC."""
    found = re.fullmatch(r"<t:(\d{1,11})(?::\w)?>", run.text) if "reference" in run.styles else None
    if found is None:
        return run
    return Run(f"{datetime.fromtimestamp(int(found[1]), UTC):%A, %d %B %Y %H:%M}", run.styles, run.link)


def _color(body: dict[str, Any]) -> str | None:
    return next((f"#{embed['color']:06x}" for embed in body.get("embeds") or () if "color" in embed), None)


SERVICE = Service(
    "discord",
    "/api/webhooks/100000000000000000/XXXXXXXX",
    (Window(5, 2.0), Window(30, 60.0)),
    answer,
    refuse,
)
