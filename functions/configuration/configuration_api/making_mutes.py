"""Make the mutes that a set's entries describe, in the way of the route that creates mutes."""

from collections.abc import Mapping
from datetime import datetime
from functools import partial
from typing import Any

from configuration_api.comparing import Step, is_same_mute
from configuration_api.conditions import can_read
from configuration_api.draft import Draft
from configuration_api.faults import Place
from configuration_api.references import References
from notifications.api import conditions
from notifications.api.changing import mutes
from notifications.api.requests.mutes import MuteIn
from notifications.core import refusals
from notifications.core.model import Channel, Rule, timestamp
from notifications.core.mutes import Mute
from notifications.core.values import replace

_MUTE_MEMBERS = {name: name for name in MuteIn.model_fields} | {"rule_id": "rule", "channel_id": "channel"}


class MuteMaker:
    """Make the steps of mutes."""

    def __init__(self, draft: Draft) -> None:
        self._draft = draft

    def make(
        self,
        key: str,
        entry: Any,
        to_rules: References[Rule],
        to_channels: References[Channel],
        now: datetime,
    ) -> Step | None:
        """Make a mute; a step without a future if its end has passed."""
        faults = self._draft.faults
        place, before = ("mutes", key), len(faults)
        request, named = self._draft.reader.mute(key, entry)
        ids = _ids(named, to_rules, to_channels, place)
        if request is None:
            return None
        request = request.model_copy(update=ids)
        is_lost = request.rule_type in self._draft.faulty_types or faults.has((*place, "rule_type"))
        if is_lost:
            request = request.model_copy(update={"rule_type": None})
        is_whole = not is_lost and None not in ids.values()
        found = mutes.refusals(self._draft.world, request, now, whole=is_whole)
        faults.add_refusals(found, place, _MUTE_MEMBERS)
        self._check_condition(request, entry, place, is_whole=is_whole)
        if not is_whole or len(faults) > before:
            return None
        if request.until is not None and request.until <= timestamp(now):
            return self._draft.stored.ending("mute", key)
        return self._of_mute(key, mutes.made(self._draft.world, request, self._draft.by, now), timestamp(now))

    def _check_condition(
        self, request: MuteIn, entry: Mapping[str, Any], place: Place, *, is_whole: bool
    ) -> None:
        """Note what is wrong with the condition of a mute. ``is_whole``: whether all else is known."""
        world = self._draft.world
        rule = world.rules.get(str(request.rule_id)) if request.rule_id is not None else None
        known = [*refusals.found(partial(mutes.type_of, world, request, rule))] if is_whole else []

        def check(pattern: Mapping[str, Any]) -> None:
            for event_type in known:
                if event_type is None:
                    conditions.read_of_any(pattern, None, world.event_types.all())
                else:
                    conditions.check(pattern, event_type)

        can_read(self._draft.faults, request, entry, place, check)

    def _of_mute(self, key: str, made: Mute, now: str) -> Step:
        """Leave a mute alone if the entry says the same; make one that is over again only if it is weekly."""
        step = self._draft.stored.kept("mute", key, made)
        present, future = step.present, step.future
        if not (isinstance(present, Mute) and isinstance(future, Mute)):
            return step
        is_over = present.over_at is not None and present.over_at <= now
        if is_same_mute(present, future) and not (is_over and present.weekly):
            return replace(step, future=present)
        fresh = replace(future, id=made.id, created_at=made.created_at, created_by=made.created_by)
        return replace(step, present=None if is_over else present, future=fresh)


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
