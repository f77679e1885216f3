"""The page *Now*: what came, what became of it, and what needs somebody to look at it."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import Page, expect

from notifications.core.model import timestamp
from tests.browser.console import Console, inaccessible
from tests.browser.hostile import MARKUP, harm
from tests.browser.pages import panel
from tests.browser.scene import Scene
from tests.stack.under_test import StackUnderTest

pytestmark = pytest.mark.usefixtures("scene")


def test_it_is_accessible(page: Page) -> None:
    """Nothing of the page is against axe's rules, neither in light nor in dark."""
    expect(panel(page, "What waits")).to_be_visible()
    assert inaccessible(page) == []
    page.emulate_media(color_scheme="dark")
    assert inaccessible(page) == []


def test_outcomes_are_drawn_and_told(page: Page) -> None:
    """A chart says in words what it draws, and has the same as a table."""
    chart = panel(page, "Deliveries per minute, by outcome")
    expect(chart.get_by_role("img")).to_have_accessible_name(re.compile("delivered [0-9]+.* failed [0-9]+"))
    assert chart.locator("rect.bad").count() > 1
    chart.get_by_text("The same as a table").click()
    table = chart.get_by_role("table")
    for title in ("Minute", "delivered", "failed"):
        expect(table.get_by_role("columnheader", name=title)).to_be_visible()
    assert table.get_by_role("row").count() > 100


def test_what_is_not_well_is_told_with_why(page: Page) -> None:
    """A channel whose receiver fails is listed with the reason, and counts lead to the lists."""
    row = panel(page, "Channels that are not well").get_by_role("row", name="On-call pager")
    expect(row).to_contain_text("failing")
    expect(row).to_contain_text("Could not connect")
    failed = panel(page, "What came in, and what became of it").get_by_role("link", name="failed")
    expect(failed).to_have_attribute("href", "#/deliveries?status=failed")


def test_mutes_in_force_are_told(
    page: Page, under_test: StackUnderTest, scene: Scene, console: Console
) -> None:
    """A mute is listed with its reason and what it is about; markup in the reason stays text."""
    told = re.compile("The accounting host is updated Channel Usage accounting in ")
    expect(panel(page, "Mutes in force").get_by_role("row", name=told)).to_be_visible()
    until = timestamp(datetime.now(UTC) + timedelta(minutes=5))
    mute = {"reason": MARKUP, "until": until, "channel_id": scene.channels["Operations"]}
    under_test.do("POST", "/notifications/mutes", mute)
    console.go("/audit")
    console.go("/")
    expect(panel(page, "Mutes in force")).to_contain_text(MARKUP)
    assert harm(page) == []
