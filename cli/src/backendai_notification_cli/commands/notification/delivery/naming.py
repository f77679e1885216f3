"""The names of the rules and channels of deliveries, for those who look at a list."""

from collections.abc import Iterable, Iterator, Mapping
from itertools import islice
from typing import TYPE_CHECKING, Any

from backendai_notification_cli.errors import CliError
from backendai_notification_cli.http import names

if TYPE_CHECKING:
    from backendai_notification_cli.http.api import Api

TOGETHER = 50
"""How many deliveries' names are asked for at once."""


def named(api: "Api", deliveries: Iterable[Mapping[str, Any]]) -> Iterator[Mapping[str, Any]]:
    """Add the names of rules and channels; of those that are gone there are none."""
    left = iter(deliveries)
    known: dict[str, str] = {}
    while portion := [*islice(left, TOGETHER + 1)]:
        unknown = {str(item.get("rule_id")) for item in portion} - known.keys()
        if unknown:
            known |= dict.fromkeys(unknown, "") | _names(api, unknown)
        for item in portion:
            rule_name, channel_name = (known.get(str(item.get(key))) for key in ("rule_id", "channel_id"))
            yield {**item, "rule_name": rule_name, "channel_name": channel_name}


def _names(api: "Api", rule_ids: Iterable[str]) -> dict[str, str]:
    """Return the names of rules and their channels by their ids; none if they cannot be read."""
    try:
        wanted = sorted(rule_ids)
        rules = names.RULE.search(api, {"id": {"in": wanted}}, len(wanted))
    except CliError:
        return {}
    channels = [rule.get("channel") or {} for rule in rules]
    return {str(item.get("id")): str(item.get("name")) for item in (*rules, *channels)}
