"""`config plan|apply|export|adopt` as they are called, against the functions themselves."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from backendai_notification_cli.cli import root
from notifications.core.revisions import Author
from tests.cloud.gateway import KEYS_OF_ROLES
from tests.cloud.pipeline import dynamodb_calls
from tests.cloud.served import ServedApi
from tests.cloud.services import services

pytestmark = pytest.mark.usefixtures("cloud")

SLACK_URL = "https://hooks.slack.com/services/T0AB/B0CD/canary0canary1"
TEXT = """\
set: prod
channels:
  ops:
    name: Ops Slack
    spec: {preset: slack, url: "${env:SLACK_URL}"}
  hook:
    spec:
      url: https://example.com/hook
      headers: {X-Api-Key: "${env:API_KEY}"}
event_types:
  quota.exceeded:
    json_schema: {type: object, properties: {share: {type: number}, project: {type: string}}}
rules:
  failed: {rule_type: session.failed, channel: ops, where: [session_type=batch]}
  quota:
    rule_type: quota.exceeded
    channel: hook
    where: share>0.9
    message_template: |
      {"text": "{{ project }} costs $${{ 1 }}",
       "more": 1}
mutes:
  nights: {reason: quiet, rule: quota, weekly: ["mon-fri 22:00-07:00 Asia/Seoul"]}
"""
WRITES = {"PutItem", "UpdateItem", "DeleteItem", "TransactWriteItems", "BatchWriteItem"}
Config = Callable[..., Result]


@pytest.fixture
def api(monkeypatch: pytest.MonkeyPatch) -> Iterator[ServedApi]:
    """Serve the functions, with the environment pointing at them and the secrets of the file in it."""
    monkeypatch.setenv("API_KEY", "canary2canary3")
    monkeypatch.setenv("SLACK_URL", SLACK_URL)
    with ServedApi() as running:
        for name, value in running.environment().items():
            monkeypatch.setenv(name, value)
        yield running


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """Write the file."""
    path = tmp_path / "prod.yaml"
    path.write_text(TEXT)
    return path


@pytest.fixture
def config(api: ServedApi) -> Config:  # noqa: ARG001
    """Run a command about files; no secret is in what it shows."""

    def run(*args: object) -> Result:
        result = CliRunner().invoke(root, ["--debug", "notification", "config", *map(str, args)])
        if result.exception is not None and not isinstance(result.exception, SystemExit):
            raise result.exception
        assert "canary" not in result.output
        return result

    return run


def command(*args: object) -> Result:
    """Run any other command."""
    return CliRunner().invoke(root, ["notification", *map(str, args)])


def test_applied_twice_changes_once(config: Config, file: Path) -> None:
    """A file is planned and applied; then nothing is left to change, and a second apply writes nothing."""
    planned = config("plan", file, "--detailed-exitcode")
    assert planned.exit_code == 2
    assert planned.stdout.endswith("\nPlan: 6 to create, 0 to change, 0 to delete.\n")
    assert '      spec.url: "${env:SLACK_URL}"\n' in planned.stdout
    applied = config("apply", file, "--yes")
    assert applied.exit_code == 0, applied.stderr
    kinds = [line.split("(")[0] for line in applied.stdout.splitlines()]
    assert kinds == [
        *("+ created event type quota.exceeded ", "+ created channel ops ", "+ created channel hook "),
        *("+ created rule failed ", "+ created rule quota ", "+ created mute nights "),
    ]
    assert config("plan", file, "--detailed-exitcode").exit_code == 0
    with dynamodb_calls() as calls:
        assert config("apply", file).exit_code == 0
    assert not WRITES & {*calls}


def test_what_the_file_has_no_more_is_deleted(config: Config, file: Path) -> None:
    """Members are changed, one at a time, and what the file lacks is deleted unless it is kept."""
    config("apply", file, "--yes")
    changed = TEXT.replace('"more": 1', '"more": 2').partition("mutes:")[0]
    file.write_text(changed)
    planned = config("plan", file)
    assert '        - "more": 1}\n        + "more": 2}\n' in planned.stdout
    assert "  - delete mute nights" in planned.stdout
    assert "to delete" in planned.stdout
    assert config("plan", file, "--no-prune").stdout.endswith("0 to create, 1 to change, 0 to delete.\n")
    assert config("apply", file, "--yes").exit_code == 0
    assert config("plan", file, "--detailed-exitcode").exit_code == 0


def test_changes_by_hand_are_warned_of_and_undone(config: Config, file: Path) -> None:
    """Whoever changes a managed rule is warned, the plan says who it was, and an apply undoes it."""
    config("apply", file, "--yes")
    warned = command("rule", "update", "failed", "--name", "Mine")
    assert (
        "! The rule 'Mine' is 'failed' of the set 'prod': the next 'config apply' undoes this"
        in warned.stderr
    )
    planned = config("plan", file)
    assert '      name: "Mine" -> "failed"\n      ! ' in planned.stdout
    assert config("apply", file, "--yes").stdout.startswith("~ changed rule failed (")


def test_a_changed_secret_is_a_change(config: Config, file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A secret with another text is one change, of which nothing but its reference is shown."""
    config("apply", file, "--yes")
    monkeypatch.setenv("API_KEY", "canary8canary9")
    planned = config("plan", file)
    assert '      spec.headers.X-Api-Key: (secret) -> "${env:API_KEY}"\n' in planned.stdout
    assert planned.stdout.endswith("\nPlan: 0 to create, 1 to change, 0 to delete.\n")


def test_faults_have_lines(config: Config, file: Path) -> None:
    """All faults that the service finds are told with the lines of the file."""
    text = TEXT.replace("session_type=batch", "sesion_type=batch").replace(
        "name: Ops Slack", "nme: Ops Slack"
    )
    file.write_text(text.replace("channel: hook", "channel: hok").replace("SLACK_URL", "GONE"))
    told = config("plan", file).stderr
    for line, said in (
        (4, "channels.ops.nme: "),
        (5, "channels.ops.spec.url: ${env:GONE}: the variable GONE is not set"),
        (14, "rules.failed.where[0]: "),
        (17, "rules.quota.channel: "),
    ):
        assert f"\n  {file}:{line}: {said}" in told


def test_a_kept_plan(config: Config, file: Path, tmp_path: Path) -> None:
    """A plan made by a viewer is applied by an editor, unless something was changed in between."""
    out = tmp_path / "prod.plan"
    viewer, editor = KEYS_OF_ROLES["viewer"], KEYS_OF_ROLES["editor"]
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("BACKEND_ACCESS_KEY", viewer[0])
        patch.setenv("BACKEND_SECRET_KEY", viewer[1])
        assert config("plan", file, "--out", out).exit_code == 0
        assert config("apply", file, "--yes").exit_code == 1
        patch.setenv("BACKEND_ACCESS_KEY", editor[0])
        patch.setenv("BACKEND_SECRET_KEY", editor[1])
        assert config("apply", file, "--plan", out, "--yes").exit_code == 0
        refused = config("apply", file, "--plan", out, "--yes")
    assert refused.exit_code == 1
    assert "was changed since the plan was made: make a new plan" in refused.stderr


def test_another_applies(config: Config, file: Path) -> None:
    """While another applies the same set, the exit code is 4, and the error says who and since when."""
    by = Author("AKIAALICE", "550e8400-e29b-41d4-a716-446655440000", "alice")
    services().leases.take("prod", "another run", by, datetime.now(UTC))
    refused = config("apply", file, "--yes")
    assert refused.exit_code == 4
    assert "✗ alice applies the set 'prod' since 20" in refused.stderr
    services().leases.free("prod", "another run")
    assert config("apply", file, "--yes").exit_code == 0


def test_exported_and_adopted(config: Config, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What was made by hand is exported, adopted, and then just as the exported file says."""
    command("channel", "create", "Ops", SLACK_URL, "--preset", "slack")
    command("rule", "create", "Failed sessions", "session.failed", "Ops", "--where", "session_type=batch")
    exported = tmp_path / "exported.yaml"
    assert config("export", "-f", exported).exit_code == 0
    assert "canary" not in exported.read_text()
    monkeypatch.setenv("OPS_URL", SLACK_URL)
    assert config("adopt", exported, "--yes").stderr.endswith("✓ Adopted 2 objects, 0 of the file are new\n")
    assert config("plan", exported, "--detailed-exitcode").exit_code == 0
    assert config("adopt", exported, "--yes").stderr.endswith("✓ Adopted 0 objects, 0 of the file are new\n")


def test_what_is_given_up_can_be_adopted(config: Config, file: Path, tmp_path: Path) -> None:
    """An object moves to another set as it is, once its own set has given it up."""
    assert config("apply", str(file), "--yes").exit_code == 0
    (rule,) = [each for each in services().rules.summaries() if each.name == "failed"]
    other = tmp_path / "other.yaml"
    other.write_text(
        "set: other\nrules: {mine: {name: failed, rule_type: session.failed, channel: {name: Ops Slack}}}\n"
    )
    adopt = ("adopt", str(other), "--rule", f"mine={rule.id}", "--yes")
    assert "which must give it up first" in config(*adopt).stderr
    given = config("give-up", "prod", "rule/failed", "--json", "given_up")
    assert given.exit_code == 0, given.stderr
    assert rule.id in given.stdout
    assert config(*adopt).exit_code == 0
    managed = services().rules.get(rule.id).managed
    assert managed is not None
    assert (managed.set, managed.key) == ("other", "mine")


@pytest.mark.parametrize(
    ("args", "told"),
    [
        (("prod", "rule/gone"), "✗ rule/gone: the set has no rule gone"),
        (("prod", "failed"), "'failed' is not KIND/KEY, as in rule/failed"),
        (("prod", "rules/failed"), "KIND is one of channel, event-type, rule, mute"),
    ],
)
def test_what_cannot_be_given_up_is_told(config: Config, args: tuple[str, ...], told: str) -> None:
    """A key that the set does not have, or something else than a kind and a key, is told."""
    result = config("give-up", *args)
    assert result.exit_code in {1, 2}
    assert told in result.stderr
