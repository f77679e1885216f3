"""The dispatcher's Lambda: batches of the event queue, or one EventBridge document by hand."""

import json
from typing import Any

from aws_lambda_powertools import Logger
from aws_lambda_powertools.utilities.typing import LambdaContext

from dispatcher.configuration import Configuration
from dispatcher.dispatch import Dispatcher
from notifications import aws

logger = Logger(use_rfc3339=True)  # the form that Lambda needs to tell levels apart
_dispatcher = Dispatcher(
    Configuration(aws.config_table(), aws.rules(), aws.channels(), aws.event_types()), aws.sender()
)


@logger.inject_lambda_context
def handler(event: dict[str, Any], _context: LambdaContext) -> dict[str, Any]:
    """Dispatch a batch from the queue, or the one document that ``sam local invoke`` hands over.

    A document is answered with what became of it. A batch that can not be dispatched at all raises, so
    that the queue gives it again.
    """
    if "Records" not in event:
        return {"events": [report.as_dict() for report in _dispatcher.dispatch([event])]}
    documents = [document for record in event["Records"] if (document := _document(record)) is not None]
    _dispatcher.dispatch(documents)
    return {"batchItemFailures": []}


def _document(record: dict[str, Any]) -> dict[str, Any] | None:
    try:
        document = json.loads(record["body"])
    except ValueError:
        document = None
    if isinstance(document, dict):
        return document
    logger.error("not an event", extra={"message_id": record["messageId"]})
    return None
