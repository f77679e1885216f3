"""What Backend.AI's own producers wrote, in releases from 25.6 to 26.9: recorded once, played again."""

import base64
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from backendai_notification_bridge.core.received import Via
from local.common import ROOT

FILE = ROOT / "tests" / "data" / "event-stream.jsonl"
STREAM = "events"
CHANNEL = "events_all"
MAX_ENTRIES = 128
"""What producers trim the stream to, about."""


@dataclass(frozen=True, slots=True)
class Recording:
    """One of them. ``via``: stream, pubsub or key. ``fields``: of a stream's entry; ``message``: else."""

    via: Via
    release: str
    what: str
    fields: dict[bytes, bytes]
    message: bytes
    key: str


def recordings(via: str | None = None, file: Path = FILE) -> Iterator[Recording]:
    """Read them, all or those that came one way."""
    for line in file.read_text().splitlines():
        document = json.loads(line)
        if via in {None, document["via"]}:
            fields = {name.encode(): _bytes(value) for name, value in document.get("fields", {}).items()}
            message = document.get("message", "").encode()
            yield Recording(
                document["via"], document["produced_by"], document["what"], fields, message, document["key"]
            )


def _bytes(value: Any) -> bytes:
    return base64.b64decode(value["base64"]) if isinstance(value, dict) else str(value).encode()


def add_command(fields: dict[bytes, bytes]) -> list[bytes | str]:
    """Write the command that adds an entry as the producers do."""
    flat: list[bytes | str] = [part for pair in fields.items() for part in pair]
    return ["XADD", STREAM, "MAXLEN", "~", str(MAX_ENTRIES), "*", *flat]


def burst(client: Any, entries: Sequence[dict[bytes, bytes]]) -> None:
    """Add entries as fast as Valkey takes them: all commands are sent before the first reply is read."""
    connection = client.connection_pool.get_connection("XADD")
    try:
        connection.send_packed_command(connection.pack_commands([add_command(each) for each in entries]))
        for _ in entries:
            connection.read_response()
    finally:
        client.connection_pool.release(connection)
