"""A receiver that is down or up, and what becomes of its channel."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest

from local.receiver import Receiver, Reply
from notifications.core import attempt_summary, channel_health
from notifications.core.channel_health import Change, Health
from notifications.core.model import Rule
from tests.cloud import pipeline as made
from tests.cloud.pipeline import Pipeline, add_channel, add_rule, document
from tests.cloud.services import services


class Flapping:
    """A receiver that is down or up."""

    def __init__(self) -> None:
        self.up = False
        self.receiver = Receiver(lambda _: Reply(status=200 if self.up else 503))

    @property
    def count(self) -> int:
        """How many requests came."""
        return len(self.receiver.received)


def known(rule: Rule) -> Health:
    """Read how a rule's channel is."""
    found = services().health.get(rule.channel_id)
    assert found is not None
    return found


def suspend(pipeline: Pipeline, rule: Rule) -> None:
    """Let three events fail, and one more be held."""
    pipeline.dispatch(*(document(f"bad-{number}") for number in range(3)))
    pipeline.dispatch(document("held-1"))
    assert made.delivery(rule, "held-1").status == "held"


def probe(pipeline: Pipeline, monkeypatch: pytest.MonkeyPatch, after: timedelta) -> int:
    """Have the sweeper look some time later; return how many probes it sent."""
    from redeliverer import sweep  # noqa: PLC0415

    with monkeypatch.context() as patch:
        patch.setattr(sweep, "datetime", made.later(after))
        return pipeline.sweep()["probes"]


def set_health(channel_id: str, **sets: Any) -> None:
    """Write fields of a channel's health; None removes one."""
    services().health.apply(channel_id, Change(sets))


@pytest.fixture
def endpoint() -> Iterator[Flapping]:
    """Receive webhooks, or fail to."""
    flapping = Flapping()
    with flapping.receiver:
        yield flapping


@pytest.fixture
def rule(pipeline: Pipeline, endpoint: Flapping, monkeypatch: pytest.MonkeyPatch) -> Rule:
    """Make a rule on a channel that is suspended after three failures in a row."""
    del pipeline
    monkeypatch.setattr(channel_health, "SUSPEND_AFTER_FAILURES", 3)
    monkeypatch.setattr(channel_health, "SUSPEND_NOT_BEFORE", timedelta(0))
    monkeypatch.setattr(attempt_summary, "COUNTED_FROM_TRY", 1)
    return add_rule(add_channel(endpoint.receiver.url, retry=(600,) * 5))
