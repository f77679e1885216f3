"""An apply does just what its plan says, wherever it is interrupted, and by one at a time."""

from collections import Counter
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from notifications.awsapi.client import Client
from notifications.core.revisions import Author
from notifications.store import keys
from tests.cloud.gateway import call
from tests.cloud.pipeline import Death
from tests.cloud.served import ServedApi
from tests.cloud.services import services
from tests.integration.config_sets import exported, with_secrets
from tests.integration.served_cli import ServedCli
from tests.integration.sets import PATH, apply, plan
from tests.samples.config_sets import Document, RandomSet

pytestmark = pytest.mark.usefixtures("cloud")

BUSY = 4
FILE = """
set: prod
channels:
  hook: {spec: {url: https://a.example.com}}
rules:
  started: {rule_type: session.started, channel: hook, message_template: '{"text": 1}'}
"""


def ids() -> dict[str, str]:
    """Return the ids of what the set has, by kind and key."""
    found: dict[str, str] = {}
    stores: dict[str, Any] = {"channels": services().channels, "rules": services().rules}
    for kind, store in stores.items():
        for each in store.get_many([summary.id for summary in store.summaries()]).values():
            place = f"{kind}.{each.managed.key}"
            assert place not in found
            found[place] = each.id
    return found


@pytest.mark.parametrize("seed", range(8))
def test_a_rename_is_one_update(seed: int) -> None:
    """A new name of a channel and of a rule changes just these, and they stay the same objects."""
    document = RandomSet(seed).document
    apply(document)
    before = ids()
    channel, rule = next(iter(document["channels"])), next(iter(document["rules"]))
    document["channels"][channel]["name"] = "another name"
    document["rules"][rule]["name"] = "yet another"
    done = apply(document)
    assert {(each["action"], each["kind"], each["key"]) for each in done} == {
        ("update", "channel", channel),
        ("update", "rule", rule),
    }
    assert ids() == before


class Dying:
    """Lets the process die before its N-th transaction."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, after: int) -> None:
        self.left = after
        real = Client.call

        def dying(client: Client, operation: str, **parameters: Any) -> dict[str, Any]:
            if operation == "TransactWriteItems":
                self.left -= 1
                if self.left < 0:
                    raise Death
            return real(client, operation, **parameters)

        monkeypatch.setattr(Client, "call", dying)


@pytest.mark.parametrize("after", range(0, 20, 2))
def test_an_apply_that_dies_converges(after: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Wherever an apply dies, the next one ends where it would have ended, with nothing twice."""
    first, second = RandomSet(3).document, changed(RandomSet(3).document, RandomSet(4, "new.").document)
    apply(first)
    body = {**second, "version": plan(second)["version"], "holder": "dies"}
    with monkeypatch.context() as patch:
        dying = Dying(patch, after)
        assert _dies(body) is (dying.left < 0)
    free_lease()
    apply(second)
    assert plan(second)["changes"] == []
    document, variables = exported()
    assert plan(with_secrets(document, variables, second))["changes"] == []
    counts = Counter(place.partition(".")[0] for place in ids())
    assert counts == {kind: len(second[kind]) for kind in ("channels", "rules")}


def changed(first: Document, more: Document) -> Document:
    """Make a set of another: its mutes and last rule are gone, the rest is changed, and there is more."""
    kept = {
        "channels": first["channels"],
        "rules": dict([*first["rules"].items()][:-1]),
        "event_types": first.get("event_types", {}),
    }
    for section in kept.values():
        for entry in section.values():
            entry["description"] = "changed"
    sections = {name: {**kept.get(name, {}), **more.get(name, {})} for name in (*kept, "mutes")}
    return {"set": "prod", **sections}


def _dies(body: Document) -> bool:
    try:
        call("POST", f"{PATH}/apply", body)
    except Death:
        return True
    return False


def free_lease() -> None:
    """Let the time of who died be over."""
    client = services().client("dynamodb")
    client.call("DeleteItem", TableName="config", Key=keys.lease("prod"))


def test_one_of_two_applies(tmp_path: Path) -> None:
    """While somebody applies a set, another exits with 4, is told who it is, and changes nothing."""
    now = datetime.now(UTC)
    services().leases.take("prod", "the first", Author("AKIAFIRST", "u-1", "the night shift"), now)
    with ServedApi() as api:
        cli = ServedCli(api, tmp_path)
        cli.write("prod.yaml", FILE)
        refused = cli.config("apply", "prod.yaml", "--yes")
        assert (refused.code, ids()) == (BUSY, {})
        assert "the night shift" in refused.err
        cli.write("other.yaml", FILE.replace("set: prod", "set: other"))
        assert cli.config("apply", "other.yaml", "--yes").code == 0  # sets do not wait for each other
        services().leases.free("prod", "the first")
        assert cli.config("apply", "prod.yaml", "--yes").code == 0
