"""The audit log: all changes of configuration by time, by whom, and of what."""

from typing import Any

import pytest

from notifications.core.errors import InvalidRequest
from notifications.core.model import Rule
from notifications.store.channels import ChannelStore
from notifications.store.revisions import RevisionStore, WantedChanges
from notifications.store.rules import RuleStore
from tests.integration.revisions import ANN, BEN, STARTED, kept, revisions, rule

pytestmark = pytest.mark.usefixtures("cloud")

__all__ = ["kept", "revisions", "rule"]


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
