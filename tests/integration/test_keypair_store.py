"""Keypairs from Secrets Manager: kept for a short time, read anew when there is a reason."""

import json
from typing import Any

import pytest

from notifications import aws
from notifications.core.errors import Unavailable
from notifications.store.keypairs import KEEP_SECONDS, REFRESH_SECONDS, KeypairStore
from tests.integration import gateway
from tests.integration.conftest import KEYPAIRS, client

pytestmark = pytest.mark.usefixtures("cloud")


class Clock:
    """A clock that stands until it is set."""

    now = 1_000.0

    def __call__(self) -> float:
        """Tell the time in seconds."""
        return self.now


def store(clock: Clock | None = None) -> KeypairStore:
    """Open the secret."""
    return KeypairStore(aws.client("secretsmanager"), "keypairs", clock or Clock())


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
    }
    assert found[gateway.ACCESS_KEY].secret_key == gateway.SECRET_KEY
    assert found[gateway.ACCESS_KEY].user_id == gateway.SUPERADMIN_ID


def test_kept() -> None:
    """What was read is kept until its time is over, and not longer."""
    clock = Clock()
    keypairs = store(clock)
    keypairs.all()
    put(**{**KEYPAIRS, "access_key": "AKIANEW"})
    clock.now += KEEP_SECONDS - 0.001
    assert "AKIANEW" not in keypairs.all()
    clock.now += 0.001
    assert "AKIANEW" in keypairs.all()
    assert gateway.ACCESS_KEY not in keypairs.all()


def test_refresh() -> None:
    """A refresh makes the next look read anew, but not more often than its own limit allows."""
    clock = Clock()
    keypairs = store(clock)
    keypairs.all()
    put(**{**KEYPAIRS, "access_key": "AKIANEW"})
    clock.now += REFRESH_SECONDS - 0.001
    assert not keypairs.refresh()
    assert "AKIANEW" not in keypairs.all()
    clock.now += 0.001
    assert keypairs.refresh()
    assert "AKIANEW" in keypairs.all()
    assert not keypairs.refresh()


@pytest.mark.parametrize(
    "secret",
    [
        {"text": "not json"},
        {"text": "[]"},
        {"text": "5"},
        {"access_key": "A"},
        {**KEYPAIRS, "keypairs": None},
        {**KEYPAIRS, "keypairs": ["A"]},
        {**KEYPAIRS, "keypairs": [{"access_key": "A"}]},
        {**KEYPAIRS, "secret_key": 5},
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
    """A secret that can not be read is told as unavailable keypairs."""
    with pytest.raises(Unavailable, match="can not be read"):
        KeypairStore(aws.client("secretsmanager"), "nothing").all()


def test_failed_reading_is_tried_again() -> None:
    """After a reading that failed, the next look reads again."""
    keypairs = store()
    put(text="not json")
    with pytest.raises(Unavailable):
        keypairs.all()
    put(**KEYPAIRS)
    assert gateway.ACCESS_KEY in keypairs.all()
