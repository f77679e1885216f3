"""The v1 documents of channels."""

from typing import Annotated, Any

from pydantic import Field, model_validator

from channels_api.email_specs import EmailIn
from channels_api.rates import Rate
from channels_api.retries import RetryIn
from channels_api.specs import SpecChanges, SpecIn
from notifications.api.channels import ChannelWithState
from notifications.api.models import (
    ChannelTypeIn,
    Description,
    Document,
    LowerText,
    Name,
    Pagination,
    Search,
    StringFilter,
    TimeZone,
    Uuid,
)
from notifications.core import search
from notifications.core.model import CHANNEL_TYPES, DEFAULT_RETRY
from notifications.core.nearest import quoted
from notifications.core.search import Predicate

MAX_TEST_MESSAGE_CHARS = 5_000
DEFAULT_KEEP_OLD_SECONDS = 24 * 3600
MAX_KEEP_OLD_SECONDS = 7 * 24 * 3600
"""How long an old signing secret may stay valid beside a new one."""


class ChannelIn(Document):
    """A channel to create."""

    name: Name
    """The channel's name. White space around it is removed."""
    description: Description | None = None
    """What the channel is for."""
    channel_type: LowerText = "webhook"
    """How the channel sends, in any case: ``webhook`` or ``email``. It cannot be changed later."""
    spec: SpecIn
    """Where and how the channel sends: a spec of its type."""
    enabled: bool = True
    """Whether events are delivered to it."""
    retry: RetryIn = DEFAULT_RETRY
    """When failed deliveries are tried again: a schedule's name, or the seconds between the attempts."""
    rate: Rate | None = None
    """How fast messages are sent, like ``1/s``; ``none`` for no bound, absent for the preset's own rate."""
    timezone: TimeZone | None = None
    """The IANA time zone of times in default messages, like ``Asia/Seoul``. Absent for UTC."""

    @model_validator(mode="before")
    @classmethod
    def _meant_spec(cls, request: Any) -> Any:
        """Validate a spec as one of the named channel type, so that its errors name the right fields."""
        match request:
            case {"channel_type": str(kind), "spec": dict(spec)} if kind.strip().lower() == "email":
                return request | {"spec": {"smtp": None} | spec}
        return request

    @model_validator(mode="after")
    def _known_type(self) -> "ChannelIn":
        check_kind(self.channel_type, self.spec)
        return self


class ChannelChanges(Document):
    """What to change of a channel; absent or null is unchanged."""

    name: Name | None = None
    """The channel's new name."""
    description: Description | None = None
    """What the channel is for."""
    spec: SpecChanges | None = None
    """A whole new spec, or parts of an email channel's. It has to be of the channel's type."""
    enabled: bool | None = None
    """Whether events are delivered to it."""
    retry: RetryIn | None = None
    """When failed deliveries are tried again: a schedule's name, or the seconds between the attempts."""
    rate: Rate | None = None
    """How fast messages are sent, like ``1/s``; ``none`` for no bound, empty for the preset's own rate."""
    timezone: TimeZone | None = None
    """The IANA time zone of times in default messages, like ``Asia/Seoul``. An empty text restores UTC."""
    keep_credentials: bool = False
    """Whether stored credentials are kept and sent to the new target, if the spec leads to another one."""


class ChannelFilter(Document):
    """Which channels to find; all conditions must hold."""

    id: StringFilter | None = None
    """A condition on the channel's id."""
    name: StringFilter | None = None
    """A condition on the channel's name."""
    channel_types: list[ChannelTypeIn] | None = None
    """Only channels of these types."""
    enabled: bool | None = None
    """Only channels that are enabled, or only those that are not."""

    def predicate(self) -> Predicate:
        """Convert it to the core's value."""
        return search.where(ids=self.id, name=self.name, types=self.channel_types, enabled=self.enabled)


class ChannelSearch(Search):
    """A search for channels."""

    filter: ChannelFilter | None = None
    """Which channels to find; all if absent."""


class TestMessage(Document):
    """A message to test a channel with."""

    test_message: Annotated[str, Field(max_length=MAX_TEST_MESSAGE_CHARS)] | None = None
    """The message to send, as a rule would have rendered it. A channel with a preset has one of its own."""


class ChannelEnvelope(Document):
    """One channel."""

    channel: ChannelWithState
    """The channel."""


class ChangedChannelEnvelope(ChannelEnvelope):
    """A changed channel, and the names of the credentials that it lost."""

    dropped_credentials: list[str]
    """The headers and other parts of the spec that were dropped because it has another target now."""


class WarnedChangedChannel(ChangedChannelEnvelope):
    """A changed channel that is probably not what was meant."""

    warnings: list[str]
    """What is probably a mistake in the spec, such as a preset that does not fit the URL."""


class ChannelWithSecret(ChannelWithState):
    """A channel with the secret that signs its webhooks, which is shown only this once."""

    signing_secret: str | None
    """The secret of Standard Webhooks 1.0.0, beginning with ``whsec_``; null for email."""


class NewChannelEnvelope(Document):
    """A channel that was created or has a new secret."""

    channel: ChannelWithSecret
    """The channel, with its signing secret."""


class WarnedNewChannel(NewChannelEnvelope):
    """A channel that was created and is probably not what was meant."""

    warnings: list[str]
    """What is probably a mistake in the spec, such as a preset that does not fit the URL."""


class SecretRotation(Document):
    """How long the present secret stays valid beside the new one."""

    keep_old_seconds: Annotated[int, Field(ge=0, le=MAX_KEEP_OLD_SECONDS)] = DEFAULT_KEEP_OLD_SECONDS
    """For how many seconds messages are signed with the present secret too."""


class ChannelList(Document):
    """A page of channels."""

    channels: list[ChannelWithState]
    """The channels of this page."""
    pagination: Pagination
    """Which part of the results this page is."""


class ValidatedChannel(Document):
    """The response to a test message that was delivered."""

    channel_id: Uuid
    """The id of the channel that delivered it."""


def check_kind(channel_type: str, spec: SpecIn) -> None:
    """Refuse a channel type that is unknown or does not match the spec.

    Raises:
        ValueError: for pydantic.
    """
    if channel_type not in CHANNEL_TYPES:
        raise ValueError(f"channel type {quoted(channel_type)} is not known; expected 'webhook' or 'email'")
    kind = "email" if isinstance(spec, EmailIn) else "webhook"
    if kind != channel_type:
        raise ValueError(f"the spec is one of {kind} channels, but channel_type is {channel_type!r}")
