"""The Lambda of the channels' API."""

from notifications.startup import loading

with loading():
    from channels_api import routes, v2_routes
    from notifications import aws
    from notifications.api.app import Api

    handler = Api(aws.keypairs(), routes.router, v2_routes.router)
