"""No page is wider than its window, however narrow, and however long a name is."""

from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import Page, expect

from local.common import free_port
from notifications.core.model import timestamp
from tests.browser.console import IS_WIDER, Console
from tests.stack.under_test import StackUnderTest

ENDLESS = "n" * 200
PAGES = ("/", "/events", "/deliveries", "/rules", "/channels", "/types", "/mutes", "/audit")
FILTERS = {"/rules": {"name": ENDLESS}, "/channels": {"q": ENDLESS}}
"""So that what is endless is on the first page, however much other tests have made."""

WIDTHS = (1440, 1280, 1030, 840, 640, 360)


@pytest.fixture(scope="module")
def endless(under_test: StackUnderTest) -> None:
    """Have a channel whose receiver fails, a rule, and a mute, all with names that no line can break."""
    url = f"http://127.0.0.1:{free_port()}/"
    channel = str(under_test.channel({"url": url}, name=ENDLESS)["id"])
    under_test.rule("session.started", channel, "{}", name=ENDLESS)
    until = timestamp(datetime.now(UTC) + timedelta(minutes=5))
    under_test.do("POST", "/notifications/mutes", {"reason": ENDLESS, "until": until, "channel_id": channel})


@pytest.mark.usefixtures("endless")
@pytest.mark.parametrize("path", PAGES)
def test_nothing_is_wider(console: Console, page: Page, path: str) -> None:
    """A name without a place to break is broken, from a wide window to a telephone."""
    console.go(path, **FILTERS.get(path, {}))
    expect(page.get_by_text("Loading")).to_have_count(0)
    wider = []
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        if page.evaluate(IS_WIDER):
            wider.append(width)
    assert wider == []
    if path in FILTERS:
        expect(page.get_by_role("link", name=ENDLESS).first).to_be_visible()
