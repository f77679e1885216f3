"""Bring a channel back to what it was."""

from typing import Any

from notifications.api import reverting
from notifications.api.changing import channels
from notifications.core.errors import ChannelConflict, SecretsUnreadable
from notifications.core.kinds import kind_of
from notifications.core.model import Channel, Spec
from notifications.core.revisions import Author
from notifications.wiring import Services

_PLAIN = ("name", "description", "enabled", "retry", "rate", "timezone")


def revert(services: Services, channel_id: str, to: int, by: Author) -> Channel:
    """Make a channel what it was after its revision ``to``, with the credentials that it had then.

    Raises:
        EntityNotFound: there is no such channel or revision.
        InvalidRequest: the revision is a deletion, or its target must not be called any more.
        ChannelConflict: rules of the channel cannot render that content type or those recipients; those
            credentials cannot be read; or others kept changing it.
    """
    present = reverting.present(services, "channel", channel_id, services.channels.get)
    then = reverting.state_of(services, "channel", channel_id, to, Channel)
    spec = _spec_of(services, then)
    for _ in range(reverting.REVERT_TRIES):
        changes: dict[str, Any] = {
            name: getattr(then, name) for name in _PLAIN if getattr(then, name) != getattr(present, name)
        }
        if spec != services.vault.opened(present).spec:
            kind_of(spec).target(spec, services.target_policy)
            changes["spec"] = spec
        if not changes:
            return present
        # Somebody may change, at the same time, what was as it should be when the channel was read.
        present = channels.change(services, present, changes, by, "reverted")
    raise ChannelConflict(f"Channel {channel_id} is being changed by others; try again")


def _spec_of(services: Services, then: Channel) -> Spec:
    try:
        return services.vault.opened(then).spec
    except SecretsUnreadable:
        raise ChannelConflict(
            f"The credentials that channel {then.id} had then cannot be decrypted any more; update it instead"
        ) from None
