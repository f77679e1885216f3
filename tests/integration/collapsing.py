"""Rules with once-per and digests, and a clock for what decides about their events."""

import json
from datetime import UTC, datetime, timedelta
from importlib import import_module
from typing import Any

import pytest

from local.receiver import Receiver
from notifications.core.model import Digest, OncePer, Rule
from notifications.core.records import DeliveryRecord
from tests.cloud import pipeline as made
from tests.cloud.pipeline import DATA, Pipeline, add_channel, add_rule, document

AT = datetime(2026, 1, 15, 10, 30, tzinfo=UTC)


class Clock(datetime):
    """A clock that goes on only when it is told to."""

    at = AT

    @classmethod
    def now(cls, tz: Any = None) -> datetime:  # type: ignore[override]
        """Tell the time."""
        return cls.at.astimezone(tz)


def set_clock(patch: pytest.MonkeyPatch) -> None:
    """Have windows begin and end by the clock."""
    Clock.at = AT
    patch.setattr(import_module("dispatcher.rounds"), "datetime", Clock)


@pytest.fixture(autouse=True)
def clock(pipeline: Pipeline, monkeypatch: pytest.MonkeyPatch) -> None:
    """Have them begin and end so in every test of a module that imports this."""
    del pipeline  # it imports what the clock is for
    set_clock(monkeypatch)


def later(**by: float) -> None:
    """Let time pass."""
    Clock.at += timedelta(**by)


def once(url: str, period: int = 600, by: tuple[str, ...] = (), **changes: Any) -> Rule:
    """Store a rule with once-per, which tells the event and its repeats."""
    template = '"{{ session_id }} {{ repeats }}"'
    changes = {"message_template": template, "once_per": OncePer(period, by), **changes}
    return add_rule(add_channel(url), **changes)


def digest(url: str, period: str = "5m", by: tuple[str, ...] = (), most: int = 100, **changes: Any) -> Rule:
    """Store a rule with a digest, which tells the sessions of its events."""
    template = '"{{ count }}: {% for each in events %}{{ each.session_id }} {% endfor %}"'
    changes = {"message_template": template, "digest": Digest(period, by, most), **changes}
    return add_rule(add_channel(url), **changes)


def event(event_id: str, **data: Any) -> dict[str, Any]:
    """Make the document of an event whose session has its id."""
    return document(event_id, DATA | {"session_id": event_id} | data)


def dispatch(pipeline: Pipeline, *event_ids: str, **data: Any) -> None:
    """Dispatch events together."""
    answer = pipeline.dispatch(*[event(event_id, **data) for event_id in event_ids])
    assert answer == {"batchItemFailures": []}


def die_at(call: str, pipeline: Pipeline, monkeypatch: pytest.MonkeyPatch) -> None:
    """Dispatch the event e-1 by a process that dies in place of a call."""
    with monkeypatch.context() as patch:
        patch.setattr(call, made.die)
        with pytest.raises(made.Death):
            dispatch(pipeline, "e-1")


def own(rule: Rule, event_id: str) -> DeliveryRecord:
    """Read the delivery of the digest that an event is in."""
    digest_id = made.delivery(rule, event_id).digest_id
    assert digest_id is not None
    return made.delivery(rule, digest_id)


def texts(receiver: Receiver) -> list[Any]:
    """List what was received."""
    return [json.loads(request.text) for request in receiver.received]
