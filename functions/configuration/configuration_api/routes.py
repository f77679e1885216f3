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

    A set is what one document describes: channels, event types, rules and mutes. The identity of each is its
    key, not its name. Nothing is changed. A document that cannot be applied gets status 422, with all faults
    of all entries. Stored credentials are compared only for callers with the role editor.
    """
    opens = allows(caller(router).role, "editor")
    made = planning.plan(services(router), request, author(router), datetime.now(UTC), opens=opens)
    return shown(services(router), made, opens=opens)


@router.post("/notifications/configuration/apply")
def apply_configuration(request: ApplyIn) -> ApplyOut:
    """Apply a set.

    The set's objects become what the document says, and objects that the document lacks are deleted unless
    ``prune`` is false. A request does as much as it has time for: repeat it with the same ``holder`` until
    ``remaining`` is 0. Nothing is done if the configuration has changed since the plan, or if another client
    is applying the set.
    """
    return applying.apply(services(router), request, author(router))


@router.post("/notifications/configuration/adopt")
def adopt_configuration(request: AdoptIn) -> AdoptOut:
    """Adopt existing objects into a set.

    They stay as they are, and each gets a key. An object of another set is refused until that set gives it
    up.
    """
    return adopting.adopt(services(router), request, author(router))
