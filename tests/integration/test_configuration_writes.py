"""Whatever is written is seen by the dispatchers that have something in memory."""

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from notifications.core.model import Channel, Rule
from notifications.core.rule_types import BUILT_IN
from notifications.store import keys
from notifications.store.versions import BUCKETS, channel_counter, type_counter
from tests.cloud import values
from tests.cloud.services import services
from tests.integration.configured import CUSTOM, TYPES, channel, opened
from tests.proxy.throttle.capacity import size


def test_the_counters_are_small() -> None:
    """With a hundred thousand writes in every counter the item is one unit to read and one to write."""
    names = {counter(str(n)) for counter in (type_counter, channel_counter) for n in range(5_000)}
    assert len(names) == 2 * BUCKETS
    counters = {name: {"N": "99999"} for name in (*names, "CHANNEL", "RULE", "writes")}
    assert size(keys.version() | counters) <= 1_024


writes = st.lists(
    st.tuples(
        st.sampled_from(
            ["rule", "disable", "delete", "channel", "channel off", "schema", "template", "force"]
        ),
        st.integers(0, 5),
        st.sampled_from(TYPES),
    ),
    min_size=4,
    max_size=12,
)


@given(writes)
@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_is_written_is_seen(cloud: None, done: list[tuple[str, int, str]]) -> None:  # noqa: ARG001
    """After any writes, the next batch meets exactly what one meets that has nothing in memory."""
    if services().config_table.type_version(CUSTOM.name) == 0:
        services().event_types.create(CUSTOM)
    configuration, channels, rules = opened(), [channel()], list[Rule]()
    for what, number, name in done:
        _write(what, number, name, channels, rules)
        configuration.refresh()
        fresh = opened()
        for each in TYPES:
            assert configuration.routing(each) == fresh.routing(each), (what, each)


def _write(what: str, number: int, name: str, channels: list[Channel], rules: list[Rule]) -> None:
    to = channels[number % len(channels)]
    present = services().event_types.get(CUSTOM.name)
    match what:
        case "channel":
            channels.append(channel(number))
        case "channel off":
            services().channels.update(to.id, {"enabled": number % 2 == 0, "updated_at": str(number)})
        case "schema":
            count = services().event_types.rule_writes(CUSTOM.name)
            schema = {"type": "object", "title": str(number)}
            services().event_types.update(
                CUSTOM.name, {"json_schema": schema, "updated_at": str(number)}, count
            )
        case "force" if len(channels) > 1:
            services().channels.delete(to.id, with_rules=True)
            channels.remove(to)
            rules[:] = [each for each in rules if each.channel_id != to.id]
        case "rule":
            made = values.rule(to, rule_type=name)
            services().rules.create(made, BUILT_IN.get(name, present))
            rules.append(made)
        case "disable" | "template" | "delete" if rules:
            picked = rules[number % len(rules)]
            if what == "delete":
                services().rules.delete(picked.id)
                rules.remove(picked)
            else:
                changes = (
                    {"enabled": number % 2 == 0} if what == "disable" else {"message_template": str(number)}
                )
                services().rules.update(picked, changes, BUILT_IN.get(picked.rule_type, present))
