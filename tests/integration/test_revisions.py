"""Each change of configuration leaves a revision: what it is then, who made it, and when."""

import time
from dataclasses import replace
from datetime import timedelta

import pytest

from notifications.core.errors import EntityNotFound, InvalidRequest
from notifications.core.model import Channel, EventType, Rule, WebhookSpec
from notifications.store import keys, revising
from notifications.store.channels import ChannelStore
from notifications.store.revisions import RevisionStore
from notifications.store.rules import RuleStore
from notifications.store.table import ConfigTable
from tests.cloud import aws, values
from tests.cloud.services import services
from tests.cloud.values import USED_UP
from tests.integration.revisions import ANN, BEN, STARTED, history, kept, revisions, rule, summaries
from tests.proxy.throttle.capacity import size

pytestmark = pytest.mark.usefixtures("cloud")

__all__ = ["kept", "revisions", "rule"]


def test_history_of_a_rule(rules: RuleStore, rule: Rule) -> None:
    """Creation, changes and deletion are listed newest first, and stay readable after the deletion."""
    renamed = rules.update(rule, {"name": "new", "enabled": False, "updated_at": "2026-02-01"}, STARTED, BEN)
    conditional = rules.update(rule, {"condition": {"status": ["RUNNING"]}}, STARTED, ANN, "reverted")
    rules.delete(rule.id, BEN)
    found = history("rule", rule.id)
    assert summaries(found) == [
        (4, "deleted", BEN, ()),
        (3, "reverted", ANN, ("condition",)),
        (2, "updated", BEN, ("name", "enabled")),
        (1, "created", ANN, ()),
    ]
    assert [each.state for each in found] == [None, conditional, renamed, rule]
    assert [each.name for each in found] == ["new", "new", "new", rule.name]
    assert found[2].at == renamed.updated_at == "2026-02-01"
    assert services().revisions.get("rule", rule.id, 2) == found[2]


def test_history_of_a_channel(channels: ChannelStore, kept: Channel) -> None:
    """What changed of a spec is told field by field; of credentials only that they changed.

    An update that changes nothing leaves nothing.
    """
    spec = WebhookSpec("https://example.org/new", headers={"X-Team": "a", "Authorization": "Bearer one"})
    channels.update(kept.id, {"spec": spec}, ANN)
    channels.update(kept.id, {"spec": replace(spec, headers={**spec.headers, "Authorization": "two"})}, ANN)
    channels.update(kept.id, {"spec": replace(spec, headers={**spec.headers, "Authorization": "two"})}, ANN)
    channels.rotate(kept.id, "whsec_2", timedelta(0), {}, BEN)
    channels.update(kept.id, {"enabled": False})
    assert summaries(history("channel", kept.id)) == [
        (5, "updated", None, ("enabled",)),
        (4, "updated", BEN, ("signing_secret",)),
        (3, "updated", ANN, ("spec.headers.Authorization",)),
        (2, "updated", ANN, ("spec.url", "spec.headers.X-Team", "spec.headers.Authorization")),
        (1, "created", ANN, ()),
    ]
    then = history("channel", kept.id)[2].state
    assert isinstance(then, Channel)
    opened = services().vault.opened(then).spec
    assert isinstance(opened, WebhookSpec)
    assert opened.headers["Authorization"] == "two"


def test_history_of_an_event_type() -> None:
    """A name that is given again goes on counting, so that no revision is written over."""
    kinds = services().event_types
    for number in (1, 4):
        kinds.create(USED_UP, ANN)
        kinds.update(USED_UP.name, {"description": f"d{number}"}, 0, BEN)
        kinds.delete(USED_UP.name, ANN)
    found = history("event_type", USED_UP.name)
    assert summaries(found) == [
        step
        for number in (4, 1)
        for step in (
            (number + 2, "deleted", ANN, ()),
            (number + 1, "updated", BEN, ("description",)),
            (number, "created", ANN, ()),
        )
    ]
    state = found[1].state
    assert isinstance(state, EventType)
    assert state.description == "d4"


def test_pages(rules: RuleStore, rule: Rule, revisions: RevisionStore) -> None:
    """Pages of any size give each revision once; another thing's cursor is refused."""
    for number in range(6):
        rules.update(rule, {"name": str(number)}, STARTED)
    for limit in (1, 2, 3, 6, 7, 8):
        found, cursor, pages = list[int](), None, 0
        while pages == 0 or cursor:
            page = revisions.page("rule", rule.id, limit, cursor)
            found += [each.number for each in page.revisions]
            cursor, pages = page.next, pages + 1
        assert (found, pages) == ([*range(7, 0, -1)], -(-7 // limit))
    with pytest.raises(InvalidRequest):
        revisions.page("channel", rule.channel_id, 1, revisions.page("rule", rule.id, 1).next)


def test_a_refused_change_leaves_no_revision(rules: RuleStore, rule: Rule) -> None:
    """A transaction that fails writes neither the change nor its revision."""
    with pytest.raises(EntityNotFound):
        rules.update(replace(rule, id="nobody"), {"name": "n"}, STARTED)
    with pytest.raises(InvalidRequest):
        rules.create(values.rule(values.channel(), id="r"), STARTED)
    assert (history("rule", "nobody"), history("rule", "r")) == ([], [])


def test_what_a_former_release_left(rules: RuleStore, rule: Rule) -> None:
    """The first change writes down what was found, so that it can be compared and brought back."""
    table = aws.client("dynamodb")
    for change in ("update", "delete"):
        made = replace(rule, id=change)
        rules.create(made, STARTED)
        table.update_item(TableName="config", Key=keys.rule(change), UpdateExpression="REMOVE revision")
        table.delete_item(TableName="config", Key=keys.revision("rule", change, 1))
        if change == "update":
            rules.update(made, {"name": "new"}, STARTED, ANN)
        else:
            rules.delete(change, ANN)
        last, first = history("rule", change)
        assert (first.number, first.action, first.by, first.at) == (1, "found", None, rule.updated_at)
        assert first.state == made
        assert (last.number, last.action, last.by) == (2, f"{change}d", ANN)


def test_what_is_superseded_expires(rules: RuleStore, rule: Rule) -> None:
    """The last revision of what exists stays; every other one, and a deletion, goes after the time for it."""
    rules.update(rule, {"name": "n"}, STARTED)
    assert expiring(rule) == {1}
    rules.delete(rule.id)
    assert expiring(rule) == {1, 2, 3}


def expiring(rule: Rule) -> set[int]:
    """Return which revisions expire, and check when."""
    found = set()
    for number in range(1, 4):
        key = keys.revision("rule", rule.id, number)
        item = aws.client("dynamodb").get_item(TableName="config", Key=key).get("Item", {})
        if "expires" in item:
            days = (int(item["expires"]["N"]) - time.time()) / 86_400
            assert abs(days - revising.REVISION_DAYS) < 1
            found.add(number)
    return found


def test_the_deletion_of_many(rules: RuleStore, channels: ChannelStore, kept: Channel) -> None:
    """A channel that goes with many rules leaves a revision of each of them."""
    made = [values.rule(kept) for _ in range(34)]
    for each in made:
        rules.create(each, STARTED)
    channels.delete(kept.id, with_rules=True, by=ANN)
    for each in made:
        last = history("rule", each.id)[0]
        assert (last.action, last.by) == ("deleted", ANN)
    assert history("channel", kept.id)[0].action == "deleted"


def test_a_revision_is_no_larger_than_what_it_is_of(table: ConfigTable, rule: Rule) -> None:
    """A rule of the usual size leaves a revision of one write unit, which is in one index and small there."""
    item = table.get(keys.revision("rule", rule.id, 1))
    assert item is not None
    assert size(item) <= 1_024
    assert not item.keys() & {"rule_type", "channel_id", "enabled"}
