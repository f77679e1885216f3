"""The route that shows what readers see of a message."""

from notifications.api.given import services
from notifications.api.powertools import Router
from verdicts_api import previewing
from verdicts_api.preview_models import Preview, PreviewIn

router = Router()


@router.post("/notifications/previews")
def preview_message(request: PreviewIn) -> Preview:
    """Preview a message.

    The response has the message that a rule, or a preset with an event type, would send for an event, and the
    texts that a reader would see of it. The event is a sample, has the given fields, or is a recorded one.
    Nothing is sent or written.
    """
    return previewing.preview(services(router), request)
