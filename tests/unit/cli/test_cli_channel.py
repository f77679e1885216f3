"""backend.ai notification channel."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from tests.unit.cli.channels import CHANNEL, CHANNELS, ID, URL

Run = Callable[..., Any]


def test_create_sends_what_was_given(service: Any, run: Run) -> None:
    """The guide's example creates a webhook channel; what is unset is not sent."""
    service.answers("POST", CHANNELS, {"channel": CHANNEL}, status=201)
    result = run("notification", "channel", "create", "Ops", URL, "--description", "Production alerts")
    assert result.exit_code == 0
    assert service.last["body"] == {
        "name": "Ops",
        "description": "Production alerts",
        "channel_type": "webhook",
        "spec": {"url": URL},
    }
    assert service.last["headers"]["Content-Type"] == "application/json"
    assert result.stderr == f"✓ Channel created: {ID}\n"
    assert json.loads(result.stdout) == CHANNEL


def test_create_with_every_webhook_option(service: Any, run: Run) -> None:
    """The webhook options become the spec's fields, over the spec that is given whole."""
    service.answers("POST", CHANNELS, {"channel": CHANNEL}, status=201)
    options = (
        *(
            "--header",
            "X-Team: ops",
            "--header",
            "X-Empty:",
            "--method",
            "PUT",
            "--content-type",
            "text/plain",
        ),
        *("--timeout", "7", "--success-code", "200", "--success-code", "299", "--disabled"),
        *("--spec", '{"headers": {"x-team": "old", "X-Kept": "1"}, "timeout": 1}'),
    )
    assert run("notification", "channel", "create", "Ops", URL, *options).exit_code == 0
    assert service.last["body"]["enabled"] is False
    assert service.last["body"]["spec"] == {
        "url": URL,
        "headers": {"X-Kept": "1", "X-Team": "ops", "X-Empty": ""},
        "method": "PUT",
        "content_type": "text/plain",
        "timeout": 7,
        "success_status_codes": [200, 299],
    }


def test_create_email_from_standard_input(service: Any, run: Run) -> None:
    """An email channel takes its spec from standard input, and domains from options, but no URL."""
    spec: dict[str, dict[str, Any]] = {
        "smtp": {"host": "h", "port": 25},
        "message": {"from_email": "a@b", "to_emails": ["c@d"]},
    }
    service.answers("POST", CHANNELS, {"channel": CHANNEL}, status=201)
    create = ("notification", "channel", "create", "Mail")
    result = run(*create, "--channel-type", "EMAIL", "--spec-file", "-", stdin=json.dumps(spec))
    assert result.exit_code == 0
    assert service.last["body"] == {"name": "Mail", "channel_type": "email", "spec": spec}
    service.answers("POST", CHANNELS, {"channel": CHANNEL}, status=201)
    domains = ("--allowed-domain", "a.example", "--allowed-domain", "b.example")
    assert run(*create, "--channel-type", "email", "--spec", json.dumps(spec), *domains).exit_code == 0
    message = {**spec["message"], "allowed_domains": ["a.example", "b.example"]}
    assert service.last["body"]["spec"] == {**spec, "message": message}


@pytest.mark.parametrize(
    ("args", "code", "message"),
    [
        (["N"], 2, "Missing argument 'WEBHOOK_URL'"),
        (["N", URL, "--channel-type", "email"], 2, "refused for an email channel"),
        (["N", "--channel-type", "email"], 1, "✗ Must specify either --spec or --spec-file"),
        (["N", URL, "--channel-type", "pager"], 2, "'pager' is not one of 'webhook', 'email'"),
        (["N", URL, "--header", "nonsense"], 2, "'nonsense' is not of the form 'Name: value'"),
        (["N", URL, "--timeout", "0"], 2, "'0' is not a whole number from 1 on"),
        (["N", "--spec", "{"], 1, "✗ Invalid JSON spec: "),
        (["N", "--spec", "[]"], 1, "✗ Invalid JSON spec: expected an object"),
        (["N", "--spec", '{"headers": 1}', "--header", "A: b"], 1, "'headers' must be an object"),
        (["N", "--spec", "{}", "--spec-file", "-"], 1, "✗ Cannot specify both --spec and --spec-file"),
        (["N", URL, "--allowed-domain", "example.com"], 2, "--allowed-domain is for email"),
        (["N", URL, "more"], 2, "Got 1 surplus argument, it is 'more'."),
    ],
)
def test_create_refuses(service: Any, run: Run, args: list[str], code: int, message: str) -> None:
    """A wrong call says what is wrong and sends nothing."""
    result = run("notification", "channel", "create", *args)
    assert (result.exit_code, service.requests) == (code, [])
    assert message in result.stderr
    assert result.stdout == ""


def test_list_pages_through_everything(service: Any, run: Run) -> None:
    """More channels than one page holds are all listed, in pages of 50."""
    every = [{**CHANNEL, "id": f"id-{number}", "description": f"d{number}"} for number in range(130)]
    for offset in (0, 50, 100):
        pagination = {"total": 130, "offset": offset, "limit": 50}
        page = {"channels": every[offset : offset + 50], "pagination": pagination}
        service.answers("POST", f"{CHANNELS}/search", page)
    result = run("notification", "channel", "list", "--enabled-only")
    assert result.stdout.count("---\n") == 130
    assert result.stdout.startswith(
        "ID: id-0\nName: Ops\nType: webhook\nEnabled: True\nDescription: d0\n---\n"
    )
    bodies = [request["body"] for request in service.requests]
    assert [(body["offset"], body["limit"]) for body in bodies] == [(0, 50), (50, 50), (100, 50)]
    assert all(body["filter"] == {"enabled": True} for body in bodies)


def test_list_of_nothing(service: Any, run: Run) -> None:
    """An empty list says so."""
    service.answers("POST", f"{CHANNELS}/search", {"channels": [], "pagination": {"total": 0}})
    result = run("notification", "channel", "list")
    assert (result.exit_code, result.stdout) == (0, "No channels found\n")


def test_info_is_json(service: Any, run: Run) -> None:
    """Info prints the channel as JSON with an indent of 2."""
    service.answers("GET", f"{CHANNELS}/{ID}", {"channel": CHANNEL})
    assert run("notification", "channel", "info", ID.upper()).stdout == json.dumps(CHANNEL, indent=2) + "\n"


@pytest.mark.parametrize(("flags", "query"), [([], ""), (["--force"], "?force=true")])
def test_delete(service: Any, run: Run, flags: list[str], query: str) -> None:
    """Delete says so on stderr; --force asks for the rules to go as well."""
    service.answers("GET", f"{CHANNELS}/{ID}", {"channel": CHANNEL})
    service.answers("DELETE", f"{CHANNELS}/{ID}{query}", {"deleted": True})
    result = run("notification", "channel", "delete", ID, *flags)
    assert (result.exit_code, result.stderr, result.stdout) == (0, f"✓ Channel deleted: {ID}\n", "")


def test_delete_names_the_rules_in_the_way(service: Any, run: Run) -> None:
    """A refusal because of rules names them and the way out."""
    service.answers("GET", f"{CHANNELS}/{ID}", {"channel": CHANNEL})
    data = {"rules": [{"id": "r1", "name": "First"}]}
    problem = {"type": "t", "title": "Conflict", "msg": "2 rules use it", "data": data}
    service.answers(
        "DELETE", f"{CHANNELS}/{ID}", problem, status=409, content_type="application/problem+json"
    )
    result = run("notification", "channel", "delete", ID)
    assert result.exit_code == 1
    assert result.stderr.startswith("✗ 2 rules use it\n  rule r1: First\n")
    assert "--force" in result.stderr


@pytest.mark.parametrize("args", [["--data", "it works"], ["--data-file", "-"]])
def test_validate_sends_the_message(service: Any, run: Run, args: list[str]) -> None:
    """The test message is sent as it is, from the option or from standard input."""
    service.answers("POST", f"{CHANNELS}/{ID}/validate", {"channel_id": ID})
    result = run("notification", "channel", "validate", ID, *args, stdin="it works")
    assert (result.exit_code, result.stderr) == (0, f"✓ Channel validation successful: {ID}\n")
    assert service.last["body"] == {"test_message": "it works"}


def test_validate_without_a_message(service: Any, run: Run) -> None:
    """Without --data and --data-file it is left to the service whether the channel has a sample to send."""
    service.answers("POST", f"{CHANNELS}/{ID}/validate", {"channel_id": ID})
    assert run("notification", "channel", "validate", ID).exit_code == 0
    assert service.last["body"] == {}


def test_presets(service: Any, run: Run) -> None:
    """A preset and a routing key become parts of the spec; what the service warns of goes to stderr."""
    warnings = ["The URL is one of Discord", "Another"]
    service.answers("POST", CHANNELS, {"channel": CHANNEL, "warnings": warnings}, status=201)
    result = run(
        "notification", "channel", "create", "Ops", URL, "--preset", "pagerduty", "--routing-key", "k"
    )
    assert service.last["body"]["spec"] == {"url": URL, "preset": "pagerduty", "routing_key": "k"}
    assert result.stderr == f"! The URL is one of Discord\n! Another\n✓ Channel created: {ID}\n"
    assert json.loads(result.stdout) == CHANNEL


def test_preset_is_removed(service: Any, run: Run) -> None:
    """An update may take the preset off, and warns as a creation does."""
    spec = {"url": URL, "preset": "slack", "routing_key": None}
    service.answers("GET", f"{CHANNELS}/{ID}", {"channel": {**CHANNEL, "spec": spec}})
    service.answers(
        "PATCH", f"{CHANNELS}/{ID}", {"channel": CHANNEL, "warnings": ["The URL is one of Slack"]}
    )
    result = run("notification", "channel", "update", ID, "--preset", "none")
    assert service.last["body"] == {"spec": {**spec, "preset": "none"}}
    assert "! The URL is one of Slack\n" in result.stderr
