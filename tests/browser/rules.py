"""What the tests of the rules' pages share."""

from typing import Any
from uuid import uuid4

from playwright.sync_api import Page, expect

from local.waiting import until
from tests.browser.pages import panel
from tests.stack.under_test import StackUnderTest

SLACK = "https://hooks.slack.com/services/T00000000/B00000000/XXXXXXXXXXXX"
SAVED_MILLISECONDS = 30_000
"""How long a save may take: two requests, and each may start a function on a machine that others share."""

PROPERTIES: dict[str, Any] = {
    "status": {"type": "string", "enum": ["OK", "ERROR"], "description": "How the job ended"},
    "name": {"type": "string", "description": "What the job is called"},
    "code": {"type": "integer", "description": "What the job's process exited with"},
    "host": {"type": ["string", "null"]},
    "context": {
        "type": "object",
        "properties": {"project": {"type": "string"}, "final": {"type": "boolean"}},
    },
}


class Jobs:
    """A channel for Slack, and an event type of jobs that nobody else has rules on."""

    def __init__(self, under_test: StackUnderTest) -> None:
        self.under_test = under_test
        self.channel_name = f"Chat {uuid4().hex[:8]}"
        spec = {"url": SLACK, "preset": "slack"}
        self.channel: str = under_test.channel(spec, name=self.channel_name)["id"]
        self.type = under_test.event_type("job.ended", PROPERTIES)
        # The function that tries rules starts now, and not while a page waits for it.
        under_test.do("POST", "/notifications/simulations", {"rule_type": self.type, "sample": True})

    def rule(self, **members: Any) -> dict[str, Any]:
        """Make a rule on the type; return it."""
        document = {"name": "Jobs", "rule_type": self.type, "channel_id": self.channel, **members}
        rule: dict[str, Any] = self.under_test.do("POST", "/notifications/rules", document)["rule"]
        return rule

    def stored(self, rule_id: str) -> dict[str, Any]:
        """Return a rule as it is stored."""
        rule: dict[str, Any] = self.under_test.do("GET", f"/notifications/rules/{rule_id}?custom=true")[
            "rule"
        ]
        return rule

    def recorded(self, *data: dict[str, Any]) -> str:
        """Put events on the bus, and wait until they are recorded; return the id of the first."""
        ids = self.under_test.put(self.type, data)
        until("the events are recorded", lambda: all(map(self._is_recorded, ids)))
        return ids[0]

    def _is_recorded(self, event_id: str) -> bool:
        response = self.under_test.send("GET", f"/notifications/events/{event_id}")
        return response.status == 200 and response.document["event"]["status"] != "dispatching"


def saved(page: Page) -> None:
    """Save, and wait until nothing is left to save."""
    bar = panel(page, "Unsaved changes")
    bar.get_by_role("button", name="Save", exact=True).click()
    expect(bar).to_have_count(0, timeout=SAVED_MILLISECONDS)
