"""The v2 documents of channels."""

from typing import Annotated
from uuid import UUID

from pydantic import Field, model_validator

from channels_api.models import MAX_TEST_MESSAGE_CHARS
from notifications.api.channel_specs.email_specs import EmailIn
from notifications.api.channel_specs.specs import WebhookIn
from notifications.api.channels import V2ChannelOut
from notifications.api.models import Description, Document, LowerText, Name
from notifications.api.requests.channels import check_kind
from notifications.api.v2 import Found


class V2ChannelSpec(Document):
    """A channel's spec, under the name of its type."""

    webhook: WebhookIn | None = None
    """A webhook channel's spec."""
    email: EmailIn | None = None
    """An email channel's spec."""

    @model_validator(mode="after")
    def _exactly_one(self) -> "V2ChannelSpec":
        if (self.webhook is None) == (self.email is None):
            raise ValueError("exactly one of webhook and email must be given")
        return self

    @property
    def inner(self) -> WebhookIn | EmailIn:
        """Return the given spec."""
        spec = self.webhook or self.email
        if spec is None:  # the validator has checked it
            raise ValueError("no spec")
        return spec


class V2ChannelIn(Document):
    """A channel to create."""

    name: Name
    """The channel's name. White space around it is removed."""
    description: Description | None = None
    """What the channel is for."""
    channel_type: LowerText
    """How the channel sends, in any case: ``webhook`` or ``email``. It cannot be changed later."""
    spec: V2ChannelSpec
    """Where and how the channel sends: a spec of its type."""
    enabled: bool = True
    """Whether events are delivered to it."""

    @model_validator(mode="after")
    def _known_type(self) -> "V2ChannelIn":
        check_kind(self.channel_type, self.spec.inner)
        return self


class V2ChannelChanges(Document):
    """What to change of a channel. Absent fields stay as they are; a null description is removed."""

    name: Name | None = None
    """The channel's new name."""
    description: Description | None = None
    """What the channel is for; null removes it."""
    spec: V2ChannelSpec | None = None
    """A new spec, of the channel's type. That of a webhook needs only ``url``; the rest stays."""
    enabled: bool | None = None
    """Whether events are delivered to it."""
    keep_credentials: bool = False
    """Whether stored credentials are kept and sent to the new target, if the spec leads to another one."""


class V2TestMessage(Document):
    """A message to test a channel with."""

    id: UUID
    """The channel's id."""
    test_message: Annotated[str, Field(max_length=MAX_TEST_MESSAGE_CHARS)]
    """The message to send, as a rule would have rendered it."""


class V2ChannelEnvelope(Document):
    """A channel that was created."""

    channel: V2ChannelOut
    """The channel."""


class V2ChangedChannelEnvelope(V2ChannelEnvelope):
    """A changed channel, and the names of the credentials that it lost."""

    dropped_credentials: list[str]
    """The headers and other parts of the spec that were dropped because it has another target now."""


class V2ChannelItem(Document):
    """One channel."""

    item: V2ChannelOut
    """The channel."""


class V2ChannelPage(Found):
    """A page of channels."""

    items: list[V2ChannelOut]
    """The channels of this page."""
