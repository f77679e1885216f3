"""What docs/configuration.md and the README say of configuration as code is true: it is run."""

import re
from pathlib import Path
from typing import Any

import pytest
import trustme
import yaml
from pydantic import BaseModel

from configuration_api import testing_models
from notifications.api.channel_specs.email_specs import EmailAuthIn, EmailIn, EmailMessageIn, SmtpIn
from notifications.api.channel_specs.specs import WebhookIn
from notifications.api.requests.channels import ChannelIn
from notifications.api.requests.event_types import EventTypeIn
from notifications.api.requests.mutes import MuteIn
from notifications.api.requests.rules import RuleIn
from notifications.api.rule_parts import DigestIn, MessageIn, OncePerIn
from tests.cloud.gateway import call
from tests.cloud.served import ServedApi
from tests.integration.documented import FAILS, PAGE, README, SECRETS, SLACK_URL, api, block, checkout, shell

__all__ = ["api", "checkout"]

pytestmark = pytest.mark.usefixtures("cloud")

FILE = block(PAGE, "## The file", "yaml")


def test_the_file(api: ServedApi, checkout: Path) -> None:
    """The file of the documents has no fault, its tests pass, and it can be applied."""
    write_file(checkout)
    commands = ("test prod.yaml", "plan prod.yaml", "apply prod.yaml --yes", "plan prod.yaml")
    told = shell(api, checkout, "\n".join(f"./backend.ai notification config {each}" for each in commands))
    assert "No changes" in told
    assert not [secret for secret in SECRETS.values() if secret in told]


def write_file(checkout: Path) -> None:
    """Write the file of the documents, and the files that it refers to."""
    (checkout / "prod.yaml").write_text(FILE)
    authority = trustme.CA()
    client = authority.issue_cert("client@example.com")
    (checkout / "archive-ca.pem").write_bytes(authority.cert_pem.bytes())
    (checkout / "client.pem").write_bytes(b"".join(part.bytes() for part in client.cert_chain_pems))
    (checkout / "client.key").write_bytes(client.private_key_pem.bytes())


BEFORE = """
set: prod
channels:
  ops: {name: Ops in Slack, spec: {preset: slack, url: "${env:SLACK_URL}"}}
rules:
  failed: {rule_type: session.failed, channel: ops, where: [session_type=batch]}
  started: {rule_type: session.started, channel: ops}
"""
AFTER = """
set: prod
channels:
  ops: {name: Operators in Slack, spec: {preset: slack, url: "${env:SLACK_URL}"}, rate: 1/s}
rules:
  failed:
    rule_type: session.failed
    channel: ops
    where: [session_type=batch]
    once_per: {period: 10m, by: [session_name]}
  ended: {rule_type: session.terminated, channel: ops}
tests:
  - name: a failed batch session is told
    event:
      rule_type: session.failed
      data: &failed {session_id: s, session_type: batch, cluster_mode: single-node}
    fires: [failed]
  - name: tests are not
    event: {rule_type: session.failed, data: *failed}
    fires: []
"""
FAULTY = """
set: prod
channels:
  ops:
    name: Ops
    spec: {preset: slack, url: "${env:SLACK_ULR}"}
rules:
  failed:
    rule_type: session.failed
    channel: ops
    where: [sesion_type=batch]
    wher: []
"""


def test_what_is_printed(api: ServedApi, checkout: Path) -> None:
    """Plans, results of tests and faults look as the documents show them."""
    file = checkout / "prod.yaml"
    config = "./backend.ai notification config"
    file.write_text(BEFORE)
    by_hand = "./backend.ai notification rule update failed --description 'for the night' -q"
    shell(api, checkout, f"{config} apply prod.yaml --yes\n{by_hand}")
    file.write_text(AFTER)
    plan, results = re.findall(r"```console\n\$ [^\n]*\n(.*?)```", PAGE, re.DOTALL)
    told = shell(api, checkout, f"{config} plan prod.yaml")
    assert re.sub(r"at \S+Z,", "at 2026-11-30T03:12:00Z,", told) == plan
    assert shell(api, checkout, f"{config} test prod.yaml || [ $? = {FAILS} ]") == results
    file.write_text(FAULTY.lstrip())
    told = shell(api, checkout, f"{config} plan prod.yaml || [ $? = 1 ]")
    assert told == block(PAGE, "All faults of a file", "text")


def test_the_file_has_every_member() -> None:
    """Whatever an object may have is in the file of the documents, so that nobody has to look elsewhere."""
    document = yaml.safe_load(FILE)
    for section, models in MODELS.items():
        known = {name for model in models for name in model.model_fields} | ADDED.get(section, set())
        assert known - LEFT_OUT.get(section, set()) <= members(document[section]), section


def test_readme(api: ServedApi, checkout: Path) -> None:
    """The commands of the README put what is there into a file that owns it, whatever it is called."""
    for name in ("Ops", "${costs: $${5}"):
        call("POST", "/notifications/channels", {"name": name, "spec": {"url": SLACK_URL, "preset": "slack"}})
    script = block(README, "**Configuration as code.**", "bash")
    own = "export COSTS_5_URL=$OPS_URL"
    told = shell(api, checkout, f"{own}\n{script}\n./backend.ai notification config plan prod.yaml")
    assert "Adopted 2 objects, 0 of the file are new" in told
    assert "No changes" in told


MODELS: dict[str, tuple[type[BaseModel], ...]] = {
    "channels": (ChannelIn, WebhookIn, EmailIn, SmtpIn, EmailMessageIn, EmailAuthIn),
    "event_types": (EventTypeIn,),
    "rules": (RuleIn, MessageIn, OncePerIn, DigestIn),
    "mutes": (MuteIn,),
    "tests": (testing_models.TestIn, testing_models.TestedEventIn, testing_models.TestedMessageIn),
}
ADDED = {"rules": {"channel"}, "mutes": {"rule", "channel"}}
LEFT_OUT = {
    "event_types": {"name"},
    "rules": {"channel_id", "event_filter"},
    "mutes": {"rule_id", "channel_id", "condition"},
}
"""What files name otherwise, and what is shown of rules already."""


def members(part: Any) -> set[str]:
    """List the names of all members of a document."""
    match part:
        case dict():
            return {*part} | {name for inner in part.values() for name in members(inner)}
        case list():
            return {name for inner in part for name in members(inner)}
        case _:
            return set()
