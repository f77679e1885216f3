"""One local stack and one browser for all tests of the console.

``BROWSER_STACK=up`` takes the stack that ``make up`` has left, and the console's files from the working tree,
so that a change is tried in seconds.
"""

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from local.command import DIRECTORY
from local.common import free_port
from local.receiver import Receiver
from local.stack import Stack
from tests.browser.chromium import chromium
from tests.browser.console import WAIT_MILLISECONDS, Console
from tests.browser.scene import Scene, furnish
from tests.browser.serving import serve_from_tree
from tests.stack.cli import Cli
from tests.stack.under_test import StackUnderTest

Keypair = tuple[str, str]

FROM_TREE = os.environ.get("BROWSER_STACK") == "up"


@pytest.fixture(scope="package")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """Deploy the template to a stack that ends with these tests, or take the one that is up."""
    if FROM_TREE:
        port = Stack(DIRECTORY).ministack.running_port()
        if port is None:
            pytest.fail("BROWSER_STACK=up needs a stack that is up: make up")
        yield Stack(DIRECTORY, port)
        return
    stack = Stack(tmp_path_factory.mktemp("stack"), free_port(), ends_with_starter=True)
    try:
        stack.up(print)
        yield stack
    finally:
        stack.ministack.stop()


@pytest.fixture(scope="package")
def under_test(stack: Stack) -> Iterator[StackUnderTest]:
    """Make channels, rules and events on the stack; they are removed from one that stays."""
    under_test = StackUnderTest(stack)
    yield under_test
    if FROM_TREE:
        under_test.clean()


@pytest.fixture
def cli(stack: Stack, tmp_path: Path) -> Cli:
    """Run ./backend.ai on the stack, from an empty directory."""
    return Cli(stack, tmp_path)


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    """Receive webhooks, answering 200."""
    with Receiver() as receiver:
        yield receiver


@pytest.fixture(scope="package")
def admin(stack: Stack) -> tuple[str, str]:
    """Return the keypair of the stack's admin."""
    settings = stack.settings()
    return settings["BACKEND_ACCESS_KEY"], settings["BACKEND_SECRET_KEY"]


@pytest.fixture(scope="package")
def keypair_of(stack: Stack, tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Keypair]:
    """Return what makes a keypair of a role, one for each; they end by themselves."""
    cli = Cli(stack, tmp_path_factory.mktemp("keypairs"))
    made: dict[str, Keypair] = {}

    def keypair(role: str) -> Keypair:
        if role not in made:
            made[role] = cli.keypair("--role", role, "--name", f"the {role}", "--expires", "1d")
        return made[role]

    return keypair


@pytest.fixture(scope="package")
def viewer(keypair_of: Callable[[str], Keypair]) -> Keypair:
    """Return a keypair that may only look."""
    return keypair_of("viewer")


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    """Start Chromium."""
    expect.set_options(timeout=WAIT_MILLISECONDS)
    with sync_playwright() as playwright:
        browser = chromium(playwright)
        yield browser
        browser.close()


@pytest.fixture(scope="package")
def scene(under_test: StackUnderTest) -> Iterator[Scene]:
    """Have something to see on the stack."""
    with Receiver() as receiver:
        scene = furnish(under_test, receiver.url)
        yield scene
        under_test.do("POST", f"/notifications/mutes/{scene.mute_id}/end")


@pytest.fixture(scope="package")
def new_console(browser: Browser, stack: Stack) -> Callable[..., Console]:
    """Return what opens a console in a browser profile of its own."""
    url = f"{stack.settings()['BACKEND_ENDPOINT']}/console"

    def new(**options: object) -> Console:
        settings: dict[str, Any] = {"locale": "en-US", "reduced_motion": "reduce", **options}
        context = browser.new_context(**settings)
        if FROM_TREE:
            serve_from_tree(context)
        return Console(context, url)

    return new


@pytest.fixture
def open_console(new_console: Callable[..., Console]) -> Iterator[Callable[..., Console]]:
    """Open consoles, each in a browser profile of its own; at the end each must have kept the rules."""
    opened: list[Console] = []

    def open_one(**options: object) -> Console:
        opened.append(new_console(**options))
        return opened[-1]

    yield open_one
    broken = [line for console in opened for line in console.broken()]
    for console in opened:
        console.context.close()
    assert not broken


@pytest.fixture(scope="package")
def profiles(new_console: Callable[..., Console]) -> Iterator[Callable[[Keypair], Console]]:
    """Return what has a browser profile for each keypair, which remembers it and what it has loaded."""
    opened: dict[Keypair, Console] = {}

    def profile(keypair: Keypair) -> Console:
        if keypair not in opened:
            opened[keypair] = new_console()
        return opened[keypair]

    yield profile
    for console in opened.values():
        console.context.close()


@pytest.fixture
def console(request: pytest.FixtureRequest) -> Iterator[Console]:
    """Open the console: signed in if the test asks for a page, otherwise in a profile of its own."""
    role = {"page": "admin", "viewer_page": "viewer"}
    asked = [role[name] for name in request.fixturenames if name in role]
    if not asked:
        yield request.getfixturevalue("open_console")()
        return
    keypair = request.getfixturevalue(asked[0])
    console = request.getfixturevalue("profiles")(keypair)
    console.begin(*keypair)
    yield console
    broken = [*console.broken()]
    console.end()
    assert not broken


@pytest.fixture
def page(console: Console) -> Page:
    """Open the console, signed in as an admin; ``console.go`` goes to one of its pages."""
    return console.page


@pytest.fixture
def viewer_page(console: Console) -> Page:
    """Open the console, signed in as somebody who may only look."""
    return console.page


@pytest.fixture
def event_type(under_test: StackUnderTest) -> str:
    """Make an event type of the test's own, so that its events are the only ones in lists."""
    return under_test.event_type("console", {"name": {"type": "string"}, "code": {"type": "integer"}})


@pytest.fixture
def emit(under_test: StackUnderTest, event_type: str) -> Callable[..., str]:
    """Put an event of the test's own type on the bus; return its id."""

    def one(**fields: object) -> str:
        document = {"rule_type": event_type, "notification_data": fields}
        return str(under_test.do("POST", "/notifications/events", document)["event_id"])

    return one
