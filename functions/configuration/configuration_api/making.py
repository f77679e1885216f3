"""Make the objects that a set's entries describe, in the way of the routes that create such objects."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from configuration_api.comparing import Step, is_same_mute
from configuration_api.faults import Faults, Place
from configuration_api.reading import Reader
from configuration_api.references import References
from configuration_api.stored import StoredSet
from configuration_api.world import World
from notifications.api import rule_parts
from notifications.api.changing import channels, event_types, mutes, rules
from notifications.api.known_types import require_type
from notifications.api.requests.channels import ChannelIn
from notifications.api.requests.mutes import MuteIn
from notifications.api.requests.rules import RuleIn
from notifications.core import revisions
from notifications.core.errors import EntityNotFound
from notifications.core.kinds import kind_of
from notifications.core.managing import Managed
from notifications.core.model import Channel, EventType, Rule, timestamp
from notifications.core.mutes import Mute
from notifications.core.revisions import Author, State
from notifications.core.rule_types import BUILT_IN
from notifications.core.secrets import Secrets
from notifications.core.values import replace
from notifications.wiring import Services

_CHANNEL_MEMBERS = {name: name for name in ChannelIn.model_fields}
_RULE_MEMBERS = {name: name for name in RuleIn.model_fields}
_MUTE_MEMBERS = {name: name for name in MuteIn.model_fields} | {"rule_id": "rule", "channel_id": "channel"}


class Maker:
    """Make the steps of entries.

    ``by``: the author of the plan. ``opens``: whether stored credentials may be decrypted to be compared.
    """

    def __init__(
        self, services: Services, stored: StoredSet, world: World, faults: Faults, by: Author, *, opens: bool
    ) -> None:
        self._services = services
        self._stored = stored
        self._world = world
        self._faults = faults
        self._by = by
        self._opens = opens
        self._reader = Reader(faults)
        self._faulty_types: set[str] = set()

    def event_type(self, name: str, entry: Any) -> Step | None:
        """Make an event type; None if it has a fault, and then its rules are not blamed for it too."""
        step = self._event_type(name, entry)
        if step is None:
            self._faulty_types.add(name)
        return step

    def _event_type(self, name: str, entry: Any) -> Step | None:
        place = ("event_types", name)
        request = self._reader.event_type(name, entry)
        if request is None or not self._is_free(name):
            return None
        with self._faults.at(place, default=("json_schema",)):
            made = event_types.made(request, self._by)
            return self._kept("event_type", name, made)
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
        place = ("channels", key)
        request = self._reader.channel(key, entry)
        if request is None:
            return None
        with self._faults.at(place, _CHANNEL_MEMBERS, ("spec",)):
            made = channels.made(request, self._services.target_policy, self._by)
            step = self._kept("channel", key, made)
            present = step.present
            if isinstance(present, Channel) and present.channel_type != made.channel_type:
                message = (
                    f"its type is {present.channel_type} and cannot be changed: "
                    "give the new channel another key"
                )
                self._faults.add((*place, "channel_type"), message)
                return None
            return replace(step, credentials=tuple(self._credentials(step.present, made)))
        return None

    def _credentials(self, present: State | None, future: Channel) -> Sequence[str]:
        """List the credentials that change, compared with the stored ones; all of them for a new channel."""
        if isinstance(present, Channel) and not self._opens:
            return ()
        known = self._services.vault.secrets(present) if isinstance(present, Channel) else Secrets()
        _, given = kind_of(future.spec).take_secrets(future.spec)
        return revisions.changed_credentials(known, replace(given, signing=known.signing))

    def rule(self, key: str, entry: Any, references: References[Channel]) -> Step | None:
        """Make a rule."""
        place = ("rules", key)
        before = len(self._faults)
        request, reference = self._reader.rule(key, entry)
        channel = references.find(reference, (*place, "channel")) if reference is not None else None
        event_type = None if request is None else self._type(request.rule_type, place)
        if request is None or event_type is None:
            return None
        with self._faults.at(place, _RULE_MEMBERS | _spelled(request)):
            rules.condition(request, event_type)
        with self._faults.at(place, _RULE_MEMBERS):
            rule_parts.changes_of(request)
        if len(self._faults) > before or channel is None:
            return None
        made = replace(rules.made(request, event_type, self._by), channel_id=channel.id)
        step = self._kept("rule", key, made)
        present = step.present
        if isinstance(present, Rule) and present.rule_type != made.rule_type:
            message = (
                f"its rule type is {present.rule_type} and cannot be changed: give the new rule another key"
            )
            self._faults.add((*place, "rule_type"), message)
            return None
        return step

    def _type(self, name: str, place: tuple[str, str]) -> EventType | None:
        if name in self._faulty_types:
            return None
        with self._faults.at(place, _RULE_MEMBERS):
            return require_type(self._world, name, "rule_type")
        return None

    def mute(
        self,
        key: str,
        entry: Any,
        to_rules: References[Rule],
        to_channels: References[Channel],
        now: datetime,
    ) -> Step | None:
        """Make a mute; a step without a future if its end has passed."""
        place = ("mutes", key)
        before = len(self._faults)
        request, named = self._reader.mute(key, entry)
        ids = _ids(named, to_rules, to_channels, place)
        if request is None or None in ids.values() or request.rule_type in self._faulty_types:
            return None
        request = request.model_copy(update=ids)
        members = _MUTE_MEMBERS | _spelled(request)
        if request.until is not None and request.until <= timestamp(now):
            with self._faults.at(place, members):
                mutes.about(self._world, request)
            return self._stored.ending("mute", key)
        with self._faults.at(place, members):
            made = mutes.made(self._world, request, self._by, now)
        if len(self._faults) > before:
            return None
        return self._of_mute(key, made, timestamp(now))

    def _of_mute(self, key: str, made: Mute, now: str) -> Step:
        """Leave a mute alone if the entry says the same; make one that is over again only if it is weekly."""
        step = self._kept("mute", key, made)
        present, future = step.present, step.future
        if not (isinstance(present, Mute) and isinstance(future, Mute)):
            return step
        is_over = present.over_at is not None and present.over_at <= now
        if is_same_mute(present, future) and not (is_over and present.weekly):
            return replace(step, future=present)
        fresh = replace(future, id=made.id, created_at=made.created_at, created_by=made.created_by)
        return replace(step, present=None if is_over else present, future=fresh)

    def _kept(self, kind: Any, key: str, made: Any) -> Step:
        """Make the step of an entry; it keeps the id and the times of the stored object."""
        present: Any = self._stored.get(kind, key)
        future = replace(made, managed=Managed(self._stored.set, key))
        if present is not None:
            same: Mapping[str, Any] = {
                name: getattr(present, name) for name in ("created_at", "created_by", "updated_at")
            }
            future = replace(future, **same, **({} if kind == "event_type" else {"id": present.id}))
        return Step(kind, key, present, future, self._stored.number(kind, key))


def _ids(
    named: Mapping[str, Any], to_rules: References[Rule], to_channels: References[Channel], place: Place
) -> dict[str, str | None]:
    """Find the ids of the rule and the channel that a mute names; None for one that does not exist."""
    ids: dict[str, str | None] = {}
    if "rule" in named:
        rule = to_rules.find(named["rule"], (*place, "rule"))
        ids["rule_id"] = None if rule is None else rule.id
    if "channel" in named:
        channel = to_channels.find(named["channel"], (*place, "channel"))
        ids["channel_id"] = None if channel is None else channel.id
    return ids


def _spelled(request: RuleIn | MuteIn) -> dict[str, str]:
    """Return which member an entry writes its condition in, by the names that a fault may use for it."""
    named = "where" if request.where is not None else "condition"
    return {"condition": named, "where": named}
