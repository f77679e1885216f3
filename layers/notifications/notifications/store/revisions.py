"""Revisions of one rule, channel, event type or mute, and the audit log, which lists all by time."""

from collections.abc import Iterator, Sequence
from typing import Any

from notifications.core.batches import batches
from notifications.core.errors import EntityNotFound, InvalidRequest
from notifications.core.model import MAX_EVENT_TYPE_CHARS
from notifications.core.revisions import Revision, RevisionKind
from notifications.core.values import value
from notifications.store import keys, revision_items
from notifications.store.cursors import MILLENNIUM, decoded, encoded
from notifications.store.items import Item, attributes
from notifications.store.table import ConfigTable

SEARCHED = 500
"""How many revisions are searched at most for one page of the audit log."""

READ_TOGETHER = 100
"""How many of these are read at once."""

MAX_NUMBER = 9_999_999_999
BEGINNING, END = "0", "9999"


@value
class RevisionPage:
    """Some revisions, newest first, and the cursor of the next page, None if this is the last."""

    revisions: Sequence[Revision]
    next: str | None


@value
class WantedChanges:
    """Which entries of the audit log to find; an entry must meet all that are given.

    ``since`` (inclusive), ``until`` (exclusive): timestamps. ``by``: a keypair's access key or name, or a
    user id.
    """

    limit: int
    cursor: str | None = None
    since: str | None = None
    until: str | None = None
    by: str | None = None
    kind: RevisionKind | None = None

    def is_met(self, revision: Revision) -> bool:
        """Return whether a revision was made by the wanted author."""
        return self.by is None or (revision.by is not None and revision.by.is_called(self.by))


class RevisionStore:
    """Read revisions."""

    def __init__(self, table: ConfigTable) -> None:
        self._table = table

    def page(self, kind: RevisionKind, identity: str, limit: int, cursor: str | None = None) -> RevisionPage:
        """List the revisions of one object, newest first, without their states.

        Raises:
            InvalidRequest: the cursor is not of this list.
        """
        if len(identity) > MAX_EVENT_TYPE_CHARS:  # a key has a limit of bytes
            return RevisionPage([], None)
        prefix = keys.revision_prefix(kind, identity)
        seen = decoded(cursor, prefix)
        end = f"{prefix}:" if seen is None else seen  # a colon is beyond all digits
        # The range includes the cursor's own row, and one row beyond the page shows whether there is a next
        # page. DynamoDB also ends a page at 1 MB.
        found, more = self._table.page(**_between(prefix, end), ScanIndexForward=False, Limit=limit + 2)
        rows = [item for item in found if item[keys.SORT_KEY]["S"] != seen]
        following = encoded(rows[:limit][-1][keys.SORT_KEY]["S"]) if more or len(rows) > limit else None
        return RevisionPage([*map(revision_items.read, rows[:limit])], following)

    def get(self, kind: RevisionKind, identity: str, number: int) -> Revision:
        """Read one revision.

        Raises:
            EntityNotFound: there is none with this number, or it has expired.
        """
        # DynamoDB refuses keys that are too long, and so longer names and numbers cannot exist.
        fits = len(identity) <= MAX_EVENT_TYPE_CHARS and 0 < number <= MAX_NUMBER
        item = self._table.get(keys.revision(kind, identity, number)) if fits else None
        if item is None:
            raise EntityNotFound(f"There is no revision {number} of the {_WORDS[kind]} {identity}")
        return revision_items.read(item)

    def changed_between(self, kind: RevisionKind, identity: str, after: int, last: int) -> set[str]:
        """Return the paths of the fields that revisions ``after`` + 1 to ``last`` changed."""
        if after >= last:  # DynamoDB refuses a range that ends before it begins
            return set()
        low, high = (
            keys.revision(kind, identity, number)[keys.SORT_KEY]["S"] for number in (after + 1, last)
        )
        start: dict[str, Any] = {}
        changed: set[str] = set()
        while True:
            found, following = self._table.page(**_between(low, high), **start)
            changed.update(path for item in found for path in revision_items.read(item).changed)
            if following is None:
                return changed
            start = {"ExclusiveStartKey": following}

    def audit(self, wanted: WantedChanges) -> RevisionPage:
        """List changes of all configuration, newest first, without the states after them.

        A page may have fewer entries than wanted, even none, and yet a cursor, because its search is limited.

        Raises:
            InvalidRequest: the cursor is not of this list.
        """
        if (wanted.since or BEGINNING) > (wanted.until or END):
            return RevisionPage([], None)
        rows, following = self._table.page(**_of_period(wanted), Limit=SEARCHED)
        found: list[Revision] = []
        for portion in batches(rows, READ_TOGETHER):
            for row, revision in self._audited(portion, wanted):
                if wanted.is_met(revision):
                    found.append(revision)
                if len(found) == wanted.limit:
                    is_last = row is rows[-1] and following is None
                    return RevisionPage(found, None if is_last else _cursor(row))
        return RevisionPage(found, None if following is None else _cursor(following))

    def _audited(self, rows: Sequence[Item], wanted: WantedChanges) -> Iterator[tuple[Item, Revision]]:
        """Read the revisions of rows of the index, in their order, without those of unwanted kinds."""
        named = [row for row in rows if _is_wanted(row, wanted)]
        places = [keys.of_item(row) for row in named]
        read = self._table.get_many(places, _READ)
        known = {item[keys.SORT_KEY]["S"]: item for item in read}
        for row in named:
            item = known.get(row[keys.SORT_KEY]["S"])
            if item is not None:  # else it has just expired
                yield row, revision_items.read(item)


_READ = (keys.SORT_KEY, *revision_items.AUDITED)
_WORDS = {"rule": "rule", "channel": "channel", "event_type": "event type", "mute": "mute"}


def last_number(table: ConfigTable, kind: RevisionKind, identity: str) -> int:
    """Return the number of the last revision of an object; 0 if there is none."""
    prefix = keys.revision_prefix(kind, identity)
    found, _ = table.page(**_between(prefix, f"{prefix}:"), ScanIndexForward=False, Limit=1)
    return keys.revised(found[0][keys.SORT_KEY]["S"])[2] if found else 0


def _between(low: str, high: str) -> dict[str, Any]:
    names = {f"#{number}": name for number, name in enumerate(_READ)}
    return {
        "KeyConditionExpression": "pk = :pk AND sk BETWEEN :low AND :high",
        "ExpressionAttributeValues": attributes({":pk": keys.REVISION, ":low": low, ":high": high}),
        "ProjectionExpression": ", ".join(names),
        "ExpressionAttributeNames": names,
    }


def _of_period(wanted: WantedChanges) -> dict[str, Any]:
    since, until = wanted.since or BEGINNING, wanted.until or END
    start: dict[str, Any] = {}
    position = decoded(wanted.cursor, MILLENNIUM)
    if position is not None:
        at, _, sort_key = position.partition(" ")
        if not since <= at <= until or not sort_key:
            raise InvalidRequest("cursor: it is of a list with another period")
        place = {"pk": keys.REVISION, "sk": sort_key, "created_at": at}
        start = {"ExclusiveStartKey": attributes(place)}
    return {
        "IndexName": keys.BY_CREATION,
        "KeyConditionExpression": "pk = :pk AND created_at BETWEEN :since AND :until",
        "ExpressionAttributeValues": attributes({":pk": keys.REVISION, ":since": since, ":until": until}),
        "ScanIndexForward": False,
        **start,
    }


def _is_wanted(row: Item, wanted: WantedChanges) -> bool:
    # A query's range has both its ends, but a period ends before ``until``.
    if row["created_at"]["S"] == wanted.until:
        return False
    return wanted.kind is None or keys.revised(row[keys.SORT_KEY]["S"])[0] == wanted.kind


def _cursor(row: Item) -> str:
    return encoded(f"{row['created_at']['S']} {row[keys.SORT_KEY]['S']}")
