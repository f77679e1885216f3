"""The routes of configuration as code."""

from datetime import UTC, datetime

from configuration_api import adopting, applying, planning
from configuration_api.models import AdoptIn, AdoptOut, ApplyIn, ApplyOut, ConfigurationIn, PlanOut
from configuration_api.shown import shown
from notifications.api.given import author, caller, services
from notifications.api.powertools import Router
from notifications.core.roles import allows

router = Router()


@router.post("/notifications/configuration/plan")
def plan_configuration(request: ConfigurationIn) -> PlanOut:
    """Say what applying a set would do.

    A set is what one document describes: channels, event types, rules and mutes, each with a key, which is
    its identity whatever its name is. Nothing is changed. A document that cannot be applied gets status 422,
    with all faults of all entries. Stored credentials are compared for callers with the role editor.
    """
    opens = allows(caller(router).role, "editor")
    made = planning.plan(services(router), request, author(router), datetime.now(UTC), opens=opens)
    return shown(services(router), made, opens=opens)


@router.post("/notifications/configuration/apply")
def apply_configuration(request: ApplyIn) -> ApplyOut:
    """Apply a set.

    What the set has is made what the document says, and what the document lacks is deleted unless ``prune``
    is false. As much is done as there is time for: ask again, with the same ``holder``, until ``remaining``
    is 0. If what is stored is not what was planned, or if somebody else is applying the set, nothing is done.
    """
    return applying.apply(services(router), request, author(router))


@router.post("/notifications/configuration/adopt")
def adopt_configuration(request: AdoptIn) -> AdoptOut:
    """Take what exists into a set.

    It stays as it is, and gets a key. What belongs to another set is refused, until that set gives it up.
    """
    return adopting.adopt(services(router), request, author(router))
