"""The lines that the console shows of channels and mutes do what the console does."""

import json
import os
import subprocess
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from channels_api.models import ChannelChanges
from notifications.api.requests.channels import ChannelIn
from tests.unit.console.node import Ask, asking

Run = Callable[..., Any]

ID = "550e8400-e29b-41d4-a716-446655440000"
CHANNELS = "/notifications/channels"
NASTY = 'it\'s "$HOME" `id` \\ !! ; rm -rf ~ #'
"""What a shell would do something with."""

SECRETS = {
    "WEBHOOK_URL": "https://hooks.example.com/s3cr3t?a=1&b=$x",
    "ROUTING_KEY": "k3y",
    "X_API_KEY": "va'l$ue",
}
"""What somebody sets in the shell before a line is run there."""

WEBHOOK = {
    "id": ID,
    "name": "Ops",
    "description": "d",
    "channel_type": "webhook",
    "enabled": True,
    "retry": "standard",
    "rate": None,
    "timezone": None,
    "spec": {
        "url": "https://old.example.com/hook",
        "method": "POST",
        "content_type": "application/json",
        "headers": {"X-Team": "ops", "Authorization": None},
        "timeout": 30,
        "success_status_codes": [200, 201, 202, 204],
        "response_match": None,
        "response_no_match": None,
        "ca_bundle": None,
        "client_certificate": None,
        "client_key": None,
        "preset": None,
        "routing_key": None,
    },
}
EMAIL = WEBHOOK | {
    "channel_type": "email",
    "spec": {
        "smtp": {"host": "mail.example.com", "port": 587, "use_tls": True, "timeout": 30},
        "message": {
            "from_email": "a@example.com",
            "to_emails": ["b@example.com"],
            "allowed_domains": None,
            "subject_template": None,
        },
        "auth": {"username": "me", "password": None},
        "ca_bundle": None,
    },
}
KEY = {"name": "X-Api-Key", "value": SECRETS["X_API_KEY"], "kept": False}
KEPT = {"name": "Authorization", "value": "", "kept": True}

WEBHOOKS: dict[str, dict[str, Any]] = {
    "texts": {"name": "-" + NASTY, "description": NASTY},
    "times": {"retry": "5s,1m,2h", "rate": "30/m", "timezone": "Asia/Seoul"},
    "disabled": {"enabled": False},
    "preset": {"preset": "pagerduty", "routingKey": SECRETS["ROUTING_KEY"]},
    "headers": {"headers": [KEPT, KEY, {"name": "X-Other", "value": NASTY, "kept": False}]},
    "request": {"method": "PUT", "contentType": "text/plain; x='y'", "timeout": "5"},
    "response": {"statusCodes": "200 418", "responseMatch": NASTY, "responseNoMatch": "(?i)error"},
}
EMAILS: dict[str, dict[str, Any]] = {
    "recipients": {
        "to": f"c@example.com\n{{{{ context['{NASTY}'] }}}}",
        "domains": "example.com, example.org",
    },
    "timeout": {"timeout": "9"},
    "server": {"host": "other.example.com", "port": "465", "subject": NASTY},
}


@pytest.fixture(scope="module")
def ask(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ask]:
    """Return what asks the console for its documents and lines."""
    with asking(tmp_path_factory.mktemp("lines"), "configuration.mjs") as ask:
        yield ask


def words(line: str) -> list[str]:
    """Return what a shell makes of a line."""
    script = f"for word in {line}; do printf '%s\\0' \"$word\"; done"
    ran = subprocess.run(
        ["bash", "-c", script],
        env={**os.environ, **SECRETS},
        capture_output=True,
        check=True,
        encoding="utf-8",
    )
    return ran.stdout.split("\0")[:-1]


def lines_answer(service: Any, stored: dict[str, Any]) -> None:
    """Have the service answer what the lines ask."""
    nothing = {"channels": [], "pagination": {"total": 0}}
    service.answers("POST", f"{CHANNELS}/search", nothing)
    service.answers("GET", f"{CHANNELS}/{ID}", {"channel": stored})
    service.answers("PATCH", f"{CHANNELS}/{ID}", {"channel": stored, "dropped_credentials": []})
    service.answers("POST", CHANNELS, {"channel": stored}, status=201)


@pytest.mark.parametrize("form", WEBHOOKS.values(), ids=WEBHOOKS)
def test_a_new_webhook(ask: Ask, service: Any, run: Run, form: dict[str, Any]) -> None:
    """The shown line makes the channel that the console makes, with the secrets that the shell has."""
    given = {"name": "Ops", "url": SECRETS["WEBHOOK_URL"]} | form
    given["headers"] = [each for each in form.get("headers", ()) if not each["kept"]]
    document, line = ask("created", given, None)
    assert not any(secret in line for secret in SECRETS.values())
    lines_answer(service, WEBHOOK)
    result = run("notification", *words(line))
    assert result.exit_code == 0, result
    assert ChannelIn.model_validate(service.last["body"]) == ChannelIn.model_validate(document)


@pytest.mark.parametrize(
    ("stored", "form"),
    [(WEBHOOK, form) for form in WEBHOOKS.values()] + [(EMAIL, form) for form in EMAILS.values()],
    ids=[*WEBHOOKS, *EMAILS],
)
def test_a_change(
    ask: Ask,
    service: Any,
    run: Run,
    stored: dict[str, Any],
    form: dict[str, Any],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The shown line changes what saving in the console changes, and keeps what that keeps."""
    changes, line = ask("changed", stored, form)
    assert not any(secret in line for secret in SECRETS.values())
    monkeypatch.chdir(tmp_path)
    Path("spec.json").write_text(json.dumps(changes.get("spec")))
    lines_answer(service, stored)
    result = run("notification", *words(line))
    assert result.exit_code == 0, result
    sent = ChannelChanges.model_validate(service.last["body"])
    assert sent == ChannelChanges.model_validate(changes)


def test_an_until_and_a_length_are_those_of_the_form(ask: Ask, service: Any, run: Run) -> None:
    """A mute's line sends the document that the form sends."""
    mute = {"id": ID, "reason": NASTY, "state": "in_force", "changes_at": None}
    service.answers("POST", "/notifications/mutes", {"mute": mute}, status=201)
    now = datetime.now(UTC)
    forms: list[dict[str, Any]] = [
        {"type": "session.failed", "where": f"status=ERROR\nname={NASTY}", "length": "8h", "hold": True},
        {"everything": True, "when": "until", "until": (now + timedelta(days=3)).strftime("%Y-%m-%dT%H:%M")},
        {"channel": ID, "when": "weekly"},
    ]
    for form in forms:
        document, line = ask("muted", {"reason": NASTY, **form}, round(now.timestamp() * 1000))
        result = run("notification", *words(line))
        assert result.exit_code == 0, result
        sent = service.last["body"]
        ends = [datetime.fromisoformat(each.pop("until", now.isoformat())) for each in (sent, document)]
        assert abs(ends[0] - ends[1]) < timedelta(minutes=1)
        assert sent == document
