"""Deliveries that a mute holds, and the clocks of those who release them."""

from datetime import UTC, datetime
from typing import Any

import pytest

from local.receiver import Receiver
from notifications.core.model import Rule
from notifications.core.mutes import Mute
from tests.cloud import pipeline as made
from tests.cloud.pipeline import Pipeline, document
from tests.integration.muted import mute, status, suppressed

MANY = 10


@pytest.fixture
def at(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Set the clocks of the sweeper and the redeliverer."""
    from redeliverer import redeliver, release, sweep  # noqa: PLC0415

    def set_clock(time: datetime) -> None:
        clock = made.later(time - datetime.now(UTC))
        for module in (redeliver, release, sweep):
            monkeypatch.setattr(module, "datetime", clock)

    return set_clock


def until(muted: Mute) -> datetime:
    """Return when a mute ends."""
    return datetime.fromisoformat(muted.until or "")


def came(receiver: Receiver) -> list[str]:
    """Return the ids of what came."""
    return [request.headers["webhook-id"] for request in receiver.received]


def hold(pipeline: Pipeline, rule: Rule, **changes: Any) -> Mute:
    """Have many deliveries held."""
    muted = mute(hold=True, **changes)
    pipeline.dispatch(*(document(f"e-{number}") for number in range(MANY)))
    assert {status(rule, f"e-{number}") for number in range(MANY)} == {"held"}
    assert suppressed(muted) == MANY
    return muted


def expect_all(receiver: Receiver, rule: Rule) -> None:
    """Prove that each of them was delivered once."""
    assert {status(rule, f"e-{number}") for number in range(MANY)} == {"delivered"}
    assert sorted(came(receiver)) == sorted(f"e-{number}_{rule.id}" for number in range(MANY))
