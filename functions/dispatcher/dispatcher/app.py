"""The dispatcher's Lambda: batches of the event queue, or one EventBridge document by hand."""

import json
import logging
from dataclasses import replace
from typing import Any

from notifications.startup import loading

with loading():
    from dispatcher.configuration import Configuration
    from dispatcher.dispatch import Dispatcher, Report
    from dispatcher.plan import Plan, as_text
    from notifications import aws
    from notifications.delivering.invocation import Context, Invocation, tell

    _dispatcher = Dispatcher(
        Configuration(aws.config_table(), aws.rules(), aws.channels(), aws.event_types()),
        aws.vault(),
        aws.records(),
        aws.deliverer(),
    )

BEFORE = "an event with this id was dispatched before; with another id it is another event"

logger = logging.getLogger(__name__)


def handler(event: dict[str, Any], context: Context) -> dict[str, Any]:
    """Dispatch a batch from the queue, or the one document that ``sam local invoke`` hands over.

    A document is answered with what became of it. Of a batch, the queue gives again what could not be
    planned or claimed, and all of it when the configuration can not be read or a record not be written.
    """
    invocation = Invocation.of(context, "fast")
    _dispatcher.refresh()
    if "Records" not in event:
        plan = _dispatcher.plan(event, as_text(event), context.aws_request_id)
        claimed = _dispatcher.claim(plan, invocation.lease)
        if claimed is None:
            return {"events": [_shown(Report(replace(plan.event, status="dispatched", reason=BEFORE), []))]}
        return {"events": [_shown(report) for report in _send([claimed], invocation)]}
    plans: dict[str, Plan] = {}
    failures: list[dict[str, str]] = []
    for message in event["Records"]:
        try:
            plan = _dispatcher.plan(_document(message), message["body"], message["messageId"])
            if plan.event.id in plans:  # an event may be twice in one batch
                continue
            claimed = _dispatcher.claim(plan, invocation.lease)
        except Exception:
            # Whatever an event does to its own planning, the others of its batch still go out.
            logger.exception("event can not be planned", extra={"message_id": message["messageId"]})
            failures.append({"itemIdentifier": message["messageId"]})
            continue
        if claimed is None:
            logger.info("event was dispatched before", extra={"event_id": plan.event.id})
        else:
            plans[plan.event.id] = claimed
    _send([*plans.values()], invocation)
    return {"batchItemFailures": failures}


def _send(plans: list[Plan], invocation: Invocation) -> list[Report]:
    reports = _dispatcher.send(plans, invocation.deadline)
    tell(record for report in reports for record in report.deliveries)
    return reports


def _document(message: dict[str, Any]) -> dict[str, Any]:
    """Read a message of the queue; what is no JSON object is an event without anything in it."""
    try:
        document = json.loads(message["body"])
    except (ValueError, RecursionError):
        document = None
    return document if isinstance(document, dict) else {}


def _shown(report: Report) -> dict[str, Any]:
    names = ("rule_id", "channel_id", "status", "reason")
    return {
        "event_id": report.event.id,
        "rule_type": report.event.rule_type,
        "status": report.event.status,
        "reason": report.event.reason,
        "deliveries": [{name: getattr(record, name) for name in names} for record in report.deliveries],
    }
