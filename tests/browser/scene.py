"""A stack on which something has happened: what the pictures show, and what *Now* is tested with."""

import json
import random
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from local.common import CREDENTIALS, ROOT, free_port
from local.waiting import until
from notifications.core.event_records import EventRecord, EventStatus
from notifications.core.model import timestamp
from notifications.core.records import DeliveryRecord, DeliveryStatus
from notifications.wiring import Services
from tests.stack.under_test import StackUnderTest

PAST = timedelta(hours=3)
SEED = 20260115
TEMPLATE = '{"text": "Session {{ session_id }} of {{ session_type }}"}'
FAILED = ROOT / "events" / "session_failed.json"

DOWN_FROM, DOWN_UNTIL = timedelta(minutes=50), timedelta(minutes=38)
"""How long ago one of the receivers began to fail, and stopped."""


@dataclass(frozen=True)
class Scene:
    """What was made: channels and rules by their names, a mute, and an event that went through the stack."""

    channels: dict[str, str]
    rules: dict[str, str]
    mute_id: str = ""
    event_id: str = ""


def furnish(under_test: StackUnderTest, url: str) -> Scene:
    """Make channels that receive at a URL, rules, and three hours of records."""
    channels = {
        name: str(under_test.channel({"url": f"{url}/{path}"} | more, name=name)["id"])
        for name, path, more in (
            ("Operations", "operations", {"preset": "slack"}),
            ("On-call pager", "pager", {"url": f"http://127.0.0.1:{free_port()}/"}),
            ("Usage accounting", "accounting", {}),
        )
    }
    rules = {
        name: under_test.rule(event_type, channels[channel], TEMPLATE, name=name, **more)
        for name, event_type, channel, more in (
            ("Failed sessions", "session.failed", "On-call pager", {"where": ["session_type=batch"]}),
            ("Sessions that start", "session.started", "Operations", {}),
            ("Ended sessions", "session.terminated", "Usage accounting", {}),
        )
    }
    scene = Scene(channels, rules)
    _keep(under_test, [*_past(scene, datetime.now(UTC))])
    mute = under_test.do("POST", "/notifications/mutes", _mute(scene))
    (event_id,) = under_test.put("session.failed", [json.loads(FAILED.read_text("utf-8"))["detail"]])
    until("the event has ended", lambda: under_test.records.of(event_id).final)
    return replace(scene, mute_id=mute["mute"]["id"], event_id=event_id)


def _mute(scene: Scene) -> dict[str, object]:
    return {
        "reason": "The accounting host is updated",
        "until": timestamp(datetime.now(UTC) + timedelta(hours=2)),
        "channel_id": scene.channels["Usage accounting"],
    }


def _past(scene: Scene, now: datetime) -> Iterator[tuple[EventRecord, DeliveryRecord | None]]:
    """Make events of the last hours: a few each minute, more in between, and an outage of one receiver."""
    chance = random.Random(SEED)  # noqa: S311 - the same each time
    kinds = [
        ("session.started", "Sessions that start", "Operations"),
        ("session.terminated", "Ended sessions", "Usage accounting"),
        ("session.failed", "Failed sessions", "On-call pager"),
        ("model.deployed", None, None),
    ]
    for minute in range(int(PAST.total_seconds() // 60)):
        ago = PAST - timedelta(minutes=minute)
        busy = 3 + 9 * (0.5 - abs(minute % 90 / 90 - 0.5))
        for _ in range(round(chance.gauss(busy, 1.5))):
            event_type, rule, channel = chance.choices(kinds, (10, 8, 2, 2))[0]
            at = timestamp(now - ago + timedelta(seconds=chance.uniform(0, 50)))
            event = _event(chance, event_type, "dispatched" if rule else "unmatched", at)
            if rule is None or channel is None:
                yield event, None
                continue
            is_down = channel == "Usage accounting" and DOWN_UNTIL < ago < DOWN_FROM
            yield event, _delivery(scene, event, rule, channel, "failed" if is_down else "delivered")


def _event(chance: random.Random, event_type: str, status: EventStatus, at: str) -> EventRecord:
    event_id = str(UUID(int=chance.getrandbits(128), version=4))
    return EventRecord(
        id=event_id,
        rule_type=event_type,
        status=status,
        reason=None if status == "dispatched" else "no rule matches",
        document=None,
        timestamp=at,
        created_at=at,
        updated_at=at,
        listed=True,
    )


def _delivery(
    scene: Scene, event: EventRecord, rule: str, channel: str, status: DeliveryStatus
) -> DeliveryRecord:
    return DeliveryRecord(
        event_id=event.id,
        rule_id=scene.rules[rule],
        channel_id=scene.channels[channel],
        rule_type=event.rule_type,
        status=status,
        reason="status 200" if status == "delivered" else "status 503",
        error_class=None if status == "delivered" else "status",
        created_at=event.created_at,
        updated_at=event.created_at,
        attempt_count=1,
    )


def _keep(under_test: StackUnderTest, past: list[tuple[EventRecord, DeliveryRecord | None]]) -> None:
    """Write the records as the dispatcher does."""
    found = under_test.functions.get_function_configuration(
        FunctionName=under_test.resources["DispatcherFunction"]
    )
    with pytest.MonkeyPatch.context() as patch:
        for name, text in CREDENTIALS.items():
            patch.setenv(name, text)
        environment = {**found["Environment"]["Variables"], **under_test.stack.aws_env()}
        services = Services(environment)
        services.events.put_many([event for event, _ in past])
        services.records.put_many([delivery for _, delivery in past if delivery])
