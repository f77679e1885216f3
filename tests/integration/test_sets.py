"""Plans of sets, and what applying them leaves."""

import pytest

from tests.integration.sets import apply, changes, document, plan

pytestmark = pytest.mark.usefixtures("cloud")


def test_what_is_not_there_is_made_in_the_order_of_references() -> None:
    """A first plan creates all, event types and channels first; the second one has nothing to do."""
    given = document()
    assert changes(given) == [
        ("create", "event_type", "quota.exceeded"),
        ("create", "channel", "ops"),
        ("create", "rule", "quota"),
        ("create", "mute", "nights"),
    ]
    done = apply(given)
    assert [(each["action"], each["kind"]) for each in done] == [
        ("create", kind) for kind in ("event_type", "channel", "rule", "mute")
    ]
    assert [each["signing_secret"] is None for each in done] == [True, False, True, True]
    again = plan(given)
    assert (again["changes"], again["unchanged"]) == ([], 4)
