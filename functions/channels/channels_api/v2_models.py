"""The v2 documents of channels."""

from typing import Annotated
from uuid import UUID

from pydantic import Field, model_validator

from channels_api.email_specs import EmailIn
from channels_api.models import MAX_TEST_MESSAGE_CHARS, check_kind
from channels_api.specs import WebhookIn
from notifications.api.channels import V2ChannelOut
from notifications.api.models import Description, Document, LowerText, Name
from notifications.api.v2 import Found


class V2Spec(Document):
    """A spec in the wrapping that says which it is."""

    webhook: WebhookIn | None = None
    email: EmailIn | None = None

    @model_validator(mode="after")
    def _exactly_one(self) -> "V2Spec":
        if (self.webhook is None) == (self.email is None):
            raise ValueError("exactly one of webhook and email must be given")
        return self

    @property
    def inner(self) -> WebhookIn | EmailIn:
        """Return the one that is given."""
        spec = self.webhook or self.email
        if spec is None:  # the validator has seen to it
            raise ValueError("no spec")
        return spec


class V2ChannelIn(Document):
    """A channel to create."""

    name: Name
    description: Description | None = None
    channel_type: LowerText
    spec: V2Spec
    enabled: bool = True

    @model_validator(mode="after")
    def _known_type(self) -> "V2ChannelIn":
        check_kind(self.channel_type, self.spec.inner)
        return self


class V2ChannelChanges(Document):
    """What to change of a channel; what is absent stays, and a description of null is removed."""

    name: Name | None = None
    description: Description | None = None
    spec: V2Spec | None = None
    enabled: bool | None = None
    keep_credentials: bool = False


class V2TestMessage(Document):
    """A message to try a channel with."""

    id: UUID
    test_message: Annotated[str, Field(max_length=MAX_TEST_MESSAGE_CHARS)]


class V2ChannelEnvelope(Document):
    """A reply to what made a channel."""

    channel: V2ChannelOut


class V2ChangedChannelEnvelope(V2ChannelEnvelope):
    """A reply to what changed a channel, with the names of the credentials that it lost."""

    dropped_credentials: list[str]


class V2ChannelItem(Document):
    """A reply to what asked for a channel."""

    item: V2ChannelOut


class V2ChannelPage(Found):
    """A page of channels."""

    items: list[V2ChannelOut]
