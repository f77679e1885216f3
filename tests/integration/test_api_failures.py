"""What fails below the API is answered in the contract's form, with nothing done by halves."""

from typing import Any

import pytest

from notifications.awsapi.client import Client
from tests.cloud.gateway import call
from tests.cloud.pipeline import DATA
from tests.cloud.services import renewed, services
from tests.integration.away import Away

pytestmark = pytest.mark.usefixtures("cloud")

CHANNELS, EVENTS = "/notifications/channels", "/notifications/events"
CHANNEL = {"name": "n", "spec": {"url": "https://example.com", "headers": {"X-Key": "k"}}}
EVENT = {"rule_type": "session.started", "notification_data": DATA}
FAILED = (500, "internal-server-error")


def test_what_nobody_foresaw(monkeypatch: pytest.MonkeyPatch) -> None:
    """An error of our own code is a problem document that tells nothing of our insides."""

    def broken(*_: object, **__: object) -> None:
        raise ZeroDivisionError("in a secret place")

    monkeypatch.setattr(type(services().channels), "get", broken)
    answer = call("GET", f"{CHANNELS}/660e8400-e29b-41d4-a716-446655440000")
    assert (answer.status, answer.slug) == FAILED, answer
    assert "secret place" not in answer.text


def test_kms_is_away(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without KMS a channel is not saved, least of all with its secrets in the clear."""
    Away(monkeypatch, lambda operation, _: operation == "Encrypt")
    answer = call("POST", CHANNELS, CHANNEL)
    assert (answer.status, answer.slug) == FAILED, answer
    monkeypatch.undo()
    renewed()
    assert call("POST", f"{CHANNELS}/search", {}).json["channels"] == []


@pytest.mark.parametrize("how", ["away", "refuses"])
def test_the_bus_takes_no_event(monkeypatch: pytest.MonkeyPatch, how: str) -> None:
    """An event that the bus did not take is not accepted: whoever emitted it is told to try again."""
    if how == "away":
        Away(monkeypatch, lambda operation, _: operation == "PutEvents")
    else:
        real = Client.call

        def refusing(client: Client, operation: str, **parameters: Any) -> dict[str, Any]:
            if operation == "PutEvents":
                return {"FailedEntryCount": 1, "Entries": [{"ErrorCode": "InternalFailure"}]}
            return real(client, operation, **parameters)

        monkeypatch.setattr(Client, "call", refusing)
    answer = call("POST", EVENTS, EVENT)
    assert (answer.status, answer.slug) == FAILED, answer
