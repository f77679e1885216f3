"""The fakes refuse what comes too often, in each service's form, and by the clock that they are given."""

import json
import urllib.error
import urllib.request

import pytest

from local.receiver import Received
from tests.receivers import SERVICES
from tests.receivers.service import Paced, Service
from tests.receivers.serving import Services, service_at

EXAMPLES = {
    "slack": {"text": "x"},
    "teams": {},
    "discord": {"content": "x"},
    "pagerduty": {"routing_key": "x" * 32, "event_action": "resolve", "dedup_key": "x"},
    "mattermost": {"text": "x"},
    "google-chat": {"text": "x"},
    "telegram": {"chat_id": 1, "text": "x"},
    "ntfy": {"topic": "t"},
}
BY_NAME = pytest.mark.parametrize("service", SERVICES.values(), ids=SERVICES)


def request_of(service: Service) -> Received:
    """Make a request that the service takes."""
    return Received("POST", service.path, {}, json.dumps(EXAMPLES[service.name]).encode())


@BY_NAME
def test_window(service: Service) -> None:
    """A service takes as many at once as its shortest window has, and again when they have left it."""
    now = [0.0]
    paced = Paced(service, lambda: now[0])
    shortest = min(service.windows, key=lambda window: window.seconds)
    statuses = [paced.answer(request_of(service)).status for _ in range(shortest.requests + 1)]
    assert [status == 429 for status in statuses] == [False] * shortest.requests + [True]
    now[0] = shortest.seconds
    assert paced.answer(request_of(service)).status != 429


@BY_NAME
def test_retry_after(service: Service) -> None:
    """Each says in its own form when to come again, or does not."""
    answer = service.refuse(1.5)
    told = answer.body.decode()
    expected = {
        "slack": '"retry_after": 2',
        "discord": '"retry_after": 1.5',
        "telegram": '"parameters": {"retry_after": 2}',
        "pagerduty": "throttle exceeded",
        "google-chat": "RESOURCE_EXHAUSTED",
        "ntfy": "42901",
        "mattermost": "limit exceeded",
        "teams": "Throttled",
    }
    assert answer.status == 429
    assert expected[service.name] in told
    with_header = {"slack", "discord", "mattermost", "teams"}
    assert answer.headers.get("Retry-After") == ("2" if service.name in with_header else None)


def test_one_port() -> None:
    """All of them stand behind one port, and tell what readers saw."""
    with Services() as services:
        for name, example in EXAMPLES.items():
            assert service_at(SERVICES[name].path) == name
            request = urllib.request.Request(  # noqa: S310 - its own address
                services.url_of(name), json.dumps(example).encode(), {"Content-Type": "application/json"}
            )
            with urllib.request.urlopen(request) as response:  # noqa: S310
                assert response.status < 300
        seen = {name: len(services.seen(name)) for name in SERVICES}
    assert seen == {**dict.fromkeys(SERVICES, 1), "teams": 0}
