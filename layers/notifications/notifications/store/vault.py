"""Channels' secrets, encrypted with KMS under their channel's id."""

from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import TYPE_CHECKING

from botocore.exceptions import BotoCoreError, ClientError

from notifications.core import secrets
from notifications.core.errors import SecretsUnreadable, Unavailable
from notifications.core.model import Channel
from notifications.core.secrets import Secrets

if TYPE_CHECKING:
    from types_boto3_kms import KMSClient

MAX_KEPT = 4_096
"""The secrets of so many channels are kept in memory, decrypted."""

DECRYPTIONS_AT_ONCE = 16
_REFUSALS = frozenset({"InvalidCiphertextException", "IncorrectKeyException"})


class Vault:
    """Seal and open secrets. What is sealed for one channel can not be opened as another's.

    ``client`` makes the client when it is needed: not every function that knows channels needs one.
    """

    def __init__(self, client: Callable[[], "KMSClient"], key_id: str) -> None:
        self._client = client
        self._key_id = key_id
        self._kept: dict[tuple[str, bytes], Secrets] = {}

    def seal(self, channel_id: str, secret: Secrets) -> bytes:
        """Encrypt a channel's secrets.

        Raises:
            InvalidRequest: they are too long.
            Unavailable: KMS did not do it.
        """
        text = secrets.written(secret)
        try:
            response = self._client().encrypt(
                KeyId=self._key_id, Plaintext=text, EncryptionContext=_context(channel_id)
            )
        except (ClientError, BotoCoreError) as error:
            raise Unavailable(f"KMS did not encrypt: {type(error).__name__}") from error
        return bytes(response["CiphertextBlob"])

    def secrets(self, channel: Channel) -> Secrets:
        """Decrypt the secrets of a channel, or remember them.

        Raises:
            SecretsUnreadable: they were not sealed for this channel, or not with this stack's key.
            Unavailable: KMS did not do it.
        """
        key = (channel.id, channel.sealed)
        if key not in self._kept:
            found = secrets.read(self._decrypt(channel))
            if len(self._kept) >= MAX_KEPT:
                self._kept.clear()
            self._kept[key] = found
        return self._kept[key]

    def opened(self, channel: Channel) -> Channel:
        """Return a channel with all of its spec.

        Raises:
            SecretsUnreadable, Unavailable: see ``secrets``.
        """
        return replace(channel, spec=secrets.put_back(channel.spec, self.secrets(channel)))

    def prepare(self, channels: Iterable[Channel]) -> None:
        """Decrypt the secrets of many channels at once, so that ``secrets`` has them.

        Raises:
            Unavailable: KMS did not do it.
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
            return  # told to whoever asks for this channel's

    def _decrypt(self, channel: Channel) -> bytes:
        try:
            response = self._client().decrypt(
                KeyId=self._key_id,
                CiphertextBlob=channel.sealed,
                EncryptionContext=_context(channel.id),
            )
        except ClientError as error:
            code = error.response.get("Error", {}).get("Code", "")
            if code in _REFUSALS:
                raise SecretsUnreadable("The channel's secrets can not be decrypted") from error
            raise Unavailable(f"KMS refused: {code}") from error
        except BotoCoreError as error:
            raise Unavailable(f"KMS was not reached: {type(error).__name__}") from error
        return bytes(response["Plaintext"])


def _context(channel_id: str) -> dict[str, str]:
    return {"channel": channel_id}
