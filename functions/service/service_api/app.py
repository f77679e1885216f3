"""The Lambda of the service's own routes."""

from notifications.startup import loading

with loading():
    from notifications import aws
    from notifications.api.app import Api
    from service_api.routes import router

    handler = Api(aws.keypairs(), router)
