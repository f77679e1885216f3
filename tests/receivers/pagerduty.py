"""A fake of PagerDuty's Events API v2.

Sources: PagerDuty/developer-docs, "Events API v2": Overview, Send an alert event, Rate limits; the answers
are those that its client libraries parse.
"""

import json
import re
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from local.receiver import Received
from tests.receivers.seen import Part, Seen, linked, plain
from tests.receivers.service import Answer, Malformed, Service, Window, document, json_answer, units

MAX_BYTES = 512_000
MAX_SUMMARY, MAX_DEDUP = 1_024, 255
KEY_CHARS = 32
ACTIONS = ("trigger", "acknowledge", "resolve")
SEVERITIES = {"info": "#4a90e2", "warning": "#e6c200", "error": "#f2711c", "critical": "#d0021b"}
TEXTS = ("component", "group", "class")


def answer(request: Received) -> Answer:
    """Answer to an event. Of one that only acknowledges or resolves there is nothing new to see but that."""
    if request.path != "/v2/enqueue":
        return json_answer(404, {"status": "not found"}, lost="404")
    if len(request.body) > MAX_BYTES:
        wrong = {
            "status": "invalid event",
            "message": "Event object is invalid",
            "errors": ["payload too large"],
        }
        return json_answer(413, wrong, lost="too large")
    try:
        body = document(request)
    except Malformed as error:
        wrong = {
            "status": "Unrecognized object",
            "message": "Event object format is unrecognized",
            "errors": [],
        }
        return json_answer(400, {**wrong, "errors": ["JSON parse error"]}, lost=str(error))
    if errors := list(_errors(body)):
        wrong = {"status": "invalid event", "message": "Event object is invalid", "errors": errors}
        return json_answer(400, wrong, lost="; ".join(errors))
    taken = {
        "status": "success",
        "message": "Event processed",
        "dedup_key": body.get("dedup_key") or "0" * 32,
    }
    return json_answer(202, taken, _seen(body))


def refuse(wait: float) -> Answer:  # noqa: ARG001 - it does not say for how long
    """Say that there were too many."""
    message = "Requests for this service are arriving too quickly.  Please retry later."
    return json_answer(429, {"status": "throttle exceeded", "message": message}, lost="rate")


def _errors(body: dict[str, Any]) -> Iterator[str]:
    if not re.fullmatch(rf"[A-Za-z0-9]{{{KEY_CHARS}}}", str(body.get("routing_key"))):
        yield "'routing_key' is invalid"
    action = body.get("event_action")
    if action not in ACTIONS:
        yield "'event_action' is missing or invalid"
    dedup = body.get("dedup_key")
    if dedup is not None and (not isinstance(dedup, str) or units(dedup) > MAX_DEDUP):
        yield f"'dedup_key' is longer than {MAX_DEDUP} characters"
    if action in ACTIONS[1:] and not dedup:
        yield "'dedup_key' is missing or blank"
    if action == "trigger":
        yield from _payload_errors(body.get("payload"))
        yield from _link_errors(body)


def _payload_errors(payload: Any) -> Iterator[str]:
    if not isinstance(payload, dict):
        yield "'payload' is missing or blank"
        return
    for name in ("summary", "source"):
        if not isinstance(payload.get(name), str) or not payload[name].strip():
            yield f"'payload.{name}' is missing or blank"
    if isinstance(payload.get("summary"), str) and units(payload["summary"]) > MAX_SUMMARY:
        yield f"'payload.summary' is longer than {MAX_SUMMARY} characters"
    if payload.get("severity") not in SEVERITIES:
        known = ", ".join(f"'{severity}'" for severity in sorted(SEVERITIES))
        yield f"'payload.severity' is invalid (must be one of the following: {known})"
    for name in TEXTS:
        if not isinstance(payload.get(name, ""), str):
            yield f"'payload.{name}' is not a string"
    if "timestamp" in payload and not _is_time(payload["timestamp"]):
        yield "'payload.timestamp' is invalid"
    if not isinstance(payload.get("custom_details", {}), dict):
        yield "'payload.custom_details' is not an object"


def _link_errors(body: dict[str, Any]) -> Iterator[str]:
    for link in body.get("links") or ():
        if not re.match(r"https?://\S+$", str(link.get("href"))):
            yield "'links.href' is invalid"


def _is_time(text: Any) -> bool:
    try:
        return datetime.fromisoformat(text).tzinfo is not None
    except (TypeError, ValueError):
        return False


def _seen(body: dict[str, Any]) -> Seen:
    if body["event_action"] != "trigger":
        return Seen((plain("title", f"{body['event_action']} {body['dedup_key']}"),))
    payload = body["payload"]
    parts: list[Part] = [plain("title", payload["summary"])]
    for name in ("severity", "source", *TEXTS):
        if payload.get(name):
            parts += [plain("label", name.upper()), plain("value", payload[name])]
    for name, value in payload.get("custom_details", {}).items():
        shown = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
        parts += [plain("label", name), plain("value", shown)]
    parts += [
        linked("button", link.get("text") or link["href"], link["href"]) for link in body.get("links") or ()
    ]
    return Seen(tuple(parts), SEVERITIES[payload["severity"]])


SERVICE = Service("pagerduty", "/v2/enqueue", (Window(120, 60.0),), answer, refuse)
