"""A receiver that is down or up, and what becomes of its channel."""

from datetime import timedelta

import pytest

from local.receiver import Receiver, Reply
from notifications import aws
from notifications.core.health import Health
from notifications.core.model import Rule
from tests.integration import pipeline as made
from tests.integration.pipeline import Pipeline, document


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
    found = aws.health().get(rule.channel_id)
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
