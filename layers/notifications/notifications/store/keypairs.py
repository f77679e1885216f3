"""The keypairs that may call the API, from their one secret in Secrets Manager.

The secret is JSON. Its top level is the stack's first superadmin (access_key, secret_key, role, user_id,
active); ``keypairs`` lists the others in the same form.
"""

import json
import time
from collections.abc import Callable, Mapping
from typing import Any

from notifications.awsapi.client import Client
from notifications.awsapi.errors import CallFailed
from notifications.core.errors import Unavailable
from notifications.core.keypairs import Keypair, by_access_key

KEEP_SECONDS = 30.0
"""How long keypairs are kept: what a deactivated one goes on being accepted at most."""

REFRESH_SECONDS = 2.0
"""How soon they may be read again when a signature does not fit; wrong ones can not make many reads."""


class KeypairStore:
    """Read the keypairs, at most once in ``KEEP_SECONDS``."""

    def __init__(self, client: Client, secret_id: str, clock: Callable[[], float] = time.monotonic) -> None:
        self._client = client
        self._secret_id = secret_id
        self._clock = clock
        self._keypairs: dict[str, Keypair] = {}
        self._read_at = float("-inf")

    def all(self) -> Mapping[str, Keypair]:
        """Return the keypairs by access key.

        Raises:
            Unavailable: the secret can not be read, or is not in the form above.
        """
        if self._clock() - self._read_at >= KEEP_SECONDS:
            self._keypairs = _parse(self._read())
            self._read_at = self._clock()
        return self._keypairs

    def refresh(self) -> bool:
        """Forget what is kept, unless it is younger than ``REFRESH_SECONDS``; tell whether."""
        if self._clock() - self._read_at < REFRESH_SECONDS:
            return False
        self._read_at = float("-inf")
        return True

    def _read(self) -> str:
        try:
            found = self._client.call("GetSecretValue", SecretId=self._secret_id)
        except CallFailed as error:
            raise Unavailable(f"The keypairs can not be read: {error.code}") from error
        return str(found.get("SecretString", ""))


def _parse(text: str) -> dict[str, Keypair]:
    try:
        first = json.loads(text)
        records: list[dict[str, Any]] = [first, *first.get("keypairs", [])]
        return by_access_key(map(_keypair, records))
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise Unavailable(f"The secret of keypairs is malformed: {type(error).__name__}") from None


def _keypair(record: dict[str, Any]) -> Keypair:
    texts = [record[name] for name in ("access_key", "secret_key", "role", "user_id")]
    if not all(isinstance(text, str) for text in texts):
        raise TypeError("a keypair has a part that is not text")
    access_key, secret_key, role, user_id = texts
    return Keypair(access_key, secret_key, role, user_id, active=record.get("active", True) is True)
