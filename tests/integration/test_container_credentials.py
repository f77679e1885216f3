"""The credentials of a function that was restored from a snapshot, for which it has to ask."""

import json
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import pytest

from local.receiver import Receiver, Reply
from notifications.awsapi.credentials import Credentials, CredentialSource
from notifications.awsapi.errors import NotReached


@pytest.fixture(autouse=True)
def _no_keys(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("AWS_ACCESS_KEY_ID", raising=False)
    monkeypatch.setenv("AWS_CONTAINER_AUTHORIZATION_TOKEN", "let-me")


def given(*minutes: float) -> Sequence[Reply]:
    """Give credentials that hold for so many minutes."""
    now = datetime.now(UTC)
    documents = [
        {
            "AccessKeyId": f"AK{number}",
            "SecretAccessKey": "secret",
            "Token": "token",
            "Expiration": (now + timedelta(minutes=each)).isoformat().replace("+00:00", "Z"),
        }
        for number, each in enumerate(minutes)
    ]
    return [Reply(body=json.dumps(document).encode()) for document in documents]


def test_they_are_kept_until_they_end(monkeypatch: pytest.MonkeyPatch) -> None:
    """They are asked for with the token, kept while they hold, and asked for again before they end."""
    replies = iter(given(4, 60))
    with Receiver(lambda _: next(replies)) as agent:
        monkeypatch.setenv("AWS_CONTAINER_CREDENTIALS_FULL_URI", f"{agent.url}/v1/credentials")
        source = CredentialSource()
        found = [source.current() for _ in range(3)]
        assert [each.access_key for each in found] == ["AK0", "AK1", "AK1"]
        assert found[0].token == "token"
        assert [request.headers["authorization"] for request in agent.received] == ["let-me"] * 2


def test_garbage(monkeypatch: pytest.MonkeyPatch) -> None:
    """A response that has no credentials is told as that."""
    with Receiver(lambda _: Reply(body=b"{}")) as agent:
        monkeypatch.setenv("AWS_CONTAINER_CREDENTIALS_FULL_URI", agent.url)
        with pytest.raises(NotReached, match="gave no credentials"):
            CredentialSource().current()


def test_secrets_are_not_shown() -> None:
    """What is logged of credentials is the access key."""
    assert "secret" not in repr(Credentials("AK", "secret", "token"))
