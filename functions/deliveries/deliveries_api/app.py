"""The Lambda handler of the API of events and their deliveries."""

import os

from notifications.cold_start import loading

with loading():
    from deliveries_api import delivery_routes, event_routes, replay_routes
    from notifications.api.app import Api
    from notifications.wiring import Services

    handler = Api(Services(os.environ), event_routes.router, delivery_routes.router, replay_routes.router)
