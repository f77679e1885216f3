"""The service's own event types."""

from notifications.core.model import DefaultMessage, EventType
from notifications.core.operational_types import OperationalType
from notifications.core.rule_types.making import Fields, event_types, optional, required, schema

HEARTBEAT = "notification.heartbeat"

DIGEST = "notification.digest"
"""The type under which digests are listed among events. No event from the bus and no rule can have it."""

_CHANNEL: Fields = {
    "channel_id": required("UUID of the channel"),
    "channel_name": optional("Name of the channel; null if it was deleted meanwhile"),
}
_RULE: Fields = {
    "rule_id": required("UUID of the rule"),
    "rule_name": optional("Name of the rule; null if it was deleted meanwhile"),
    "other_rules": optional(
        "Names of other rules of the channel that have failed likewise and were not told of yet, at most 10;"
        " of deleted ones the ids",
        "array",
        items={"type": "string"},
    ),
    "event_type": required("Type of the event that was to be delivered"),
    "event_id": required("Id of that event"),
    "delivery_id": required("Id of the delivery"),
}
_LAST_STATUS: Fields = {"last_status": optional("Status of the last response, if there was one", "integer")}
_COUNT: Fields = {
    "count": required("How many failed together with this one, and counting it; others may follow", "integer")
}
_CHANNEL_NAMED = "{{ channel_name or channel_id }}"
_RULE_NAMED = "{{ rule_name or rule_id }}"


def _type(name: OperationalType, description: str, fields: Fields, message: DefaultMessage) -> EventType:
    title = "".join(part.title() for part in name.replace("_", ".").split("."))
    return EventType(
        name=name, description=description, json_schema=schema(title, fields), built_in=True, message=message
    )


OWN = event_types(
    EventType(
        name=HEARTBEAT,
        description="Comes every 15 minutes, to show that events get through.",
        json_schema=schema("Heartbeat", {}),
        built_in=True,
        message=DefaultMessage("Heartbeat", "Events get through.", level="success"),
    ),
    _type(
        "notification.channel.suspended",
        "A channel is suspended, because its receiver keeps failing: its deliveries are held.",
        {
            **_CHANNEL,
            "failures": required("How many attempts have failed in a row", "integer"),
            "failing_since": optional("When the first of them failed (ISO 8601)"),
            "reason": required("Why the last of them failed"),
            **_LAST_STATUS,
            "next_probe_at": optional("When the first probe is sent (ISO 8601)"),
        },
        DefaultMessage(
            f"Channel suspended: {_CHANNEL_NAMED}",
            f"{{{{ failures }}}} attempts in a row have failed to reach {_CHANNEL_NAMED}. Its deliveries are"
            " held until a probe gets through. The last failure: {{ reason }}",
            ("failures", "failing_since", "last_status", "next_probe_at"),
            level="error",
        ),
    ),
    _type(
        "notification.channel.resumed",
        "The suspension of a channel has ended, and its held deliveries are sent.",
        {
            **_CHANNEL,
            "suspended_since": optional("Since when it was suspended (ISO 8601)"),
            "reason": required("Why it has ended, in words"),
        },
        DefaultMessage(
            f"Channel resumed: {_CHANNEL_NAMED}",
            f"{_CHANNEL_NAMED} gets messages again: {{{{ reason }}}}. Held deliveries are sent now.",
            ("suspended_since",),
            level="success",
        ),
    ),
    _type(
        "notification.channel.disabled",
        "A channel is disabled, because its receiver responded with 410: it wants no more messages.",
        {**_CHANNEL, "reason": required("What the receiver responded"), **_LAST_STATUS},
        DefaultMessage(
            f"Channel disabled: {_CHANNEL_NAMED}",
            f"The receiver of {_CHANNEL_NAMED} wants no more messages, so the channel is disabled."
            " {{ reason }}",
            ("last_status",),
            level="error",
        ),
    ),
    _type(
        "notification.delivery.failed",
        "A delivery has failed for good: it is not sent again by itself.",
        {
            **_CHANNEL,
            **_RULE,
            "reason": required("Why its last attempt failed, or why none was made"),
            "error_class": optional("Class of that failure (status, timeout, connect, ...)"),
            "attempts": required("How many attempts were made", "integer"),
            **_LAST_STATUS,
            **_COUNT,
        },
        DefaultMessage(
            f"Delivery failed: {_CHANNEL_NAMED}",
            "{% if count > 1 %}{{ count }} deliveries{% else %}A delivery{% endif %}"
            f" to {_CHANNEL_NAMED} failed for good after {{{{ attempts }}}}"
            " {{ 'attempt' if attempts == 1 else 'attempts' }}: {{ reason }}",
            ("rule_name", "other_rules", "event_type", "delivery_id", "last_status"),
            level="error",
        ),
    ),
    _type(
        "notification.rule.render_failed",
        "The template of a rule failed on an event, so the event is not delivered for this rule.",
        {**_CHANNEL, **_RULE, "reason": required("What is wrong, with the line of the template"), **_COUNT},
        DefaultMessage(
            f"Rule cannot be rendered: {_RULE_NAMED}",
            f"The template of {_RULE_NAMED} failed on an event of type {{{{ event_type }}}}: {{{{ reason }}}}"
            # The others may be of other rules of the channel, which no event of their own tells of.
            "{% if count > 1 %}\n{{ count - 1 }} more {{ 'delivery' if count == 2 else 'deliveries' }}"
            f" to {_CHANNEL_NAMED} could not be rendered either, of this rule or of others.{{% endif %}}",
            ("channel_name", "other_rules", "event_id", "delivery_id"),
            level="error",
        ),
    ),
)
