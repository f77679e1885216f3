"""The route that exports configuration."""

from configuration_api.export_models import ExportIn, ExportOut
from configuration_api.exporting import exported
from notifications.api.given import services
from notifications.api.powertools import Router

router = Router()


@router.post("/notifications/configuration/export")
def export_configuration(request: ExportIn) -> ExportOut:
    """Export configuration.

    The response has what is stored in the form of a file: that of a set, with ``all`` also what no set
    manages, and without a set everything. Secrets are not in it: variables stand for them. What is managed by
    another set is left out, and is referred to by its name, or by its id if others have the same name.
    """
    return exported(services(router), request)
