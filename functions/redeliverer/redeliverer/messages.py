"""Parse the messages of the delivery queues: deliveries to send, channels to release, late records."""

import json
import logging
import zlib
from collections.abc import Iterable, Mapping
from dataclasses import field
from typing import Any, Self

from notifications.core.records import DeliveryRecord
from notifications.core.values import mutable
from notifications.delivering import late_records
from redeliverer.redeliver import Hint

logger = logging.getLogger(__name__)


@mutable
class Batch:
    """The requests of a batch.

    ``releases``: the ids of channels to release, with whether the sweeper asked for it. ``mutes``: the ids of
    mutes whose held deliveries are to be released. ``late``: by message id, a record to write and how many
    writes of it have failed.
    """

    hints: list[Hint] = field(default_factory=list)
    releases: dict[str, bool] = field(default_factory=dict)
    mutes: set[str] = field(default_factory=set)
    late: dict[str, tuple[DeliveryRecord, int]] = field(default_factory=dict)

    @classmethod
    def read(cls, messages: Iterable[Mapping[str, Any]]) -> Self:
        """Parse the messages; log and drop any that this service did not write."""
        batch = cls()
        for message in messages:
            try:
                batch._take(message["messageId"], json.loads(message["body"]))
            except (LookupError, TypeError, ValueError, AttributeError, RecursionError, zlib.error):
                logger.exception("message is not understood", extra={"message_id": message["messageId"]})
        return batch

    def _take(self, message_id: str, body: Mapping[str, Any]) -> None:
        if "release" in body:
            channel_id = str(body["release"])
            self.releases[channel_id] = self.releases.get(channel_id, False) or bool(body.get("last"))
        elif "release_muted" in body:
            self.mutes.add(str(body["release_muted"]))
        elif "record" in body:
            self.late[message_id] = late_records.read(body)
        else:
            self.hints.append(Hint.of(body))
