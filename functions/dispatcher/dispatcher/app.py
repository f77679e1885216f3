"""The dispatcher's Lambda: batches of the event queue, or one EventBridge document by hand."""

import json
from typing import Any

from aws_lambda_powertools import Logger
from aws_lambda_powertools.utilities.typing import LambdaContext

from dispatcher.configuration import Configuration
from dispatcher.dispatch import Dispatcher, Plan
from notifications import aws

logger = Logger(use_rfc3339=True)  # the form that Lambda needs to tell levels apart
_dispatcher = Dispatcher(
    Configuration(aws.config_table(), aws.rules(), aws.channels(), aws.event_types()), aws.sender()
)


@logger.inject_lambda_context
def handler(event: dict[str, Any], _context: LambdaContext) -> dict[str, Any]:
    """Dispatch a batch from the queue, or the one document that ``sam local invoke`` hands over.

    A document is answered with what became of it. Of a batch, the queue gives again what could not be
    planned, and all of it when the configuration can not be read.
    """
    _dispatcher.refresh()
    if "Records" not in event:
        return {"events": [report.as_dict() for report in _dispatcher.send([_dispatcher.plan(event)])]}
    plans: list[Plan] = []
    failures: list[dict[str, str]] = []
    for record in event["Records"]:
        try:
            plans.append(_dispatcher.plan(_document(record)))
        except Exception:
            # Whatever an event does to its own planning, the others of its batch still go out.
            logger.exception("event can not be planned", extra={"message_id": record["messageId"]})
            failures.append({"itemIdentifier": record["messageId"]})
    _dispatcher.send(plans)
    return {"batchItemFailures": failures}


def _document(record: dict[str, Any]) -> dict[str, Any]:
    """Read a message of the queue; what is no JSON object is an event without anything in it."""
    try:
        document = json.loads(record["body"])
    except (ValueError, RecursionError):
        document = None
    return document if isinstance(document, dict) else {"id": record["messageId"]}
