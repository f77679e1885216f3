"""The page *Now*: what came, what became of it, and what needs somebody to look at it."""

import pytest
from playwright.sync_api import Page, expect

from local.receiver import Receiver
from tests.browser.console import inaccessible
from tests.browser.scene import furnish
from tests.stack.under_test import StackUnderTest


@pytest.fixture(scope="module", autouse=True)
def _scene(under_test: StackUnderTest) -> None:
    with Receiver() as receiver:
        furnish(under_test, receiver.url)


def test_it_is_accessible(page: Page) -> None:
    """Nothing of the page is against axe's rules, neither in light nor in dark."""
    expect(page.get_by_role("heading", name="What waits")).to_be_visible()
    assert inaccessible(page) == []
    page.emulate_media(color_scheme="dark")
    assert inaccessible(page) == []
