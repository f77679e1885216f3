"""The page *Now*: what came, what became of it, and what needs somebody to look at it."""

import re
from datetime import UTC, datetime, timedelta
from typing import Any, get_args

import pytest
from playwright.sync_api import Page, Route, expect

from notifications.core.model import timestamp
from notifications.core.service_status import ProblemKind
from tests.browser.console import Console, inaccessible
from tests.browser.hostile import MARKUP, harm
from tests.browser.pages import lines, panel
from tests.browser.scene import Scene
from tests.browser.test_width import WIDTHS
from tests.stack.under_test import StackUnderTest


@pytest.fixture
def page(console: Console, scene: Scene) -> Page:  # noqa: ARG001
    """Open *Now*, signed in as an admin, on a stack on which something has happened."""
    return console.go("/")


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


def queue(name: str, age: int | None) -> dict[str, Any]:
    """Return a queue in which a message has waited for so long."""
    measured = None if age is None else "2026-01-15T10:32:00.000000Z"
    counts = {"waiting": 3, "in_flight": 0, "delayed": 0}
    return {"name": name, **counts, "oldest_age_seconds": age, "age_measured_at": measured}


@pytest.fixture
def unwell(console: Console, page: Page, scene: Scene) -> Page:
    """Open the page with a status that has every kind of problem, and something that is overdue."""
    channel_id = scene.channels["On-call pager"]
    causes = [
        {"kind": kind, "count": 2, "channel_id": channel_id if kind == "channel" else None}
        for kind in get_args(ProblemKind)
    ]
    overdue = {"since": timestamp(datetime.now(UTC)), "event_id": "e-1", "delivery_id": "e-1_r-1"}
    queues = [
        queue("events", 420),
        queue("deliveries", 5400),
        queue("slow", None),
        queue("dead_events", 9000),
    ]

    def respond(route: Route) -> None:
        response = route.fetch()
        changes = {"well": False, "causes": causes, "queues": queues}
        changes |= {"overdue": overdue, "overdue_seconds": 1200}
        route.fulfill(response=response, json={**response.json(), **changes})

    console.go("/audit")
    page.route("**/notifications/status", respond)
    console.go("/")
    return page


def test_problems_lead_to_what_they_are_about(unwell: Page, scene: Scene) -> None:
    """Each problem is told in the page's language, with a link to the channel, or to the records."""
    channel = f"#/channels/{scene.channels['On-call pager']}"
    lists = {
        "2 deliveries of the last hour failed": "#/deliveries?status=failed&since=1h",
        "2 events of the last hour were refused": "#/events?status=refused&since=1h",
        "2 events of the last hour ended": "#/events?status=dead_letter&since=1h",
    }
    problems = panel(unwell, "What to look at")
    expect(problems.get_by_role("link", name="On-call pager")).to_have_attribute("href", channel)
    for name, target in lists.items():
        expect(problems.get_by_role("link", name=name)).to_have_attribute("href", target)
    expect(problems.get_by_role("listitem")).to_have_count(len(get_args(ProblemKind)))
    assert inaccessible(unwell) == []
    unwell.get_by_label("Language").select_option("ko")
    listed = panel(unwell, "확인할 항목").get_by_role("listitem").all_inner_texts()
    assert all(re.search("[가-힣]", text) for text in listed[1:])


def test_what_is_overdue_is_named(unwell: Page) -> None:
    """How long something is overdue is a link to it, beside the command that shows it."""
    waits = panel(unwell, "What waits")
    link = waits.get_by_role("link", name="a delivery, for 20 minutes")
    expect(link).to_have_attribute("href", "#/deliveries/e-1_r-1")
    assert lines(waits) == ["delivery info e-1_r-1"]


def test_what_has_waited_for_too_long_is_told(unwell: Page) -> None:
    """A queue's row has its oldest message's age, or that it is not known; what is too old is a problem."""
    waits = panel(unwell, "What waits")
    for name, told in (
        ("events", "7 minutes"),
        ("deliveries", "90 minutes"),
        ("deliveries to slow receivers", "not known"),
        ("dead letters of events", "3 hours"),
    ):
        expect(waits.get_by_role("row", name=re.compile(f"^{name} .*oldest: {told} "))).to_be_visible()
    expect(waits).to_contain_text("Ages as of")
    for width in WIDTHS:
        unwell.set_viewport_size({"width": width, "height": 900})
        assert not waits.evaluate("panel => panel.scrollWidth > panel.clientWidth"), width
    problem = (
        "The oldest event has waited in its queue for 7 minutes: look for errors in the dispatcher's log"
    )
    expect(panel(unwell, "What to look at")).to_contain_text(problem)


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
