"""What tests of paced channels share: a receiver that notes when what came, and a rule on a paced channel."""

import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any

import pytest

from local.receiver import Received, Receiver, Reply
from notifications.core import pacing
from notifications.core.model import Rule
from notifications.core.pacing import MARGIN, Pace
from tests.cloud.pipeline import Pipeline, add_channel, add_rule, document

QUARTER = Pace(timedelta(seconds=0.25 * MARGIN), "4/s")
"""The pace of the rule's channel."""


class Clocked:
    """A receiver that notes when what came."""

    def __init__(self) -> None:
        self.times: list[float] = []
        self.texts: list[str] = []
        self.lock = threading.Lock()
        self.receiver = Receiver(self.reply)

    def reply(self, request: Received) -> Reply:
        """Note the time first, since answering takes a while."""
        with self.lock:
            self.times.append(time.monotonic())
            self.texts.append(request.text)
        return Reply()

    @property
    def gaps(self) -> list[float]:
        """The seconds from one message to the next."""
        return [after - before for before, after in pairwise(self.times)]


@pytest.fixture
def clocked() -> Iterator[Clocked]:
    """Receive webhooks."""
    found = Clocked()
    with found.receiver:
        yield found


@pytest.fixture
def patient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a machine that is busy with other things miss no slot."""
    monkeypatch.setattr(pacing, "LATE_AT_LEAST", timedelta(seconds=3))


@pytest.fixture
def paced(pipeline: Pipeline, clocked: Clocked) -> Rule:
    """Make a rule on a channel with a rate."""
    del pipeline
    return add_rule(add_channel(clocked.receiver.url, rate="4/s"))


def events(count: int) -> list[dict[str, object]]:
    """Make events."""
    return [document(f"e-{number}") for number in range(count)]


def slot_in(seconds: float) -> dict[str, Any]:
    """Describe a delivery whose slot is in so many seconds."""
    at = datetime.now(UTC) + timedelta(seconds=seconds)
    return {"next_attempt_at": at, "look_at": at, "paced": "4/s"}
