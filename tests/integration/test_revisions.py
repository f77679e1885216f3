"""Each change of configuration leaves a revision: what it is then, who made it, and when."""

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from notifications.core.errors import ChannelConflict, EntityNotFound, EventTypeConflict, InvalidRequest
from notifications.core.model import Channel, EventType, Rule, WebhookSpec
from notifications.core.revisions import Author, Revision
from notifications.core.rule_types import BUILT_IN
from notifications.core.secrets import SigningSecret
from notifications.store import keys, revising
from notifications.store.channels import ChannelStore
from notifications.store.revisions import RevisionStore, WantedChanges
from notifications.store.rules import RuleStore
from notifications.store.table import ConfigTable
from tests.cloud import aws, values
from tests.cloud.services import services
from tests.cloud.values import USED_UP
from tests.proxy.throttle.capacity import size

STARTED = BUILT_IN["session.started"]
ANN, BEN = Author("AKIAANN", "user-1", "ann"), Author("AKIABEN", "user-2")
MANY = 1_000

pytestmark = pytest.mark.usefixtures("cloud")


@pytest.fixture
def revisions() -> RevisionStore:
    """Open the store of revisions."""
    return services().revisions


@pytest.fixture
def kept(channels: ChannelStore) -> Channel:
    """Keep a channel."""
    made = values.channel()
    channels.create(made, [SigningSecret("whsec_1")], ANN)
    return made


@pytest.fixture
def rule(rules: RuleStore, kept: Channel) -> Rule:
    """Keep a rule."""
    made = values.rule(kept)
    rules.create(made, STARTED, ANN)
    return made


def told(found: list[Revision]) -> list[tuple[int, str, Author | None, tuple[str, ...]]]:
    """Tell number, action, author and changed fields of revisions."""
    return [(each.number, each.action, each.by, each.changed) for each in found]


def history(kind: Any, identity: str) -> list[Revision]:
    """Read all revisions of one thing, newest first, with their states."""
    listed = services().revisions.page(kind, identity, MANY).revisions
    return [services().revisions.get(kind, identity, each.number) for each in listed]


def test_history_of_a_rule(rules: RuleStore, rule: Rule) -> None:
    """Creation, changes and deletion are listed newest first, and stay readable after the deletion."""
    renamed = rules.update(rule, {"name": "new", "enabled": False, "updated_at": "2026-02-01"}, STARTED, BEN)
    conditional = rules.update(rule, {"condition": {"status": ["RUNNING"]}}, STARTED, ANN, "reverted")
    rules.delete(rule.id, BEN)
    found = history("rule", rule.id)
    assert told(found) == [
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
    """What changed of a spec is told field by field; of credentials only that they changed."""
    spec = WebhookSpec("https://example.org/new", headers={"X-Team": "a", "Authorization": "Bearer one"})
    channels.update(kept.id, {"spec": spec}, ANN)
    channels.update(kept.id, {"spec": replace(spec, headers={**spec.headers, "Authorization": "two"})}, ANN)
    channels.update(kept.id, {"spec": replace(spec, headers={**spec.headers, "Authorization": "two"})}, ANN)
    channels.rotate(kept.id, "whsec_2", timedelta(0), {}, BEN)
    channels.update(kept.id, {"enabled": False})
    assert told(history("channel", kept.id)) == [
        (6, "updated", None, ("enabled",)),
        (5, "updated", BEN, ("signing_secret",)),
        (4, "updated", ANN, ()),
        (3, "updated", ANN, ("spec.headers.Authorization",)),
        (2, "updated", ANN, ("spec.url", "spec.headers.X-Team", "spec.headers.Authorization")),
        (1, "created", ANN, ()),
    ]
    then = history("channel", kept.id)[3].state
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
    assert told(found) == [
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


def test_changes_at_the_same_time(rules: RuleStore, rule: Rule) -> None:
    """Of two changes at once both are kept; each revision has the state that its transaction stored."""
    parts: list[dict[str, Any]] = [{"name": "n"}, {"description": "d"}, {"enabled": False}]
    with ThreadPoolExecutor(len(parts)) as pool:
        stored = list(pool.map(lambda part: rules.update(rule, part, STARTED), parts))
    found = history("rule", rule.id)
    assert rules.get(rule.id) == found[0].state == replace(rule, name="n", description="d", enabled=False)
    assert sorted(each.number for each in found) == [1, 2, 3, 4]
    assert {repr(each.state) for each in found} == {repr(rule), *map(repr, stored)}


def test_overtaken_on_the_way(rules: RuleStore, rule: Rule, monkeypatch: pytest.MonkeyPatch) -> None:
    """A change that was made of what another has replaced is made anew; a deletion in between ends it."""
    read = RuleStore._item  # noqa: SLF001 - between this and the write the other comes
    others: list[Callable[[], object]] = [
        lambda: rules.update(rule, {"description": "theirs"}, STARTED, BEN),
        lambda: rules.delete(rule.id, BEN),
    ]

    def overtaken(store: RuleStore, rule_id: str) -> Any:
        item = read(store, rule_id)
        with monkeypatch.context() as once:
            once.setattr(RuleStore, "_item", read)
            if others:
                others.pop(0)()
        return item

    monkeypatch.setattr(RuleStore, "_item", overtaken)
    with pytest.raises(EntityNotFound):
        rules.update(rule, {"name": "mine"}, STARTED, ANN)
    monkeypatch.undo()
    assert [(each.number, each.action, each.by) for each in history("rule", rule.id)] == [
        (3, "deleted", BEN),
        (2, "updated", BEN),
        (1, "created", ANN),
    ]


def test_secrets_that_changed_meanwhile(channels: ChannelStore, kept: Channel) -> None:
    """New secrets never undo what another request did to the secrets; a new name is not in their way."""
    seal = services().vault.seal

    def refused(meanwhile: Callable[[], object]) -> bool:
        def slowly(channel_id: str, secret: Any) -> bytes:
            services().vault.seal = seal  # type: ignore[method-assign]
            meanwhile()
            return seal(channel_id, secret)

        services().vault.seal = slowly  # type: ignore[method-assign]
        try:
            channels.update(kept.id, {"spec": WebhookSpec("https://example.org")})
        except ChannelConflict:
            return True
        return False

    assert not refused(lambda: channels.update(kept.id, {"name": "n"}))
    assert channels.get(kept.id).name == "n"
    assert refused(lambda: channels.rotate(kept.id, "whsec_2", timedelta(0), {}))


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


def test_the_audit_log(
    rules: RuleStore, channels: ChannelStore, rule: Rule, revisions: RevisionStore
) -> None:
    """The log has all changes by time, newest first, by whom, kind and period, and no state."""
    for day, by in ((1, ANN), (2, BEN), (3, None)):
        rules.update(rule, {"name": str(day), "updated_at": f"2026-03-0{day}"}, STARTED, by)
    channels.update(rule.channel_id, {"name": "c", "updated_at": "2026-03-04"}, ANN)

    def found(**wanted: Any) -> list[tuple[str, int]]:
        every, cursor = list[tuple[str, int]](), None
        for _ in range(20):
            page = revisions.audit(WantedChanges(cursor=cursor, **{"limit": 2, **wanted}))
            every += [(each.kind, each.number) for each in page.revisions]
            assert all(each.state is None for each in page.revisions)
            cursor = page.next
            if cursor is None:
                return every
        raise AssertionError("it has no end")

    newest = [("channel", 2), ("rule", 4), ("rule", 3), ("rule", 2)]
    assert found()[:4] == newest
    assert sorted(found()[4:]) == [("channel", 1), ("rule", 1)]
    assert found(by="ann", since="2026-03") == [("channel", 2), ("rule", 2)]
    assert found(by="user-2") == found(by="AKIABEN") == [("rule", 3)]
    assert found(kind="rule", since="2026-03") == newest[1:]
    assert found(since="2026-03-02", until="2026-03-04", limit=1) == [("rule", 4), ("rule", 3)]
    with pytest.raises(InvalidRequest):
        revisions.audit(WantedChanges(1, cursor="x"))
    elsewhere = revisions.audit(WantedChanges(1)).next
    with pytest.raises(InvalidRequest):
        revisions.audit(WantedChanges(1, cursor=elsewhere, until="2026-01-01"))


def test_the_audit_log_is_read_in_bounded_pages(
    rules: RuleStore, rule: Rule, revisions: RevisionStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A page that has looked through many and found none has a next one."""
    for number in range(3):
        rules.update(rule, {"name": str(number)}, STARTED, BEN)
    monkeypatch.setattr("notifications.store.revisions.SEARCHED", 2)
    page = revisions.audit(WantedChanges(5, by="ann"))
    assert (page.revisions, page.next is None) == ([], False)


def test_a_revision_is_no_larger_than_what_it_is_of(table: ConfigTable, rule: Rule) -> None:
    """A rule of the usual size leaves a revision of one write unit, which is in one index and small there."""
    item = table.get(keys.revision("rule", rule.id, 1))
    assert item is not None
    assert size(item) <= 1_024
    assert not item.keys() & {"rule_type", "channel_id", "enabled"}


def test_a_name_given_and_taken_meanwhile(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever creates a type that others create and delete at the same time writes over no revision."""
    kinds = services().event_types
    kinds.create(USED_UP, ANN)
    kinds.delete(USED_UP.name, BEN)
    monkeypatch.setattr("notifications.store.revisions.last_number", lambda *_: 0)  # as if read before that
    with pytest.raises(EventTypeConflict, match="try again"):
        kinds.create(USED_UP, BEN)
    monkeypatch.undo()
    assert [each.by for each in history("event_type", USED_UP.name)] == [BEN, ANN]
