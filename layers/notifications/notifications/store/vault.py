"""Channels' secrets, encrypted by KMS with the channel's id as encryption context."""

from base64 import b64decode, b64encode
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

from notifications.awsapi.client import Client
from notifications.awsapi.errors import CallFailed
from notifications.core import secrets
from notifications.core.cache import Cache
from notifications.core.errors import SecretsUnreadable, Unavailable
from notifications.core.kinds import kind_of
from notifications.core.model import Channel
from notifications.core.secrets import Secrets

MAX_KEPT = 10_000
"""How many channels' decrypted secrets are kept in memory, which is as many as the dispatcher caches
channels.

They take 11 MB if each channel has a signing secret and one header, and 108 MB if the secrets of all are as
large as they may be.
"""

DECRYPTIONS_AT_ONCE = 16
_REFUSALS = frozenset({"InvalidCiphertextException", "IncorrectKeyException"})


class Vault:
    """Encrypts and decrypts channels' secrets. Those of one channel cannot be decrypted as another's."""

    def __init__(self, client: Client, key_id: str) -> None:
        self._client = client
        self._key_id = key_id
        self._kept: Cache[tuple[str, bytes], Secrets] = Cache(MAX_KEPT)

    def seal(self, channel_id: str, secret: Secrets) -> bytes:
        """Encrypt a channel's secrets.

        Raises:
            InvalidRequest: they are too long.
            Unavailable: KMS failed.
        """
        text = secrets.written(secret)
        try:
            response = self._client.call(
                "Encrypt",
                KeyId=self._key_id,
                Plaintext=b64encode(text).decode(),
                EncryptionContext=_context(channel_id),
            )
        except CallFailed as error:
            raise Unavailable(f"KMS did not encrypt: {error.code}") from error
        return b64decode(response["CiphertextBlob"])

    def secrets(self, channel: Channel) -> Secrets:
        """Return the decrypted secrets of a channel, from the cache if they are there.

        Raises:
            SecretsUnreadable: they were not sealed for this channel, or not with this stack's key.
            Unavailable: KMS failed.
        """
        found = self._kept.get(_key(channel))
        if found is None:
            found = secrets.read(self._decrypt(channel))
            self._kept.put(_key(channel), found)
        return found

    def opened(self, channel: Channel) -> Channel:
        """Return a copy of a channel whose spec contains its secrets.

        Raises:
            SecretsUnreadable, Unavailable: see ``secrets``.
        """
        return replace(channel, spec=kind_of(channel.spec).put_secrets(channel.spec, self.secrets(channel)))

    def prepare(self, channels: Iterable[Channel]) -> None:
        """Decrypt the secrets of many channels at once into the cache of ``secrets``.

        Raises:
            Unavailable: KMS failed.
        """
        missing = {_key(channel): channel for channel in channels if self._kept.get(_key(channel)) is None}
        if len(missing) > 1:
            with ThreadPoolExecutor(min(DECRYPTIONS_AT_ONCE, len(missing))) as pool:
                # Only this thread writes to the cache.
                for key, found in zip(missing, pool.map(self._try, missing.values()), strict=True):
                    if found is not None:
                        self._kept.put(key, found)

    def _try(self, channel: Channel) -> Secrets | None:
        try:
            return secrets.read(self._decrypt(channel))
        except SecretsUnreadable:
            return None  # ``secrets`` raises it again when this channel's secrets are needed

    def _decrypt(self, channel: Channel) -> bytes:
        try:
            response = self._client.call(
                "Decrypt",
                KeyId=self._key_id,
                CiphertextBlob=b64encode(channel.sealed).decode(),
                EncryptionContext=_context(channel.id),
            )
        except CallFailed as error:
            if error.code in _REFUSALS:
                raise SecretsUnreadable("The channel's secrets cannot be decrypted") from error
            raise Unavailable(f"KMS did not decrypt: {error.code}") from error
        return b64decode(response["Plaintext"])


def _key(channel: Channel) -> tuple[str, bytes]:
    # The key includes the ciphertext, so that changed secrets are decrypted again.
    return channel.id, channel.sealed


def _context(channel_id: str) -> dict[str, str]:
    return {"channel": channel_id}
