"""Make the event types and channels that a set's entries describe, in the way of their own routes."""

from collections.abc import Sequence
from typing import Any

from configuration_api.comparing import Step
from configuration_api.faults import Faults
from configuration_api.reading import Reader
from configuration_api.stored import StoredSet
from notifications.api.changing import channels, event_types
from notifications.api.requests.channels import ChannelIn
from notifications.core import revisions
from notifications.core.errors import EntityNotFound
from notifications.core.kinds import kind_of
from notifications.core.model import Channel
from notifications.core.revisions import Author
from notifications.core.rule_types import BUILT_IN
from notifications.core.secrets import Secrets
from notifications.core.values import replace
from notifications.wiring import Services

_CHANNEL_MEMBERS = {name: name for name in ChannelIn.model_fields}


class Maker:
    """Make the steps of event types and channels.

    ``by``: the author of the plan. ``opens``: whether stored credentials may be decrypted to be compared.
    ``faulty_types``: the names of event types with faults.
    """

    def __init__(
        self,
        services: Services,
        stored: StoredSet,
        faults: Faults,
        reader: Reader,
        by: Author,
        *,
        opens: bool,
    ) -> None:
        self._services = services
        self._stored = stored
        self._faults = faults
        self._by = by
        self._opens = opens
        self._reader = reader
        self.faulty_types: set[str] = set()

    def event_type(self, name: str, entry: Any) -> Step | None:
        """Make an event type; None if it has a fault, and then its rules are not blamed for it too."""
        step = self._event_type(name, entry)
        if step is None:
            self.faulty_types.add(name)
        return step

    def _event_type(self, name: str, entry: Any) -> Step | None:
        place, before = ("event_types", name), len(self._faults)
        request = self._reader.event_type(name, entry)
        if request is None:
            return None
        # No table can be asked for a name that is none.
        is_free = not self._faults.has((*place, "name")) and self._is_free(name)
        with self._faults.at(place, default=("json_schema",)):
            made = event_types.made(request, self._by)
            return (
                self._stored.kept("event_type", name, made)
                if is_free and len(self._faults) == before
                else None
            )
        return None

    def _is_free(self, name: str) -> bool:
        """Return whether the set may make a type of this name; note a fault if not."""
        if self._stored.get("event_type", name) is not None:
            return True
        try:
            other = self._services.event_types.get(name)
        except EntityNotFound:
            return True
        if name in BUILT_IN:
            message = "it is built in and cannot be changed"
        elif other.managed is not None:
            message = f"it belongs to the set {other.managed.set}, which must give it up first"
        else:
            message = "there is one that belongs to no set: adopt it first"
        self._faults.add(("event_types", name), message)
        return False

    def channel(self, key: str, entry: Any) -> Step | None:
        """Make a channel."""
        place, before = ("channels", key), len(self._faults)
        request = self._reader.channel(key, entry)
        if request is None:
            return None
        policy, present = self._services.target_policy, self._stored.get("channel", key)
        self._faults.add_refusals(request.spec.refusals(policy), place, _CHANNEL_MEMBERS, ("spec",))
        if isinstance(present, Channel) and present.channel_type != request.channel_type:
            told = (
                f"its type is {present.channel_type} and cannot be changed: give the new channel another key"
            )
            self._faults.add((*place, "channel_type"), told)
        if len(self._faults) > before:
            return None
        with self._faults.at(place, _CHANNEL_MEMBERS, ("spec",)):
            step = self._stored.kept("channel", key, channels.made(request, policy, self._by))
            return replace(step, credentials=tuple(self._credentials(step)))
        return None

    def _credentials(self, step: Step) -> Sequence[str]:
        """List the credentials that change, compared with the stored ones; all of them for a new channel."""
        present, future = step.present, step.future
        if not isinstance(future, Channel) or (isinstance(present, Channel) and not self._opens):
            return ()
        known = self._services.vault.secrets(present) if isinstance(present, Channel) else Secrets()
        _, given = kind_of(future.spec).take_secrets(future.spec)
        return revisions.changed_credentials(known, replace(given, signing=known.signing))
