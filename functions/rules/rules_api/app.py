"""The Lambda handler of the rules' and event types' API."""

import os

from notifications.cold_start import loading

with loading():
    from notifications.api.app import Api
    from notifications.wiring import Services
    from rules_api import event_type_routes, revision_routes, routes, v2_routes

    handler = Api(
        Services(os.environ),
        routes.router,
        v2_routes.router,
        event_type_routes.router,
        revision_routes.router,
    )
