"""The rates and time zones of channels, as the API takes and shows them."""

from datetime import UTC, datetime

import pytest

from notifications.core.model import Rule, timestamp
from tests.cloud.gateway import call
from tests.cloud.pipeline import Pipeline
from tests.cloud.services import services
from tests.integration.paced import QUARTER, clocked, paced

__all__ = ["clocked", "paced"]


def test_a_channel_says_how_it_is_paced(pipeline: Pipeline, paced: Rule) -> None:
    """It shows the rate, and when a message that came now would be sent; another rate starts anew."""
    path = f"/notifications/channels/{paced.channel_id}"
    shown = call("GET", path).json["channel"]
    assert (shown["effective_rate"], shown["paced_until"], shown["held_back_until"]) == ("4/s", None, None)
    services().paces.slots(paced.channel_id, 100, QUARTER, datetime.now(UTC))
    clock = services().paces.get(paced.channel_id)
    assert clock is not None
    assert call("GET", path).json["channel"]["paced_until"] == timestamp(clock)
    assert call("PATCH", path, {"name": "Another"}).json["channel"]["paced_until"] == timestamp(clock)
    changed = call("PATCH", path, {"rate": "8/s"}).json["channel"]
    assert (changed["effective_rate"], changed["paced_until"]) == ("8/s", None)
    services().health_keeper.hold_back(paced.channel_id, clock)
    assert call("GET", path).json["channel"]["held_back_until"] == timestamp(clock)
    (listed,) = call("POST", "/notifications/channels/search", {}).json["channels"]
    assert (listed["effective_rate"], listed["held_back_until"]) == ("8/s", timestamp(clock))
    assert call("PATCH", path, {"rate": "none"}).json["channel"]["effective_rate"] is None
    del pipeline


@pytest.mark.parametrize("rate", ["0/s", "1/d", "11/s", "fast"])
def test_what_is_not_a_rate(pipeline: Pipeline, paced: Rule, rate: str) -> None:
    """What is not a rate is refused, with what would be right."""
    del pipeline
    response = call("PATCH", f"/notifications/channels/{paced.channel_id}", {"rate": rate})
    assert response.status == 400
    assert "such as 1/s, 30/m or 100/h" in response.text


def test_a_zone_that_does_not_exist(pipeline: Pipeline, paced: Rule) -> None:
    """A time zone that no message could be rendered in is refused, with the nearest; an empty one is UTC."""
    del pipeline
    path = f"/notifications/channels/{paced.channel_id}"
    spec = {"url": "https://example.com"}
    refused = [
        call("PATCH", path, {"timezone": "Asia/Soul"}),
        call("POST", "/notifications/channels", {"name": "n", "spec": spec, "timezone": "Asia/Soul"}),
    ]
    assert {response.status for response in refused} == {400}
    assert all("the nearest is 'Asia/Seoul'" in response.text for response in refused)
    assert call("PATCH", path, {"timezone": "Asia/Seoul"}).json["channel"]["timezone"] == "Asia/Seoul"
    assert call("PATCH", path, {"timezone": ""}).json["channel"]["timezone"] is None
