"""The summaries of all channels or all rules, cached until one of them is written."""

from notifications.core.search import Summary
from notifications.store import items, keys
from notifications.store.table import ConfigTable


class Listing:
    """The summaries of one partition of the config table."""

    def __init__(self, table: ConfigTable, partition: str) -> None:
        self._table = table
        self._partition = partition
        self._version: int | None = None
        self._summaries: list[Summary] = []

    def summaries(self) -> list[Summary]:
        """List the present summaries.

        Raises:
            Unavailable: the config table cannot be read.
        """
        # Read the version before the query: a write in between then makes the cache look outdated, which
        # costs one more query. In the other order the cache would look current and stay wrong.
        version = self._table.versions().of_kind(self._partition)
        if version != self._version:
            found = self._table.query(self._partition, keys.BY_CREATION)
            self._summaries = [items.summary_from(item) for item in found]
            self._version = version
        return self._summaries
