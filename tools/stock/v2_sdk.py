"""Use Backend.AI's own v2 SDK for every notification operation; run by ``make stock-client``.

Reads BACKEND_ENDPOINT, BACKEND_ACCESS_KEY and BACKEND_SECRET_KEY; argument: the URL of a receiver.
"""

import asyncio
import os
import sys
from uuid import uuid4

from ai.backend.client.v2.auth import HMACAuth
from ai.backend.client.v2.config import ClientConfig
from ai.backend.client.v2.registry import BackendAIClientRegistry
from ai.backend.client.v2.v2_registry import V2ClientRegistry
from ai.backend.common.dto.manager import notification as v1
from ai.backend.common.dto.manager.v2.notification import request as v2
from yarl import URL

NAME = f"sdk-{uuid4().hex[:8]}"
"""Begins the names of all that this run makes, so that runs do not meet."""

SAMPLE = {"session_id": "s", "session_type": "batch", "cluster_mode": "single-node", "status": "RUNNING"}
MAIL = {
    "smtp": {"host": "mail.example.com", "port": 587},
    "message": {"from_email": "ops@example.com", "to_emails": ["a@example.com", "b@example.com"]},
    "auth": {"username": "ops", "password": "hidden"},
}


async def main(receiver: str) -> None:
    """Try the v1 routes, then the v2 routes."""
    config = ClientConfig(endpoint=URL(os.environ["BACKEND_ENDPOINT"]))
    auth = HMACAuth(os.environ["BACKEND_ACCESS_KEY"], os.environ["BACKEND_SECRET_KEY"])
    old = await BackendAIClientRegistry.create(config, auth)
    new = await V2ClientRegistry.create(config, auth)
    try:
        await v1_routes(old.notification, receiver)
        await v2_routes(new.notification, receiver)
    finally:
        await old.close()
        await new.close()


async def v1_routes(client, receiver: str) -> None:
    """Every operation of the v1 routes."""
    webhook, mail = await v1_channels(client, receiver)
    await v1_rules(client, webhook)
    for channel_id in (webhook, mail):
        assert (await client.get_channel(channel_id)).channel.id == channel_id
        assert (await client.delete_channel(channel_id)).deleted
    print("v2 SDK, v1 routes: all operations work")


async def v1_channels(client, receiver: str) -> tuple[object, object]:
    """Create, find, change and try channels; return the ids of a webhook and an email channel."""
    spec = {"url": receiver, "headers": {"Authorization": "Bearer x"}}
    made = await client.create_channel(
        v1.CreateNotificationChannelRequest(name=NAME, channel_type="webhook", spec=spec)
    )
    channel_id = made.channel.id
    mail = await client.create_channel(
        v1.CreateNotificationChannelRequest(name=f"{NAME} mail", channel_type="email", spec=MAIL)
    )
    assert mail.channel.spec.auth.username == "ops"
    assert mail.channel.spec.auth.password is None
    found = await client.search_channels(
        v1.SearchNotificationChannelsRequest(
            filter={"name": {"starts_with": NAME}, "channel_types": ["EMAIL"]},
            order=[{"field": "name", "direction": "desc"}],
        )
    )
    assert [channel.id for channel in found.channels] == [mail.channel.id], found
    changed = await client.update_channel(
        channel_id, v1.UpdateNotificationChannelRequest(description="d", enabled=False)
    )
    assert (changed.channel.name, changed.channel.description) == (NAME, "d")
    await client.validate_channel(channel_id, v1.ValidateNotificationChannelRequest(test_message="hello"))
    return channel_id, mail.channel.id


async def v1_rules(client, channel_id: object) -> None:
    """Read the rule types, and use a rule from its creation to its deletion."""
    types = await client.list_rule_types()
    assert len(types.rule_types) == 4
    for rule_type in types.rule_types:
        await client.get_rule_type_schema(rule_type)
    rule = await client.create_rule(
        v1.CreateNotificationRuleRequest(
            name=NAME, rule_type="session.started", channel_id=channel_id, message_template="{{ status }}"
        )
    )
    assert channel_of(rule.rule) == channel_id
    await client.update_rule(
        rule.rule.id, v1.UpdateNotificationRuleRequest(message_template="{{ data.status }}")
    )
    message = await client.validate_rule(
        rule.rule.id, v1.ValidateNotificationRuleRequest(notification_data=SAMPLE)
    )
    assert message.message == '"RUNNING"'  # a JSON channel's message is JSON
    rules = await client.search_rules(v1.SearchNotificationRulesRequest(filter={"name": {"equals": NAME}}))
    assert rule.rule.id in {found.id for found in rules.rules}
    assert (await client.get_rule(rule.rule.id)).rule.message_template == "{{ data.status }}"
    assert (await client.delete_rule(rule.rule.id)).deleted


async def v2_routes(client, receiver: str) -> None:
    """Every operation of the v2 routes."""
    webhook, mail = await v2_channels(client, receiver)
    await v2_pages(client, webhook, mail)
    await v2_rules(client, webhook)
    for channel_id in (webhook, mail):
        deleted = await client.delete_channel(v2.DeleteNotificationChannelInput(id=channel_id))
        assert deleted.id == channel_id
    print("v2 SDK, v2 routes: all operations work")


async def v2_channels(client, receiver: str) -> tuple[object, object]:
    """Create, change, read and try channels; return the ids of a webhook and an email channel."""
    made = await client.create_channel(
        v2.CreateNotificationChannelInput(
            name=f" {NAME} ", description="d", channel_type="webhook", spec={"webhook": {"url": receiver}}
        )
    )
    channel_id = made.channel.id
    mail = await client.create_channel(
        v2.CreateNotificationChannelInput(name=f"{NAME} mail", channel_type="email", spec={"email": MAIL})
    )
    assert mail.channel.spec.auth.username == "ops"
    assert (made.channel.name, made.channel.spec.channel_type) == (NAME, "webhook")
    kept = await client.update_channel(channel_id, v2.UpdateNotificationChannelInput(name=f"{NAME} 2"))
    assert (kept.channel.name, kept.channel.description) == (f"{NAME} 2", "d")
    # This SDK leaves out what is None: it cannot clear a description, though the API can.
    assert (await client.get_channel(channel_id)).item.id == channel_id
    await client.validate_channel(v2.ValidateNotificationChannelInput(id=channel_id, test_message="hello"))
    for node in (made.channel, mail.channel):
        assert_same_id(node)
    return channel_id, mail.channel.id


async def v2_pages(client, webhook: object, mail: object) -> None:
    """Page through both channels with a filter."""
    both = v2.NotificationChannelFilter(name={"starts_with": NAME})
    both.OR = [
        v2.NotificationChannelFilter(channel_type={"equals": "email"}),
        v2.NotificationChannelFilter(name={"i_ends_with": " 2"}),
    ]
    order = [v2.NotificationChannelOrder(field="name", direction="ASC")]
    page = await client.search_channels(v2.SearchNotificationChannelsInput(filter=both, order=order, first=1))
    assert ([one.id for one in page.items], page.total_count, page.has_next_page) == ([webhook], 2, True)
    page = await client.search_channels(
        v2.SearchNotificationChannelsInput(filter=both, order=order, first=5, after=str(webhook))
    )
    assert ([one.id for one in page.items], page.has_previous_page) == ([mail], True)


async def v2_rules(client, channel_id: object) -> None:
    """Use a rule from its creation to its deletion."""
    rule = await client.create_rule(
        v2.CreateNotificationRuleInput(
            name=NAME, rule_type="session.started", channel_id=channel_id, message_template="{{ status }}"
        )
    )
    rule_id = rule.rule.id
    assert channel_of(rule.rule) == channel_id
    assert_same_id(rule.rule)
    changed = await client.update_rule(rule_id, v2.UpdateNotificationRuleInput(enabled=False))
    assert changed.rule.enabled is False
    only = v2.NotificationRuleFilter(
        rule_type={"in_": ["session.started"]}, NOT=[v2.NotificationRuleFilter(enabled=True)]
    )
    rules = await client.search_rules(v2.SearchNotificationRulesInput(filter=only, limit=10, offset=0))
    assert rule_id in {found.id for found in rules.items}
    assert (await client.get_rule(rule_id)).item.id == rule_id
    message = await client.validate_rule(
        v2.ValidateNotificationRuleInput(id=rule_id, notification_data=SAMPLE)
    )
    assert message.message == '"RUNNING"'  # a JSON channel's message is JSON
    assert (await client.delete_rule(v2.DeleteNotificationRuleInput(id=rule_id))).id == rule_id


def assert_same_id(node) -> None:
    """Hold an object's two ids to be the same, where the release has both."""
    assert getattr(node, "entity_id", node.id) == node.id


def channel_of(rule) -> object:
    """Return the id of a rule's channel, which has stood in place of the channel since 26.9."""
    return rule.channel_id if hasattr(rule, "channel_id") else rule.channel.id


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1]))
