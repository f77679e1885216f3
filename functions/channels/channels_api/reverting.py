"""Revert a channel to one of its revisions."""

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
    """Revert a channel to its revision ``to``, with the credentials that it had then.

    Raises:
        EntityNotFound: there is no such channel or revision.
        InvalidRequest: the revision is a deletion, or the service may no longer call its target.
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
        # Compare again after the write: meanwhile another client may have changed an attribute that needed
        # no change when the channel was read.
        present = channels.change(services, present, changes, by, "reverted")
    raise ChannelConflict(f"Channel {channel_id} is being changed by others; try again")


def _spec_of(services: Services, then: Channel) -> Spec:
    try:
        return services.vault.opened(then).spec
    except SecretsUnreadable:
        raise ChannelConflict(
            f"The credentials that channel {then.id} had then can no longer be decrypted; update it instead"
        ) from None
