"""Mutes as documents."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

from mutes_api.models import MuteOut, MuteState
from notifications.api import conditions
from notifications.api.models import ManagedOut
from notifications.api.revisions import AuthorOut
from notifications.core.model import timestamp
from notifications.core.mutes import Mute
from notifications.core.muting import Force, Standing
from notifications.wiring import Services

COUNTED = 10_000
"""Up to how many deliveries of a mute are counted."""

THREADS = 16
"""How many mutes' deliveries are counted at once."""


def shown(services: Services, mutes: Sequence[Mute]) -> list[MuteOut]:
    """Show mutes, with the names of what they are about, and how many deliveries they keep back."""
    now = datetime.now(UTC)
    rules = services.rules.names([*{mute.rule_id for mute in mutes if mute.rule_id}])
    channels = services.channels.get_many([mute.channel_id for mute in mutes if mute.channel_id])
    with ThreadPoolExecutor(THREADS) as pool:
        counts = [*pool.map(lambda mute: services.records.count_held(mute.id, COUNTED + 1), mutes)]
    return [
        _shown(
            mute,
            Standing(mute).at(now),
            (
                rules.get(mute.rule_id or ""),
                channels[mute.channel_id].name if mute.channel_id in channels else None,
            ),
            count,
        )
        for mute, count in zip(mutes, counts, strict=True)
    ]


def _shown(mute: Mute, force: Force, names: tuple[str | None, str | None], count: int) -> MuteOut:
    by = mute.created_by
    return MuteOut(
        id=mute.id,
        reason=mute.reason,
        state=_state(force),
        changes_at=None if force.until is None else timestamp(force.until),
        rule_id=mute.rule_id,
        rule=names[0],
        channel_id=mute.channel_id,
        channel=names[1],
        rule_type=mute.rule_type,
        condition=None if mute.condition is None else dict(mute.condition),
        where=None if mute.condition is None else conditions.clauses(mute.condition),
        everything=mute.about_everything,
        until=mute.until,
        weekly=[*mute.weekly],
        hold=mute.hold,
        created_at=mute.created_at,
        created_by=AuthorOut(access_key=by.access_key, user_id=by.user_id, name=by.name),
        ended_at=mute.ended_at,
        suppressed=min(count, COUNTED),
        suppressed_cut=count > COUNTED,
        managed=ManagedOut.of(mute.managed),
    )


def _state(force: Force) -> MuteState:
    if force.in_force:
        return "in_force"
    return "ended" if force.until is None else "waiting"
