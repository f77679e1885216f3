"""The Lambda of the API of events and their deliveries."""

from notifications.startup import loading

with loading():
    from deliveries_api import delivery_routes, event_routes
    from notifications import aws
    from notifications.api.app import Api

    handler = Api(aws.keypairs(), event_routes.router, delivery_routes.router)
