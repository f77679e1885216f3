"""PagerDuty's Events API v2.

Source: https://developer.pagerduty.com/docs/events-api-v2-overview.
"""

from collections.abc import Iterator, Mapping
from datetime import UTC
from hashlib import sha256
from typing import Any, get_args

from notifications.core import json_text
from notifications.core.delivery import Judgement, Response
from notifications.core.errors import LacksContent, UnusableBody
from notifications.core.messages import Message
from notifications.core.model import Action, Level
from notifications.core.nearest import hint, quoted
from notifications.core.presets import judging
from notifications.core.presets.common import EMPTY, clean, host_of, link_of, one_line, path_of
from notifications.core.presets.cutting import in_json, utf8, utf16
from notifications.core.presets.fitting import Fitting, Place, walk
from notifications.core.presets.preset import Addressed, Fitted, Service, document

MAX_SUMMARY = 1_024
MAX_KEY = 255
MAX_BYTES = 500_000
"""The most bytes of the body: a little less than the 512 KB that PagerDuty accepts, because the routing key
is added later."""

HOSTS = frozenset({"events.pagerduty.com", "events.eu.pagerduty.com"})
PATH = "/v2/enqueue"
ACTIONS: tuple[Action, ...] = get_args(Action)
SEVERITIES: Mapping[Level, str] = {
    "info": "info",
    "success": "info",
    "warning": "warning",
    "error": "error",
    "critical": "critical",
}
BUSY_SECONDS = 120
"""PagerDuty asks for a pause of a few minutes after 429."""


class PagerDuty(Service):
    """See ``Preset``."""

    label = "PagerDuty"
    rate: str | None = None

    def compose(self, message: Message) -> dict[str, Any]:
        """Make an event. By default its key is the event's id, so that a retry alerts nobody twice."""
        details: dict[str, str] = {"text": message.text} if message.text.strip() else {}
        for label, text in message.fields:
            details[_unused(one_line(label) or EMPTY, details)] = text
        if message.count is not None:
            details[_unused("events", details)] = str(message.count)
        body: dict[str, Any] = {
            "event_action": message.action or "trigger",
            "dedup_key": _key(message.dedup or message.event_id),
            "payload": {
                "summary": one_line(message.title) or EMPTY,
                "source": "Backend.AI",
                "severity": SEVERITIES[message.level],
                "timestamp": message.at.astimezone(UTC).isoformat(),
                "class": message.rule_type,
                "custom_details": {**details, _unused("event", details): message.event_id},
            },
            "client": "Backend.AI",
        }
        if link := link_of(message):
            body |= {"links": [{"href": link, "text": "Open"}], "client_url": link}
        return body

    def escape(self, text: str) -> str:
        """Keep the text, because PagerDuty has no markup; it turns addresses into links to themselves."""
        return clean(text)

    def fit(self, body: Any, mark: str) -> Fitted:
        """See ``Preset``."""
        body = document(body, self.label)
        body.setdefault("event_action", "trigger")
        _check(body)
        if isinstance(body.get("dedup_key"), str):
            body["dedup_key"] = _key(body["dedup_key"])
        fitting = Fitting(self.label, utf16, "characters", mark)
        payload = body.get("payload")
        if isinstance(payload, dict) and isinstance(payload.get("summary"), str):
            fitting.each([Place(payload, "summary", "payload.summary", MAX_SUMMARY)])
        whole = utf8(json_text.compact(body))
        if whole > MAX_BYTES:
            places = list(_texts(payload))
            wide = Fitting(self.label, in_json, "bytes", mark)
            others = whole - sum(in_json(place.text) for place in places)
            wide.all(places, MAX_BYTES - others, "the event")
            fitting.cuts += wide.cuts
        return Fitted(body, tuple(fitting.cuts))

    def judge(self, response: Response) -> Judgement | None:
        """Judge by the status; the reason has PagerDuty's errors."""
        if response.status in judging.SUCCESSES:
            return judging.delivered(response)
        if response.status == judging.TOO_MANY:
            hint = "it takes a limited number a minute for each service"
            return judging.limited(response, self.label, hint, BUSY_SECONDS)
        if response.status == 400:  # noqa: PLR2004 - Bad Request
            found = judging.json_of(response)
            errors = found.get("errors")
            details = [str(each) for each in errors] if isinstance(errors, list) else []
            said = "; ".join([str(found.get("message") or judging.text_of(response)), *details])
            hint = (
                "the event or the routing key is wrong; the key is that of an integration for Events API v2"
            )
            return judging.refused(response, self.label, said, hint)
        if response.status in {401, 403, 404}:
            said = judging.text_of(response)
            return judging.refused(response, self.label, said, "the routing key or the URL is wrong")
        return None

    def suggests(self, url: str) -> bool:
        """See ``Preset``."""
        return host_of(url) in HOSTS

    def refused(self, url: str) -> str | None:
        """Refuse the URLs of PagerDuty's other APIs, which accept other bodies."""
        host = host_of(url)
        if host in HOSTS and path_of(url).rstrip("/") != PATH:
            return f"This preset sends to PagerDuty's Events API v2: use https://{host}{PATH}"
        return None

    def address(self, url: str, body: Mapping[str, Any], routing_key: str | None) -> Addressed:
        """Put the routing key into the body, unless the template wrote one."""
        written = body.get("routing_key")
        if routing_key is None or written is not None:
            return Addressed(url, dict(body), (written,) if isinstance(written, str) else ())
        return Addressed(url, {"routing_key": routing_key, **body}, (routing_key,))


def _check(body: dict[str, Any]) -> None:
    """Refuse an event that PagerDuty would refuse.

    Raises:
        UnusableBody: PagerDuty would; the error says why.
    """
    action = body["event_action"]
    if action not in ACTIONS:
        likely = hint(str(action), ACTIONS)
        raise UnusableBody(
            f"event_action: {quoted(str(action))} is unknown{likely} ({', '.join(sorted(ACTIONS))})"
        )
    if action != "trigger":
        if not body.get("dedup_key"):
            raise UnusableBody(f"event_action {action!r} needs the dedup_key of the incident")
        return
    payload = body.get("payload")
    missing = [name for name in ("summary", "source", "severity") if not _has(payload, name)]
    if missing:
        raise LacksContent(f"PagerDuty refuses an event without payload.{missing[0]}")
    severity, known = str(payload["severity"]) if isinstance(payload, dict) else "", set(SEVERITIES.values())
    if severity not in known:
        likely = hint(severity, known)
        raise UnusableBody(
            f"payload.severity: {quoted(severity)} is unknown{likely} ({', '.join(sorted(known))})"
        )


def _has(payload: Any, name: str) -> bool:
    return isinstance(payload, dict) and bool(payload.get(name))


def _key(key: str) -> str:
    """Return a key that PagerDuty accepts.

    A long one is cut and gets its hash, so that keys stay different.
    """
    if utf16(key) <= MAX_KEY:
        return key
    digest = sha256(key.encode(errors="replace")).hexdigest()
    return f"{key.encode(errors='replace')[: MAX_KEY - len(digest) - 1].decode(errors='ignore')}-{digest}"


def _unused(name: str, taken: Mapping[str, Any]) -> str:
    """Return a name that no field has as its label."""
    number, found = 2, name
    while found in taken:
        found, number = f"{name} ({number})", number + 1
    return found


def _texts(payload: Any) -> Iterator[Place]:
    for holder, key, path in walk(payload, "payload"):
        if isinstance(holder[key], str):
            yield Place(holder, key, path)
