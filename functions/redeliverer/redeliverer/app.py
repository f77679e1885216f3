"""The redeliverer's Lambda: batches of the delivery queue and of the patient queue."""

import os
from typing import Any

from notifications.startup import loading

with loading():
    from notifications import aws
    from notifications.delivering.invocation import Context, Invocation, tell
    from notifications.delivering.outgoing import Lane
    from redeliverer.late import write_late
    from redeliverer.messages import Batch
    from redeliverer.redeliver import Redeliverer
    from redeliverer.release import release

    _redeliverer = Redeliverer(
        aws.records(), aws.channels(), aws.rules(), aws.delivery_queues(), aws.vault(), aws.deliverer()
    )


def handler(event: dict[str, Any], context: Context) -> dict[str, Any]:
    """Send the deliveries that a batch names, as far as they still wait, and write what was left unrecorded.

    When it fails, the messages come again; by then most are about what has been done.
    """
    batch = Batch.read(event["Records"])
    patient = event["Records"][0]["eventSourceARN"] == os.environ["PATIENT_QUEUE_ARN"]
    lane: Lane = "patient" if patient else "fast"
    invocation = Invocation.of(context, lane)
    aws.end_calls(invocation.end)
    failures = [
        message_id
        for message_id, late in batch.late.items()
        if not write_late(aws.records(), aws.delivery_queues(), *late)
    ]
    tell(_redeliverer.redeliver(batch.hints, invocation, lane=lane))
    for channel_id, last in batch.releases.items():
        release(aws.records(), aws.health_keeper(), aws.delivery_queues(), channel_id, last=last)
    return {"batchItemFailures": [{"itemIdentifier": message_id} for message_id in failures]}
