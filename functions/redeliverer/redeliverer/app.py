"""The redeliverer's Lambda handler, for batches of the delivery queue and of the slow queue."""

import os
from typing import Any

from notifications.cold_start import loading

with loading():
    from notifications.delivering.invocation import Context, Invocation, tell
    from notifications.delivering.outgoing import Lane
    from notifications.wiring import Services
    from redeliverer.late import write_late
    from redeliverer.messages import Batch
    from redeliverer.muting import Muting
    from redeliverer.redeliver import Redeliverer
    from redeliverer.release import release, release_muted


class Handler:
    """Handle batches of messages about deliveries."""

    def __init__(self, services: Services) -> None:
        self._services = services
        self._redeliverer = Redeliverer(
            services.records,
            services.channels,
            services.rules,
            services.delivery_queues,
            services.vault,
            services.deliverer,
            lambda: services.digesting,
            Muting(services),
        )

    def __call__(self, event: dict[str, Any], context: Context) -> dict[str, Any]:
        """Write late records, send the deliveries that still wait, and release held ones.

        If it fails, SQS returns the whole batch; by then most of its messages are about work that is done.
        """
        services = self._services
        batch = Batch.read(event["Records"])
        slow = event["Records"][0]["eventSourceARN"] == services.slow_queue_arn
        lane: Lane = "slow" if slow else "fast"
        invocation = Invocation.of(context, lane)
        services.end_calls(invocation.end)
        # Late records first: a delivery whose record is still missing might be sent again by a hint of this
        # very batch.
        failures = [
            message_id
            for message_id, late in batch.late.items()
            if not write_late(services.records, services.delivery_queues, *late)
        ]
        tell(self._redeliverer.redeliver(batch.hints, invocation, lane=lane))
        for channel_id, last in batch.releases.items():
            release(services.records, services.health_keeper, services.delivery_queues, channel_id, last=last)
        for mute_id in batch.mutes:
            release_muted(services.records, services.mutes, services.delivery_queues, mute_id)
        return {"batchItemFailures": [{"itemIdentifier": message_id} for message_id in failures]}


with loading():
    handler = Handler(Services(os.environ))
