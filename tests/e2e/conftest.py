"""One local stack for all end-to-end tests, on a port and in a directory of its own."""

import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from local.receiver import Receiver
from local.stack import Stack
from tests.e2e.cli import Cli


@pytest.fixture(scope="session")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """Deploy the template to a stack that ends with the tests."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    stack = Stack(tmp_path_factory.mktemp("stack"), port)
    try:
        stack.up(print)
        yield stack
    finally:
        stack.ministack.stop()


@pytest.fixture
def cli(stack: Stack, tmp_path: Path) -> Cli:
    """Run ./backend.ai on the stack, from an empty directory."""
    return Cli(stack, tmp_path)


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    """Receive webhooks, answering 200."""
    with Receiver() as receiver:
        yield receiver
