"""Pages of verdicts: bounded in rules, bytes and time, however many rules a type has."""

import json
from collections.abc import Callable, Collection, Iterable, Sequence
from time import thread_time

from notifications.core.errors import RuleNotFound
from notifications.core.nearest import quoted
from notifications.core.values import value
from notifications.store.cursors import decoded, encoded
from verdicts_api.models import VerdictOut

MAX_PAGE_SECONDS = 6.0
"""How much CPU time a page may take, although one rule's templates alone may take more. The function has half
a core, so this and the checks of drafts take some 20 of the 29 s that API Gateway waits."""

MAX_PAGE_BYTES = 4_000_000
"""How many bytes a page may have, as Lambda counts them."""

_POSITION = "after "
"""The prefix of positions in cursors, so that the cursor of another list is refused."""


@value
class Asked:
    """Which verdicts are asked for. ``rule_ids``: only those of these rules; None for all."""

    limit: int
    cursor: str | None = None
    rule_ids: Collection[str] | None = None

    @property
    def is_single(self) -> bool:
        """Return whether one rule is asked for, whose message is then shown in full."""
        return self.rule_ids is not None and len(self.rule_ids) == 1


@value
class Page:
    """Some verdicts; the cursor of the next page, None if this is the last; and how many there are in all."""

    verdicts: Sequence[VerdictOut]
    next: str | None
    total: int


def page(known: Iterable[str], asked: Asked, verdict: Callable[[str], VerdictOut]) -> Page:
    """Make a page of verdicts, in the order of the rules' ids.

    ``known``: the ids of all rules. ``verdict``: makes the verdict of one.

    Raises:
        RuleNotFound: a rule is asked for that is not among them.
        InvalidRequest: the cursor is not one of these pages'.
    """
    ids = sorted({*known})
    if asked.rule_ids is not None:
        for rule_id in asked.rule_ids:
            if rule_id not in ids:
                raise RuleNotFound(f"The event's type has no rule with the ID {quoted(rule_id)}")
        ids = sorted({*asked.rule_ids})
    position = decoded(asked.cursor, _POSITION) or ""
    left = [rule_id for rule_id in ids if _POSITION + rule_id > position]
    began, size = thread_time(), 0
    made: list[VerdictOut] = []
    for rule_id in left:
        if made and _is_full(len(made), asked.limit, size, thread_time() - began):
            return Page(made, encoded(_POSITION + made[-1].rule_id), len(ids))
        made.append(verdict(rule_id))
        size += len(json.dumps(made[-1].model_dump_json()))  # the response has the JSON as a string in JSON
    return Page(made, None, len(ids))


def _is_full(rules: int, limit: int, size: int, seconds: float) -> bool:
    return rules >= limit or size >= MAX_PAGE_BYTES or seconds >= MAX_PAGE_SECONDS
