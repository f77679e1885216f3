"""AWS for the tests, and the stores and functions that use it; each function may do what its role allows."""

from collections.abc import Iterator

import pytest

from local.receiver import Receiver
from notifications.store.channels import ChannelStore
from notifications.store.event_types import EventTypeStore
from notifications.store.rules import RuleStore
from notifications.store.table import ConfigTable
from tests.cloud import aws
from tests.cloud.permissions import enforce
from tests.cloud.pipeline import Pipeline
from tests.cloud.services import services
from tests.integration.flapping import endpoint, rule  # noqa: F401 - fixtures


@pytest.fixture(scope="session", autouse=True)
def _environment() -> Iterator[None]:
    with aws.serving(), pytest.MonkeyPatch.context() as patch:
        enforce(patch)
        yield


@pytest.fixture
def cloud() -> Iterator[None]:
    """Have an empty table, the keypairs and an event bus; AWS forgets all of it after the test."""
    aws.create()
    yield
    aws.forget()


@pytest.fixture
def table(cloud: None) -> ConfigTable:  # noqa: ARG001
    """Open the table."""
    return services().config_table


@pytest.fixture
def channels(cloud: None) -> ChannelStore:  # noqa: ARG001
    """Open the store of channels."""
    return services().channels


@pytest.fixture
def rules(cloud: None) -> RuleStore:  # noqa: ARG001
    """Open the store of rules."""
    return services().rules


@pytest.fixture
def event_types(cloud: None) -> EventTypeStore:  # noqa: ARG001
    """Open the store of event types."""
    return services().event_types


@pytest.fixture
def pipeline(cloud: None) -> Pipeline:  # noqa: ARG001
    """Have all functions from an event to its deliveries."""
    return Pipeline()


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    """Receive webhooks."""
    with Receiver() as receiver:
        yield receiver
