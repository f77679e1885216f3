"""Token buckets: what each partition key of each table and index may still read and write at a moment.

A bucket holds what one second gives, and no more: AWS keeps up to 300 s of what a *table* did not use, but no
partition ever does more than its 1,000 write and 3,000 read units a second.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal, NamedTuple

from tests.proxy.throttle.capacity import TABLE

Kind = Literal["write", "read"]

KEY_UNITS: Mapping[Kind, float] = {"write": 1_000, "read": 3_000}
"""What a partition takes a second; here each partition key has one to itself."""

LEAST_HELD = 25.0
"""What a bucket holds at least, however it is scaled: what belongs to one event must not be too much."""

TOTAL_UNITS: Mapping[Kind, float] = {"write": 4_000, "read": 12_000}
"""What a new on-demand table, and each of its global indexes, takes a second at first."""


class Rate(NamedTuple):
    """How many units a bucket gets a second, and how many it holds."""

    second: float
    held: float


class Place(NamedTuple):
    """Whose units: a table's or an index's, of one partition key or, with None, of all together."""

    table: str
    where: str
    key: str | None
    kind: Kind


Demand = Mapping[Place, float]


@dataclass(frozen=True, slots=True)
class Choke:
    """So many units a second are left to a table or an index, or to each of its keys like ``keys``."""

    table: str
    units: float
    where: str = TABLE
    keys: str | None = None

    def meets(self, place: Place) -> bool:
        """Tell whether it is about a place."""
        if (self.table, self.where) != (place.table, place.where):
            return False
        if self.keys is None or place.key is None:
            return self.keys is None and place.key is None
        return re.match(self.keys, place.key) is not None


@dataclass(frozen=True, slots=True)
class Rates:
    """How fast buckets fill: AWS's units a second over ``scale``, but for what is choked.

    ``total``: the bound on a whole table or index; without it only keys are bounded.
    """

    scale: float = 1.0
    total: bool = True
    chokes: Sequence[Choke] = ()

    def of(self, place: Place) -> Rate | None:
        """Return a place's rate; None: it has no bound."""
        for choke in self.chokes:
            if choke.meets(place):
                return Rate(choke.units, choke.units)
        if place.key is None and not self.total:
            return None
        units = (TOTAL_UNITS if place.key is None else KEY_UNITS)[place.kind] / self.scale
        return Rate(units, max(units, LEAST_HELD))


@dataclass(slots=True)
class _Bucket:
    rate: Rate
    tokens: float
    at: float

    def fill(self, now: float) -> None:
        self.tokens = min(self.rate.held, self.tokens + (now - self.at) * self.rate.second)
        self.at = now

    def has(self, units: float) -> bool:
        """Tell whether there are so many; what is more than a full bucket holds needs a full one."""
        return self.rate.held > 0 and self.tokens >= min(units, self.rate.held)


@dataclass
class Buckets:
    """The buckets of all places, full at first."""

    rates: Rates
    _buckets: dict[Place, _Bucket] = field(default_factory=dict)

    def take(self, demand: Demand, now: float) -> Place | None:
        """Take all that is demanded; or nothing, and return a place that lacks it. ``now``: in seconds."""
        wanted = {place: units for place, units in totalled(demand).items() if units}
        for place, units in wanted.items():
            bucket = self._filled(place, now)
            if bucket is not None and not bucket.has(units):
                return place
        self._add(wanted, now, -1)
        return None

    def give_back(self, demand: Demand, now: float) -> None:
        """Give back what was taken and not used."""
        self._add(totalled(demand), now, 1)

    def _add(self, demand: Demand, now: float, sign: int) -> None:
        for place, units in demand.items():
            bucket = self._filled(place, now)
            if bucket is not None:
                bucket.tokens += sign * units

    def _filled(self, place: Place, now: float) -> _Bucket | None:
        if place not in self._buckets:
            rate = self.rates.of(place)
            if rate is None:
                return None
            self._buckets[place] = _Bucket(rate, rate.held, now)
        bucket = self._buckets[place]
        bucket.fill(now)
        return bucket


def totalled(demand: Demand) -> dict[Place, float]:
    """Add to what each key needs what that makes for the whole table or index."""
    summed = dict(demand)
    for place, units in demand.items():
        if place.key is not None:
            whole = place._replace(key=None)
            summed[whole] = summed.get(whole, 0) + units
    return summed
