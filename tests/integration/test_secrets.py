"""Secrets of channels: sealed where they are kept, opened where they are used, shown nowhere but once."""

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any, cast

import pytest
from standardwebhooks import Webhook, WebhookVerificationError

from local.receiver import Receiver
from notifications.awsapi.client import Client
from notifications.core.errors import ChannelConflict, InvalidRequest, SecretsUnreadable
from notifications.core.model import EmailSpec
from notifications.core.rule_types import BUILT_IN
from notifications.core.secrets import MAX_SECRET_BYTES, Secrets, SigningSecret, rotated
from notifications.store.vault import Vault
from tests.cloud import values
from tests.cloud.aws import client
from tests.cloud.gateway import call
from tests.cloud.pipeline import Pipeline, document
from tests.cloud.services import services

CHANNELS = "/notifications/channels"
HEADERS = {"Authorization": "Bearer canary-1", "X-Team": "gpu"}
MAIL = EmailSpec(
    "mail.example.com", 587, "a@example.com", ("b@example.com",), username="u", password="canary-2"
)


def create(url: str, **more: Any) -> dict[str, Any]:
    """Create a webhook channel through the API."""
    body = {"name": "n", "spec": {"url": url, "headers": HEADERS}, **more}
    channel: dict[str, Any] = call("POST", CHANNELS, body).json["channel"]
    return channel


def stored() -> str:
    """Return all that the config table has, as text."""
    items = client("dynamodb").scan(TableName="config")["Items"]
    return repr([{name: value for name, value in item.items() if name != "sealed"} for item in items]) + repr(
        [item["sealed"]["B"] for item in items if "sealed" in item]
    )


def verifies(secret: str, request: Any) -> bool:
    """Tell whether a receiver with this secret takes a request."""
    try:
        Webhook(secret).verify(request.body, request.headers)
    except WebhookVerificationError:
        return False
    return True


@pytest.mark.usefixtures("cloud")
def test_nothing_secret_is_stored_in_clear() -> None:
    """The table has no credential header's value, password or signing secret; the rest is as it was."""
    shown = create("https://example.com/")
    mail = values.channel(spec=MAIL)
    services().channels.create(mail)
    text = stored()
    assert "canary" not in text
    assert shown["signing_secret"][len("whsec_") :] not in text
    assert "gpu" in text
    opened = services().vault.opened(services().channels.get(shown["id"]))
    assert opened.spec.headers == HEADERS  # type: ignore[union-attr]
    assert services().vault.opened(services().channels.get(mail.id)).spec == MAIL


@pytest.mark.usefixtures("cloud")
def test_the_signing_secret_is_shown_once() -> None:
    """Only creation and rotation answer with a secret; mail channels have none to rotate."""
    shown = create("https://example.com/")
    path = f"{CHANNELS}/{shown['id']}"
    assert "signing_secret" not in call("GET", path).text
    assert "signing_secret" not in call("PATCH", path, {"name": "other"}).text
    rotated = call("POST", f"{path}/rotate-secret").json["channel"]
    assert rotated["signing_secret"].startswith("whsec_")
    assert rotated["signing_secret"] != shown["signing_secret"]
    mail = values.channel(spec=MAIL)
    services().channels.create(mail)
    assert call("POST", f"{CHANNELS}/{mail.id}/rotate-secret").status == 409
    for keep in (-1, 8 * 24 * 3600, "soon"):
        assert call("POST", f"{path}/rotate-secret", {"keep_old_seconds": keep}).status == 400


def test_webhooks_are_signed_with_the_old_and_the_new_secret(pipeline: Pipeline) -> None:
    """A receiver verifies with either secret while one rotates, with no other one, and each try anew."""
    with Receiver() as receiver:
        made = create(receiver.url)
        channel = services().channels.get(made["id"])
        services().rules.create(values.rule(channel), BUILT_IN["session.started"])
        pipeline.dispatch(document("e-1"))
        new = call("POST", f"{CHANNELS}/{channel.id}/rotate-secret").json["channel"]["signing_secret"]
        pipeline.dispatch(document("e-2"))
        call("POST", f"{CHANNELS}/{channel.id}/rotate-secret", {"keep_old_seconds": 0})
        pipeline.dispatch(document("e-3"))
        before, between, after = receiver.wait_for(3)
    old = made["signing_secret"]
    assert [verifies(old, each) for each in (before, between, after)] == [True, True, False]
    assert [verifies(new, each) for each in (before, between, after)] == [False, True, False]
    assert before.headers["authorization"] == "Bearer canary-1"
    tampered = replace(before, body=before.body + b" ")
    assert not verifies(old, tampered)


def test_an_old_secret_ends() -> None:
    """After its time an old secret signs nothing more; a second rotation lets it be until then."""
    now = datetime(2026, 1, 15, tzinfo=UTC)
    until = now + timedelta(hours=24)
    once = rotated((SigningSecret("a"),), "b", now, until)
    assert Secrets(signing=once).signing_at(until - timedelta(seconds=1)) == ["b", "a"]
    assert Secrets(signing=once).signing_at(until) == ["b"]
    later = now + timedelta(hours=1)
    twice = rotated(once, "c", later, later + timedelta(hours=24))
    assert [(each.secret, each.until) for each in twice] == [
        ("c", None),
        ("b", later + timedelta(hours=24)),
        ("a", until),
    ]
    assert [each.secret for each in rotated(twice, "d", until, until + timedelta(hours=1))] == ["d", "c", "b"]
    assert rotated(twice, "d", later, later) == (SigningSecret("d"),)


def test_no_more_secrets_than_receivers_are_sent() -> None:
    """A sixth valid secret is refused with the time at which there is room for it."""
    now = datetime(2026, 1, 15, tzinfo=UTC)
    signing: tuple[SigningSecret, ...] = (SigningSecret("0"),)
    for number in range(1, 5):
        signing = rotated(signing, str(number), now, now + timedelta(hours=number))
    assert Secrets(signing=signing).signing_at(now) == ["4", "3", "2", "1", "0"]
    with pytest.raises(ChannelConflict, match="the next one ends at 2026-01-15T01:00:00Z"):
        rotated(signing, "5", now, now + timedelta(hours=9))
    assert len(rotated(signing, "5", now + timedelta(hours=1), now + timedelta(hours=9))) == 5


@pytest.mark.usefixtures("cloud")
def test_a_test_message_is_signed_too() -> None:
    """What `channel validate` sends carries a signature that the receiver can verify."""
    with Receiver() as receiver:
        made = create(receiver.url)
        answer = call("POST", f"{CHANNELS}/{made['id']}/validate", {"test_message": "{}"})
        assert answer.status == 200
        assert verifies(made["signing_secret"], receiver.wait_for(1)[0])


@pytest.mark.usefixtures("cloud")
def test_an_update_keeps_what_it_does_not_name() -> None:
    """A new spec with null for a credential keeps it, sealed anew, and the signing secret stays."""
    made = create("https://example.com/")
    spec = {"url": "https://example.com/elsewhere", "headers": {"Authorization": None}}
    assert call("PATCH", f"{CHANNELS}/{made['id']}", {"spec": spec}).status == 200
    channel = services().channels.get(made["id"])
    known = services().vault.secrets(channel)
    assert known.headers == {"Authorization": "Bearer canary-1"}
    assert known.signing_at(datetime.now(UTC)) == [made["signing_secret"]]


def test_sealed_secrets_of_another_channel_fail_that_delivery_only(pipeline: Pipeline) -> None:
    """Who copies one channel's sealed secrets into another's item gets nothing sent with them."""
    with Receiver() as receiver:
        thief, owner = create(receiver.url), create(receiver.url)
        for made in (thief, owner):
            rule = values.rule(services().channels.get(made["id"]))
            services().rules.create(rule, BUILT_IN["session.started"])
        key = {"pk": {"S": "CHANNEL"}, "sk": {"S": thief["id"]}}
        client("dynamodb").update_item(
            TableName="config",
            Key=key,
            UpdateExpression="SET sealed = :theirs",
            ExpressionAttributeValues={":theirs": {"B": services().channels.get(owner["id"]).sealed}},
        )
        with pytest.raises(SecretsUnreadable):
            services().vault.secrets(services().channels.get(thief["id"]))
        pipeline.dispatch(document("e-1"))
        (request,) = receiver.wait_for(1)
    assert verifies(owner["signing_secret"], request)
    failed = call("GET", f"/notifications/deliveries?channel={thief['id']}").json["deliveries"][0]
    assert (failed["status"], failed["error_class"]) == ("failed", "invalid")


@pytest.mark.usefixtures("cloud")
def test_many_are_opened_in_few_calls() -> None:
    """What was opened once is remembered: the second look asks KMS for nothing."""
    asked: list[str] = []

    class Counting:
        def call(self, operation: str, **parameters: Any) -> dict[str, Any]:
            asked.append(parameters["EncryptionContext"]["channel"])
            return services().client("kms").call(operation, **parameters)

    channels = [services().channels.get(create(f"https://example.com/{number}")["id"]) for number in range(5)]
    vault = Vault(cast(Client, Counting()), "alias/secrets")
    vault.prepare(channels)
    for channel in channels:
        vault.secrets(channel)
    vault.prepare(channels)
    assert sorted(asked) == sorted(channel.id for channel in channels)


@pytest.mark.usefixtures("cloud")
def test_of_two_changes_at_once_one_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    """Secrets that somebody else changed meanwhile are not overwritten with older ones."""
    channel = services().channels.get(create("https://example.com/")["id"])
    store = services().channels
    stale = replace(channel)
    store.rotate(channel.id, "whsec_" + "A" * 43 + "=", timedelta(0), {})
    monkeypatch.setattr(store, "get", lambda _: stale)
    with pytest.raises(ChannelConflict):
        store.rotate(channel.id, "whsec_" + "B" * 43 + "=", timedelta(0), {})


@pytest.mark.usefixtures("cloud")
def test_credentials_have_a_limit() -> None:
    """Credentials of more than KMS encrypts at once are refused with both numbers."""
    headers = {f"X-Token-{number}": "x" * 1_000 for number in range(5)}
    answer = call(
        "POST", CHANNELS, {"name": "n", "spec": {"url": "https://example.com/", "headers": headers}}
    )
    assert (answer.status, str(MAX_SECRET_BYTES) in answer.json["msg"]) == (400, True)
    with pytest.raises(InvalidRequest):
        services().channels.create(values.channel(spec=replace(MAIL, password="x" * MAX_SECRET_BYTES)))
    assert json.dumps(call("POST", f"{CHANNELS}/search", {}).json["channels"]) == "[]"
