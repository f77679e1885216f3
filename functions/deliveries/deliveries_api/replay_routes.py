"""The route that sends recorded events through a rule."""

from uuid import UUID

from deliveries_api.replay_models import EventReplayIn, EventReplayOut
from notifications.api.given import services
from notifications.api.powertools import Router

router = Router()


@router.post("/notifications/rules/<rule_id>/replay")
def replay_events(rule_id: UUID, request: EventReplayIn) -> EventReplayOut:
    """Send recorded events through a rule.

    Each recorded event that the rule fires on, and that has no delivery for it yet, gets one, with the
    ``webhook-id`` that it would have had; a suspended channel holds it. A page takes events in the order in
    which they were recorded, at most 200 and for at most 20 s: continue until ``next`` is null. Repeating a
    request sends nothing twice.
    """
    from deliveries_api.event_replay import replay  # noqa: PLC0415 - only replays need templates

    return replay(services(router), str(rule_id), request)
