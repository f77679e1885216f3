"""Bring a channel back to what it was."""

from typing import Any

from channels_api import operations
from notifications.core.errors import ChannelConflict, EntityNotFound, InvalidRequest, SecretsUnreadable
from notifications.core.kinds import kind_of
from notifications.core.model import Channel, Spec
from notifications.core.revisions import Author
from notifications.wiring import Services

REVERT_TRIES = 4
"""How often a channel is changed that others change at the same time."""

_PLAIN = ("name", "description", "enabled", "retry")


def revert(services: Services, channel_id: str, to: int, by: Author) -> Channel:
    """Make a channel what it was after its revision ``to``, with its credentials of then.

    Raises:
        EntityNotFound: there is no such channel or revision.
        InvalidRequest: the revision is a deletion, or the target of then must not be called any more.
        ChannelConflict: rules of the channel cannot render its content type of then or its recipients, or the
            credentials of then cannot be read; or others kept changing it.
    """
    present = _present(services, channel_id)
    then = services.revisions.get("channel", channel_id, to).state
    if not isinstance(then, Channel):
        raise InvalidRequest(f"to: revision {to} is a deletion; the one before it has the channel")
    spec = _spec_of(services, then)
    for _ in range(REVERT_TRIES):
        changes: dict[str, Any] = {
            name: getattr(then, name) for name in _PLAIN if getattr(then, name) != getattr(present, name)
        }
        if spec != services.vault.opened(present).spec:
            kind_of(spec).target(spec, services.target_policy)
            changes["spec"] = spec
        if not changes:
            return present
        # Somebody may change, at the same time, what was as it should be when the channel was read.
        present = operations.apply(services, present, changes, by, "reverted")
    raise ChannelConflict(f"Channel {channel_id} is being changed by others; try again")


def _spec_of(services: Services, then: Channel) -> Spec:
    try:
        return services.vault.opened(then).spec
    except SecretsUnreadable:
        raise ChannelConflict(
            f"The credentials that channel {then.id} had then cannot be decrypted any more; update it instead"
        ) from None


def _present(services: Services, channel_id: str) -> Channel:
    try:
        return services.channels.get(channel_id)
    except EntityNotFound:
        last = next(iter(services.revisions.page("channel", channel_id, 1).revisions), None)
        if last is None:
            raise
        path = f"/notifications/channels/{channel_id}/revisions/{last.number - 1}"
        raise EntityNotFound(
            f"The channel {channel_id} was deleted at {last.at}, and does not come back: create a new one "
            f"from the `state` of {path}"
        ) from None
