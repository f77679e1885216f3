"""The Lambda handler of the API of verdicts."""

import os

from notifications.cold_start import loading

with loading():
    from notifications.api.app import Api
    from notifications.wiring import Services
    from verdicts_api import backtest_routes, preview_routes, routes

    handler = Api(Services(os.environ), routes.router, backtest_routes.router, preview_routes.router)
