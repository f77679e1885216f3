"""Channels' secrets, encrypted by KMS with the channel's id as encryption context."""

from base64 import b64decode, b64encode
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

from notifications.awsapi.client import Client
from notifications.awsapi.errors import CallFailed
from notifications.core import secrets
from notifications.core.errors import SecretsUnreadable, Unavailable
from notifications.core.kinds import kind_of
from notifications.core.model import Channel
from notifications.core.secrets import Secrets

MAX_KEPT = 4_096
"""How many channels' decrypted secrets are kept in memory."""

DECRYPTIONS_AT_ONCE = 16
_REFUSALS = frozenset({"InvalidCiphertextException", "IncorrectKeyException"})


class Vault:
    """Seal and open secrets. Those of one channel cannot be opened as another's."""

    def __init__(self, client: Client, key_id: str) -> None:
        self._client = client
        self._key_id = key_id
        self._kept: dict[tuple[str, bytes], Secrets] = {}

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
        # The ciphertext is part of the key, so a channel whose secrets were changed is decrypted again.
        key = (channel.id, channel.sealed)
        if key not in self._kept:
            found = secrets.read(self._decrypt(channel))
            if len(self._kept) >= MAX_KEPT:
                self._kept.clear()
            self._kept[key] = found
        return self._kept[key]

    def opened(self, channel: Channel) -> Channel:
        """Return a channel whose spec has its secrets.

        Raises:
            SecretsUnreadable, Unavailable: see ``secrets``.
        """
        return replace(channel, spec=kind_of(channel.spec).put_secrets(channel.spec, self.secrets(channel)))

    def prepare(self, channels: Iterable[Channel]) -> None:
        """Decrypt the secrets of many channels at once into the cache of ``secrets``.

        Raises:
            Unavailable: KMS failed.
        """
        missing = {
            channel.id: channel for channel in channels if (channel.id, channel.sealed) not in self._kept
        }
        if len(missing) > 1:
            with ThreadPoolExecutor(min(DECRYPTIONS_AT_ONCE, len(missing))) as pool:
                for _ in pool.map(self._try, missing.values()):
                    pass

    def _try(self, channel: Channel) -> None:
        try:
            self.secrets(channel)
        except SecretsUnreadable:
            return  # ``secrets`` raises it again for whoever needs this channel's

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


def _context(channel_id: str) -> dict[str, str]:
    return {"channel": channel_id}
