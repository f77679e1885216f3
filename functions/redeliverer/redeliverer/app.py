"""The redeliverer's Lambda: batches of the delivery queue and of the patient queue."""

import json
import logging
import os
from collections.abc import Iterable, Mapping
from typing import Any

from notifications.startup import loading

with loading():
    from notifications import aws
    from notifications.delivering.invocation import Context, Invocation, tell
    from notifications.delivering.outgoing import Lane
    from redeliverer.redeliver import Hint, Redeliverer
    from redeliverer.release import release

    _redeliverer = Redeliverer(
        aws.records(), aws.channels(), aws.rules(), aws.delivery_queues(), aws.vault(), aws.deliverer()
    )

logger = logging.getLogger(__name__)


def handler(event: dict[str, Any], context: Context) -> None:
    """Send the deliveries that a batch names, as far as they still wait.

    When it fails, the messages come again; by then most are about what has been done.
    """
    hints, releases = _read(event["Records"])
    patient = event["Records"][0]["eventSourceARN"] == os.environ["PATIENT_QUEUE_ARN"]
    lane: Lane = "patient" if patient else "fast"
    tell(_redeliverer.redeliver(hints, Invocation.of(context, lane), lane=lane))
    for channel_id, last in releases.items():
        release(aws.records(), aws.health(), aws.delivery_queues(), channel_id, last=last)


def _read(messages: Iterable[Mapping[str, Any]]) -> tuple[list[Hint], dict[str, bool]]:
    """Part a batch into deliveries to send and channels to release; drop what nobody of us wrote."""
    hints: list[Hint] = []
    releases: dict[str, bool] = {}
    for message in messages:
        try:
            body = json.loads(message["body"])
            if "release" in body:
                channel_id = str(body["release"])
                releases[channel_id] = releases.get(channel_id, False) or bool(body.get("last"))
            else:
                hints.append(Hint.of(body))
        except (LookupError, TypeError, ValueError, AttributeError, RecursionError):
            logger.exception("message is not understood", extra={"message_id": message["messageId"]})
    return hints, releases
