"""The Lambda handler of the channels' API."""

import os

from notifications.cold_start import loading

with loading():
    from channels_api import revision_routes, routes, v2_routes
    from notifications.api.app import Api
    from notifications.wiring import Services

    handler = Api(Services(os.environ), routes.router, v2_routes.router, revision_routes.router)
