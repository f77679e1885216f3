"""The client of the stack under test sends what it is told to, be it right or wrong."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from local.receiver import Received, Receiver, Reply
from notifications.core.keypairs import NEWEST_VERSION, signature
from tests.stack.client import SignedClient


def reply(request: Received) -> Reply:
    """Answer with a problem, except for one path."""
    if request.path.endswith("/fine"):
        return Reply(201, {"Content-Type": "application/json"}, b'{"id": 1}')
    problem = b'{"type": "t", "title": "T", "error_code": "e"}'
    return Reply(400, {"Content-Type": "application/problem+json; charset=utf-8"}, problem)


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    """Stand for the API."""
    with Receiver(reply) as receiver:
        yield receiver


@pytest.fixture
def client(receiver: Receiver) -> SignedClient:
    """Have a client of an endpoint with a path."""
    settings = {
        "BACKEND_ENDPOINT": f"{receiver.url}/v1",
        "BACKEND_ACCESS_KEY": "AKIA",
        "BACKEND_SECRET_KEY": "s",
    }
    return SignedClient(settings)


def test_a_request_goes_below_the_endpoints_path(client: SignedClient, receiver: Receiver) -> None:
    """The document is sent as JSON, signed as the settings' keypair, and the response read."""
    response = client.send("POST", "/fine", {"name": "x"})
    (request,) = receiver.received
    assert (request.method, request.path, request.text) == ("POST", "/v1/fine", '{"name": "x"}')
    assert "credential=AKIA:" in request.headers["authorization"]
    assert (response.status, response.document, response.is_problem) == (201, {"id": 1}, False)


def test_what_a_library_would_not_send_is_sent(client: SignedClient, receiver: Receiver) -> None:
    """A header is left out, another replaced, and the date is another; a method may be none at all."""
    headers = {"Authorization": None, "Host": "evil.example"}
    assert client.send("BREW", "/a").status == 501
    client.send("PUT", "/a//b", late=timedelta(hours=1), headers=headers)
    (request,) = receiver.received
    assert "authorization" not in request.headers
    assert request.headers["host"] == "evil.example"
    assert datetime.fromisoformat(request.headers["date"]) < datetime.now(UTC) - timedelta(minutes=59)


@pytest.mark.parametrize(("signed_path", "covered"), [(None, "/v1/a"), ("/other", "/other")])
def test_another_path_can_be_signed(
    client: SignedClient, receiver: Receiver, signed_path: str | None, covered: str
) -> None:
    """The signature is the one that the service expects of the path that is to be signed."""
    client.send("PUT", "/a", signed_path=signed_path)
    (request,) = receiver.received
    expected = signature("s", "PUT", covered, request.headers["date"], request.headers, NEWEST_VERSION)
    assert request.headers["authorization"].endswith(f":{expected}")
