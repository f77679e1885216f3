"""Test messages of channels, through the API."""

from uuid import uuid4

import pytest

from local.receiver import Receiver, Reply
from tests.cloud.gateway import call
from tests.integration.channels import CHANNELS, create
from tests.integration.rules import INVALID
from tests.integration.sockets import unused_url

pytestmark = pytest.mark.usefixtures("cloud")


def test_validate_sends() -> None:
    """The test message is sent as it is given, with the channel's headers, also when it is disabled."""
    with Receiver() as receiver:
        channel = create(url=f"{receiver.url}/hook?a=1", enabled=False, spec={"headers": {"X-Team": "gpu"}})
        answer = call("POST", f"{CHANNELS}/{channel['id']}/validate", {"test_message": '{"text": "ü"}'})
        (received,) = receiver.received
    assert (answer.status, answer.json) == (200, {"channel_id": channel["id"]})
    assert (received.method, received.path, received.text) == ("POST", "/hook?a=1", '{"text": "ü"}')
    assert received.headers["x-team"] == "gpu"


def test_validate_tells_the_receivers_refusal() -> None:
    """When the receiver refuses the test message, its status and 200 characters of its response are told."""
    with Receiver(lambda _: Reply(503, body=b"x" * 500)) as receiver:
        channel = create(url=receiver.url)
        answer = call("POST", f"{CHANNELS}/{channel['id']}/validate", {"test_message": "m"})
    assert answer.kind == (500, "notification-processing-failure", "notification_generic_internal-error")
    assert "503" in answer.json["msg"]
    assert answer.json["msg"].count("x") == 200


def test_validate_of_an_unreachable_receiver() -> None:
    """When nothing listens, the test message fails in the same form."""
    channel = create(url=unused_url())
    answer = call("POST", f"{CHANNELS}/{channel['id']}/validate", {"test_message": "m"})
    assert (answer.status, answer.slug) == (500, "notification-processing-failure")


def test_validate_invalid() -> None:
    """An unknown channel has no validation; a message is needed and has at most 5000 characters."""
    unknown = call("POST", f"{CHANNELS}/{uuid4()}/validate", {"test_message": "m"})
    assert unknown.kind == (404, "notification-channel-not-found", "notification_read_not-found")
    path = f"{CHANNELS}/{create(url=unused_url())['id']}/validate"
    assert call("POST", path, {}).kind == INVALID
    assert call("POST", path, {"test_message": "x" * 5_001}).kind == INVALID
    assert call("POST", path, {"test_message": "x" * 5_000}).status == 500
