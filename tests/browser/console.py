"""The console in a browser, as tests use it and judge it."""

from typing import Any
from urllib.parse import urlencode, urlsplit

from playwright.sync_api import BrowserContext, ConsoleMessage, Page, Request, expect

from local.common import ROOT

AXE = ROOT / ".node/node_modules/axe-core/axe.min.js"

WAIT_MILLISECONDS = 30_000
LOAD_MILLISECONDS = 120_000
"""How long a page may take to load: the first one starts the functions, beside other tests."""

OF_A_REFUSAL = "Failed to load resource"
"""How Chromium's console tells each response of 4xx, which tests provoke."""

NOWHERE = "/nowhere"
"""A page that there is not, and that asks the service for nothing."""

IS_WIDER = "() => document.scrollingElement.scrollWidth > document.scrollingElement.clientWidth"

_REPORTS = """
addEventListener("securitypolicyviolation", ({ violatedDirective, blockedURI, sample, sourceFile }) =>
  window.violated(`${violatedDirective}: ${blockedURI} ${sample} in ${sourceFile}`));
"""


class Console:
    """One browser profile with the console in it. ``url``: the console's, without a fragment."""

    def __init__(self, context: BrowserContext, url: str) -> None:
        self.context, self.url = context, url
        self._broken: list[str] = []
        context.set_default_timeout(WAIT_MILLISECONDS)
        context.set_default_navigation_timeout(LOAD_MILLISECONDS)
        context.expose_function(
            "violated", lambda told: self._broken.append(f"content security policy: {told}")
        )
        context.add_init_script(_REPORTS)
        context.on("request", self._asked)
        context.on("console", self._said)
        context.on("weberror", lambda error: self._broken.append(f"error: {error.error}"))
        self.page: Page = context.new_page()

    def broken(self) -> list[str]:
        """List what no page of the console may do: errors, violated policies, requests to others."""
        return self._broken

    def begin(self, access_key: str, secret_key: str) -> None:
        """Begin signed in, by what the profile remembers, where nothing is asked of the service."""
        self._broken.clear()
        # *Now* would ask for the state of all channels, of which tests leave more and more.
        self.open(NOWHERE)
        main = self.page.locator("#main")
        expect(main.or_(self.page.get_by_label("Access key"))).to_be_visible()
        if not main.is_visible():
            self.sign_in(access_key, secret_key, remember=True, path=NOWHERE)

    def end(self) -> None:
        """Leave an empty page, so that nothing goes on asking the service beside the tests that follow."""
        if self.page.url.startswith(self.url):
            self.page.evaluate("localStorage.clear()")  # the language
        self.page.close()
        self.page = self.context.new_page()

    def open(self, path: str = "/", **params: str) -> Page:
        """Load the console anew at one of its pages."""
        self.page.goto("about:blank")
        self.page.goto(self.url + fragment(path, params))
        return self.page

    def sign_in(self, access_key: str, secret_key: str, *, remember: bool = False, path: str = "/") -> None:
        """Load the console, sign in, and wait for the page."""
        self.open(path)
        self.page.get_by_label("Access key").fill(access_key)
        self.page.get_by_label("Secret key").fill(secret_key)
        if remember:
            self.page.get_by_label("Remember on this browser").check()
        self.page.get_by_role("button", name="Sign in").click()
        self.page.locator("#main").wait_for()

    def go(self, path: str, **params: str) -> Page:
        """Go to another page of the console, still signed in, and wait until it is there."""
        self.page.evaluate("target => { location.hash = target }", fragment(path, params))
        self.page.locator("main h1").wait_for()
        return self.page

    def _asked(self, request: Request) -> None:
        url, own = urlsplit(request.url), urlsplit(self.url)
        if url.scheme in {"http", "https", "ws", "wss"} and url.netloc != own.netloc:
            self._broken.append(f"asked another origin: {request.url}")

    def _said(self, message: ConsoleMessage) -> None:
        if message.type in {"error", "warning"} and not message.text.startswith(OF_A_REFUSAL):
            self._broken.append(f"console: {message.text}")


def fragment(path: str, params: dict[str, str]) -> str:
    """Write where in the console one is, with filters."""
    return f"#{path}{'?' if params else ''}{urlencode(params)}"


def inaccessible(page: Page) -> list[str]:
    """Judge what the page shows by axe's rules (WCAG 2.2 AA, best practices); list what violates them."""
    page.evaluate(AXE.read_text("utf-8"))
    found: dict[str, Any] = page.evaluate("axe.run(document, {resultTypes: ['violations']})")
    return [
        f"{violation['id']}: {node['html']} {node['failureSummary']}"
        for violation in found["violations"]
        for node in violation["nodes"]
    ]
