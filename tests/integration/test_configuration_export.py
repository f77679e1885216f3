"""Exports: what is stored, in the form of a file, without secrets and without a write."""

from typing import Any

import pytest

from notifications.core.managing import Managed
from notifications.core.model import WebhookSpec
from tests.cloud import values
from tests.cloud.gateway import KEYS_OF_ROLES, call
from tests.cloud.pipeline import add_rule, dynamodb_calls
from tests.cloud.services import services
from tests.integration.rules import INVALID

pytestmark = pytest.mark.usefixtures("cloud")

EXPORT = "/notifications/configuration/export"
READS = {"BatchGetItem", "GetItem", "Query"}
SECRET = "correct horse battery staple"


def exported(**request: Any) -> dict[str, Any]:
    """Export as a viewer."""
    answer = call("POST", EXPORT, request, key=KEYS_OF_ROLES["viewer"])
    assert answer.status == 200, answer
    made: dict[str, Any] = answer.json
    return made


def stored() -> None:
    """Store a channel and a rule of each of two sets, and a channel of none."""
    for number, of in enumerate(("prod", "staging", None)):
        spec = WebhookSpec(
            "https://a.example.com/hook", headers={"Authorization": f"Bearer {SECRET} {number}"}
        )
        managed = Managed(of, "ops") if of else None
        channel = values.channel(name=f"ops of {of}", spec=spec, managed=managed)
        services().channels.create(channel)
        if of:
            add_rule(channel, name=f"rule of {of}", managed=Managed(of, "started"))


def test_a_set() -> None:
    """A set's export has what it manages under its keys, and no secret: a variable stands for it."""
    stored()
    made = exported(set="prod")
    assert made["document"] == {
        "set": "prod",
        "channels": {
            "ops": {
                "name": "ops of prod",
                "spec": {
                    "url": "https://a.example.com/hook",
                    "headers": {"Authorization": "${env:OPS_AUTHORIZATION}"},
                },
            }
        },
        "rules": {
            "started": {
                "name": "rule of prod",
                "rule_type": "session.started",
                "channel": "ops",
                "message_template": "{{ session_id }}",
            }
        },
    }
    path = "spec.headers.Authorization"
    assert made["variables"] == [{"name": "OPS_AUTHORIZATION", "key": "ops", "path": path}]
    assert SECRET not in str(made)


def test_everything() -> None:
    """With all, what no set manages comes too; without a set, so does what other sets manage."""
    stored()
    assert {*exported(set="prod", all=True)["document"]["channels"]} == {"ops", "ops-of-none"}
    everything = exported(all=True)["document"]
    assert (everything["set"], {*everything["channels"]}) == ("default", {"ops", "ops-2", "ops-of-none"})
    assert {rule["channel"] for rule in everything["rules"].values()} == {"ops", "ops-2"}


def test_nothing_is_written_or_opened() -> None:
    """An export only reads: permissions allow no more, and no secret is decrypted for it."""
    stored()
    with dynamodb_calls() as names:
        exported(all=True)
    assert {*names} <= READS


@pytest.mark.parametrize(
    ("request_", "told"),
    [
        ({}, "set: say which set, or all: true for everything that is stored"),
        ({"set": "prdo"}, "set: nothing belongs to the set 'prdo'; the nearest is 'prod'"),
    ],
)
def test_what_cannot_be_exported(request_: dict[str, Any], told: str) -> None:
    """It has to be said what to export, and the set has to have something."""
    stored()
    answer = call("POST", EXPORT, request_)
    assert (answer.kind, answer.json["msg"]) == (INVALID, told)


def test_no_set_yet() -> None:
    """Where no set is, the answer says how to begin."""
    told = call("POST", EXPORT, {"set": "prod"}).json["msg"]
    assert told.endswith("nothing is managed by a set yet: give all: true")
    assert exported(set="prod", all=True) == {"document": {"set": "prod"}, "variables": [], "notes": []}
