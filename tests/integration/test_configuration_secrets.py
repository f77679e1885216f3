"""No text of a secret is anywhere but where it is sealed, wherever the file takes it from."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.cloud import aws
from tests.cloud.gateway import KEYS_OF_ROLES, call
from tests.cloud.served import ServedApi
from tests.cloud.services import services
from tests.integration.served_cli import ServedCli

pytestmark = pytest.mark.usefixtures("cloud")

FROM_ENV, FROM_FILE = "EnvSec7etTr0ub4dorAndThree", "FileSec7etCorrectHorseBattery"
FROM_SSM, FROM_SECRETS, FROM_MEMBER = (
    "SsmSec7etStapleXkcd936",
    "WholeSec7etHunter2Hunter2",
    "JsonSec7etMember42",
)
URL_PART = "UrlSec7etXXXXXXXXXXXXXXXX"
SECRETS = (FROM_ENV, FROM_FILE, FROM_SSM, FROM_SECRETS, FROM_MEMBER)
FILE = """
set: prod
channels:
  ops:
    spec: {preset: slack, url: "https://hooks.slack.com/services/T0/B0/${env:URL_PART}"}
  hook:
    spec:
      url: https://a.example.com/hook
      headers: {Authorization: "Bearer ${env:TOKEN}", X-Api-Key: "${file:api.key}"}
  pager:
    spec:
      preset: pagerduty
      url: https://events.pagerduty.com/v2/enqueue
      routing_key: ${ssm:/routing/key}
  mail:
    spec:
      smtp: {host: mail.example.com, port: 587}
      message: {from_email: a@example.com, to_emails: [b@example.com]}
      auth: {username: u, password: "${secretsmanager:mail}"}
  other:
    spec:
      smtp: {host: mail.example.com, port: 587}
      message: {from_email: a@example.com, to_emails: [b@example.com]}
      auth: {username: u, password: "${secretsmanager:accounts#mail}"}
rules:
  failed: {rule_type: session.failed, channel: ops}
tests:
  - {name: t, event: {rule_type: session.failed, sample: true}, fires: [failed]}
"""


@pytest.fixture
def cli(tmp_path: Path) -> Iterator[ServedCli]:
    """Have the file, and what it refers to."""
    aws.client("ssm").put_parameter(Name="/routing/key", Value=FROM_SSM, Type="SecureString")
    aws.client("secretsmanager").create_secret(Name="mail", SecretString=FROM_SECRETS)
    aws.client("secretsmanager").create_secret(
        Name="accounts", SecretString=json.dumps({"mail": FROM_MEMBER})
    )
    (tmp_path / "api.key").write_text(f"{FROM_FILE}\n")
    (tmp_path / "prod.yaml").write_text(FILE)
    with ServedApi() as api:
        yield ServedCli(api, tmp_path)


ENV = {"TOKEN": FROM_ENV, "URL_PART": URL_PART}


def pieces(secret: str) -> list[str]:
    """List what of a secret must not be found: any half of it."""
    half = len(secret) // 2
    return [secret[at : at + half] for at in range(len(secret) - half + 1)]


def test_no_secret_is_shown(cli: ServedCli, caplog: pytest.LogCaptureFixture) -> None:
    """Neither plans, in any form, nor applies, tests, exports, debugging, logs or faults have a secret."""
    caplog.set_level("DEBUG")
    for arguments in (
        ("plan", "prod.yaml"),
        ("plan", "prod.yaml", "-o", "json"),
        ("plan", "prod.yaml", "--out", "prod.plan"),
        ("test", "prod.yaml"),
        ("apply", "prod.yaml", "--plan", "prod.plan", "--yes"),
        ("plan", "prod.yaml", "-o", "table"),
        ("export", "--set", "prod"),
    ):
        ran = cli.config(*arguments, **ENV)
        assert ran.code == 0, (arguments, ran)
    assert cli.run("--debug", "notification", "config", "plan", "prod.yaml", **ENV).code == 0
    changed = {name: text[::-1] for name, text in ENV.items()}
    for role in ("viewer", "editor"):
        ran = cli.config("plan", "prod.yaml", "-o", "yaml", role=role, **changed)
        assert ran.code == 0, ran
    cli.write("bad.yaml", FILE.replace("/v2/enqueue", "/no").replace("port: 587", "port: ${env:TOKEN}"))
    assert cli.config("plan", "bad.yaml", **ENV).code == 1
    for listed in ("channel", "rule", "audit"):
        cli.run("notification", listed, "list", "-o", "table")
    told = " ".join(ran.out + ran.err for ran in cli.ran) + caplog.text
    told += (cli.directory / "prod.plan").read_text()
    for secret in (*SECRETS, URL_PART, *changed.values()):
        assert not [piece for piece in pieces(secret) if piece in told], secret


def test_no_secret_is_stored_in_the_clear(cli: ServedCli) -> None:
    """The tables have none of the credentials; the vault has all of them."""
    assert cli.config("apply", "prod.yaml", "--yes", **ENV).code == 0
    items: list[Any] = []
    for table in ("config", "deliveries"):
        items += services().client("dynamodb").call("Scan", TableName=table)["Items"]
    kept = json.dumps(items)
    for secret in SECRETS:
        assert not [piece for piece in pieces(secret) if piece in kept], secret
    names = {summary.name: summary.id for summary in services().channels.summaries()}
    channels = services().channels.get_many([*names.values()])
    sealed = [services().vault.secrets(channel) for channel in channels.values()]
    told = " ".join(str([*each.headers.values(), each.password, each.routing_key]) for each in sealed)
    assert [secret for secret in SECRETS if secret not in told] == []


def test_a_plan_answers_no_guess(cli: ServedCli) -> None:
    """A viewer's plan is the same whether a credential is right or wrong; an editor's says which differs."""
    assert cli.config("apply", "prod.yaml", "--yes", **ENV).code == 0
    wrong = ENV | {"TOKEN": "another secret that is not it"}
    right, guessed = (
        cli.config("plan", "prod.yaml", "-o", "json", role="viewer", **env) for env in (ENV, wrong)
    )
    assert (right.code, json.loads(right.out)) == (0, json.loads(guessed.out))
    seen = json.loads(cli.config("plan", "prod.yaml", "-o", "json", **wrong).out)
    (change,) = seen["changes"]
    assert [each["path"] for each in change["differences"]] == ["spec.headers.Authorization"]
    assert call("POST", "/notifications/configuration/export", {}, key=KEYS_OF_ROLES["viewer"]).status == 400
