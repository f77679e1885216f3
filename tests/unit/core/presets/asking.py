"""Sending messages of presets to fake services."""

import json
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit

from local.receiver import Received
from notifications.core.messages import Message
from notifications.core.model import PresetName
from notifications.core.presets import PRESETS
from notifications.core.presets.preset import mark
from notifications.core.values import replace
from tests.receivers import SERVICES
from tests.receivers.seen import Seen
from tests.receivers.service import Answer

KEY = "0123456789abcdef0123456789abcdef"
EVENT = "5f0c2d34-7a1e-4c4e-9f0a-2d6a5f7b8c9d"
URLS: dict[PresetName, str] = {
    "slack": "https://hooks.slack.com/services/T00000000/B00000000/XXXXXXXXXXXX",
    "teams": f"https://a.b.api.powerplatform.com{SERVICES['teams'].path}",
    "discord": "https://discord.com/api/webhooks/100000000000000000/XXXXXXXX",
    "pagerduty": "https://events.pagerduty.com/v2/enqueue",
    "mattermost": f"https://chat.example.com/hooks/{'x' * 26}",
    "google-chat": "https://chat.googleapis.com/v1/spaces/AAAAAAAAAAA/messages?key=XXXXXXXX&token=XXXXXXXX",
    "telegram": "https://api.telegram.org/bot123456789:XXXXXXXX/sendMessage?chat_id=-1001234567890",
    "ntfy": "https://ntfy.sh/a_topic-of-mine",
}
NAMES = sorted(URLS)

MESSAGE = Message(
    title="Session failed: train-llm",
    text="The kernel ended with exit code 137.",
    fields=(("Project", "ml"), ("Exit code", "137")),
    link="https://console.example.com/sessions/1?a=1&b=2",
    level="error",
    at=datetime(2026, 1, 15, 10, 30, tzinfo=UTC),
    zone=None,
    event_id=EVENT,
    rule_type="session.terminated",
)


def escaped(name: PresetName, **parts: Any) -> Message:
    """Return a message of which all parts are values, escaped for a service."""
    escape = PRESETS[name].escape
    fields = tuple((label, escape(text)) for label, text in parts.pop("fields", ()))
    made = {part: escape(text) if part in {"title", "text"} else text for part, text in parts.items()}
    return replace(MESSAGE, fields=fields, **made)


def ask(name: PresetName, body: Any) -> Answer:
    """Send a body, cut to fit, to a fake service."""
    preset = PRESETS[name]
    fitted = preset.fit(body, mark(EVENT))
    addressed = preset.address(URLS[name], fitted.body, KEY)
    parts = urlsplit(addressed.url)
    path = f"{parts.path}?{parts.query}" if parts.query else parts.path
    raw = json.dumps(addressed.body, ensure_ascii=False, separators=(",", ":")).encode()
    return SERVICES[name].answer(Received("POST", path, {}, raw))


def seen(name: PresetName, message: Message) -> Seen:
    """Send a composed message that the service shows, and return what it shows."""
    answer = ask(name, PRESETS[name].compose(message))
    assert answer.seen is not None, answer
    return answer.seen
