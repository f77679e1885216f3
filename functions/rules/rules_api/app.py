"""The Lambda of the rules' and event types' API."""

from notifications.startup import loading

with loading():
    from notifications import aws
    from notifications.api.app import Api
    from rules_api import event_type_routes, routes, v2_routes

    handler = Api(aws.keypairs(), routes.router, v2_routes.router, event_type_routes.router)
