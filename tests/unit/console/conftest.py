"""Asks the console's modules what they decide."""

from collections.abc import Iterator

import pytest

from tests.unit.console.node import Ask, asking


@pytest.fixture(scope="session")
def ask(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ask]:
    """Return what calls functions of the pages of channels, event types and mutes."""
    with asking(tmp_path_factory.mktemp("console"), "configuration.mjs") as ask:
        yield ask


@pytest.fixture(scope="session")
def ask_records(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ask]:
    """Return what calls functions of the pages of events and deliveries."""
    with asking(tmp_path_factory.mktemp("records"), "records.mjs") as ask:
        yield ask


@pytest.fixture(scope="session")
def ask_rules(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ask]:
    """Return what calls functions of the pages of rules."""
    with asking(tmp_path_factory.mktemp("rules"), "rules.mjs") as ask:
        yield ask
