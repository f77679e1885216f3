"""The tables of docs/cost.md, in Markdown."""

import io
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import redirect_stdout

from bench import bill, counting
from bench.bill import Assumed, Quantities
from bench.counting import Counted
from bench.prices import PLANS, Price

RULES = (0, 1, 10, 1000)
BATCH = 10
"""Lambda takes so many events at once, if they are there."""

BATCHED_RULES = (0, 1, 10)
Column = tuple[str, Mapping[str, float]]


def tables(prices: Mapping[str, Price], assumed: Assumed) -> Iterator[str]:
    """Count, and lay out one table after the other."""
    with counting.cloud(), redirect_stdout(io.StringIO()):  # metrics are written there
        alone = [counting.steady(counting.fresh(), rules) for rules in RULES]
        batched = [counting.steady(counting.fresh(), rules, events=BATCH) for rules in BATCHED_RULES]
        retried, swept = counting.retried(counting.fresh()), counting.swept(counting.fresh())
    used = [_column(each, bill.per_million(each, assumed)) for each in alone]
    in_batches = [_column(each, bill.per_million(each, assumed)) for each in batched]
    yield _table("Dollars per million events, one event an invocation", _costs(used, prices), "{:,.2f}")
    title = f"Dollars per million events, {BATCH} events an invocation"
    yield _table(title, _costs(in_batches, prices), "{:,.2f}")
    yield _table("Calls of AWS's APIs for one event", [(_name(each), _calls(each)) for each in alone])
    title = f"Calls of AWS's APIs for a batch of {BATCH} events"
    yield _table(title, [(_name(each), _calls(each)) for each in batched])
    yield _table("Units and bytes for one event", [(_name(each), _units(each, assumed)) for each in alone])
    yield _table("Quantities per million events", [(name, _told(of, prices)) for name, of in used], "{:,.4g}")
    yield _table("What a retry adds", [("one retry", _difference(_all(retried), _all(alone[1])))])
    idle = bill.idle(swept, assumed)
    cost = {f"{prices[name].service}: {prices[name].unit}": prices[name].of(of) for name, of in idle.items()}
    yield _table("A month without events", [("quantity", _told(idle, prices))], "{:,.4g}")
    yield _table("Dollars for a month without events", [("dollars", _summed(cost))], "{:,.2f}")
    yield _table("Beside others, dollars per million events", _beside(alone[1:], prices, assumed), "{:,.0f}")
    yield _table("What costs most, dollars per million events", _shares(used[1:], prices), "{:,.2f}")


def _column(counted: Counted, quantities: Quantities) -> Column:
    return _name(counted), quantities


def _name(counted: Counted) -> str:
    return f"{counted.rules:,} rule{'s' * (counted.rules != 1)}"


def _costs(columns: Sequence[Column], prices: Mapping[str, Price]) -> list[Column]:
    return [(name, _summed(bill.dollars(quantities, prices))) for name, quantities in columns]


def _summed(values: Mapping[str, float]) -> dict[str, float]:
    return {**values, "**total**": sum(values.values())}


def _calls(counted: Counted) -> dict[str, float]:
    calls = {f"{service} {operation}": count for (service, operation), count in counted.usage.calls.items()}
    return dict(sorted(calls.items()))


def _units(counted: Counted, assumed: Assumed) -> dict[str, float]:
    usage = counted.usage
    written = {f"write units, `{where}`": units for where, units in usage.write_units.items()}
    read = {f"read units, `{where}`": units for where, units in usage.read_units.items()}
    stored = usage.stored_bytes("DeliveriesTable")
    return {
        **written,
        "**write units**": sum(written.values()),
        **read,
        "**read units**": sum(read.values()),
        "bytes stored, table": stored["table"],
        "bytes stored, indexes": sum(stored.values()) - stored["table"],
        "bytes logged by us": usage.log_bytes,
        "bytes logged by Lambda": len(bill.START_AND_REPORT),
        "bytes sent to receivers, without TLS": counted.sent_bytes,
        "milliseconds": round(1000 * bill.seconds(counted, assumed)),
    }


def _all(counted: Counted) -> dict[str, float]:
    usage = counted.usage
    units = {"write units": sum(usage.write_units.values()), "read units": sum(usage.read_units.values())}
    return {**_calls(counted), **units, "bytes logged by us": usage.log_bytes}


def _difference(one: Mapping[str, float], other: Mapping[str, float]) -> dict[str, float]:
    return {name: value - other.get(name, 0) for name, value in one.items() if value != other.get(name, 0)}


def _told(quantities: Mapping[str, float], prices: Mapping[str, Price]) -> dict[str, float]:
    return {f"{prices[name].service}: {prices[name].unit} (`{name}`)": of for name, of in quantities.items()}


def _shares(columns: Sequence[Column], prices: Mapping[str, Price]) -> list[Column]:
    return [
        (name, {f"{prices[of].service}: {prices[of].unit}": prices[of].of(used[of]) for of in used})
        for name, used in columns
    ]


def _beside(counted: Sequence[Counted], prices: Mapping[str, Price], assumed: Assumed) -> list[Column]:
    columns: list[Column] = []
    for each in counted:
        ours = sum(bill.dollars(bill.per_million(each, assumed), prices).values())
        costs = {"this service": ours, "EventBridge API destinations": bill.destinations(each, prices)}
        costs |= {plan.name: plan.of(1_000_000, each.rules) for plan in PLANS}
        columns.append((_name(each), costs))
    return columns


def _table(title: str, columns: Sequence[Column], form: str = "{:,}") -> str:
    fullest_first = sorted((values for _, values in columns), key=len, reverse=True)
    rows = list(dict.fromkeys(row for values in fullest_first for row in values))
    lines = [
        f"{title}:",
        "",
        f"| | {' | '.join(name for name, _ in columns)} |",
        f"|---|{'---:|' * len(columns)}",
    ]
    show: Callable[[float], str] = form.format
    for row in sorted(rows, key=lambda row: row == "**total**"):
        cells = [show(values[row]) if values.get(row) else "" for _, values in columns]
        lines.append(f"| {row} | {' | '.join(cells)} |")
    return "\n".join(lines)
