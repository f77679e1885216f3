"""An event is explained with the configuration that decided about it, whatever was changed since."""

from typing import Any

import pytest

from notifications.core.model import EmailSpec
from tests.cloud import values
from tests.cloud.gateway import call
from tests.cloud.pipeline import Pipeline, add_channel, document
from tests.cloud.services import services
from tests.integration.rules import RULES, request

TEMPLATE = '{"text": "{{ session_id }}"}'


def explained() -> dict[str, Any]:
    """Explain the event."""
    answer = call("GET", "/notifications/events/e-1/explanation")
    assert answer.status == 200, answer
    told: dict[str, Any] = answer.json
    return told


def made(**changes: Any) -> dict[str, Any]:
    """Make a rule through the API."""
    answer = call("POST", RULES, request(message_template=TEMPLATE, **changes))
    assert answer.status == 201, answer
    rule: dict[str, Any] = answer.json["rule"]
    return rule


def changed(path: str, body: dict[str, Any]) -> None:
    """Change something through the API."""
    assert call("PATCH", path, body).status == 200


def test_what_was_changed_since_is_told_as_it_was(pipeline: Pipeline) -> None:
    """A rule is told as it was when the event came, and so is its channel, even if it is gone by now."""
    channel = add_channel("https://127.0.0.1:1/", name="ops")
    off = add_channel("https://127.0.0.1:1/", name="other")
    rules = [made(channel_id=channel.id, name=f"rule {number}") for number in range(3)]
    unmet = made(channel_id=off.id, name="unmet", where=["status=ERROR"])
    pipeline.dispatch(document())
    before = explained()
    changed(f"{RULES}/{rules[0]['id']}", {"message_template": '{"other": 1}', "name": "renamed"})
    changed(f"{RULES}/{rules[1]['id']}", {"enabled": False})
    assert call("DELETE", f"{RULES}/{rules[2]['id']}").status == 200
    changed(f"{RULES}/{unmet['id']}", {"condition": {}})
    changed(f"/notifications/channels/{channel.id}", {"enabled": False, "name": "off"})
    made(channel_id=channel.id, name="later")
    after = explained()
    assert after == before
    assert {rule["name"]: rule["verdict"] for rule in after["rules"]} == {
        "rule 0": "fires",
        "rule 1": "fires",
        "rule 2": "fires",
        "unmet": "unmet",
    }
    assert {rule["revision"] for rule in after["rules"]} == {1}
    assert {rule["channel"] for rule in after["rules"]} == {"ops", "other"}


def test_what_is_not_kept_is_said(pipeline: Pipeline) -> None:
    """Of a rule or channel whose state then is not kept there is no verdict, but a note."""
    channels = [add_channel("https://127.0.0.1:1/") for _ in range(2)]
    rules = [made(channel_id=channel.id) for channel in channels]
    known = made(channel_id=add_channel("https://127.0.0.1:1/").id)
    pipeline.dispatch(document())
    changed(f"{RULES}/{rules[0]['id']}", {"name": "changed"})
    changed(f"/notifications/channels/{channels[1].id}", {"name": "changed"})
    for sort_key in (f"RULE#{rules[0]['id']}#0000000001", f"CHANNEL#{channels[1].id}#0000000001"):
        key = {"pk": {"S": "REV"}, "sk": {"S": sort_key}}
        services().client("dynamodb").call("DeleteItem", TableName="config", Key=key)  # as if expired
    told = explained()
    verdicts = {rule["rule_id"]: rule for rule in told["rules"]}
    assert verdicts[known["id"]]["verdict"] == "fires"
    for rule, what in zip(rules, ("rule", "channel"), strict=True):
        assert verdicts[rule["id"]]["verdict"] is None
        assert verdicts[rule["id"]]["reason"] == f"the {what}'s earlier state was not kept"
        assert verdicts[rule["id"]]["delivery"]["status"] == "pending"
    assert told["notes"] == [
        f"The rule {rules[0]['id']} was changed since then, and its earlier state was not kept",
        f"The channel {channels[1].id} was changed since then, and its earlier state was not kept",
    ]


def test_an_email(pipeline: Pipeline) -> None:
    """An email is told with its subject, the mail server, who gets it, and who does not."""
    template = "{{ session_id }}@example.org"
    spec = EmailSpec(
        "127.0.0.1",
        1,
        "a@example.com",
        ("b@example.com", template),
        subject_template="S {{ status }}",
        allowed_domains=("example.com",),
    )
    channel = values.channel(spec=spec)
    services().channels.create(channel)
    made(channel_id=channel.id)
    pipeline.dispatch(document())
    (rule,) = explained()["rules"]
    assert (rule["verdict"], rule["subject"], rule["message"]) == ("fires", "S RUNNING", '{"text": "s-1"}')
    assert (rule["method"], rule["url"], rule["headers"]) == ("MAIL", "smtp://127.0.0.1:1", {})
    assert rule["recipients"] == ["b@example.com"]
    assert [*rule["unsent"]] == ["s-1@example.org"]


@pytest.mark.usefixtures("cloud")
def test_simulating_writes_and_sends_nothing_by_permission() -> None:
    """The function of verdicts may only read: its role has no action that changes or sends anything."""
    from tests.template import grants  # noqa: PLC0415 - only here

    actions = {action for action, _ in grants("VerdictsFunction")}
    assert actions == {
        "dynamodb:GetItem",
        "dynamodb:BatchGetItem",
        "dynamodb:Query",
        "secretsmanager:GetSecretValue",
    }
