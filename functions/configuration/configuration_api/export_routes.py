"""The route that exports configuration."""

from configuration_api.export_models import ExportIn, ExportOut
from configuration_api.exporting import exported
from notifications.api.given import services
from notifications.api.powertools import Router

router = Router()


@router.post("/notifications/configuration/export")
def export_configuration(request: ExportIn) -> ExportOut:
    """Export configuration.

    The response has the stored objects in the form of a file: those of a set, with ``all`` also those that no
    set manages, and without a set all of them. Variables stand for the secrets. Objects of another set are
    left out and referred to by name, or by id if several have that name.
    """
    return exported(services(router), request)
