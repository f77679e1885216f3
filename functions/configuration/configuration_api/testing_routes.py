"""The route that runs the tests of a document."""

from datetime import UTC, datetime

from configuration_api.testing import tested
from configuration_api.testing_models import TestsIn, TestsOut
from notifications.api.given import author, services
from notifications.api.powertools import Router

router = Router()


@router.post("/notifications/configuration/test")
def test_configuration(request: TestsIn) -> TestsOut:
    """Run the tests of a document.

    Each test says which of the document's rules fire on an event, and what their messages contain. The rules,
    channels and event types are those of the document, not the stored ones, and their verdicts are the
    dispatcher's. Nothing is sent or written. A page may end early: continue with ``first`` until ``next`` is
    null. A document that could not be applied gets status 422, with all faults.
    """
    return tested(services(router), request, author(router), datetime.now(UTC))
