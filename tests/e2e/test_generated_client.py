"""A client that is generated from the OpenAPI document, as docs/api.md says, can do all that the API can."""

import importlib
import os
import re
import shlex
import subprocess
import sys
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest

from local.common import ROOT
from local.receiver import Receiver
from local.stack import Stack
from local.waiting import until
from notifications.api import openapi

PACKAGE = "notification_client"


def documented(language: str) -> str:
    """Return the block in this language in the section of docs/api.md on generated clients."""
    document = (ROOT / "docs" / "api.md").read_text("utf-8")
    found = re.search(rf"\*\*A generated client\.\*\*.*?```{language}\n(.*?)```", document, re.DOTALL)
    assert found is not None
    return found[1]


@pytest.fixture(scope="module", autouse=True)
def _generated(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Generate the client with the documented command; any warning makes it fail."""
    folder = tmp_path_factory.mktemp("generated")
    command = shlex.split(next(line for line in documented("bash").splitlines() if " generate " in line))
    command[command.index(PACKAGE)] = str(folder / PACKAGE)
    tools = Path(sys.executable).parent
    ran = subprocess.run(
        [*command, "--fail-on-warning"],
        cwd=ROOT,
        env=os.environ | {"PATH": f"{tools}{os.pathsep}{os.environ['PATH']}"},
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    output = ran.stdout + ran.stderr
    assert ran.returncode == 0, output
    assert "WARNING" not in output.upper()
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(str(folder))
        yield


@pytest.fixture
def client(stack: Stack, monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """Run the documented lines, which make a client and list the channels; give the client."""
    for name, value in stack.settings().items():
        monkeypatch.setenv(name, value)
    names: dict[str, Any] = {}
    exec(documented("python"), names)  # noqa: S102 - the lines are our own
    yield names["client"]
    names["client"].get_httpx_client().close()


def operation(tag: str, name: str) -> Any:
    """Return the module of an operation."""
    return importlib.import_module(f"{PACKAGE}.api.{tag.replace(' ', '_')}.{name}")


def test_every_operation_has_a_function() -> None:
    """The generated client has a function for each operation of the document."""
    for operations in openapi.document()["paths"].values():
        for described in operations.values():
            (tag,) = described["tags"]
            assert operation(tag, described["operationId"]).sync_detailed


def test_calls(client: Any, receiver: Receiver) -> None:
    """What the client sends is understood, and it understands what is answered."""
    models = importlib.import_module(f"{PACKAGE}.models")
    name = f"generated.{uuid4().hex}"

    def call(tag: str, name: str, *path: object, **given: Any) -> Any:
        return operation(tag, name).sync(*path, client=client, **given)

    made = _channel(call, models, name, receiver)
    found = call(
        "channels",
        "search_channels",
        body=models.ChannelSearch(filter_=models.ChannelFilter(name=models.StringFilter(equals=name))),
    )
    assert [(one.id, one.state) for one in found.channels] == [(made.id, models.ChannelState.ACTIVE)]
    _rule(call, models, name, made.id)
    emitted = call(
        "events",
        "emit_event",
        body=models.EventIn(
            rule_type=name, notification_data=models.EventInNotificationData.from_dict({"text": "ü"})
        ),
        idempotency_key=name.replace(".", "-"),
    )
    assert (emitted.event_id, emitted.duplicate) == (name.replace(".", "-"), False)
    (received,) = receiver.wait_for(1, path=f"/{name}")
    assert received.text == '{"text": "ü"}'
    _delivered(call, models, emitted.event_id, made.id)


def _channel(call: Any, models: Any, name: str, receiver: Receiver) -> Any:
    headers = models.WebhookInHeaders.from_dict({"Authorization": "Bearer example"})
    spec = models.WebhookIn(url=f"{receiver.url}/{name}", headers=headers)
    made = call("channels", "create_channel", body=models.ChannelIn(name=name, spec=spec)).channel
    assert isinstance(made.id, UUID)
    assert made.created_at.tzinfo
    assert made.signing_secret.startswith("whsec_")
    changed = call(
        "channels", "update_channel", made.id, body=models.ChannelChanges(description="Generated")
    ).channel
    assert (changed.description, changed.spec.headers.to_dict()) == ("Generated", {"Authorization": None})
    assert call("channels", "v2_get_channel", made.id).item.spec.url == f"{receiver.url}/{name}"
    missing = call("channels", "get_channel", uuid4())
    assert missing.error_code == "database_access_not-found"
    return made


def _rule(call: Any, models: Any, name: str, channel_id: UUID) -> None:
    schema = {"type": "object", "properties": {"text": {"type": "string"}}, "required": ["text"]}
    kind = models.EventTypeIn(name=name, json_schema=models.EventTypeInJsonSchema.from_dict(schema))
    assert not call("event types", "create_event_type", body=kind).event_type.built_in
    rule = models.RuleIn(
        name=name, rule_type=name, channel_id=channel_id, message_template='{"text": {{ text | tojson }}}'
    )
    made = call("rules", "create_rule", body=rule).rule
    data = models.SampleDataNotificationData.from_dict({"text": "a"})
    preview = partial(call, "rules", "validate_rule", made.id, custom=True)
    assert preview(body=models.SampleData(notification_data=data)).message == '{"text": "a"}'
    assert preview(body=models.SampleData()).data["errors"]


def _delivered(call: Any, models: Any, event_id: str, channel_id: UUID) -> None:
    listed = partial(call, "deliveries", "list_deliveries", event=event_id, channel=channel_id)
    (delivery,) = until("it is delivered", lambda: listed(status=models.DeliveryStatus.DELIVERED).deliveries)
    assert delivery.created_at <= delivery.updated_at
    (attempt,) = call("deliveries", "get_delivery", delivery.id).delivery.attempts
    assert (attempt.status, attempt.headers["Authorization"]) == (200, "***")
    event = call("events", "get_event", event_id).event
    assert event.counts.to_dict() == {"delivered": 1}
    since = call("events", "list_events", since=event.created_at, until=event.created_at)
    assert since.events == []
