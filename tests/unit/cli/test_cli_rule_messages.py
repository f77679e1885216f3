"""Rules without a template: parts of the default message, pairs for incidents, and warnings."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.unit.cli.rules import CHANNEL, CREATE, ID, RULE, RULES

OTHER = "770e8400-e29b-41d4-a716-446655440000"
PARTS = ("--dedup", "s-{{ session_id }}", "--level", "error")
Run = Callable[..., Any]


def test_create_without_a_template(service: Any, run: Run) -> None:
    """Parts of the default message are sent as given, and no template."""
    service.answers("POST", f"{RULES}?custom=true", {"rule": RULE}, status=201)
    made = run(
        *CREATE,
        *(
            "--title",
            "{{ status }}",
            "--field",
            "Project=context.project",
            "--field",
            "A=b",
            "--level",
            "error",
        ),
    )
    assert (made.exit_code, made.stderr) == (0, f"✓ Rule created: {ID}\n")
    assert service.last["body"] == {
        "name": "Started",
        "rule_type": "session.started",
        "channel_id": CHANNEL,
        "message": {
            "title": "{{ status }}",
            "fields": {"Project": "context.project", "A": "b"},
            "level": "error",
        },
    }


def test_an_empty_part_restores_the_types_own(service: Any, run: Run) -> None:
    """What is given empty is sent as null, which removes it; what is not given stays."""
    service.answers("PATCH", f"{RULES}/{ID}?custom=true", {"rule": RULE})
    assert run("rule", "update", ID, "--link", "", "--field", "", "--title", "x").exit_code == 0
    assert service.last["body"] == {"message": {"link": None, "fields": None, "title": "x"}}


def test_a_channel_without_a_default_message(service: Any, run: Run) -> None:
    """Where there is no default message, the refusal names the options that would help."""
    told = (
        "message_template: channel 'x' has no default message, so the rule needs a template; give it a preset"
    )
    service.answers("POST", f"{RULES}?custom=true", {"msg": told, "title": "Bad"}, status=400)
    refused = run(*CREATE)
    assert refused.exit_code == 1
    assert "Must specify either --template or --template-file: channel 'x' has no default" in refused.stderr


@pytest.mark.parametrize("args", [("create",), ("update",)])
def test_warnings_are_shown(service: Any, run: Run, args: tuple[str]) -> None:
    """What the service warns of when a rule is saved is on stderr, and the rule is saved."""
    reply = {"rule": RULE, "warnings": ["text is longer than Slack shows"]}
    service.answers("POST", f"{RULES}?custom=true", reply, status=201)
    service.answers("PATCH", f"{RULES}/{ID}?custom=true", reply)
    call = CREATE if args == ("create",) else ("notification", "rule", "update", ID)
    saved = run(*call, "--level", "error")
    assert saved.exit_code == 0
    assert "! text is longer than Slack shows\n" in saved.stderr


def test_a_pair_of_rules(service: Any, run: Run) -> None:
    """With --resolve-on one rule triggers, and another one resolves with the same key."""
    service.answers("POST", f"{RULES}?custom=true", {"rule": RULE}, status=201)
    service.answers("POST", f"{RULES}?custom=true", {"rule": {**RULE, "id": OTHER}}, status=201)
    made = run(*CREATE, *PARTS, "--resolve-on", "session.terminated")
    assert made.exit_code == 0
    assert made.stderr == f"✓ Rule created: {ID}\n✓ Rule that resolves created: {OTHER}\n"
    first, second = (request["body"] for request in service.requests)
    assert first["message"] == {"dedup": "s-{{ session_id }}", "level": "error", "action": "trigger"}
    assert second == {
        "name": "Started (resolve)",
        "rule_type": "session.terminated",
        "channel_id": CHANNEL,
        "message": {"dedup": "s-{{ session_id }}", "action": "resolve"},
    }


def test_both_rules_of_a_pair_warn_once(service: Any, run: Run) -> None:
    """A warning names the option that it is about, and is not told for each of the rules."""
    warnings = [f"message.{part}: it has no effect here" for part in ("dedup", "action")]
    for rule in (RULE, {**RULE, "id": OTHER}):
        reply = {"rule": rule, "warnings": warnings}
        service.answers("POST", f"{RULES}?custom=true", reply, status=201)
    made = run(*CREATE, *PARTS, "--resolve-on", "session.terminated")
    assert made.stderr.splitlines()[:2] == [
        "! --dedup: it has no effect here",
        "! --resolve-on: it has no effect here",
    ]
    assert made.stderr.count("!") == 2


@pytest.mark.parametrize(
    ("status", "told"),
    [
        (200, "The rule that triggers was deleted again."),
        (500, "which triggers, was made and could not be deleted"),
    ],
)
def test_a_pair_of_which_one_fails(service: Any, run: Run, status: int, told: str) -> None:
    """If the second rule is refused, the first one is deleted, and it is said what became of it."""
    service.answers("POST", f"{RULES}?custom=true", {"rule": RULE}, status=201)
    service.answers("POST", f"{RULES}?custom=true", {"msg": "rule_type: no", "title": "Bad"}, status=400)
    service.answers("DELETE", f"{RULES}/{ID}?custom=true", {"deleted": True}, status=status)
    failed = run(*CREATE, *PARTS, "--resolve-on", "session.ended")
    assert failed.exit_code == 1
    assert "The rule that resolves on session.ended could not be made: rule_type: no" in failed.stderr
    assert told in failed.stderr
    assert service.last["method"] == "DELETE"


@pytest.mark.parametrize(
    ("args", "told"),
    [
        (("--resolve-on", "t"), "--resolve-on needs --dedup"),
        ((*PARTS, "--resolve-on", "t", "--template", "x"), "leave out --template"),
        ((*PARTS, "--resolve-on", "session.started"), "by the event that opens it"),
        (("--field", "Project"), "'Project' is not of the form 'NAME=EXPR'"),
    ],
)
def test_bad_options(service: Any, run: Run, args: tuple[str, ...], told: str) -> None:
    """Options that cannot go together are refused before anything is sent."""
    refused = run(*CREATE, *args)
    assert (refused.exit_code, service.requests) == (2, [])
    assert told in refused.stderr


@pytest.mark.parametrize(("strict", "code"), [((), 0), (("--strict",), 1)])
def test_validate_warns(service: Any, run: Run, strict: tuple[str, ...], code: int) -> None:
    """Validate shows warnings, and with --strict it fails by them."""
    reply = {"message": "{}", "warnings": ["it is cut"]}
    service.answers("POST", f"{RULES}/{ID}/validate?custom=true", reply)
    validated = run("notification", "rule", "validate", ID, "--data", "{}", *strict)
    assert validated.exit_code == code
    assert "! it is cut\n" in validated.stderr


def test_validate_strictly_without_warnings(service: Any, run: Run) -> None:
    """With --strict, a message that is shown whole is a success."""
    service.answers("POST", f"{RULES}/{ID}/validate?custom=true", {"message": "{}"})
    assert run("notification", "rule", "validate", ID, "--data", "{}", "--strict").exit_code == 0


@pytest.mark.parametrize(
    ("period", "zone", "sent", "times"),
    [
        ("daily@09:00", "Europe/Berlin", "daily@09:00[Europe/Berlin]", 1),
        ("daily@9:00", "CET-1CEST,M3.5.0,M10.5.0/3", "daily@9:00[UTC]", 1),
        ("daily@09:00[Asia/Seoul]", "Europe/Berlin", "daily@09:00[Asia/Seoul]", 0),
        ("5m", "Europe/Berlin", "5m", 0),
    ],
)
def test_a_digest_is_sent_by_this_machines_clock(
    service: Any,
    run: Run,
    monkeypatch: pytest.MonkeyPatch,
    period: str,
    zone: str,
    sent: str,
    times: int,
) -> None:
    """A time of day without a zone is one of this machine's, as those of mutes are, and that is said."""
    monkeypatch.setenv("TZ", zone)
    service.answers("PATCH", f"{RULES}/{ID}?custom=true", {"rule": RULE})
    result = run("rule", "update", ID, "--digest", period)
    assert service.last["body"] == {"digest": {"period": sent}}
    assert result.stderr.count(f"✓ In the time zone of this machine: {sent}\n") == times


@pytest.mark.parametrize(
    ("period", "fault"),
    [
        ("daily@25:00", "digest.period: 'daily@25:00[Europe/Berlin]': 25:00 is not a time of day"),
        ("daily@09:00", "rule_id: there is no such rule"),
    ],
)
def test_no_zone_is_told_of_what_failed(
    service: Any, run: Run, monkeypatch: pytest.MonkeyPatch, period: str, fault: str
) -> None:
    """Of a rule that was not changed only the error is told."""
    monkeypatch.setenv("TZ", "Europe/Berlin")
    problem = {"type": "x", "title": "Bad Request.", "msg": fault}
    service.answers("PATCH", f"{RULES}/{ID}?custom=true", problem, 400, "application/problem+json")
    told = run("rule", "update", ID, "--digest", period).stderr
    assert len(told.splitlines()) == 1
    assert told.startswith("✗ ")
