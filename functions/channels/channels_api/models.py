"""The v1 documents of channels."""

from typing import Annotated

from pydantic import Field

from notifications.api.channel_specs.rates import Rate
from notifications.api.channel_specs.retries import RetryIn
from notifications.api.channel_specs.specs import SpecChanges
from notifications.api.channels import ChannelWithState
from notifications.api.models import (
    ChannelTypeIn,
    Description,
    Document,
    Name,
    Pagination,
    Search,
    StringFilter,
    TimeZone,
    Uuid,
)
from notifications.core import search
from notifications.core.search import Predicate

MAX_TEST_MESSAGE_CHARS = 5_000
DEFAULT_KEEP_OLD_SECONDS = 24 * 3600
MAX_KEEP_OLD_SECONDS = 7 * 24 * 3600
"""How long an old signing secret may stay valid beside a new one."""


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
    """When failed deliveries are retried: a schedule's name, or the seconds between the attempts."""
    rate: Rate | None = None
    """The fastest rate at which messages are sent, like ``1/s``; ``none`` for no limit, empty for the
    preset's."""
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
    """A changed channel whose spec probably has a mistake."""

    warnings: list[str]
    """Probable mistakes in the spec, such as a preset that does not fit the URL."""


class ChannelWithSecret(ChannelWithState):
    """A channel with the secret that signs its webhooks, which is shown only this once."""

    signing_secret: str | None
    """The secret of Standard Webhooks 1.0.0, beginning with ``whsec_``; null for email."""


class NewChannelEnvelope(Document):
    """A channel that was created or has a new secret."""

    channel: ChannelWithSecret
    """The channel, with its signing secret."""


class WarnedNewChannel(NewChannelEnvelope):
    """A channel that was created and whose spec probably has a mistake."""

    warnings: list[str]
    """Probable mistakes in the spec, such as a preset that does not fit the URL."""


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
