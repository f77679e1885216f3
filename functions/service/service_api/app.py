"""The Lambda handler of the service's own routes."""

import os

from notifications.cold_start import loading

with loading():
    from notifications.api.app import Api
    from notifications.wiring import Services
    from service_api import routes, status_routes

    handler = Api(Services(os.environ), routes.router, status_routes.router)
