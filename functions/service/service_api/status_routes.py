"""The route of the service's status."""

from datetime import UTC, datetime

from notifications.api.given import services
from notifications.api.powertools import Router
from service_api.status_models import ServiceStatus

router = Router()


@router.get("/notifications/status")
def get_status() -> ServiceStatus:
    """Show the status of the service.

    The response has the channels with their states and last successes, the deliveries and events of the last
    hour and day by outcome, the queues, and in words what is not well. It counts at most the newest 1,000
    records of each partition of an index, 60,000 in all, and says since when the counts are complete.
    """
    from service_api.status import status  # noqa: PLC0415 - the version is asked for far more often

    return status(services(router), datetime.now(UTC))
