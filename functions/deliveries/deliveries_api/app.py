"""The Lambda of the API of events and their deliveries."""

from deliveries_api.routes import router
from notifications import aws
from notifications.api.app import Api

handler = Api(aws.keypairs(), router)
