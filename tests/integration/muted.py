"""What tests of mutes share: mutes that are in force, and what becomes of deliveries under them."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest

from local.receiver import Receiver
from notifications.core.model import Rule, timestamp
from notifications.core.mutes import Mute
from notifications.core.revisions import Author
from tests.cloud import pipeline as made
from tests.cloud.gateway import call
from tests.cloud.pipeline import Pipeline, add_channel, add_rule
from tests.cloud.services import services
from tests.samples import configuration as samples

NIGHT_SHIFT = Author("AKIANIGHT", "user-1", "night shift")
HOUR = timedelta(hours=1)


@pytest.fixture
def rule(pipeline: Pipeline, receiver: Receiver) -> Rule:
    """Have a rule on a channel whose receiver takes everything."""
    del pipeline
    return add_rule(add_channel(receiver.url))


def mute(**changes: Any) -> Mute:
    """Store a mute that has been in force for an hour, and is for two more."""
    now = datetime.now(UTC)
    began = timestamp(now - HOUR)
    until = None if "weekly" in changes else timestamp(now + 2 * HOUR)
    given = {"created_at": began, "updated_at": began, "until": until, **changes}
    stored = samples.mute(id=str(uuid4()), created_by=NIGHT_SHIFT, **given)
    services().mutes.create(stored)
    return stored


def end(muted: Mute) -> None:
    """End a mute by the API."""
    answer = call("POST", f"/notifications/mutes/{muted.id}/end")
    assert answer.status == 200, answer


def suppressed(muted: Mute) -> int:
    """Return how many deliveries the API says that a mute keeps back."""
    answer = call("GET", f"/notifications/mutes/{muted.id}")
    assert answer.status == 200, answer
    count: int = answer.json["mute"]["suppressed"]
    return count


def status(rule: Rule, event_id: str = "e-1") -> str:
    """Return what became of an event for a rule."""
    return made.delivery(rule, event_id).status
