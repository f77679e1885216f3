"""The model of the service: channels, rules, event types, events."""

from collections.abc import Mapping
from dataclasses import field
from datetime import UTC, datetime
from typing import Any, ClassVar, Literal, get_args

from notifications.core.managing import Managed
from notifications.core.values import value

ChannelType = Literal["webhook", "email"]
CHANNEL_TYPES: tuple[ChannelType, ...] = get_args(ChannelType)

RetryName = Literal["standard", "fast", "none"]
Retry = RetryName | tuple[int, ...]
"""When failed deliveries are tried again: a named schedule, or the seconds between the tries."""

DEFAULT_RETRY: RetryName = "standard"
DEFAULT_TIMEOUT_SECONDS = 30
MAX_TIMEOUT_SECONDS = 60
"""The longest timeout of a receiver, because a Lambda function must end within its own timeout."""

MAX_EVENT_TYPE_CHARS = 128
MAX_TEMPLATE_CHARS = 65_536

Format = Literal["json", "text"]
"""What a template renders: JSON, which must parse and in which values are escaped, or any text."""

PresetName = Literal[
    "slack", "teams", "discord", "pagerduty", "mattermost", "google-chat", "telegram", "ntfy"
]
"""The services that webhook channels have presets for."""

Level = Literal["info", "success", "warning", "error", "critical"]
"""How much a message matters, which receivers show as a colour or a priority."""
LEVELS: tuple[Level, ...] = get_args(Level)

Action = Literal["trigger", "acknowledge", "resolve"]
"""What a message does to the incident of a service that has incidents."""

DEFAULT_SUCCESS_STATUS_CODES = (200, 201, 202, 204)
DEFAULT_CONTENT_TYPE = "application/json"


@value
class WebhookSpec:
    """Where and how a webhook is sent. ``timeout``: seconds for the whole exchange.

    ``response_match``, ``response_no_match``: patterns that a successful response's body must, and must not,
    match. ``ca_bundle``: certificate authorities to trust instead of the stack's own. ``client_certificate``,
    ``client_key``: how the service authenticates itself. All three are PEM. ``preset``: the service whose
    messages it sends; None for any other receiver. ``routing_key``: PagerDuty's, which belongs in the body.
    """

    channel_type: ClassVar[ChannelType] = "webhook"

    url: str
    method: str = "POST"
    content_type: str = DEFAULT_CONTENT_TYPE
    headers: Mapping[str, str] = field(default_factory=dict)
    timeout: float = DEFAULT_TIMEOUT_SECONDS
    success_status_codes: tuple[int, ...] = DEFAULT_SUCCESS_STATUS_CODES
    response_match: str | None = None
    response_no_match: str | None = None
    ca_bundle: str | None = None
    client_certificate: str | None = None
    client_key: str | None = field(default=None, repr=False)
    preset: PresetName | None = None
    routing_key: str | None = field(default=None, repr=False)


@value
class EmailSpec:
    """Where and how email is sent. ``timeout``, ``ca_bundle``: as for webhooks.

    ``use_tls``: implicit TLS on port 465, STARTTLS on any other. ``password`` never leaves the service.
    ``to_emails``: addresses, and templates that render to one in one of the ``allowed_domains``.
    """

    channel_type: ClassVar[ChannelType] = "email"

    host: str
    port: int
    from_email: str
    to_emails: tuple[str, ...]
    use_tls: bool = True
    timeout: float = DEFAULT_TIMEOUT_SECONDS
    subject_template: str | None = None
    username: str | None = None
    password: str | None = field(default=None, repr=False)
    ca_bundle: str | None = None
    allowed_domains: tuple[str, ...] = ()


Spec = WebhookSpec | EmailSpec


@value
class Channel:
    """A destination of notifications. Timestamps are RFC 3339 text, see ``timestamp``.

    ``sealed``: its secrets, encrypted; the ``spec`` of a channel that was read from the store has none of
    them. ``rate``: the fastest rate at which messages are sent, like "1/s"; None for the preset's own, "none"
    for no limit. ``timezone``: the IANA zone of times in default messages; None for UTC. ``managed``: the set
    that it belongs to; None if it belongs to none.
    """

    id: str
    name: str
    description: str | None
    spec: Spec
    enabled: bool
    created_at: str
    created_by: str
    updated_at: str
    retry: Retry = DEFAULT_RETRY
    sealed: bytes = field(default=b"", repr=False, compare=False)
    rate: str | None = None
    timezone: str | None = None
    managed: Managed | None = None

    @property
    def channel_type(self) -> ChannelType:
        """Return the channel's type, which its spec determines."""
        return self.spec.channel_type


@value
class MessageParts:
    """The parts of its type's default message that a rule changes; None leaves a part as it is.

    All are templates, except ``action``, and ``fields``: further fields, with the Jinja expression of each by
    its label. ``dedup``: renders the key of the incident that the message is about.
    """

    title: str | None = None
    text: str | None = None
    fields: Mapping[str, str] | None = None
    link: str | None = None
    level: str | None = None
    dedup: str | None = None
    action: Action | None = None


@value
class OncePer:
    """A rule's limit: one message in ``period`` seconds for all events that agree in the fields ``by``."""

    period: int
    by: tuple[str, ...] = ()


@value
class Digest:
    """How a rule collects events: one message per period for all events that agree in the fields ``by``.

    ``period``: like "5m" or "daily@09:00[Asia/Seoul]". ``max``: a digest with this many events is sent at
    once.
    """

    period: str
    by: tuple[str, ...] = ()
    max: int = 100


@value
class Rule:
    """Which event goes to which channel, with which template.

    ``message_template``: empty for the default message, if the channel has one. ``message``: the parts of the
    default message that the rule changes. ``condition``: an event pattern over the event's fields; None is
    met by every event. ``observe``: whether messages are only rendered and recorded, and not sent.
    """

    id: str
    name: str
    description: str | None
    rule_type: str
    channel_id: str
    message_template: str
    enabled: bool
    created_at: str
    created_by: str
    updated_at: str
    condition: Mapping[str, Any] | None = field(default=None, hash=False)
    observe: bool = False
    message: MessageParts | None = field(default=None, hash=False)
    once_per: OncePer | None = None
    digest: Digest | None = None
    managed: Managed | None = None


@value
class DefaultMessage:
    """An event type's message for rules that have no template.

    ``title``, ``text``, ``level``, ``link``: templates. ``fields``: other fields to show; ``context.project``
    is one inside an object.
    """

    title: str
    text: str
    fields: tuple[str, ...] = ()
    level: str = "info"
    link: str | None = None


@value
class EventType:
    """A kind of event and the JSON Schema of its fields. Built-in ones have no creation data.

    ``added``: fields that Backend.AI's own schema of the type lacks. Its clients do not see them, and
    templates render an event that lacks them as if its type lacked them too. ``message``: None for custom
    types.
    """

    name: str
    description: str | None
    json_schema: Mapping[str, Any]
    built_in: bool = False
    created_at: str | None = None
    created_by: str | None = None
    updated_at: str | None = None
    added: frozenset[str] = frozenset()
    message: DefaultMessage | None = None
    managed: Managed | None = None

    @property
    def fields(self) -> frozenset[str]:
        """Return the names of the fields that the schema declares."""
        return frozenset(self.json_schema.get("properties", {}))


@value
class Event:
    """An event from the bus."""

    id: str
    rule_type: str
    timestamp: datetime
    data: Mapping[str, Any]


def timestamp(time: datetime) -> str:
    """Write a time in the contract's form: RFC 3339, UTC, microseconds, ``Z``."""
    utc = time if time.tzinfo is UTC else time.astimezone(UTC)
    # In two parts: ``isoformat`` of the whole asks the zone for its offset, which takes half as long again.
    return f"{utc.date().isoformat()}T{utc.time().isoformat('microseconds')}Z"
