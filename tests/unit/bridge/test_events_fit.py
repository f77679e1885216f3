"""What the bridge makes fits the event types that the service knows."""

from collections.abc import Iterator

import pytest

from backendai_notification_bridge.core.events import Event
from backendai_notification_bridge.core.names import unwanted
from notifications.core.rule_types import BRIDGED, BUILT_IN, STOCK
from notifications.core.schemas import check_data
from tests.samples.bridge import Bridge, recordings, releases


def made_of(release: str) -> Iterator[Event]:
    """Make events of all that a release wrote."""
    bridge = Bridge()
    for recording in recordings():
        if recording.release == release and unwanted(recording.name, recording.via) is None:
            yield from bridge.make(recording.received()).events


@pytest.mark.parametrize("release", releases())
def test_what_is_made_of_recordings_fits(release: str) -> None:
    """Each event that is made of what a release wrote is of a known type and fits its schema."""
    made = [*made_of(release)]
    assert made
    for event in made:
        check_data(BUILT_IN[event.detail_type], event.detail)


def test_every_type_is_made() -> None:
    """The recordings make each type that the bridge is said to make, but two that none is about."""
    made = {event.detail_type for release in releases() for event in made_of(release)}
    assert made | {"bridge.gap", "vfolder.clone.failed"} == STOCK.keys() | BRIDGED.keys()
