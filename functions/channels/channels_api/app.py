"""The Lambda of the channels' API."""

from channels_api.routes import router
from notifications import aws
from notifications.api.app import Api

handler = Api(aws.keypairs(), router)
