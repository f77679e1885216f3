"""The one tree of errors. The API turns them into problem documents, the dispatcher into log lines."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any


class NotificationError(Exception):
    """Something that the service refuses or fails to do; the message goes to the caller."""

    def __init__(self, message: str, data: Mapping[str, Any] | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.data = data


class InvalidRequest(NotificationError):
    """A request that lacks something, or has something that is not allowed."""


class RefusedAddress(InvalidRequest):
    """A target at an address that the service must not connect to."""


class NoRecipient(InvalidRequest):
    """An email whose recipients were all refused before it was sent."""


class SchemaMismatch(NotificationError):
    """Notification data that does not fit its event type's schema.

    ``data["errors"]`` lists {"type", "loc", "msg"} per fault.
    """

    def __init__(self, message: str, errors: Sequence[Mapping[str, Any]]) -> None:
        super().__init__(message, {"errors": list(errors)})
        self.errors = errors


class TemplateError(NotificationError):
    """A template that does not parse, names an unknown field, or fails to render."""


class TooMuch(TemplateError):
    """A message that is too large, or takes too much work to render; with less data it might not be."""


class NotJson(TemplateError):
    """A template whose message is not JSON, for a channel that wants JSON."""


class UnusableBody(TemplateError):
    """A message that its channel's service would refuse, or not show, no matter how much is cut from it."""


class LacksContent(UnusableBody):
    """A message without a part that its service needs; it would also be with other values in its texts."""


class InvalidAuthParameters(NotificationError):
    """Credentials that cannot even be checked: malformed, no date, clock off."""


class AuthenticationFailed(NotificationError):
    """No credentials, an unknown or inactive key, or a wrong signature."""


class Forbidden(NotificationError):
    """An authenticated caller without the role that is needed."""


class EntityNotFound(NotificationError):
    """Read, update or delete of something that does not exist."""


class ChannelNotFound(NotificationError):
    """A test message for a channel that does not exist."""


class RuleNotFound(NotificationError):
    """A trial rendering for a rule that does not exist."""


class ChannelConflict(NotificationError):
    """A change that a channel's present state does not allow."""


class RuleConflict(NotificationError):
    """A change that a rule's present state does not allow."""


class MuteConflict(NotificationError):
    """A mute that has ended already, or that would be one too many."""


class EventTypeConflict(NotificationError):
    """A change that an event type's present state does not allow."""


class ConfigurationFaults(NotificationError):
    """A set of configuration that cannot be applied; ``data["errors"]`` lists all faults."""


class ConfigurationChanged(NotificationError):
    """A set of configuration that was changed since it was planned."""


class ConfigurationLocked(NotificationError):
    """A set of configuration that another client is applying."""


class EventConflict(NotificationError):
    """An event whose idempotency key was used for another one, or that cannot be dispatched again now."""


class DeliveryConflict(NotificationError):
    """A replay that a delivery's present state, or that of its channel or rule, does not allow."""


class DeliveryFailed(NotificationError):
    """The receiver of a test message refused it, failed, or was not reached."""


class MalformedEvent(NotificationError):
    """A document on the event bus that has neither shape of a Backend.AI event."""


class SecretsUnreadable(NotificationError):
    """Secrets of a channel that were not sealed for it."""


class Unavailable(NotificationError):
    """An AWS service did not respond, or kept failing, within the time and tries allowed."""


class NotRecorded(Unavailable):
    """DynamoDB did not accept the records of deliveries.

    ``kept``: the event and rule ids of deliveries that were sent and whose records are kept in the queue.
    """

    def __init__(self, message: str, kept: Collection[tuple[str, str]] = ()) -> None:
        super().__init__(message)
        self.kept = kept
