"""The console on a computer whose clock is wrong by hours."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import expect

from local.receiver import Receiver
from local.waiting import until
from tests.browser.console import Console
from tests.browser.pages import panel
from tests.stack.under_test import StackUnderTest

WRONG = """{
  const Right = Date;
  globalThis.Date = class extends Right {
    constructor(...given) { if (given.length) super(...given); else super(Date.now()); }
    static now() { return Right.now() + %d; }
  };
}"""

LEAST_MINUTES, MOST_MINUTES = 55, 65


@pytest.mark.parametrize("hours", [-3, 3])
def test_times_are_those_of_the_server(
    open_console: Callable[..., Console],
    admin: tuple[str, str],
    under_test: StackUnderTest,
    receiver: Receiver,
    hours: int,
) -> None:
    """The last hour is the server's, what was just made is new, and a mute for an hour lasts one."""
    channel = under_test.webhook(receiver.url)
    event_type = under_test.event_type("clock.wrong", {"name": {"type": "string"}})
    under_test.rule(event_type, channel)
    under_test.put(event_type, [{"name": "now"}])
    path = f"/notifications/deliveries?channel={channel}"
    until("it was delivered", lambda: under_test.do("GET", path)["deliveries"])
    console = open_console()
    console.context.add_init_script(WRONG % (hours * 3_600_000))
    console.sign_in(*admin)
    page = console.go("/deliveries", channel=channel, since="1h")
    expect(page.locator("tbody tr")).to_have_count(1)
    page = console.go(f"/channels/{channel}")
    expect(panel(page, "History").locator("time")).to_contain_text("ago")
    page = console.go("/mutes", form="new", channel=channel)
    page.get_by_label("Reason").fill("An hour")
    page.get_by_label("For how long").select_option("1h")
    page.locator("form").get_by_role("button", name="Create a mute").click()
    expect(page.get_by_text("The mute was created.")).to_be_visible()
    (mute,) = [
        mute
        for mute in under_test.do("GET", "/notifications/mutes")["mutes"]
        if mute["channel_id"] == channel
    ]
    under_test.do("POST", f"/notifications/mutes/{mute['id']}/end")
    lasts = datetime.fromisoformat(mute["until"]) - datetime.now(UTC)
    assert timedelta(minutes=LEAST_MINUTES) < lasts < timedelta(minutes=MOST_MINUTES)
