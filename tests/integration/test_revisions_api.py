"""History, comparison and the audit log through the API."""

import json
from base64 import b64encode
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from notifications.core.model import Channel, timestamp
from tests.cloud import aws, gateway
from tests.cloud.gateway import call
from tests.cloud.services import services
from tests.integration import channels, rules
from tests.integration.channels import CHANNELS, V2_CHANNELS
from tests.integration.revisions import CANARY, ask, listed, with_secrets
from tests.integration.rules import RULES

KINDS = "/notifications/event-types"
AUDIT = "/notifications/audit"
ME = {"access_key": gateway.ACCESS_KEY, "user_id": gateway.SUPERADMIN_ID, "name": None}
SCHEMA = {"type": "object", "properties": {"share": {"type": "number"}}}

pytestmark = pytest.mark.usefixtures("cloud")


def test_every_change_tells_who_made_it() -> None:
    """Each route that changes configuration, v1 and v2, leaves a revision with the caller."""
    to = channels.create()["id"]
    rule = rules.create(channel_id=to)["id"]
    ask("PATCH", f"{RULES}/{rule}", {"name": "n"})
    ask("PATCH", f"/v2{RULES}/{rule}", {"description": "d"})
    ask("POST", f"{RULES}/{rule}/revert", {"to": 1})
    ask("POST", f"/v2{RULES}/delete", {"id": rule})
    ask("DELETE", f"{RULES}/{ask('POST', f'/v2{RULES}', rules.request(channel_id=to), 201)['rule']['id']}")
    ask("PATCH", f"{CHANNELS}/{to}", {"enabled": False})
    ask("PATCH", f"{V2_CHANNELS}/{to}", {"name": "n"})
    ask("POST", f"{CHANNELS}/{to}/rotate-secret", {})
    ask("POST", f"{CHANNELS}/{to}/revert", {"to": 1})
    ask("DELETE", f"{CHANNELS}/{to}")
    other = ask("POST", V2_CHANNELS, {"name": "c", "channel_type": "webhook", "spec": wrapped()}, 201)
    ask("POST", f"{V2_CHANNELS}/delete", {"id": other["channel"]["id"]})
    ask("POST", KINDS, {"name": "quota.exceeded", "json_schema": SCHEMA}, 201)
    ask("PATCH", f"{KINDS}/quota.exceeded", {"description": "d"})
    ask("DELETE", f"{KINDS}/quota.exceeded")
    entries = ask("GET", AUDIT)["entries"]
    assert len(entries) == 19
    assert all(entry["by"] == ME for entry in entries)
    assert [entry["action"] for entry in entries[:3]] == ["deleted", "updated", "created"]
    assert {entry["kind"] for entry in entries} == {"rule", "channel", "event_type"}
    assert [each["action"] for each in listed(f"{KINDS}/Quota.exceeded")] == ["deleted", "updated", "created"]


def wrapped() -> dict[str, Any]:
    """Make the spec of a v2 webhook."""
    return {"webhook": {"url": "https://example.com/hook"}}


def test_the_keypairs_name() -> None:
    """A change made with a keypair that has a name tells it, and the log is asked for by it."""
    named = {
        **aws.FIRST_KEYPAIR,
        "access_key": "AKIANAMED",
        "secret_key": "s",
        "user_id": "u-9",
        "name": "ci",
    }
    aws.client("secretsmanager").put_secret_value(
        SecretId="keypairs", SecretString=json.dumps({"keypairs": [{**named, "name": "ci"}]})
    )
    body = {"name": "c", "spec": {"url": "https://example.com/"}}
    answer = call("POST", CHANNELS, body, key=("AKIANAMED", "s"))
    assert answer.status == 201, answer
    channels.create()
    author = {"access_key": "AKIANAMED", "user_id": "u-9", "name": "ci"}
    for by in author.values():
        (entry,) = ask("GET", f"{AUDIT}?by={by}")["entries"]
        assert (entry["by"], entry["id"]) == (author, answer.json["channel"]["id"])
    assert ask("GET", f"{AUDIT}?by=nobody")["entries"] == []


def test_the_audit_log_by_period_and_kind() -> None:
    """Only changes of the period and kind are listed; pages follow each other; the rest is refused."""
    rule = rules.create()
    ask("PATCH", f"{RULES}/{rule['id']}", {"name": "renamed"})
    now = datetime.now(UTC)
    early, late = (timestamp(now + timedelta(minutes=minutes)) for minutes in (-5, 5))
    first = ask("GET", f"{AUDIT}?kind=rule&limit=1&since={early}&until={late}")
    second = ask("GET", f"{AUDIT}?cursor={first['next']}&kind=rule&limit=1&since={early}&until={late}")
    entries = first["entries"] + second["entries"]
    assert [(entry["number"], entry["name"], entry["changed"]) for entry in entries] == [
        (2, "renamed", ["name"]),
        (1, rule["name"], []),
    ]
    assert ask("GET", f"{AUDIT}?since={late}")["entries"] == []
    assert ask("GET", f"{AUDIT}?until={early}")["entries"] == []
    assert ask("GET", f"{AUDIT}?since={late}&until={early}") == {"entries": [], "next": None}
    for wrong in ("kind=keypair", "since=soon", "limit=0", "cursor=x", "who=me"):
        assert call("GET", f"{AUDIT}?{wrong}").status == 400, wrong


def test_differences_of_a_rule() -> None:
    """A revision is compared to the one before, or to any other, field by field, in either direction."""
    rule = rules.create()
    path = f"{RULES}/{rule['id']}"
    ask("PATCH", path, {"name": "n", "condition": {"status": ["RUNNING"]}})
    ask("PATCH", path, {"message_template": "{{ status }}"})
    second = ask("GET", f"{path}/revisions/2")["revision"]
    assert second["compared_to"] == 1
    assert second["differences"] == [
        {"field": "name", "old": rule["name"], "new": "n"},
        {"field": "condition", "old": None, "new": {"status": ["RUNNING"]}},
    ]
    assert second["state"].items() >= {"name": "n", "message_template": rule["message_template"]}.items()
    third = ask("GET", f"{path}/revisions/3?compared_to=1")["revision"]
    assert [each["field"] for each in third["differences"]] == ["name", "message_template", "condition"]
    back = ask("GET", f"{path}/revisions/1?compared_to=3")["revision"]
    assert [(each["old"], each["new"]) for each in back["differences"]] == [
        (each["new"], each["old"]) for each in third["differences"]
    ]
    first = ask("GET", f"{path}/revisions/1")["revision"]
    assert (first["compared_to"], first["differences"]) == (None, [])
    same = ask("GET", f"{path}/revisions/2?compared_to=2")["revision"]
    assert (same["compared_to"], same["differences"]) == (2, [])
    for unknown in ("4", "0", "-1", "99999999999999999999", "1?compared_to=9"):
        assert call("GET", f"{path}/revisions/{unknown}").status == 404, unknown
    assert call("GET", f"{path}/revisions/one").status == 400


def test_differences_of_an_event_type() -> None:
    """A revision of a type has the schema of that time; the name may be in any case, the type deleted."""
    ask("POST", KINDS, {"name": "quota.exceeded", "json_schema": SCHEMA}, 201)
    path = f"{KINDS}/Quota.Exceeded"
    wider = {**SCHEMA, "properties": {"share": {"type": "number"}, "project": {"type": "string"}}}
    ask("PATCH", path, {"description": "d", "json_schema": wider})
    ask("DELETE", path)
    second = ask("GET", f"{path}/revisions/2")["revision"]
    assert (second["compared_to"], second["state"]["json_schema"]) == (1, wider)
    assert second["differences"] == [
        {"field": "json_schema", "old": SCHEMA, "new": wider},
        {"field": "description", "old": None, "new": "d"},
    ]
    back = ask("GET", f"{path}/revisions/1?compared_to=2")["revision"]
    assert [(each["old"], each["new"]) for each in back["differences"]] == [("d", None), (wider, SCHEMA)]
    assert ask("GET", f"{path}/revisions/3")["revision"]["state"] is None
    assert call("GET", f"{path}/revisions/4").status == 404
    assert call("GET", f"{KINDS}/{'n' * 2_000}/revisions/1").status == 404


def test_what_was_never_there() -> None:
    """There is no history, and nothing to revert to, of an id or a name that was never given."""
    nobody = "550e8400-e29b-41d4-a716-446655440009"
    for path in (f"{RULES}/{nobody}", f"{CHANNELS}/{nobody}", f"{KINDS}/nobody", f"{KINDS}/{'n' * 2_000}"):
        assert call("GET", f"{path}/revisions").status == 404, path
    for path in (f"{RULES}/{nobody}", f"{CHANNELS}/{nobody}"):
        assert call("POST", f"{path}/revert", {"to": 1}).status == 404, path


def test_credentials_that_changed() -> None:
    """That a credential changed is told, also across several revisions, without its values."""
    made = channels.create(spec={"headers": {"Authorization": "Bearer one"}})
    path = f"{CHANNELS}/{made['id']}"
    ask("PATCH", path, {"spec": {"url": made["spec"]["url"], "headers": {"Authorization": "Bearer two"}}})
    ask("PATCH", path, {"name": "n"})
    ask("POST", f"{path}/rotate-secret", {})
    assert ask("GET", f"{path}/revisions/4?compared_to=1")["revision"]["differences"] == [
        {"field": "name", "old": made["name"], "new": "n"},
        {"field": "signing_secret", "old": "***", "new": "***"},
        {"field": "spec.headers.Authorization", "old": "***", "new": "***"},
    ]
    assert ask("GET", f"{path}/revisions/3")["revision"]["differences"] == [
        {"field": "name", "old": made["name"], "new": "n"}
    ]


def test_no_secret_is_shown() -> None:
    """Of every kind of secret, present and former, none is in any response about revisions."""
    secrets, texts = [CANARY, "PRIVATE KEY"], list[str]()
    for kind, spec in with_secrets(1).items():
        made = ask("POST", CHANNELS, {"name": kind, "channel_type": kind, "spec": spec}, 201)["channel"]
        path = f"{CHANNELS}/{made['id']}"
        ask("PATCH", path, {"spec": with_secrets(2)[kind]})
        if kind == "webhook":
            rotated = ask("POST", f"{path}/rotate-secret", {})["channel"]
            secrets += [each["signing_secret"].removeprefix("whsec_") for each in (made, rotated)]
        texts.append(call("POST", f"{path}/revert", {"to": 1}).text)
        texts.append(call("GET", f"{path}/revisions").text)
        for number in range(1, len(listed(path)) + 1):
            state = services().revisions.get("channel", made["id"], number).state
            assert isinstance(state, Channel)
            secrets += [b64encode(state.sealed).decode(), state.sealed.hex()]
            for query in ("", "?compared_to=1"):
                texts.append(call("GET", f"{path}/revisions/{number}{query}").text)
        ask("DELETE", path)
        texts.append(call("POST", f"{path}/revert", {"to": 1}).text)
    texts.append(call("GET", f"{AUDIT}?limit=100").text)
    assert len([text for text in texts if '"action":"reverted"' in text]) > len(with_secrets(1))
    assert not [secret for secret in secrets if secret in "\n".join(texts)]
