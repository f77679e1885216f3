"""Plans as documents."""

from collections.abc import Iterable, Mapping
from functools import cache
from time import thread_time
from typing import Any, cast

from configuration_api.comparing import Naming, Step
from configuration_api.models import ChangeOut, PlannedDifference, PlanOut
from configuration_api.planning import Planned
from notifications.api import on_demand
from notifications.api.channel_specs import presets
from notifications.core.errors import EntityNotFound
from notifications.core.model import Channel, Rule
from notifications.core.mutes import Mute
from notifications.core.revisions import Difference, Revision
from notifications.core.texts import cut
from notifications.store.sets import Member, ObjectRef, identity
from notifications.wiring import Services

MAX_WARNING_SECONDS = 4.0
"""How much CPU time the search for probable mistakes in rules may take."""

MAX_SHOWN_CHARS = 8_192
"""How much of a text a difference shows, because a plan may have a thousand templates, before and after."""

NOT_LOOKED_AT = "Some rules were not looked at for probable mistakes, since that takes too long for so many"
NOT_COMPARED = (
    "Credentials were not compared with the stored ones, which needs the role editor: "
    "they may differ although this plan does not say so"
)


def shown(services: Services, planned: Planned, *, opens: bool) -> PlanOut:
    """Show a plan. ``opens``: whether stored credentials were compared."""
    last_changes = _last_changes(services, planned.steps)
    naming = _naming(services, planned)
    warnings = [*_of_mutes(planned.entries)]
    if _has_channel(planned) and not opens:
        warnings.append(NOT_COMPARED)
    began = thread_time()
    changes = []
    for step in planned.steps:
        is_late = thread_time() - began > MAX_WARNING_SECONDS
        found = [] if is_late else _warnings(planned, step)
        changes.append(_change(step, naming, [*_drift(step, last_changes), *found]))
        if is_late and isinstance(step.future, Rule) and NOT_LOOKED_AT not in warnings:
            warnings.append(NOT_LOOKED_AT)
    return PlanOut(
        set=planned.set,
        version=planned.version,
        changes=changes,
        unchanged=planned.unchanged,
        warnings=warnings,
    )


def _change(step: Step, naming: Naming, warnings: list[str]) -> ChangeOut:
    return ChangeOut(
        action=step.action,
        kind=step.kind,
        key=step.key,
        id=None if step.present is None else identity(step.present),
        name=step.name,
        differences=[*map(_difference, step.differences(naming))],
        warnings=warnings,
    )


def _difference(each: Difference) -> PlannedDifference:
    before, after = (
        cut(part, MAX_SHOWN_CHARS) if isinstance(part, str) else part for part in (each.old, each.new)
    )
    return PlannedDifference(path=each.field, before=before, after=after)


def _has_channel(planned: Planned) -> bool:
    return any(isinstance(step.present, Channel) and step.future is not None for step in planned.entries)


def _naming(services: Services, planned: Planned) -> Naming:
    """Make the function that names an object of the set by its key, and any other by its id and name."""

    @cache
    def named(kind: str, wanted: str) -> Any:
        ref = cast("ObjectRef", (kind, wanted))
        if ref in planned.keys:
            return planned.keys[ref]
        try:
            found = (services.channels if kind == "channel" else services.rules).get(wanted)
        except EntityNotFound:
            return {"id": wanted, "name": None}
        return {"id": wanted, "name": found.name}

    return named


def _last_changes(services: Services, steps: Iterable[Step]) -> Mapping[ObjectRef, Revision]:
    return services.sets.last_changes(
        Member(step.kind, step.key, step.present, step.number) for step in steps if step.present is not None
    )


def _drift(step: Step, last_changes: Mapping[ObjectRef, Revision]) -> list[str]:
    """Say who changed an object by other means since it was applied."""
    if step.present is None:
        return []
    last = last_changes.get((step.kind, identity(step.present)))
    if last is None or last.action == "applied":
        return []
    who = "the service itself" if last.by is None else last.by.name or last.by.access_key
    return [f"It was changed by {who} at {last.at}, not by applying the set: revision {last.number}"]


def _warnings(planned: Planned, step: Step) -> list[str]:
    """List probable mistakes in the future state of an object."""
    match step.future:
        case Channel() as channel:
            return presets.warnings(channel.spec)
        case Rule() as rule:
            channel = planned.world.channels.get(rule.channel_id)
            event_type = planned.world.event_types.get(rule.rule_type)
            return on_demand.sample_warnings(rule, channel, event_type)
        case _:
            return []


def _of_mutes(entries: Iterable[Step]) -> Iterable[str]:
    """Warn of mutes in the document that were ended by hand: applying does not start them again."""
    for step in entries:
        mute = step.present
        if isinstance(mute, Mute) and step.future is mute and mute.ended_at is not None:
            yield (
                f"The mute {step.key} was ended at {mute.ended_at} and stays so: take it out of the "
                "document, or give it another end"
            )
