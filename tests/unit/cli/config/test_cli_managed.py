"""What is warned of when something that a set manages is changed by hand."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.unit.cli.channels import CHANNEL, CHANNELS
from tests.unit.cli.channels import ID as CHANNEL_ID
from tests.unit.cli.mutes import MUTE_ID, MUTES, mute
from tests.unit.cli.rules import ID as RULE_ID
from tests.unit.cli.rules import RULE, RULES
from tests.unit.cli.terminal import at_terminal

Run = Callable[..., Any]
MANAGED = {"managed": {"set": "prod", "key": "ops"}}
TYPE = "/notifications/event-types/a.b"
UNDONE = "'ops' of the set 'prod': the next 'config apply' undoes this, unless its file says the same"
MADE_AGAIN = "'ops' of the set 'prod': the next 'config apply' makes it again, unless its file lacks it then"


def serve(service: Any, **managed: Any) -> None:
    """Serve one thing of each kind, managed or not."""
    channel, rule = {**CHANNEL, **managed}, {**RULE, **managed}
    for method in ("GET", "PATCH"):
        service.answers(method, f"{CHANNELS}/{CHANNEL_ID}", {"channel": channel})
        service.answers(method, f"{RULES}/{RULE_ID}?custom=true", {"rule": rule})
        service.answers(method, TYPE, {"event_type": {"name": "a.b", **managed}})
    for path in (f"{CHANNELS}/{CHANNEL_ID}", f"{RULES}/{RULE_ID}?custom=true", TYPE):
        service.answers("DELETE", path, {"deleted": True})
    service.answers("POST", f"{CHANNELS}/{CHANNEL_ID}/revert", {"channel": channel})
    service.answers("POST", f"{RULES}/{RULE_ID}/revert", {"rule": rule})
    service.answers(
        "POST", f"{MUTES}/{MUTE_ID}/end", {"mute": {**mute(weekly=["mon 10:00-11:00 UTC"]), **managed}}
    )


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (f"channel update {CHANNEL_ID} --enable", f"! The channel 'Ops' is {UNDONE}\n"),
        (f"rule update {RULE_ID} --enable", f"! The rule 'Started' is {UNDONE}\n"),
        ("event-type update a.b --description d", f"! The event type 'a.b' is {UNDONE}\n"),
        (f"channel revert {CHANNEL_ID} --to 1", f"! The channel 'Ops' is {UNDONE}\n"),
        (f"rule revert {RULE_ID} --to 1", f"! The rule 'Started' is {UNDONE}\n"),
        (f"channel delete {CHANNEL_ID}", f"! The channel 'Ops' is {MADE_AGAIN}\n"),
        (f"rule delete {RULE_ID}", f"! The rule 'Started' is {MADE_AGAIN}\n"),
        ("event-type delete a.b", f"! The event type 'a.b' is {MADE_AGAIN}\n"),
        (f"mute end {MUTE_ID}", f"! The mute 'maintenance' is {MADE_AGAIN}\n"),
    ],
)
def test_changes_by_hand_are_warned_of(service: Any, run: Run, words: str, told: str) -> None:
    """A change of what a set manages is made, with a warning that names set and key; others have none."""
    serve(service, **MANAGED)
    result = run("notification", *words.split())
    assert (result.exit_code, told in result.stderr) == (0, True)


def test_what_no_set_manages_has_no_warning(service: Any, run: Run) -> None:
    """Nothing is said of sets where there are none."""
    serve(service, managed=None)
    for words in (f"channel update {CHANNEL_ID} --enable", f"rule delete {RULE_ID}", f"mute end {MUTE_ID}"):
        assert "set" not in run("notification", *words.split()).stderr


def test_a_terminal_is_told_before_it_is_asked(service: Any) -> None:
    """Somebody reads that the next apply makes the rule again before they say yes."""
    serve(service, **MANAGED)
    service.answers("GET", "/notifications/deliveries?*", {"deliveries": [], "next": None})
    seen = at_terminal("notification", "rule", "delete", RULE_ID, typed={"Delete? [y/N]:": "n\n"})
    assert seen.text.index(MADE_AGAIN) < seen.text.index("Delete? [y/N]:")
