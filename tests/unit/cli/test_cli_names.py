"""Names, ids and beginnings of ids, wherever an id stands."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.unit.cli.channels import CHANNEL, CHANNELS, ID
from tests.unit.cli.records import (
    CHANNEL_ID,
    DELIVERIES,
    DELIVERY_ID,
    EVENT,
    EVENT_ID,
    EVENTS,
    RULE_ID,
    delivery,
    page,
)
from tests.unit.cli.rules import RULE, RULES

Run = Callable[..., Any]
TYPES = "/notifications/event-types"
OTHER = "550e9999-e29b-41d4-a716-446655440000"


class Searches:
    """What the service's searches for channels find, by the filters that they are given."""

    def __init__(self, service: Any) -> None:
        self._service = service

    def find(self, *found: dict[str, Any]) -> None:
        """Answer the next search with these."""
        body = {"channels": list(found), "pagination": {"total": len(found)}}
        self._service.answers("POST", f"{CHANNELS}/search", body)

    @property
    def filters(self) -> list[Any]:
        """Return the filters that were sent."""
        return [sent["body"]["filter"] for sent in self._service.requests if sent["path"].endswith("search")]


@pytest.fixture
def searches(service: Any) -> Searches:
    """Serve one channel, and searches."""
    service.answers("GET", f"{CHANNELS}/{ID}", {"channel": CHANNEL})
    return Searches(service)


def info(run: Run, text: str) -> Any:
    """Show a channel."""
    return run("notification", "channel", "info", text, "-q")


def test_a_whole_id_is_taken_as_it_is(service: Any, searches: Searches, run: Run) -> None:
    """An id costs no search."""
    assert info(run, ID.upper()).stdout == f"{ID}\n"
    assert (searches.filters, len(service.requests)) == ([], 1)


@pytest.mark.parametrize("written", ["Ops", "oPS", " Ops "])
def test_a_name_is_found(searches: Searches, run: Run, written: str) -> None:
    """A name is found in any case, with one search."""
    searches.find(CHANNEL)
    assert info(run, written).stdout == f"{ID}\n"
    assert searches.filters == [{"name": {"i_equals": written.strip()}}]


def test_the_case_tells_names_apart(searches: Searches, run: Run) -> None:
    """Of two names that differ in case only, the one that is written is meant."""
    searches.find({**CHANNEL, "id": OTHER, "name": "OPS"}, CHANNEL)
    assert info(run, "Ops").stdout == f"{ID}\n"


def test_the_beginning_of_an_id_is_found(searches: Searches, run: Run) -> None:
    """Where nothing has such a name, the beginning of an id counts, also if a service filters nothing."""
    searches.find()
    searches.find(CHANNEL, {**CHANNEL, "id": OTHER})
    assert info(run, "550E8").stdout == f"{ID}\n"
    assert searches.filters[1] == {"id": {"starts_with": "550e8"}}


@pytest.mark.parametrize("written", ["Ops", "550e"])
def test_what_is_ambiguous_is_refused(searches: Searches, run: Run, written: str) -> None:
    """Several that are meant are all named."""
    both = (CHANNEL, {**CHANNEL, "id": OTHER})
    if written == "550e":
        searches.find()
    searches.find(*both)
    refused = info(run, written)
    how = "named" if written == "Ops" else "whose ID begins with"
    assert refused.exit_code == 1
    assert refused.stderr == (
        f"✗ There are 2 channels {how} '{written}': give the ID\n"
        f"  {ID}  Ops  webhook\n  {OTHER}  Ops  webhook\n"
    )


def test_what_is_unknown_is_told_with_the_nearest(searches: Searches, run: Run) -> None:
    """Of a name that nothing has, the nearest are named with their ids."""
    searches.find()
    searches.find(CHANNEL, {**CHANNEL, "name": "quite another"})
    refused = info(run, "opps")
    assert refused.exit_code == 1
    assert refused.stderr == (f"✗ There is no channel 'opps'\n  The nearest are:\n  {ID}  Ops  webhook\n")


def test_a_beginning_that_is_too_short_is_told(searches: Searches, run: Run) -> None:
    """What a narrow table leaves of an id is no unknown name: how much is needed is said."""
    searches.find()
    searches.find(CHANNEL)
    assert info(run, ID[:3]).stderr.startswith(
        f"✗ There is no channel '{ID[:3]}'\n  The beginning of an ID has at least 4 characters\n"
    )


def test_names_in_options_and_other_arguments(service: Any, searches: Searches, run: Run) -> None:
    """A name stands in an option's place of an id, and where a rule's channel is named."""
    searches.find(CHANNEL)
    service.answers("GET", f"{DELIVERIES}?channel={CHANNEL_ID}&limit=200", page())
    assert run("notification", "delivery", "list", "--channel", "Ops").exit_code == 0
    service.answers("POST", f"{RULES}?custom=true", {"rule": RULE}, status=201)
    made = run("notification", "rule", "create", "n", "session.started", "Ops", "--template", "{}")
    assert made.exit_code == 0
    assert service.last["body"]["channel_id"] == CHANNEL_ID


def test_a_rule_by_its_name(service: Any, run: Run) -> None:
    """Rules are found by name too, those on custom types among them."""
    service.answers("POST", f"{RULES}/search?custom=true", {"rules": [RULE]})
    service.answers("GET", f"{RULES}/{RULE_ID}?custom=true", {"rule": RULE})
    assert run("notification", "rule", "info", "started", "-q").stdout == f"{RULE_ID}\n"


def test_the_beginning_of_an_events_id(service: Any, run: Run) -> None:
    """An event is asked for as it was given, and only one that is not found is looked for."""
    service.answers("GET", f"{EVENTS}/{EVENT_ID}", {"event": EVENT})
    service.answers("GET", f"{EVENTS}?*", page(EVENT, {**EVENT, "id": "other"}, key="events"))
    service.answers("GET", f"{DELIVERIES}?*", page())
    assert run("notification", "event", "info", "0b6d5a0e", "-q").stdout == f"{EVENT_ID}\n"
    assert [sent["path"].partition("?")[0] for sent in service.requests][:3] == [
        f"{EVENTS}/0b6d5a0e",
        EVENTS,
        f"{EVENTS}/{EVENT_ID}",
    ]


@pytest.mark.parametrize(
    "written", [EVENT_ID, EVENT_ID[:8], f"{EVENT_ID[:8]}_{RULE_ID[:8]}", DELIVERY_ID[:50]]
)
def test_the_beginning_of_a_deliverys_id(service: Any, run: Run, written: str) -> None:
    """A delivery is found by its event, by the beginning of its id, and as a table shows it."""
    mine = delivery(id=DELIVERY_ID, event_id=EVENT_ID)
    service.answers("GET", f"{DELIVERIES}/{DELIVERY_ID}", {"delivery": mine})
    service.answers("GET", f"{DELIVERIES}?*", page(delivery(), mine))
    assert run("notification", "delivery", "info", written, "-q").stdout == f"{DELIVERY_ID}\n"


def test_several_deliveries_begin_so(service: Any, run: Run) -> None:
    """Several that begin alike are named."""
    service.answers("GET", f"{DELIVERIES}?*", page(delivery(1), delivery(2)))
    refused = run("notification", "delivery", "retry", "event")
    assert refused.exit_code == 1
    assert refused.stderr.startswith(
        "✗ There are 2 deliveries whose ID begins with 'event': give more of it\n"
    )


def test_no_record_begins_so(service: Any, run: Run) -> None:
    """What no recent record begins with is said to be so; too short a beginning is not looked for."""
    service.answers("GET", f"{EVENTS}?*", page(EVENT, key="events"))
    refused = run("notification", "event", "info", "ffff")
    assert refused.stderr.startswith("✗ There is no event 'ffff'\n  Nor does the ID of one of the last 1,000")
    service.requests.clear()
    assert run("notification", "event", "info", "0b").exit_code == 1
    assert len(service.requests) == 1


def test_the_beginning_of_an_event_types_name(service: Any, run: Run) -> None:
    """An event type is found by what only its name begins with; the nearest is named."""
    known: list[dict[str, Any]] = [
        {"name": name, "json_schema": {}} for name in ("session.started", "session.terminated", "a.b")
    ]
    service.answers("GET", f"{TYPES}/session.started", {"event_type": known[0]})
    service.answers("GET", TYPES, {"event_types": known})
    assert run("notification", "event-type", "info", "session.st", "-q").stdout == "session.started\n"
    assert run("notification", "rule", "schema", "session.s", "-q").stdout == "session.started\n"
    several = run("notification", "event-type", "info", "session.")
    assert several.stderr == (
        "✗ Several event types begin with 'session.': give more of the name\n"
        "  session.started\n  session.terminated\n"
    )
    wrong = run("notification", "event-type", "info", "sesion.started")
    assert wrong.stderr == "✗ There is no event type 'sesion.started'; the nearest is 'session.started'\n"
