"""From bytes on the wire to what was heard."""

from collections.abc import Mapping
from datetime import datetime

from backendai_notification_bridge.core.heard import Heard, Via


def name_of_entry(fields: Mapping[bytes, bytes]) -> str:
    """Read the name of a stream's entry, and nothing else."""
    raise NotImplementedError


def name_of_published(message: bytes) -> str:
    """Read the name of a published message or of a cache key's value.

    Raises:
        Undecodable: it has none.
    """
    raise NotImplementedError


def decode_entry(fields: Mapping[bytes, bytes], came: datetime) -> Heard:
    """Decode a stream's entry.

    Raises:
        Undecodable: it has no known form, or is larger or nested deeper than anything of Backend.AI's.
    """
    raise NotImplementedError


def decode_published(message: bytes, via: Via, came: datetime) -> Heard:
    """Decode a published message, a cache key's value, or what ``catch_up`` and ``gap`` wrote.

    Raises:
        Undecodable: see ``decode_entry``.
    """
    raise NotImplementedError
