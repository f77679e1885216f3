"""The dispatcher's Lambda: batches of the event queue, or one EventBridge document by hand."""

from typing import Any

from notifications.startup import loading

with loading():
    from dispatcher.configuration import Configuration
    from dispatcher.counting import count
    from dispatcher.dispatch import Dispatcher
    from dispatcher.messages import Message
    from dispatcher.sending import Report
    from notifications import aws
    from notifications.core.incoming import as_text
    from notifications.delivering.invocation import Context, Invocation


def opened() -> Dispatcher:
    """Make a dispatcher with the stores and queues that the environment names."""
    return Dispatcher(
        Configuration(aws.config_table(), aws.rules(), aws.channels(), aws.event_types()),
        aws.vault(),
        aws.events(),
        aws.records(),
        aws.deliverer(),
        aws.event_queue(),
        aws.dead_letters(),
    )


with loading():
    _dispatcher = opened()


def handler(event: dict[str, Any], context: Context) -> dict[str, Any]:
    """Dispatch a batch from the queue, or the one document that ``sam local invoke`` hands over.

    A document is answered with what became of it, a batch with the messages that must come again.

    Raises:
        Exception: why nothing could be done, so that the invocation counts as a failed one.
    """
    invocation = Invocation.of(context, "fast")
    aws.end_calls(invocation.end)
    if "Records" not in event:
        messages = [Message(context.aws_request_id, as_text(event))]
    else:
        messages = [Message.of(record) for record in event["Records"]]
    outcome = _dispatcher.dispatch(messages, invocation)
    count(outcome.reports)
    if outcome.back and len(outcome.back) == len(messages):
        raise outcome.back[-1].error
    if "Records" not in event:
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
