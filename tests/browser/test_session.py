"""What ends a session, and what does not."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, Route, expect

from tests.browser.console import Console

API = "**/notifications/**"


@pytest.mark.parametrize("status", [0, 429, 500])
def test_a_service_that_is_down_forgets_nobody(
    open_console: Callable[..., Console], admin: tuple[str, str], status: int
) -> None:
    """While the service is down, who is remembered is told so, and goes on as soon as it is there again."""
    console = open_console()
    console.sign_in(*admin, remember=True)

    def down(route: Route) -> None:
        if status:
            route.fulfill(status=status, body='{"message": "Come back later"}')
        else:
            route.abort()

    console.context.route(API, down)
    page = console.open("/rules")
    told = "Come back later" if status else "The service does not answer"
    expect(page.get_by_role("alert")).to_contain_text(told)
    expect(page.get_by_label("Secret key")).to_have_count(0)
    console.context.unroute(API)
    page.get_by_role("button", name="Try again").click()
    expect(page.get_by_role("heading", name="Rules", exact=True)).to_be_visible()


@pytest.mark.parametrize("path", ["/channels/new", "/types/+new"])
def test_nobody_fills_in_a_form_for_nothing(console: Console, viewer_page: Page, path: str) -> None:
    """Whoever opens a form that their role may not send is told so in its place."""
    console.go(path)
    expect(viewer_page.get_by_text("This needs the role editor or a higher one")).to_be_visible()
    expect(viewer_page.locator("main form")).to_have_count(0)


def test_an_odd_address_ends_no_session(open_console: Callable[..., Console], admin: tuple[str, str]) -> None:
    """An address that somebody has made up leads nowhere, and whoever follows it stays signed in."""
    console = open_console()
    console.sign_in(*admin, remember=True)
    for path in ("/channels/..", "/types/%2e%2e", "/rules/..%2Fx"):
        page = console.go(path)
        expect(page.get_by_role("heading", name="There is no such page")).to_be_visible()
    page = console.open("/rules")
    expect(page.get_by_role("heading", name="Rules", exact=True)).to_be_visible()


def test_a_page_that_breaks_leaves_the_others(
    new_console: Callable[..., Console], admin: tuple[str, str]
) -> None:
    """When the service says what a page cannot show, it says so, and the menu leads on."""
    console = new_console()
    console.context.route("**/notifications/status", lambda route: route.fulfill(json={"well": True}))
    console.sign_in(*admin)
    expect(console.page.get_by_role("alert")).to_contain_text("This page cannot be shown")
    console.page.get_by_role("link", name="Rules", exact=True).click()
    expect(console.page.get_by_role("heading", name="Rules", exact=True)).to_be_visible()
    assert console.broken()
    console.context.close()


def test_wrong_keys_in_one_tab_leave_the_others(
    open_console: Callable[..., Console], admin: tuple[str, str]
) -> None:
    """Whoever mistypes keys in another tab is told so there; this one, and what is remembered, stay."""
    console = open_console()
    first = console.page
    console.sign_in(*admin)
    console.page = second = console.context.new_page()
    console.open()
    second.get_by_label("Access key").fill(admin[0])
    second.get_by_label("Secret key").fill("mistyped")
    second.get_by_role("button", name="Sign in").click()
    expect(second.get_by_role("alert")).to_contain_text("The access key or the secret key is wrong.")
    expect(second.get_by_text("no longer accepted")).to_have_count(0)
    expect(first.locator("#main")).to_be_visible()
