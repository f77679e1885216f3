"""The dispatcher's Lambda handler, for batches of the event queue, or one EventBridge document by hand."""

import os
from typing import Any

from notifications.cold_start import loading

with loading():
    from dispatcher.counting import count
    from dispatcher.dispatch import Dispatcher
    from dispatcher.messages import Message
    from dispatcher.sending import Report
    from notifications.core.errors import EventConflict
    from notifications.core.incoming import as_text
    from notifications.delivering.invocation import Context, Invocation
    from notifications.wiring import Services


class Handler:
    """Handle batches of events."""

    def __init__(self, services: Services) -> None:
        self._services = services
        self._dispatcher = Dispatcher.of(services)

    def __call__(self, event: dict[str, Any], context: Context) -> dict[str, Any]:
        """Dispatch a batch from the queue, or the one document that ``sam local invoke`` passes.

        Returns the result for a document, and for a batch the messages that SQS must return.

        Raises:
            Exception: the reason why nothing could be done, so that the invocation counts as failed.
        """
        invocation = Invocation.of(context, "fast")
        self._services.end_calls(invocation.end)
        if "Records" not in event:
            messages = [Message(context.aws_request_id, as_text(event))]
        else:
            messages = [Message.of(record) for record in event["Records"]]
        outcome = self._dispatcher.dispatch(messages, invocation)
        count(outcome.reports)
        errors = [each.error for each in outcome.back if each.error is not None]
        if errors and len(outcome.back) == len(messages):
            raise errors[-1]
        if "Records" not in event:
            if outcome.back:
                raise EventConflict(
                    "Another dispatcher has the event, or there was no time for all of it: try again"
                )
            return {"events": [_shown(report) for report in outcome.reports]}
        return {"batchItemFailures": [{"itemIdentifier": each.message.id} for each in outcome.back]}


def _shown(report: Report) -> dict[str, Any]:
    names = ("rule_id", "channel_id", "status", "reason")
    return {
        "event_id": report.event.id,
        "rule_type": report.event.rule_type,
        "status": report.event.status,
        "reason": report.event.reason,
        "deliveries": [{name: getattr(result, name) for name in names} for result in report.deliveries],
    }


with loading():
    handler = Handler(Services(os.environ))
