"""Keypairs from Secrets Manager: kept for a short time, read anew when there is a reason."""

import json
from datetime import UTC, datetime
from typing import Any
from unittest import mock

import pytest

from notifications.awsapi.client import Client
from notifications.core.errors import Unavailable
from notifications.store.keypairs import KEEP_SECONDS, REFRESH_SECONDS, REFRESHES_AT_ONCE, KeypairStore
from tests.cloud import gateway
from tests.cloud.aws import FIRST_KEYPAIR, KEYPAIRS, client
from tests.cloud.services import services

pytestmark = pytest.mark.usefixtures("cloud")


class Clock:
    """A clock that stands until it is set."""

    now = 1_000.0

    def __call__(self) -> float:
        """Tell the time in seconds."""
        return self.now


def store(clock: Clock | None = None) -> KeypairStore:
    """Open the secret."""
    return KeypairStore(services().client("secretsmanager"), "first-keypair", "keypairs", clock or Clock())


def put(**secret: Any) -> None:
    """Replace the secret."""
    if "SecretBinary" not in secret:
        secret = {"SecretString": secret.get("text") or json.dumps(secret)}
    client("secretsmanager").put_secret_value(SecretId="keypairs", **secret)


def test_all() -> None:
    """The secret's top level and its list are the keypairs; who is not said to be inactive is active."""
    found = store().all()
    assert {key: (pair.role, pair.active) for key, pair in found.items()} == {
        gateway.ACCESS_KEY: ("superadmin", True),
        gateway.USER_ACCESS_KEY: ("user", True),
        gateway.INACTIVE_ACCESS_KEY: ("superadmin", False),
        **{access_key: (role, True) for role, (access_key, _) in gateway.KEYS_OF_ROLES.items()},
    }
    assert found[gateway.ACCESS_KEY].secret_key == gateway.SECRET_KEY
    assert found[gateway.ACCESS_KEY].user_id == gateway.SUPERADMIN_ID


def test_names() -> None:
    """A keypair has the name that it was given, or none; a name that is no text is none."""
    records = [{**FIRST_KEYPAIR, "access_key": key} for key in ("AKIA1", "AKIA2", "AKIA3")]
    put(keypairs=[{**records[0], "name": "ci"}, records[1], {**records[2], "name": 7}])
    found = store().all()
    assert [found[key].name for key in ("AKIA1", "AKIA2", "AKIA3")] == ["ci", None, None]


def test_expiries() -> None:
    """A keypair ends when its record says so; one of a former release, which says nothing, never does."""
    ends = {**FIRST_KEYPAIR, "access_key": "AKIAENDS", "expires_at": "2027-02-27T12:00:00Z"}
    put(keypairs=[ends, {**FIRST_KEYPAIR, "access_key": "AKIAFORMER"}])
    found = store().all()
    assert found["AKIAENDS"].expires_at == datetime(2027, 2, 27, 12, tzinfo=UTC)
    assert found["AKIAFORMER"].expires_at is None


def test_kept() -> None:
    """What was read is kept until its time is over, and not longer."""
    clock = Clock()
    keypairs = store(clock)
    keypairs.all()
    put(keypairs=[{**FIRST_KEYPAIR, "access_key": "AKIANEW"}])
    clock.now += KEEP_SECONDS - 0.001
    assert "AKIANEW" not in keypairs.all()
    clock.now += 0.001
    assert "AKIANEW" in keypairs.all()
    assert gateway.USER_ACCESS_KEY not in keypairs.all()


def test_refresh() -> None:
    """A new keypair is found at once, a few times; who asks on and on makes no more reads than the limit."""
    clock = Clock()
    keypairs = store(clock)
    for number in range(REFRESHES_AT_ONCE):
        keypairs.all()
        put(keypairs=[{**FIRST_KEYPAIR, "access_key": f"AKIANEW{number}"}])
        assert keypairs.refresh()
        assert f"AKIANEW{number}" in keypairs.all()
    assert not keypairs.refresh()
    clock.now += REFRESH_SECONDS - 0.001
    assert not keypairs.refresh()
    clock.now += 0.002
    assert keypairs.refresh()
    assert not keypairs.refresh()


def test_there_are_no_others() -> None:
    """A secret without a value has no keypairs; the first one works."""
    client("secretsmanager").create_secret(Name="empty")
    found = KeypairStore(services().client("secretsmanager"), "first-keypair", "empty").all()
    assert [*found] == [gateway.ACCESS_KEY]


def test_an_empty_secret_has_no_others() -> None:
    """A secret whose value is an empty text, as the local stack makes it, has no other keypairs."""
    asked = Client.call

    def emptied(client: Client, operation: str, **parameters: Any) -> dict[str, Any]:
        answer = asked(client, operation, **parameters)
        return {**answer, "SecretString": ""} if parameters["SecretId"] == "keypairs" else answer

    with mock.patch.object(Client, "call", emptied):
        assert store().all().keys() == {gateway.ACCESS_KEY}


def test_the_first_can_be_inactive() -> None:
    """Whether the first one is active is said beside the others, since its own secret is CloudFormation's."""
    put(**KEYPAIRS, first_active=False)
    assert not store().all()[gateway.ACCESS_KEY].active


@pytest.mark.parametrize(
    "secret",
    [
        {"text": "not json"},
        {"text": "[]"},
        {"text": "5"},
        {},
        {**KEYPAIRS, "keypairs": None},
        {**KEYPAIRS, "keypairs": ["A"]},
        {**KEYPAIRS, "keypairs": [{"access_key": "A"}]},
        {"keypairs": [{**FIRST_KEYPAIR, "secret_key": 5}]},
        {"keypairs": [{**FIRST_KEYPAIR, "expires_at": "soon"}]},
        {"keypairs": [{**FIRST_KEYPAIR, "expires_at": 5}]},
        {"SecretBinary": b"\x00"},
    ],
    ids=lambda secret: str(secret)[-40:],
)
def test_malformed(secret: dict[str, Any]) -> None:
    """A secret that is not in its form is told as unavailable keypairs, and not repeated."""
    put(**secret)
    with pytest.raises(Unavailable) as caught:
        store().all()
    assert gateway.SECRET_KEY not in caught.value.message


def test_no_secret() -> None:
    """A secret that cannot be read is told as unavailable keypairs."""
    with pytest.raises(Unavailable, match="cannot be read"):
        KeypairStore(services().client("secretsmanager"), "nothing", "keypairs").all()


def test_failed_reading_is_tried_again() -> None:
    """After a reading that failed, the next look reads again."""
    keypairs = store()
    put(text="not json")
    with pytest.raises(Unavailable):
        keypairs.all()
    put(**KEYPAIRS)
    assert gateway.ACCESS_KEY in keypairs.all()
