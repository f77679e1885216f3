"""Run the tests of a document with the rules that it makes. Nothing is sent, and nothing is written."""

from collections.abc import Callable, Sequence
from datetime import datetime
from time import thread_time
from typing import Any

from configuration_api import planning, reading_tests
from configuration_api.faults import Faults
from configuration_api.planning import Planned
from configuration_api.reading_tests import NumberedTest
from configuration_api.testing_models import TestedEventIn, TestIn, TestOut, TestsIn, TestsOut, TriedRuleOut
from notifications.api import tried_events
from notifications.api.known_types import require_type
from notifications.api.verdicts import leaf_of
from notifications.core.config_files import testing
from notifications.core.config_files.testing import Expected, Result, Tried
from notifications.core.errors import ConfigurationFaults
from notifications.core.model import Event, EventType
from notifications.core.revisions import Author
from notifications.core.texts import cut
from notifications.core.values import replace, value
from notifications.core.verdicts import Verdict
from notifications.wiring import Services

MAX_PAGE_SECONDS = 3.0
"""How much CPU time the tests of a page may take, in addition to the plan; the function has half a core. A
test that alone takes more fails."""

MAX_PAGE_RULES = 1_000
"""How many rules' verdicts a page has, in addition to those of its first test."""

MAX_MESSAGE_CHARS = 1_000
"""How much of a message is shown."""

_MEMBERS = {name: name for name in TestedEventIn.model_fields}

EVER = "1970-01-01T00:00:00.000000Z"
"""The time since which the mutes of a document are in force, so that it precedes each test's event."""


@value
class _Ready:
    """A test with its event."""

    test: TestIn
    event: Event
    event_type: EventType


def tested(services: Services, request: TestsIn, by: Author, now: datetime) -> TestsOut:
    """Run a page of the tests of a document.

    Raises:
        ConfigurationFaults: the document could not be applied, or a test can never run; has all faults.
        Unavailable: the configuration cannot be read.
    """
    faults = Faults()
    tests = reading_tests.read(request.tests, (request.rules or {}).keys(), faults)
    planned = _planned(services, request, by, now, faults)
    if planned is None:
        _check_types(services, request, tests, faults)
    ready = [] if planned is None else _ready(planned, tests, faults)
    faults.require_none()
    assert planned is not None  # noqa: S101 - there would be a fault
    return _run(_tried(planned), ready, request.first)


def _planned(
    services: Services, request: TestsIn, by: Author, now: datetime, faults: Faults
) -> Planned | None:
    """Plan the document; None if it has faults, which are noted."""
    try:
        # Stored credentials stay sealed, because no message has any.
        return planning.plan(services, request, by, now, opens=False)
    except ConfigurationFaults as error:
        for each in (error.data or {})["errors"]:
            faults.add(tuple(each["loc"]), each["msg"])
        return None


def _check_types(services: Services, request: TestsIn, tests: Sequence[NumberedTest], faults: Faults) -> None:
    """Note which tests are about unknown event types, although the document's own could not be made."""
    for each in tests:
        rule_type = each.test.event.rule_type
        if rule_type not in (request.event_types or {}):
            with faults.at(("tests", each.number, "event"), _MEMBERS):
                require_type(services, rule_type, "rule_type")


def _ready(planned: Planned, tests: Sequence[NumberedTest], faults: Faults) -> list[_Ready]:
    """Make the events of tests."""
    made: list[_Ready] = []
    for each in tests:
        place, event = ("tests", each.number, "event"), each.test.event
        with faults.at(place, _MEMBERS, ("data",)):
            event_type = require_type(planned.world, event.rule_type, "rule_type")
            about = tried_events.make(
                event_type, event.data, sample=event.sample, at=event.timestamp, event_id="test", named="data"
            )
            made.append(_Ready(each.test, about, event_type))
    return made


def _tried(planned: Planned) -> Tried:
    """Return the rules of a document with their channels, and its mutes as if they had always existed."""
    of_kind: dict[str, dict[str, Any]] = {"rule": {}, "channel": {}, "mute": {}, "event_type": {}}
    for step in planned.entries:
        if step.future is not None:
            of_kind[step.kind][step.key] = step.future
    channels = planned.world.channels
    used = {rule.channel_id for rule in of_kind["rule"].values()}
    mutes = [replace(mute, id=key, created_at=EVER) for key, mute in of_kind["mute"].items()]
    return Tried(of_kind["rule"], {identity: channels.get(identity) for identity in used}, mutes)


def _run(tried: Tried, ready: Sequence[_Ready], first: int) -> TestsOut:
    began, shown_rules = thread_time(), 0

    def is_late() -> bool:
        return thread_time() - began >= MAX_PAGE_SECONDS

    done: list[TestOut] = []
    for each in ready[first:]:
        if done and (shown_rules >= MAX_PAGE_RULES or is_late()):
            break
        result = _result(each, tried, is_late)
        if done and result.left:  # the next page has more time for it
            break
        done.append(_shown(each.test, result))
        shown_rules += len(done[-1].rules)
    passed = sum(each.passed for each in done)
    following = first + len(done)
    return TestsOut(
        tests=done,
        passed=passed,
        failed=len(done) - passed,
        next=following if following < len(ready) else None,
    )


def _result(ready: _Ready, tried: Tried, is_late: Callable[[], bool]) -> Result:
    test = ready.test
    texts = {key: each.texts for key, each in test.message.items()}
    expected = Expected(frozenset(test.fires), texts)
    muted = test.event.timestamp is not None
    return testing.run(ready.event, ready.event_type, tried, expected, muted=muted, is_late=is_late)


def _shown(test: TestIn, result: Result) -> TestOut:
    return TestOut(
        name=test.name,
        passed=not result.faults,
        faults=[*result.faults],
        rules=[_tried_rule(key, verdict) for key, verdict in result.verdicts.items()],
    )


def _tried_rule(key: str, verdict: Verdict) -> TriedRuleOut:
    content = verdict.content
    return TriedRuleOut(
        key=key,
        name=verdict.rule.name,
        verdict=verdict.name,
        reason=verdict.reason,
        deciding=leaf_of(verdict),
        message=None if content is None else cut(content.message, MAX_MESSAGE_CHARS),
    )
