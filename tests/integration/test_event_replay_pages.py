"""Pages of replays leave no event out; what cannot be replayed is counted or refused."""

import json
from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest

from local.receiver import Receiver
from notifications.core.model import Rule
from notifications.core.rule_types import BUILT_IN
from notifications.store import recorded_events
from tests.cloud.gateway import call
from tests.cloud.pipeline import add_channel, add_rule, document
from tests.cloud.services import services
from tests.integration.recorded import at_minute
from tests.integration.test_event_replay import ALL, ask, keep, recorded, replay

pytestmark = pytest.mark.usefixtures("cloud")


def test_what_cannot_be_read_is_counted(receiver: Receiver) -> None:
    """Events that are malformed, do not fit their type or have lost their document are counted, no more."""
    keep(1)
    keep(2, document="not JSON")
    keep(3, document=json.dumps(document("e-3", {"session_id": 1})))
    keep(4, document="")
    rule = add_rule(add_channel(receiver.url))
    assert replay(rule) == {"searched": 4, "unreadable": 3, "matched": 1, "replayed": 1}


@pytest.mark.parametrize(
    ("disable", "told"),
    [
        (
            lambda rule: services().rules.update(rule, {"enabled": False}, BUILT_IN["session.started"]),
            "rule is disabled",
        ),
        (lambda rule: services().channels.update(rule.channel_id, {"enabled": False}), "channel is disabled"),
    ],
)
def test_who_sends_nothing_is_refused(disable: Callable[[Rule], object], told: str) -> None:
    """Through a rule that is off nothing is replayed: as skipped, it could not be replayed later."""
    keep(1)
    rule = add_rule(add_channel("https://192.0.2.1/"))
    disable(rule)
    answer = ask(rule)
    assert answer.status == 409
    assert told in answer.text
    assert recorded(rule) == []


@pytest.mark.parametrize(
    "body", [{"since": "yesterday"}, {"where": [">5"]}, {"cursor": "x"}, {"since": None}]
)
def test_what_cannot_be_asked(body: dict[str, Any]) -> None:
    """A time, a clause or a cursor that is none is refused."""
    assert ask(add_rule(add_channel("https://192.0.2.1/")), **body).status == 400


def test_an_unknown_rule() -> None:
    """There is nothing to replay through a rule that is not there."""
    assert call("POST", f"/notifications/rules/{uuid4()}/replay", ALL).status == 404


@pytest.mark.parametrize("limit", [1, 7, 200])
def test_pages_leave_nothing_out(monkeypatch: pytest.MonkeyPatch, limit: int) -> None:
    """However small the pages are, and however few rows are of the type, each event is looked at once."""
    monkeypatch.setattr(recorded_events, "PAGE_EVENTS", limit)
    keep(*range(0, 40, 2), kind="session.terminated")
    keep(*range(1, 40, 2))
    rule = add_rule(add_channel("https://192.0.2.1/"))
    assert replay(rule, dry_run=True) == {"searched": 20, "matched": 20, "replayed": 20}


def test_a_page_ends_when_its_time_is_over(monkeypatch: pytest.MonkeyPatch) -> None:
    """A page that has no time left has looked at one event at least, and says how far it came."""
    monkeypatch.setattr(recorded_events, "PAGE_SECONDS", 0)
    keep(1, 2)
    rule = add_rule(add_channel("https://192.0.2.1/"))
    answer = ask(rule, dry_run=True)
    assert (answer.json["searched"], answer.json["reached_at"]) == (1, at_minute(1))
    assert replay(rule, dry_run=True)["searched"] == 2
