"""The documents of channels, alone and inside rules. None of them can contain a secret."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Annotated, Any, Literal, assert_never

from pydantic import BeforeValidator

from notifications.api.health import HealthOut, shown_health
from notifications.api.models import Document, ManagedOut, Resource, Uuid
from notifications.core import pacing
from notifications.core.channel_health import Health, State, state
from notifications.core.kinds import kind_of
from notifications.core.masking import masked_url
from notifications.core.model import (
    Channel,
    ChannelType,
    EmailSpec,
    PresetName,
    RetryName,
    WebhookSpec,
    timestamp,
)


def _whole_seconds(seconds: float) -> int:
    return max(1, round(seconds))


class WebhookOut(Document):
    """A webhook's spec; the values of headers that carry credentials are null."""

    url: str
    """Where messages are sent. Searches and rules show scheme and host only: ``https://host/***``."""
    method: str
    """The HTTP method: POST, PUT or PATCH."""
    content_type: str
    """The media type of the messages."""
    headers: dict[str, str | None]
    """Headers of each request. The value of one that carries a credential is null."""
    timeout: float
    """How many seconds an attempt may take in all."""
    success_status_codes: list[int]
    """The status codes that count as delivered. 200, 201, 202 and 204 together stand for every 2xx."""
    response_match: str | None
    """A regular expression that the beginning of a successful response's body must match."""
    response_no_match: str | None
    """A regular expression that the beginning of a successful response's body must not match."""
    ca_bundle: str | None
    """The certificate authorities, as PEM, that the receiver is verified with instead of the stack's."""
    client_certificate: str | None
    """The certificate, as PEM, that is shown to the receiver."""
    client_key: None = None
    """Always null: the key is not shown."""
    preset: PresetName | None
    """The service whose messages the channel sends; null for any other receiver."""
    routing_key: None = None
    """Always null: the key is not shown."""


class SmtpOut(Document):
    """How to reach the mail server. ``timeout``: in whole seconds, as clients expect."""

    host: str
    """The mail server's name or address."""
    port: int
    """The mail server's port."""
    use_tls: bool
    """TLS from the first byte on port 465, and STARTTLS on any other."""
    timeout: Annotated[int, BeforeValidator(_whole_seconds)]
    """How many seconds an attempt may take in all."""


class EmailMessageOut(Document):
    """The sender and the recipients of every email."""

    from_email: str
    """The sender, with or without a name: ``Backend.AI <a@example.com>``."""
    to_emails: list[str]
    """The recipients: addresses, and templates that render to one."""
    allowed_domains: list[str] | None
    """The domains that the addresses of templates must be in."""
    subject_template: str | None
    """The template of the subject. If null, the subject is the message's first line."""


class EmailAuthOut(Document):
    """Whose account is used; the password is always null."""

    username: str
    """The account's name at the mail server."""
    password: None = None
    """Always null: the password is not shown."""


class EmailOut(Document):
    """An email channel's spec."""

    smtp: SmtpOut
    """How the mail server is reached."""
    message: EmailMessageOut
    """The sender and the recipients of every email."""
    auth: EmailAuthOut | None
    """Whose account is used; null if there is no login."""
    ca_bundle: str | None
    """The certificate authorities, as PEM, that the mail server is verified with instead of the stack's."""


class ChannelOut(Resource):
    """A channel of the v1 routes."""

    id: Uuid
    """The channel's id."""
    name: str
    """The channel's name."""
    description: str | None
    """What the channel is for."""
    channel_type: ChannelType
    """How the channel sends."""
    spec: WebhookOut | EmailOut
    """Where and how the channel sends."""
    enabled: bool
    """Whether events are delivered to it."""
    retry: RetryName | list[int]
    """When failed deliveries are tried again: a schedule's name, or the seconds between the attempts."""
    rate: str | None
    """How fast messages are sent, like ``1/s``; null for the preset's own rate, ``none`` for no bound."""
    timezone: str | None
    """The IANA time zone of times in default messages; null for UTC."""
    managed: ManagedOut | None
    """The set that it belongs to, whose file describes it; null if it belongs to none."""


class ChannelWithState(ChannelOut):
    """A channel of the v1 routes, with its state."""

    state: State
    """Whether its receiver works. Deliveries of a ``suspended`` channel are held, and probes are sent."""
    state_reason: str | None
    """The reason for this state, if there is one."""
    held_back_until: str | None
    """The time until which nothing is sent, because the receiver asked for it; null if it did not."""
    effective_rate: str | None
    """The rate at which messages are sent: the channel's own or its preset's. Null for no bound."""
    paced_until: str | None
    """When a new message would be sent, if others are before it. Null if none is, and in lists."""
    health: HealthOut | None
    """The health of a receiver that has failed; null if it works."""


class V2WebhookOut(WebhookOut):
    """A webhook's spec of the v2 routes."""

    channel_type: Literal["webhook"] = "webhook"
    """Always ``webhook``."""


class V2EmailAuthOut(Document):
    """Whose account is used."""

    username: str
    """The account's name at the mail server."""


class V2EmailOut(Document):
    """An email channel's spec of the v2 routes."""

    channel_type: Literal["email"] = "email"
    """Always ``email``."""
    smtp: SmtpOut
    """How the mail server is reached."""
    message: EmailMessageOut
    """The sender and the recipients of every email."""
    auth: V2EmailAuthOut | None
    """Whose account is used; null if there is no login."""
    ca_bundle: str | None
    """The certificate authorities, as PEM, that the mail server is verified with instead of the stack's."""


class V2ChannelOut(Resource):
    """A channel of the v2 routes."""

    id: Uuid
    """The channel's id."""
    entity_id: Uuid
    """The channel's id once more: Backend.AI's clients want it since 26.9."""
    name: str
    """The channel's name."""
    description: str | None
    """What the channel is for."""
    channel_type: ChannelType
    """How the channel sends."""
    spec: V2WebhookOut | V2EmailOut
    """Where and how the channel sends."""
    enabled: bool
    """Whether events are delivered to it."""


def listed(channel: Channel) -> Channel:
    """Return a channel for lists, whose URL is reduced to scheme and host: the rest may be a credential."""
    match channel.spec:
        case WebhookSpec() as spec:
            return replace(channel, spec=replace(spec, url=masked_url(spec.url)))
        case EmailSpec():
            return channel
        case _ as unknown:
            assert_never(unknown)


def shown(channel: Channel) -> ChannelOut:
    """Make the v1 document of a channel."""
    return ChannelOut.model_validate(
        _common(channel, ChannelOut) | {"spec": kind_of(channel.spec).document(channel.spec)}
    )


def shown_with_state(
    channel: Channel, health: Health | None, free_slot: datetime | None = None
) -> ChannelWithState:
    """Make the v1 document of a channel with its state.

    ``health``: None if its receiver works. ``free_slot``: the time of the next message of a paced channel, if
    it is known.
    """
    known, reason = state(channel, health)
    now = datetime.now(UTC)
    pace = pacing.pace_of(channel)
    values = shown(channel).model_dump() | {
        "state": known,
        "state_reason": reason,
        "held_back_until": _later(health.held_back_until if health else None, now),
        "effective_rate": pace.text if pace else None,
        "paced_until": _later(free_slot, now),
        "health": shown_health(health),
    }
    return ChannelWithState.model_validate(values)


def _later(time: datetime | None, now: datetime) -> str | None:
    return timestamp(time) if time is not None and time > now else None


def v2_shown(channel: Channel) -> V2ChannelOut:
    """Make the v2 document of a channel."""
    spec = kind_of(channel.spec).document(channel.spec) | {"channel_type": channel.channel_type}
    values = _common(channel, V2ChannelOut) | {"entity_id": channel.id, "spec": spec}
    return V2ChannelOut.model_validate(values)


def _common(channel: Channel, model: type[Document]) -> dict[str, Any]:
    return {name: getattr(channel, name) for name in model.model_fields if name not in {"spec", "entity_id"}}
