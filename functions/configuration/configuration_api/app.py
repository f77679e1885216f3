"""The Lambda handler of the API of configuration as code."""

import os

from notifications.cold_start import loading

with loading():
    from configuration_api import export_routes, routes, testing_routes
    from notifications.api.app import Api
    from notifications.wiring import Services

    handler = Api(Services(os.environ), routes.router, export_routes.router, testing_routes.router)
