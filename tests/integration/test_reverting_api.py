"""Reverting rules and channels: what comes back, what does not, and what stands against it."""

from datetime import UTC, datetime
from typing import Any

import pytest

from notifications.core.model import WebhookSpec
from notifications.core.rule_types import BUILT_IN
from notifications.store.channels import ChannelStore
from notifications.store.rules import RuleStore
from tests.cloud import gateway
from tests.cloud.gateway import call
from tests.cloud.services import renewed, services
from tests.integration import channels, rules
from tests.integration.channels import CHANNELS
from tests.integration.revisions import ask, listed, with_secrets
from tests.integration.rules import RULES

KINDS = "/notifications/event-types"
ME = {"access_key": gateway.ACCESS_KEY, "user_id": gateway.SUPERADMIN_ID, "name": None}
SCHEMA = {"type": "object", "properties": {"share": {"type": "number"}}}

pytestmark = pytest.mark.usefixtures("cloud")


def test_a_deleted_rule() -> None:
    """Its history stays readable; it does not come back, and the refusal says what to do."""
    rule = rules.create()
    path = f"{RULES}/{rule['id']}"
    ask("DELETE", path)
    assert [each["action"] for each in listed(path)] == ["deleted", "created"]
    deleted = ask("GET", f"{path}/revisions/2")["revision"]
    assert (deleted["state"], deleted["differences"][0]["new"]) == (None, None)
    refused = call("POST", f"{path}/revert", {"to": 1})
    assert refused.status == 404
    assert "was deleted at" in refused.json["msg"]
    assert f"{path}/revisions/1" in refused.json["msg"]
    state = ask("GET", f"{path}/revisions/1")["revision"]["state"]
    again = ask("POST", RULES, {name: part for name, part in state.items() if name != "id"}, 201)["rule"]
    assert again["message_template"] == rule["message_template"]


def test_reverting_a_rule() -> None:
    """A rule is what it was, its present id and channel apart; that is a change of its own."""
    rule = rules.create(description="d", condition={"status": ["RUNNING"]})
    path = f"{RULES}/{rule['id']}"
    ask("PATCH", path, {"name": "n", "message_template": "{{ status }}", "condition": {}, "enabled": False})
    ask("PATCH", f"/v2{path}", {"description": None})
    back = ask("POST", f"{path}/revert", {"to": 1})["rule"]
    assert {**back, "updated_at": ""} == {**rule, "updated_at": ""}
    assert listed(path)[0].items() >= {"number": 4, "action": "reverted", "by": ME}.items()
    assert ask("GET", f"{path}/revisions/4?compared_to=1")["revision"]["differences"] == []
    ask("POST", f"{path}/revert", {"to": 1})
    assert listed(path)[0]["number"] == 4, "what is as it was is not changed"
    assert call("POST", f"{path}/revert", {"to": 9}).status == 404


def test_a_rule_is_reverted_only_to_what_is_still_right() -> None:
    """Its earlier template and condition go through the checks of an update."""
    ask("POST", KINDS, {"name": "quota.exceeded", "json_schema": SCHEMA}, 201)
    condition = {"share": [{"numeric": [">", 1]}]}
    rule = rules.create(rule_type="quota.exceeded", message_template="{{ share }}", condition=condition)
    path = f"{RULES}/{rule['id']}"
    ask("PATCH", f"{path}?custom=true", {"message_template": '"plain"', "condition": {}})
    ask("PATCH", f"{path}?custom=true", {"condition": condition})
    ask("PATCH", f"{path}?custom=true", {"condition": {}})
    ask("PATCH", f"{KINDS}/quota.exceeded", {"json_schema": {"type": "object", "properties": {}}})
    assert call("POST", f"{path}/revert", {"to": 1}).slug == "notification-template-rendering-failure"
    assert call("POST", f"{path}/revert", {"to": 3}).status in {200, 400}
    ask("POST", f"{path}/revert", {"to": 2})


def test_what_is_changed_during_a_revert_is_reverted_too(monkeypatch: pytest.MonkeyPatch) -> None:
    """When a revert is done, everything is as it was, also what others change at the same time."""
    rule, channel = rules.create(), channels.create()

    def rename_rule() -> None:
        found = services().rules.get(rule["id"])
        services().rules.update(found, {"name": "another"}, BUILT_IN[found.rule_type])

    for path, store, then, rename in (
        (f"{RULES}/{rule['id']}", RuleStore, rule, rename_rule),
        (
            f"{CHANNELS}/{channel['id']}",
            ChannelStore,
            channel,
            lambda: services().channels.update(channel["id"], {"name": "another"}),
        ),
    ):
        ask("PATCH", path, {"enabled": False})
        update: Any = store.update

        def between(*given: Any, rename: Any = rename, update: Any = update, **more: Any) -> Any:
            monkeypatch.undo()
            rename()
            return update(*given, **more)

        monkeypatch.setattr(store, "update", between)
        (back,) = ask("POST", f"{path}/revert", {"to": 1}).values()
        assert (back["enabled"], back["name"]) == (True, then["name"])
        assert [each["action"] for each in listed(path)] == ["reverted"] * 2 + ["updated"] * 2 + ["created"]


@pytest.mark.parametrize("kind", ["webhook", "email"])
def test_secrets_come_back_in_one_step(kind: str) -> None:
    """A channel whose secrets are all other ones is reverted with one change, and then nothing is left."""
    made = ask("POST", CHANNELS, {"name": "c", "channel_type": kind, "spec": with_secrets(1)[kind]}, 201)
    path = f"{CHANNELS}/{made['channel']['id']}"
    ask("PATCH", path, {"spec": with_secrets(2)[kind]})
    for _ in range(2):
        ask("POST", f"{path}/revert", {"to": 1})
    assert [each["action"] for each in listed(path)] == ["reverted", "updated", "created"]


def test_reverting_a_channel() -> None:
    """A channel gets its earlier spec and credentials back, and keeps its present signing secrets."""
    spec = {"headers": {"Authorization": "Bearer one", "X-Team": "a"}}
    made = channels.create(spec=spec, retry=[5])
    path = f"{CHANNELS}/{made['id']}"
    ask("PATCH", path, {"spec": {"url": "https://elsewhere.example.com/"}, "name": "n", "retry": "none"})
    secret = ask("POST", f"{path}/rotate-secret", {"keep_old_seconds": 0})["channel"]["signing_secret"]
    back = ask("POST", f"{path}/revert", {"to": 1})["channel"]
    assert {**back, "updated_at": ""} == {**made, "updated_at": ""}
    present = services().channels.get(made["id"])
    opened = services().vault.opened(present).spec
    assert isinstance(opened, WebhookSpec)
    assert opened.headers == spec["headers"]
    assert services().vault.secrets(present).signing_at(datetime.now(UTC)) == [secret]
    assert listed(path)[0].items() >= {"action": "reverted", "by": ME}.items()
    two = {**spec["headers"], "Authorization": "two"}
    ask("PATCH", path, {"spec": {"url": back["spec"]["url"], "headers": two}})
    ask("POST", f"{path}/revert", {"to": 1})
    opened = services().vault.opened(services().channels.get(made["id"])).spec
    assert isinstance(opened, WebhookSpec)
    assert opened.headers == spec["headers"], "what differs only in a credential is brought back, too"


def test_a_channel_is_reverted_only_to_what_is_still_right(monkeypatch: pytest.MonkeyPatch) -> None:
    """A target that may not be called any more, and rules that do not fit, stand against it."""
    made = channels.create(spec={"content_type": "text/plain"})
    path = f"{CHANNELS}/{made['id']}"
    ask("PATCH", path, {"spec": {"url": "https://example.com/"}})
    ask("PATCH", path, {"spec": {"url": "https://example.com:9443/", "content_type": "text/plain"}})
    rules.create(channel_id=made["id"], message_template="plain text")
    refused = call("POST", f"{path}/revert", {"to": 2})
    assert (refused.status, refused.slug) == (409, "notification-channel-conflict")
    ask("POST", f"{path}/revert", {"to": 1})
    monkeypatch.setenv("TARGET_PORTS", "443")
    renewed()
    assert call("POST", f"{path}/revert", {"to": 3}).status == 400
