"""Channels' retry schedules, through the real handler."""

import pytest

from notifications.core.model import EmailSpec
from notifications.core.rule_types import BUILT_IN
from tests.cloud import values
from tests.cloud.gateway import call
from tests.cloud.services import services
from tests.integration.channels import CHANNELS, V2_CHANNELS, create, get

pytestmark = pytest.mark.usefixtures("cloud")

INVALID = (400, "generic-bad-request", "api_parsing_invalid-parameters")
SPEC = {"url": "https://example.com/hook"}
OTHER = {"url": "https://example.com/other"}


@pytest.mark.parametrize("retry", ["standard", "fast", "none", [1], [5, 60, 43_200], [30] * 20])
def test_retry(retry: object) -> None:
    """A channel's schedule is a name or the seconds between the tries; it is kept by creation and update."""
    channel = create(retry=retry)
    assert channel["retry"] == retry
    assert get(channel["id"]) == channel
    other = create()
    changed = call("PATCH", f"{CHANNELS}/{other['id']}", {"retry": retry}).json["channel"]
    assert changed == {**other, "retry": retry, "updated_at": changed["updated_at"]}
    kept = services().channels.get(channel["id"]).retry
    assert kept == (tuple(retry) if isinstance(retry, list) else retry)


def test_retry_unless_told() -> None:
    """Unless told, a channel has the standard schedule; a name counts in any case, null changes nothing."""
    channel = create()
    assert channel["retry"] == "standard"
    path = f"{CHANNELS}/{channel['id']}"
    assert call("PATCH", path, {"retry": " Fast "}).json["channel"]["retry"] == "fast"
    assert call("PATCH", path, {"retry": None, "name": "m"}).json["channel"]["retry"] == "fast"
    assert call("PATCH", path, {"retry": [3]}).json["channel"]["retry"] == [3]


@pytest.mark.parametrize(
    "retry", ["often", "", [], [0], [-1], [1.5], [43_201], ["x"], [1] * 21, 5, {}, {"a": 1}, [[1]], [None]]
)
def test_no_retry(retry: object) -> None:
    """What is no schedule is refused by its name, by creation and update."""
    path = f"{CHANNELS}/{create()['id']}"
    for answer in (
        call("POST", CHANNELS, {"name": "n", "spec": SPEC, "retry": retry}),
        call("PATCH", path, {"retry": retry}),
    ):
        assert answer.kind == INVALID
        assert "retry" in answer.json["msg"]


def test_v2_knows_no_retry() -> None:
    """The v2 documents are Backend.AI's; what v2 changes keeps the schedule."""
    channel = create(retry=[7, 8])
    item = call("GET", f"{V2_CHANNELS}/{channel['id']}").json["item"]
    assert not {"retry", "state", "state_reason"} & item.keys()
    body = {"name": "m", "spec": {"webhook": OTHER}}
    assert call("PATCH", f"{V2_CHANNELS}/{channel['id']}", body).status == 200
    assert get(channel["id"])["retry"] == [7, 8]
    body = {"name": "n", "channel_type": "webhook", "spec": {"webhook": SPEC}}
    assert get(call("POST", V2_CHANNELS, body).json["channel"]["id"])["retry"] == "standard"


def test_a_rule_has_its_channel_s_retry() -> None:
    """A rule shows its channel with the schedule, and without how the receiver is."""
    channel = values.channel(retry=(1, 2))
    services().channels.create(channel)
    rule = values.rule(channel)
    services().rules.create(rule, BUILT_IN["session.started"])
    shown = call("GET", f"/notifications/rules/{rule.id}").json["rule"]["channel"]
    assert shown["retry"] == [1, 2]
    assert not {"state", "state_reason"} & shown.keys()


def test_retry_of_a_mail_channel() -> None:
    """Mail channels have a schedule and a state too."""
    channel = values.channel(
        spec=EmailSpec("mail.example.com", 25, "a@example.com", ("b@example.com",)), retry=(9,)
    )
    services().channels.create(channel)
    assert (get(channel.id)["retry"], get(channel.id)["state"]) == ([9], "active")
