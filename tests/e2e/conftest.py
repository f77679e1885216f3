"""One local stack for all end-to-end tests, on a port and in a directory of its own."""

from collections.abc import Iterator
from http import HTTPStatus
from pathlib import Path

import pytest

from local.common import free_port
from local.receiver import Receiver
from local.stack import Stack
from tests.stack.cli import Cli
from tests.stack.client import SignedClient


@pytest.fixture(scope="package")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """Deploy the template to a stack that ends with these tests."""
    # Ctrl-C does not always run this to its end: after 5 s pytest-xdist interrupts the process again, which
    # skips the ends of all fixtures that are left; then it kills it. So the stack also ends by itself.
    stack = Stack(tmp_path_factory.mktemp("stack"), free_port(), ends_with_starter=True)
    try:
        stack.up(print)
        yield stack
    finally:
        stack.ministack.stop()


@pytest.fixture(scope="package")
def client(stack: Stack) -> SignedClient:
    """Send requests to the stack's API, signed as its superadmin's."""
    return SignedClient(stack.settings())


@pytest.fixture
def fresh_configuration(client: SignedClient) -> None:
    """Begin without the channels, and with them the rules, of the tests before."""
    while found := client.send("POST", "/notifications/channels/search", {}).document["channels"]:
        for channel in found:
            deleted = client.send("DELETE", f"/notifications/channels/{channel['id']}?force=true")
            assert deleted.status == HTTPStatus.OK, deleted.text


@pytest.fixture
def cli(stack: Stack, tmp_path: Path) -> Cli:
    """Run ./backend.ai on the stack, from an empty directory."""
    return Cli(stack, tmp_path)


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    """Receive webhooks, answering 200."""
    with Receiver() as receiver:
        yield receiver
