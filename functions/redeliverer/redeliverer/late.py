"""Write the results of attempts that DynamoDB did not accept in time."""

import logging
from datetime import UTC, datetime

from notifications.core.errors import Unavailable
from notifications.core.records import DeliveryRecord, message_delay
from notifications.delivering import late_records
from notifications.messaging.queues import DeliveryQueues
from notifications.store.records import RecordStore

logger = logging.getLogger(__name__)


def write_late(store: RecordStore, queues: DeliveryQueues, record: DeliveryRecord, tries: int) -> bool:
    """Write a record, or queue it for another try; False if neither works and SQS must return the message."""
    try:
        written = store.put_late(record)
    except Unavailable:
        logger.warning(
            "record is not written yet",
            exc_info=True,
            extra={"delivery_id": record.id, "event_id": record.event_id, "tries": tries + 1},
        )
        if tries >= late_records.MAX_TRIES:
            return False
        # Send a new message instead of returning this one, because each return brings a message closer to the
        # dead letter queue, and a long throttling would take it there.
        again = late_records.kept(record, tries + 1)
        return all(queues.keep([again], late_records.delay(tries + 1)))
    if written and record.status == "pending" and record.next_attempt_at is not None:
        queues.hint([(record, message_delay(record, datetime.now(UTC)))])
    return True
