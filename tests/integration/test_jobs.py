"""What operators do every day, each in as few commands as its test runs, against the functions themselves."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from backendai_notification_cli.cli import root
from tests.cloud import aws
from tests.cloud.pipeline import Pipeline, document
from tests.cloud.served import ServedApi

pytestmark = pytest.mark.usefixtures("api")
SLACK_URL = "https://hooks.slack.com/services/T0AB/B0CD/canary0canary1"


@pytest.fixture
def api(cloud: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[ServedApi]:  # noqa: ARG001 - it comes first
    """Serve the functions, with the environment pointing at them."""
    with ServedApi() as running:
        for name, value in running.environment().items():
            monkeypatch.setenv(name, value)
        yield running


def do(*words: str) -> Result:
    """Run one command."""
    return CliRunner().invoke(root, words)


def stored() -> None:
    """Store a channel with a rule, and one without."""
    for name in ("Ops", "Audit"):
        assert do("channel", "create", name, SLACK_URL, "--preset", "slack").exit_code == 0
    made = do("rule", "create", "Failed", "session.failed", "Ops", "--where", "session_type=batch")
    assert made.exit_code == 0, made.stderr


def test_which_rules_use_a_channel() -> None:
    """One command lists the rules of a channel, by its name."""
    stored()
    listed = do("rule", "list", "--channel", "Ops")
    assert (listed.exit_code, "Name: Failed\n" in listed.stdout) == (0, True)
    assert do("rule", "list", "--channel", "Audit").stdout == "No rules found\n"


def test_is_everything_healthy() -> None:
    """One command says it, with an exit code."""
    stored()
    told = do("status")
    assert (told.exit_code, told.stdout.splitlines()[0]) == (0, "All is well")


def test_copy_rules_from_staging_to_prod(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Two commands bring channels and rules from one stack to another, empty one."""
    stored()
    file = str(tmp_path / "all.yaml")
    exported = do("config", "export", "-f", file)
    assert exported.exit_code == 0, exported.stderr
    aws.forget()  # the other stack: nothing is stored
    aws.create()
    monkeypatch.setenv("OPS_URL", SLACK_URL)
    monkeypatch.setenv("AUDIT_URL", SLACK_URL)
    applied = do("config", "apply", file, "--yes")
    assert applied.exit_code == 0, applied.output
    listed = do("rule", "list", "--channel", "Ops", "--json", "name,where", "-o", "jsonl")
    assert listed.stdout == '{"name":"Failed","where":["session_type=batch"]}\n'


def test_mute_until_six() -> None:
    """One command keeps a channel's messages back until the clock shows 06:00."""
    stored()
    made = do("mute", "create", "--channel", "Ops", "--until", "06:00", "--reason", "Night shift")
    assert made.exit_code == 0, made.stderr
    assert "State: in_force\n" in do("mute", "list").stdout


def test_who_changed_this_rule() -> None:
    """One command says who changed a rule, and what."""
    stored()
    do("rule", "update", "Failed", "--description", "Ask me")
    told = do("rule", "history", "Failed")
    assert told.stdout.startswith("Revision: 2\nAction: updated\nBy: AKIA")
    assert "Changed: description\n" in told.stdout


def test_why_no_message_for_a_session(pipeline: Pipeline) -> None:
    """One command says why no rule fired for the events of a session, by the session's id."""
    stored()
    fields = {
        "session_id": "s-1",
        "session_name": "n",
        "session_type": "interactive",
        "cluster_mode": "single-node",
    }
    pipeline.dispatch(document("e-1", fields, **{"detail-type": "session.failed"}))
    told = do("event", "explain", "--where", "session_id=s-1")
    assert told.exit_code == 3
    assert 'session_type is "interactive", needed: "batch"' in told.stdout
