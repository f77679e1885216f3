"""backend.ai configure, and backend.ai notification keypair, against moto's AWS."""

import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import boto3
import pytest
from moto import mock_aws

from backendai_notification_cli.aws import keypairs, secret
from backendai_notification_cli.aws.session import Aws
from backendai_notification_cli.aws.stack import Secrets
from backendai_notification_cli.errors import CliError
from backendai_notification_cli.http import envfile, settings

REGION = "eu-central-1"
STACK = "notifications"
API_URL = "https://abc123.execute-api.eu-central-1.amazonaws.com/prod"
FIRST = {
    "access_key": "AKIAFIRST",
    "secret_key": "first's secret",
    "role": "superadmin",
    "user_id": "550e8400-e29b-41d4-a716-446655440000",
}
KEYPAIR = ("notification", "keypair")
Run = Callable[..., Any]


@pytest.fixture
def aws(monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """Deploy a stack with the outputs that matter; return a Secrets Manager client."""
    with mock_aws():
        monkeypatch.setenv("AWS_DEFAULT_REGION", REGION)
        client = boto3.client("secretsmanager")
        first = client.create_secret(Name="first", SecretString=json.dumps(FIRST))["ARN"]
        others = client.create_secret(Name="keypairs")["ARN"]
        arns = {"KeypairSecretArn": first, "KeypairsSecretArn": others}
        deploy(STACK, {"ApiUrl": f"{API_URL}/", **arns, "EventBusName": "bus"})
        yield client


def deploy(name: str, outputs: dict[str, str]) -> None:
    """Deploy a stack that has these outputs."""
    template = {
        "Resources": {"Queue": {"Type": "AWS::SQS::Queue"}},
        "Outputs": {key: {"Value": value} for key, value in outputs.items()},
    }
    boto3.client("cloudformation").create_stack(StackName=name, TemplateBody=json.dumps(template))


def stored(client: Any) -> dict[str, Any]:
    """Read the document that is the current one."""
    answer = client.get_secret_value(SecretId="keypairs", VersionStage="AWSCURRENT")
    document: dict[str, Any] = json.loads(answer["SecretString"])
    return document


@pytest.mark.usefixtures("aws")
def test_configure_stores_what_the_commands_need(run: Run) -> None:
    """After `configure` the stack is what commands talk to, and only the owner can read the file."""
    result = run("configure", "--stack-name", STACK)
    path = settings.configured_path()
    assert result.exit_code == 0, result.stderr
    assert result.stderr == f"✓ Configured for {API_URL} in {path}\n"
    assert "secret" not in result.output
    assert envfile.load(path) == {
        "BACKEND_ENDPOINT": API_URL,
        "BACKEND_ACCESS_KEY": "AKIAFIRST",
        "BACKEND_SECRET_KEY": "first's secret",
        "NOTIFICATION_EVENT_BUS": "bus",
        "NOTIFICATION_STACK": STACK,
        "AWS_DEFAULT_REGION": REGION,
    }
    assert path.stat().st_mode & 0o777 == 0o600
    assert settings.load().endpoint == API_URL


@pytest.mark.usefixtures("aws")
def test_configure_shows_and_clears(run: Run) -> None:
    """--show masks the secret, --clear removes the file."""
    run("configure", "--stack-name", STACK)
    shown = run("configure", "--show")
    assert f"BACKEND_ENDPOINT={API_URL}\n" in shown.stdout
    assert "BACKEND_SECRET_KEY=********\n" in shown.stdout
    assert "first's secret" not in shown.output
    assert run("configure", "--clear").exit_code == 0
    assert not settings.configured_path().exists()
    assert run("configure", "--show").exit_code == 1
    assert run("configure", "--clear").stderr == "✓ Nothing was configured\n"


@pytest.mark.parametrize("args", [[], ["--show", "--clear"], ["--stack-name", "x", "--show"]])
def test_configure_does_one_thing(run: Run, args: list[str]) -> None:
    """None or two of the three things to do is a usage error."""
    result = run("configure", *args)
    assert result.exit_code == 2
    assert "exactly one of" in result.stderr


@pytest.mark.usefixtures("aws")
def test_configure_unknown_stack(run: Run) -> None:
    """A stack that does not exist is named with its region."""
    result = run("configure", "--stack-name", "nowhere")
    assert (result.exit_code, result.stderr) == (1, f"✗ There is no stack 'nowhere' in {REGION}\n")


@pytest.mark.usefixtures("aws")
def test_configure_foreign_stack(run: Run) -> None:
    """A stack without the outputs is named with what it lacks."""
    deploy("foreign", {"ApiUrl": "https://x"})
    result = run("configure", "--stack-name", "foreign")
    assert result.exit_code == 1
    assert "has no output KeypairSecretArn, KeypairsSecretArn, EventBusName" in result.stderr


@pytest.mark.usefixtures("aws")
def test_configure_without_the_secret(run: Run) -> None:
    """A secret that is not there is named."""
    gone = f"arn:aws:secretsmanager:{REGION}:123456789012:secret:gone-abcdef"
    arns = dict.fromkeys(("KeypairSecretArn", "KeypairsSecretArn"), gone)
    deploy("gone", {"ApiUrl": "https://x", **arns, "EventBusName": "bus"})
    result = run("configure", "--stack-name", "gone")
    assert result.exit_code == 1
    assert result.stderr.startswith(f"✗ The secret {gone} holds no keypair")
    assert result.stderr.count("\n") == 1


def test_configure_without_credentials(run: Run) -> None:
    """Without AWS credentials the error says so."""
    result = run("configure", "--stack-name", STACK, "--region", REGION)
    assert result.exit_code == 1
    assert result.stderr.startswith("✗ No AWS credentials: log in")


def test_configure_without_region_or_profile(run: Run) -> None:
    """A missing region and an unknown profile are told in one line."""
    assert run("configure", "--stack-name", STACK).stderr.startswith("✗ No AWS region: pass --region")
    assert "profile (none)" in run("configure", "--stack-name", STACK, "--profile", "none").stderr


def test_create_list_deactivate(aws: Any, run: Run) -> None:
    """A new keypair is stored and shown with its secret once; the list never shows secrets."""
    created = run(*KEYPAIR, "create", "--role", "user", "--name", "a bridge", "--stack-name", STACK)
    assert created.exit_code == 0, created.stderr
    record = json.loads(created.stdout)
    assert re.fullmatch("AKIA[A-Z2-7]{16}", record["access_key"])
    assert re.fullmatch("[A-Za-z0-9_-]{40}", record["secret_key"])
    assert stored(aws) == {"keypairs": [record], "first_active": True}

    listed = run(*KEYPAIR, "list", "--stack-name", STACK)
    assert listed.stdout == (
        f"Access key: AKIAFIRST\nName: \nRole: superadmin\nUser ID: {FIRST['user_id']}\nActive: True\n---\n"
        f"Access key: {record['access_key']}\nName: a bridge\nRole: user\n"
        f"User ID: {record['user_id']}\nActive: True\n---\n"
    )

    done = run(*KEYPAIR, "deactivate", record["access_key"], "--stack-name", STACK)
    assert done.stderr == f"✓ Keypair deactivated: {record['access_key']}\n"
    assert stored(aws) == {"keypairs": [{**record, "active": False}], "first_active": True}


def test_user_id_is_checked(aws: Any, run: Run) -> None:
    """A given user id is used; one that is not a UUID is refused."""
    user = "7d2f8c3e-8f3b-4b54-9d1e-0a4e2f7c9b11"
    run(*KEYPAIR, "create", "--user-id", user, "--stack-name", STACK)
    assert stored(aws)["keypairs"][0]["user_id"] == user
    result = run(*KEYPAIR, "create", "--user-id", "me", "--stack-name", STACK)
    assert result.stderr.startswith("✗ 'me' is not a user ID")


def test_last_superadmin_stays(aws: Any, run: Run) -> None:
    """The last active superadmin cannot be deactivated, and an unknown key is an error."""
    run(*KEYPAIR, "create", "--role", "user", "--stack-name", STACK)
    result = run(*KEYPAIR, "deactivate", "AKIAFIRST", "--stack-name", STACK)
    assert (result.exit_code, stored(aws)["first_active"]) == (1, True)
    assert "AKIAFIRST is the last active superadmin" in result.stderr
    assert (
        run(*KEYPAIR, "deactivate", "AKIANONE", "--stack-name", STACK).stderr
        == "✗ There is no keypair AKIANONE\n"
    )


def test_first_superadmin_can_be_replaced(aws: Any, run: Run) -> None:
    """With another active superadmin the first one can be deactivated; its own secret stays as it is."""
    run(*KEYPAIR, "create", "--stack-name", STACK)
    assert run(*KEYPAIR, "deactivate", "AKIAFIRST", "--stack-name", STACK).exit_code == 0
    assert stored(aws)["first_active"] is False
    assert "Active: False" in run(*KEYPAIR, "list", "--stack-name", STACK).stdout


@pytest.mark.parametrize(("answer", "code"), [("n\n", 1), ("\n", 1), ("y\n", 0)])
def test_the_keypair_in_use_is_asked_about(
    aws: Any, run: Run, monkeypatch: pytest.MonkeyPatch, answer: str, code: int
) -> None:
    """Who deactivates the keypair that the command line uses is asked first, and says yes or does not."""
    module = "backendai_notification_cli.commands.notification.keypair.deactivate"
    monkeypatch.setattr(f"{module}.can_ask_for_confirmation", lambda: True)
    run(*KEYPAIR, "create", "--stack-name", STACK)
    run("configure", "--stack-name", STACK)
    result = run(*KEYPAIR, "deactivate", "AKIAFIRST", stdin=answer)
    assert result.exit_code == code
    assert "is the keypair that this command line uses" in result.stderr
    assert ("✗ Nothing was deactivated" in result.stderr) == (code == 1)
    assert stored(aws)["first_active"] is (code == 1)


def test_nobody_can_be_asked(aws: Any, run: Run) -> None:
    """Without a terminal the keypair in use is deactivated with --yes only."""
    run(*KEYPAIR, "create", "--stack-name", STACK)
    run("configure", "--stack-name", STACK)
    result = run(*KEYPAIR, "deactivate", "AKIAFIRST", stdin="y\n")
    assert (result.exit_code, stored(aws)["first_active"]) == (1, True)
    assert "give --yes" in result.stderr
    assert run(*KEYPAIR, "deactivate", "AKIAFIRST", "--yes").exit_code == 0


@pytest.mark.parametrize("name", ["", " ", "a\nb", "x" * 129, "\x1b[2J"])
def test_names_are_checked(run: Run, name: str) -> None:
    """A name that could not be shown on a line is refused in words."""
    result = run(*KEYPAIR, "create", "--name", name, "--stack-name", STACK)
    assert (result.exit_code, result.stderr.startswith("✗ A keypair's name has")) == (1, True)


def named(client: Any) -> Secrets:
    """Name the stack's secrets."""
    first, others = (client.describe_secret(SecretId=name)["ARN"] for name in ("first", "keypairs"))
    return Secrets(first, others)


def test_edit_between_read_and_write_is_kept(aws: Any) -> None:
    """An edit by someone else between our read and our write is not lost: ours is made anew on top of it."""
    theirs, ours = keypairs.new("user", None), keypairs.new("user", None)
    aws.put_secret_value(SecretId="keypairs", SecretString=json.dumps({"keypairs": []}))
    seen: list[keypairs.KeypairDocument] = []

    def change(document: keypairs.KeypairDocument) -> keypairs.KeypairDocument:
        if not seen:
            aws.put_secret_value(SecretId="keypairs", SecretString=json.dumps(keypairs.add(document, theirs)))
        seen.append(document)
        return keypairs.add(document, ours)

    secret.edit(aws, named(aws), ours["access_key"], change)
    assert stored(aws)["keypairs"] == [theirs, ours]
    assert len(seen) == 2


def test_edit_gives_up_clearly(aws: Any) -> None:
    """When others win every time, the edit ends with a clear error and without a write."""
    aws.put_secret_value(SecretId="keypairs", SecretString=json.dumps({"keypairs": []}))

    def change(document: keypairs.KeypairDocument) -> keypairs.KeypairDocument:
        more = keypairs.add(document, keypairs.new("user", None))
        aws.put_secret_value(SecretId="keypairs", SecretString=json.dumps(more))
        return keypairs.add(document, {**FIRST, "access_key": "AKIAOURS"})

    with pytest.raises(CliError, match="Others keep changing"):
        secret.edit(aws, named(aws), "AKIAOURS", change)
    assert keypairs.find(stored(aws), "AKIAOURS") is None


def test_secret_of_another_shape(aws: Any, run: Run) -> None:
    """A secret that holds something else is told."""
    aws.put_secret_value(SecretId="keypairs", SecretString="[]")
    result = run(*KEYPAIR, "list", "--stack-name", STACK)
    assert result.exit_code == 1
    assert result.stderr.endswith("holds no keypair\n")


def test_keypair_without_any_stack(run: Run) -> None:
    """Without a stack name anywhere the error says where it could come from."""
    assert run(*KEYPAIR, "list").stderr.startswith("✗ No stack is known: pass --stack-name")


@pytest.mark.usefixtures("aws")
def test_keypair_uses_the_configured_stack(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """After `configure` the keypair commands need neither the stack's name nor its region."""
    run("configure", "--stack-name", STACK)
    monkeypatch.delenv("AWS_DEFAULT_REGION")
    assert run(*KEYPAIR, "list").stdout.startswith("Access key: AKIAFIRST\n")


@pytest.fixture
def local(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Leave the settings of a local stack."""
    values = {
        "BACKEND_ENDPOINT": "http://127.0.0.1:4566/local",
        "AWS_ENDPOINT_URL": "http://127.0.0.1:4566",
        "AWS_ACCESS_KEY_ID": "test",
        "AWS_SECRET_ACCESS_KEY": "test",
        "AWS_DEFAULT_REGION": "us-east-1",
        "NOTIFICATION_STACK": STACK,
    }
    path = tmp_path / "local.env"
    path.write_text(envfile.dump(values))
    monkeypatch.setenv("NOTIFICATION_LOCAL_ENV", str(path))


@pytest.mark.usefixtures("local")
def test_local_stack_is_reached_by_its_name() -> None:
    """The local stack's AWS values are used for its own name, when the caller chose no AWS."""
    aws = Aws(STACK, None, None)
    assert (aws.secretsmanager().meta.endpoint_url, aws.region) == ("http://127.0.0.1:4566", "us-east-1")


@pytest.mark.usefixtures("local")
def test_local_values_are_for_the_local_stack_only() -> None:
    """Another stack gets nothing from the local stack: without AWS settings there is no region."""
    with pytest.raises(CliError, match="No AWS region"):
        Aws("other", None, None).secretsmanager()


@pytest.mark.usefixtures("local")
@pytest.mark.parametrize(("region", "variable"), [("eu-west-1", "UNRELATED"), (None, "AWS_DEFAULT_REGION")])
def test_callers_choice_keeps_the_local_values_out(
    region: str | None, variable: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A region that is asked for, or the caller's own AWS settings, lead to AWS itself."""
    monkeypatch.setenv(variable, "eu-west-1")
    aws = Aws(STACK, region, None)
    assert aws.region == "eu-west-1"
    assert aws.secretsmanager().meta.endpoint_url == "https://secretsmanager.eu-west-1.amazonaws.com"


@pytest.mark.usefixtures("local")
def test_deployed_stack_with_the_local_name() -> None:
    """A deployed stack that was configured wins over the local one of the same name."""
    values = {"BACKEND_ENDPOINT": API_URL, "NOTIFICATION_STACK": STACK, "AWS_DEFAULT_REGION": REGION}
    envfile.save(settings.configured_path(), values)
    aws = Aws(STACK, None, None)
    assert aws.secretsmanager().meta.endpoint_url == f"https://secretsmanager.{REGION}.amazonaws.com"
