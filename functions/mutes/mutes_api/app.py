"""The Lambda handler of the API of mutes."""

import os

from notifications.cold_start import loading

with loading():
    from mutes_api import routes
    from notifications.api.app import Api
    from notifications.wiring import Services

    handler = Api(Services(os.environ), routes.router)
