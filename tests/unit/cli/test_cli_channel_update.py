"""backend.ai notification channel update."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.unit.cli.channels import CHANNEL, CHANNELS, ID, URL

Run = Callable[..., Any]


def test_update_of_one_part_sends_the_whole_spec(service: Any, run: Run) -> None:
    """A new URL keeps the rest of the spec; header values go back as they came, hidden ones as null."""
    headers = {"Authorization": None, "X-Stars": "***", "X-Team": "ops"}
    stored = {**CHANNEL, "spec": {**CHANNEL["spec"], "headers": headers}}
    service.answers("GET", f"{CHANNELS}/{ID}", {"channel": stored})
    service.answers("PATCH", f"{CHANNELS}/{ID}", {"channel": CHANNEL})
    update = ("notification", "channel", "update", ID)
    result = run(*update, "--url", "https://new.webhook.url", "--header", "x-team: dev", "--enable")
    assert result.exit_code == 0
    assert result.stderr == f"✓ Channel updated: {ID}\n"
    assert service.last["body"] == {
        "enabled": True,
        "spec": {
            "url": "https://new.webhook.url",
            "method": "PUT",
            "headers": {"Authorization": None, "X-Stars": "***", "x-team": "dev"},
            "timeout": 5,
        },
    }


def test_update_without_spec_is_one_request(service: Any, run: Run) -> None:
    """A change beside the spec does not fetch the channel first."""
    service.answers("PATCH", f"{CHANNELS}/{ID}", {"channel": CHANNEL})
    assert run("notification", "channel", "update", ID, "--name", "New", "--disable").exit_code == 0
    assert [request["body"] for request in service.requests] == [{"name": "New", "enabled": False}]


def test_update_with_a_whole_spec_is_one_request(service: Any, run: Run) -> None:
    """--spec replaces the spec without fetching the channel."""
    service.answers("PATCH", f"{CHANNELS}/{ID}", {"channel": CHANNEL})
    assert run("notification", "channel", "update", ID, "--spec", f'{{"url": "{URL}"}}').exit_code == 0
    assert [request["body"] for request in service.requests] == [{"spec": {"url": URL}}]


def test_update_refuses_webhook_options_for_email(service: Any, run: Run) -> None:
    """A webhook option on an email channel is refused before anything is changed."""
    service.answers("GET", f"{CHANNELS}/{ID}", {"channel": {**CHANNEL, "channel_type": "email"}})
    result = run("notification", "channel", "update", ID, "--url", URL)
    assert (result.exit_code, len(service.requests)) == (1, 1)
    assert "do not fit an email channel" in result.stderr


@pytest.mark.parametrize(
    ("args", "code", "message"),
    [
        ([ID, "--enable", "--disable"], 2, "--enable and --disable cannot be used together"),
        ([ID], 2, "Error: Nothing to update"),
    ],
)
def test_update_refuses(service: Any, run: Run, args: list[str], code: int, message: str) -> None:
    """A wrong update says what is wrong and sends nothing."""
    result = run("notification", "channel", "update", *args)
    assert (result.exit_code, service.requests) == (code, [])
    assert message in result.stderr


def test_update_tells_what_was_dropped(service: Any, run: Run) -> None:
    """When a channel leads elsewhere, a line says what it lost; `--keep-credentials` is passed on."""
    path = f"/notifications/channels/{ID}"
    service.answers("GET", path, {"channel": {"id": ID, "channel_type": "webhook", "spec": {"url": URL}}})
    service.answers("PATCH", path, {"channel": {"id": ID}, "dropped_credentials": ["Authorization"]})
    result = run("notification", "channel", "update", ID, "--url", "https://new.example.com")
    assert result.exit_code == 0
    assert (
        "! The channel leads elsewhere now and lost what was sealed for the old place: Authorization."
        in result.stderr
    )
    assert "keep_credentials" not in service.last["body"]
    run("notification", "channel", "update", ID, "--url", "https://new.example.com", "--keep-credentials")
    assert service.last["body"]["keep_credentials"] is True
