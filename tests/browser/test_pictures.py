"""The pictures of docs/console.md: each page that they show, on a stack on which something has happened.

With ``PICTURES`` set they are written into the documents, as ``make console-pictures`` does.
"""

import base64
import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from local.common import ROOT
from tests.browser.console import NOWHERE, Console
from tests.browser.scene import Scene

PICTURES = ROOT / "docs" / "pictures"
SIZE = {"width": 1280, "height": 800}
QUALITY = 80
MIN_BYTES, MAX_BYTES = 8_000, 120_000
"""What a picture takes: an empty page would take less."""

PAGES = {
    "now": ("/", "light"),
    "now-dark": ("/", "dark"),
    "event": ("/events/{event}", "light"),
    "deliveries": ("/deliveries", "light"),
    "rule": ("/rules/{rule}", "light"),
    "channels": ("/channels", "light"),
    "mutes": ("/mutes", "light"),
}
"""Which page each picture shows, and in which colours."""


def taken(page: Page, file: Path) -> int:
    """Take a picture of the window as WebP, which is a third of a PNG; return its size in bytes."""
    session = page.context.new_cdp_session(page)
    shot = session.send("Page.captureScreenshot", {"format": "webp", "quality": QUALITY})
    file.write_bytes(base64.b64decode(shot["data"]))
    return file.stat().st_size


@pytest.fixture(scope="module")
def console_in(
    new_console: Callable[..., Console], keypair_of: Callable[[str], tuple[str, str]]
) -> Iterator[Callable[[str], Console]]:
    """Return what has a console in light and one in dark colours, each of them signed in."""
    opened: dict[str, Console] = {}

    def console(colours: str) -> Console:
        if colours not in opened:
            opened[colours] = new_console(viewport=SIZE, color_scheme=colours)
            opened[colours].sign_in(*keypair_of("admin"), remember=True, path=NOWHERE)
        return opened[colours]

    yield console
    for each in opened.values():
        each.context.close()


@pytest.mark.parametrize("name", PAGES)
def test_pages_can_be_shown(
    console_in: Callable[[str], Console], scene: Scene, tmp_path: Path, name: str
) -> None:
    """The pages show what has happened, and a picture of each is small."""
    path, colours = PAGES[name]
    console = console_in(colours)
    console.open(path.format(event=scene.event_id, rule=scene.rules["Failed sessions"]))
    expect(console.page.get_by_role("heading", level=1)).to_be_visible()
    expect(console.page.locator(".loading")).to_have_count(0)
    console.page.wait_for_load_state("networkidle")
    folder = PICTURES if "PICTURES" in os.environ else tmp_path
    assert MIN_BYTES < taken(console.page, folder / f"console-{name}.webp") < MAX_BYTES
    assert not console.broken()
