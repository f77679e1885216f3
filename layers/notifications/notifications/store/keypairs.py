"""The keypairs that may call the API, from two secrets in Secrets Manager.

Both are JSON. The first has the keypair of the first admin (access_key, secret_key, role, user_id), and
CloudFormation creates it. The second, which only the command line writes, lists all others in the same form
under ``keypairs``, with ``name`` and ``expires_at`` if they have them, and says under ``first_active``
whether the first one is still active. It has no value until the command line writes one.
"""

import json
import time
from collections.abc import Callable, Mapping
from typing import Any

from notifications.awsapi.client import Client
from notifications.awsapi.errors import CallFailed
from notifications.core import times
from notifications.core.errors import Unavailable
from notifications.core.keypairs import Keypair, by_access_key

KEEP_SECONDS = 30.0
"""How long keypairs are cached, so how long a deactivated one may still be accepted."""

REFRESH_SECONDS = 2.0
"""The interval between reads after failed signatures, so that wrong signatures cannot cause many."""

REFRESHES_AT_ONCE = 3
"""How many such reads may follow without that interval, so that a new keypair works at once."""

_NO_VALUE = "ResourceNotFoundException"


class KeypairStore:
    """Read the keypairs, at most once in ``KEEP_SECONDS``."""

    def __init__(
        self,
        client: Client,
        first_id: str,
        others_id: str,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._client = client
        self._first_id = first_id
        self._others_id = others_id
        self._clock = clock
        self._keypairs: dict[str, Keypair] = {}
        self._read_at = float("-inf")
        self._spare = float(REFRESHES_AT_ONCE)
        self._spared_at = float("-inf")

    def all(self) -> Mapping[str, Keypair]:
        """Return the keypairs by access key.

        Raises:
            Unavailable: a secret cannot be read, or does not have the form above.
        """
        if self._clock() - self._read_at >= KEEP_SECONDS:
            self._keypairs = _parse(self._read(self._first_id) or "", self._read(self._others_id))
            self._read_at = self._clock()
        return self._keypairs

    def refresh(self) -> bool:
        """Drop the cache, unless that was done too often lately; return whether it was dropped."""
        # This is a token bucket, because anybody can send wrong signatures, and each would cause two reads.
        now = self._clock()
        self._spare = min(REFRESHES_AT_ONCE, self._spare + (now - self._spared_at) / REFRESH_SECONDS)
        self._spared_at = now
        if self._spare < 1:
            return False
        self._spare -= 1
        self._read_at = float("-inf")
        return True

    def _read(self, secret_id: str) -> str | None:
        try:
            found = self._client.call("GetSecretValue", SecretId=secret_id)
        except CallFailed as error:
            if error.code == _NO_VALUE and secret_id == self._others_id:
                return None
            raise Unavailable(f"The keypairs cannot be read: {error.code}") from error
        text = str(found.get("SecretString", "no text"))
        return text or None  # on the local stack a secret without a value has an empty one


def _parse(first_text: str, others_text: str | None) -> dict[str, Keypair]:
    try:
        others = {"keypairs": []} if others_text is None else json.loads(others_text)
        first = {**json.loads(first_text), "active": others.get("first_active", True)}
        return by_access_key(map(_keypair, [first, *others["keypairs"]]))
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise Unavailable(f"A secret of keypairs is malformed: {type(error).__name__}") from None


def _keypair(record: dict[str, Any]) -> Keypair:
    texts = [record[name] for name in ("access_key", "secret_key", "role", "user_id")]
    if not all(isinstance(text, str) for text in texts):
        raise TypeError("a keypair has a part that is not text")
    access_key, secret_key, role, user_id = texts
    name, expires_at = record.get("name"), record.get("expires_at")
    return Keypair(
        access_key,
        secret_key,
        role,
        user_id,
        active=record.get("active", True) is True,
        name=name if isinstance(name, str) else None,
        expires_at=None if expires_at is None else times.parse(expires_at),
    )
