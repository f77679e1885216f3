"""Apply a set: make the stored configuration what its document says, step by step.

A set may be larger than a transaction, so each step is a write of its own. A client that is interrupted plans
again, and the new plan lacks the steps that were done. A lease keeps two clients from applying one set at the
same time.
"""

import logging
from collections.abc import Callable
from datetime import UTC, datetime
from time import monotonic
from typing import assert_never

from configuration_api import planning
from configuration_api.comparing import Step
from configuration_api.models import AppliedOut, ApplyIn, ApplyOut
from configuration_api.planning import Planned
from notifications.api.changing import channels, mutes
from notifications.core.errors import (
    ConfigurationChanged,
    EntityNotFound,
    InvalidRequest,
    NotificationError,
)
from notifications.core.model import Channel, EventType, Rule, timestamp
from notifications.core.mutes import Mute
from notifications.core.revisions import Author, State
from notifications.wiring import Services

BUDGET_SECONDS = 20.0
"""How long after its arrival a request begins further steps: API Gateway waits 29 s for a response."""

PORTION_SECONDS = 6.0
"""How long after the planning a request begins further steps. It is short so that the client can show
progress, and because the signing secrets of new channels are lost with a lost response.
"""

logger = logging.getLogger(__name__)


def apply(
    services: Services, request: ApplyIn, by: Author, clock: Callable[[], float] = monotonic
) -> ApplyOut:
    """Do as many of a set's steps as there is time for. ``clock``: monotonic, in seconds.

    Raises:
        ConfigurationFaults: the document cannot be applied; nothing was written.
        ConfigurationChanged: the stored configuration is not the one that was planned from.
        ConfigurationLocked: another client is applying the set.
        NotificationError: the first step failed. If a later one fails, the steps before it are returned, so
            that no signing secret is lost, and the next request meets the failure.
    """
    latest = clock() + BUDGET_SECONDS
    planned = planning.plan(services, request, by, datetime.now(UTC), opens=True)
    latest = min(latest, clock() + PORTION_SECONDS)
    if not planned.steps:
        if request.version is None:  # another client did the steps that this holder had left
            services.leases.free(request.set, request.holder)
        return ApplyOut(applied=[], remaining=0)
    _take(services, request, planned, by)
    try:
        done = _Applying(services, planned, by).run(lambda: clock() > latest)
    except NotificationError:
        services.leases.free(request.set, request.holder)
        raise
    remaining = len(planned.steps) - len(done)
    if not remaining:
        services.leases.free(request.set, request.holder)
    logger.info("applied", extra={"set": request.set, "steps": len(done), "remaining": remaining})
    return ApplyOut(applied=done, remaining=remaining)


def _take(services: Services, request: ApplyIn, planned: Planned, by: Author) -> None:
    """Take the set's lease, if nothing has changed since the plan.

    A holder that has it already just goes on.
    """
    if services.leases.take(request.set, request.holder, by, datetime.now(UTC)):
        return
    try:
        if request.version is None:
            raise InvalidRequest("version: give that of the plan, since this holder is not applying the set")
        # Read again under the lease: another client may have applied the set between this request's plan and
        # its lease.
        now = planning.version_of(services, request.set, planned.referred)
        if {request.version, planned.version} != {now}:
            raise ConfigurationChanged(
                f"The set {request.set}, or what it refers to, was changed since the plan: plan it again"
            )
    except NotificationError:
        services.leases.free(request.set, request.holder)
        raise


class _Applying:
    """The execution of a plan's steps."""

    def __init__(self, services: Services, planned: Planned, by: Author) -> None:
        self._services = services
        self._planned = planned
        self._by = by
        self._types = dict(planned.world.event_types.made)

    def run(self, is_late: Callable[[], bool]) -> list[AppliedOut]:
        """Do the steps in order, at least one; return those that were done.

        Raises:
            NotificationError: the first step failed.
        """
        done: list[AppliedOut] = []
        for step in self._planned.steps:
            if done and is_late():
                break
            try:
                done.append(self._done(step))
            except NotificationError as error:
                if not done:
                    raise _as_change(error, step) from error
                logger.warning("interrupted", extra={"set": self._planned.set, "reason": error.message})
                break
        return done

    def _done(self, step: Step) -> AppliedOut:
        secret = None
        if step.future is None:
            self._delete(step.present)
        elif step.present is None:
            secret = self._create(step.future)
        else:
            self._update(step, step.present, step.future)
        return AppliedOut(
            action=step.action,
            kind=step.kind,
            key=step.key,
            id=step.id,
            name=step.name,
            signing_secret=secret,
        )

    def _create(self, future: State) -> str | None:
        """Create an object; return the signing secret if it is a channel."""
        match future:
            case EventType():
                self._services.event_types.create(future, self._by)
            case Channel():
                return channels.create(self._services, future, self._by)
            case Rule():
                self._services.rules.create(future, self._type_of(future), self._by)
            case Mute():
                self._services.mutes.create(future)
            case _ as unknown:
                assert_never(unknown)
        return None

    def _update(self, step: Step, present: State, future: State) -> None:
        changes = {name: getattr(future, name) for name in step.changed() if name != "channel_type"}
        changed = changes | {"updated_at": timestamp(datetime.now(UTC))}
        match present:
            case EventType():
                self._types[present.name] = self._services.event_types.update(
                    present.name, changed, step.rule_writes, self._by, "applied"
                )
            case Channel():
                channels.write(self._services, present, changes, self._by, "applied")
            case Rule():
                event_type = self._type_of(present)
                self._services.rules.update(present, changed, event_type, self._by, "applied")
            case Mute():
                # The new mute comes first, so that in between deliveries are muted rather than sent.
                self._create(future)
                mutes.end(self._services, present.id, self._by, "applied")
            case _ as unknown:
                assert_never(unknown)

    def _delete(self, present: State | None) -> None:
        match present:
            case EventType():
                self._services.event_types.delete(present.name, self._by)
            case Channel():
                channels.delete(self._services, present.id, self._by, with_rules=False)
            case Rule():
                self._services.rules.delete(present.id, self._by)
            case Mute():
                mutes.end(self._services, present.id, self._by, "applied")
            case None:  # the object neither exists nor should
                pass
            case _ as unknown:
                assert_never(unknown)

    def _type_of(self, rule: Rule) -> EventType:
        return self._types.get(rule.rule_type) or self._planned.world.event_types.get(rule.rule_type)


def _as_change(error: NotificationError, step: Step) -> NotificationError:
    """Return the error to raise for a failed step; an object that is gone was deleted since the plan."""
    if isinstance(error, EntityNotFound):
        return ConfigurationChanged(f"The {step.kind} {step.key} was deleted meanwhile: plan the set again")
    return error
