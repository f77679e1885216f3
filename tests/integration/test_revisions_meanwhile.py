"""Changes of the same configuration at the same time: none is lost, and each revision is what was stored."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from notifications.core.errors import ChannelConflict, EntityNotFound, EventTypeConflict
from notifications.core.model import Channel, Rule, WebhookSpec
from notifications.store.channels import ChannelStore
from notifications.store.rules import RuleStore
from tests.cloud.services import services
from tests.cloud.values import USED_UP
from tests.integration.revisions import ANN, BEN, STARTED, history, kept, rule

pytestmark = pytest.mark.usefixtures("cloud")

__all__ = ["kept", "rule"]


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
