"""--debug tells of each request and response on stderr, and of no credential."""

import json
import re
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backendai_notification_cli.http.debug import MASK, MAX_BODY_CHARS, masked, shown

TYPES = "/notifications/event-types"
LIST = ("notification", "event-type", "list")
SECRETS = {
    "signing_secret": "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
    "text": "take whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw and go",
    "spec": {
        "url": "https://hooks.slack.com/services/T000/B000/hunter2token",
        "headers": {"X-Anything": "hunter2header"},
        "auth": {"username": "u", "password": "hunter2password"},
        "client_key": "hunter2key",
    },
    "link": "see https://u:hunter2user@h.example/?token=hunter2query",
    "api_key": ["hunter2list"],
    "secrets": {"first": {"value": "hunter2nested"}},
}
Run = Callable[..., Any]


def test_requests_are_told(service: Any, run: Run) -> None:
    """Each request is told with its headers and its body, then the response with its time; stdout stays."""
    service.answers("GET", TYPES, {"event_types": []})
    plain, told = run(*LIST), run("--debug", *LIST)
    assert (told.exit_code, told.stdout, plain.stderr) == (0, plain.stdout, "")
    first, *headers = told.stderr.splitlines()
    assert first == f"> GET {service.url}{TYPES}"
    assert ">   Authorization: BackendAI signMethod=HMAC-SHA256, credential=********" in headers
    assert re.search(r'\n< 200 in \d+ ms, 19 bytes\n(<   .*\n)+<   \{"event_types": \[\]\}\n$', told.stderr)


def test_the_keypair_is_not_told(service: Any, run: Run) -> None:
    """Neither the signature, nor the access key, nor what signs is told."""
    service.answers("GET", TYPES, {"event_types": []})
    told = run("--debug", *LIST)
    signature = service.last["headers"]["Authorization"].rpartition(":")[2]
    for secret in (signature, "AKIAEXAMPLE", "wJalrXUtnFEMI"):
        assert secret not in told.output


def test_bodies_are_told_without_their_secrets(service: Any, run: Run) -> None:
    """Of what is sent and of what comes back, secrets, webhook URLs and tokens are masked."""
    service.answers("POST", "/notifications/channels", SECRETS)
    told = run(
        *("--debug", "notification", "api", "POST", "/notifications/channels", "--data", json.dumps(SECRETS))
    )
    assert told.exit_code == 0, told.stderr
    assert "hunter2" not in told.stderr
    assert "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw" not in told.stderr
    assert told.stderr.count(f'"url": "https://hooks.slack.com/{MASK}"') == 2
    assert told.stderr.count('"username": "u"') == 2


def test_failures_are_told(service: Any, run: Run) -> None:
    """A request without a response is told, too, and then the error as ever."""
    service.close()
    told = run("--debug", *LIST).stderr
    assert re.search(
        r"\n< none in \d+ ms: the connection was refused; is the service up\?\n✗ Cannot reach ", told
    )


@pytest.mark.parametrize("body", [b"<html>hunter2</html>", b"\xff"])
def test_what_is_no_json_is_counted(body: bytes) -> None:
    """A body that cannot be masked is not shown."""
    assert shown(body) == f"{len(body)} bytes that are not JSON"


def test_long_bodies_are_cut() -> None:
    """A large body is cut."""
    assert len(shown(json.dumps({"a": "x" * 2 * MAX_BODY_CHARS}).encode())) == MAX_BODY_CHARS + 1


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.just("hunter2"),
        lambda parts: st.lists(parts, max_size=3) | st.dictionaries(st.text(max_size=3), parts, max_size=3),
        max_leaves=10,
    ),
    st.sampled_from(["secret_key", "Password", "AUTHORIZATION", "x-api-key", "headers", "access_token"]),
)
def test_nothing_below_a_secret_is_shown(value: Any, name: str) -> None:
    """Whatever stands under a secret's name, at any depth, no text or number of it is shown."""

    def leaves(part: Any) -> list[Any]:
        if isinstance(part, dict):
            return [leaf for each in part.values() for leaf in leaves(each)]
        if isinstance(part, list):
            return [leaf for each in part for leaf in leaves(each)]
        return [part]

    value = {"inner": value} if name == "headers" else value
    assert all(leaf in {None, True, False, MASK} for leaf in leaves(masked({name: value})))
