"""The pictures of docs/receivers.md: what a reader of each service sees of a message, drawn from its body."""

import json
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from local.common import ROOT
from local.receiver import Received
from notifications.core import rendering
from notifications.core.model import Channel, Event, MessageParts, PresetName, Rule, WebhookSpec
from notifications.core.presets import PRESETS
from notifications.core.rule_types import BUILT_IN
from tests.receivers import SERVICES
from tests.receivers.seen import Seen
from tools.pictures.drawing import draw

FOLDER = ROOT / "docs" / "pictures"
EVENT = ROOT / "events" / "session_failed.json"
ZONE = "Asia/Seoul"
LINK = "https://console.example.com/session/{{ session_id }}"


def pictures() -> dict[Path, str]:
    """Return each service's picture by its file."""
    event: Mapping[str, Any] = json.loads(EVENT.read_text(encoding="utf-8"))
    return {FOLDER / f"{name}.svg": draw(name, seen(name, event)) for name in PRESETS}


def seen(name: PresetName, document: Mapping[str, Any]) -> Seen:
    """Return what a reader sees of an event's default message.

    Raises:
        ValueError: the service would not show it.
    """
    event_type = BUILT_IN[document["detail-type"]]
    time = datetime.fromisoformat(document["time"])
    event = Event(document["id"], event_type.name, time, document["detail"])
    spec = WebhookSpec(f"https://service.example{SERVICES[name].path}", preset=name)
    channel = Channel("c", "c", None, spec, True, "", "", "", timezone=ZONE)
    parts = MessageParts(link=LINK)
    rule = Rule("r", "r", None, event_type.name, "c", "", True, "", "", "", message=parts)
    message = rendering.message(rule, channel, rendering.variables(event, event_type))
    # What a channel's URL and key add is not seen.
    more = {"topic": "t", "chat_id": "1", "routing_key": "0" * 32}
    body = json.dumps(json.loads(message) | (more if name in {"ntfy", "telegram", "pagerduty"} else {}))
    answer = SERVICES[name].answer(Received("POST", SERVICES[name].path, {}, body.encode()))
    if answer.seen is None:
        raise ValueError(f"{PRESETS[name].label} would not show the message: {answer.lost}")
    return answer.seen
