"""Find the rules whose conditions an event meets, and those among them that may send it."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from notifications.core.eligibility import Withheld, depends_on_others, destination
from notifications.core.model import Channel, Rule
from notifications.core.texts import counted
from notifications.core.values import value

if TYPE_CHECKING:
    from notifications.core.conditions import Condition, Index
    from notifications.core.muting import Muted

TOO_EXPENSIVE = "its condition takes too many steps with the lists of this event"


@value
class Match:
    """A rule whose condition an event meets, with the channel to send to.

    ``repeats``: how many events were suppressed as repeats since the last one that was sent. ``muted``: the
    mute that holds the message for now.
    """

    rule: Rule
    channel: Channel
    repeats: int = 0
    muted: "Muted | None" = None

    @property
    def is_in_windows(self) -> bool:
        """Return whether the rule's once-per or digest decides about it, even if it is then held."""
        return depends_on_others(self.rule)


@value
class Skip:
    """A rule of the event's type that sends nothing, with the reason."""

    rule: Rule
    reason: Withheld


@value
class Met:
    """The rules whose conditions an event meets, and those whose conditions cannot be tried, with why."""

    rules: Sequence[Rule]
    undecided: Sequence[tuple[Rule, str]] = ()


class IndexedRules:
    """The rules of one event type, by their conditions. Made once for each version of the configuration."""

    def __init__(self, rules: Sequence[Rule]) -> None:
        self._rules = rules
        self._unreadable: dict[int, str] = {}
        conditional = any(rule.condition is not None for rule in rules)
        self._index = self._made() if conditional else None

    def __eq__(self, other: object) -> bool:
        return isinstance(other, IndexedRules) and [*self] == [*other]

    __hash__ = None  # type: ignore[assignment]  # it has __eq__, and no key to hash

    def __iter__(self) -> Iterator[Rule]:
        return iter(self._rules)

    def __len__(self) -> int:
        return len(self._rules)

    def met(self, data: Mapping[str, Any]) -> Met:
        """Find the rules whose conditions an event's fields meet, in their order."""
        if self._index is None:
            return Met(self._rules)
        tried = self._index.try_all(data)
        undecided = [(self._rules[at], TOO_EXPENSIVE) for at in tried.too_expensive]
        undecided += [(self._rules[at], reason) for at, reason in self._unreadable.items()]
        return Met([self._rules[at] for at in tried.met if at not in self._unreadable], undecided)

    def _made(self) -> "Index":
        from notifications.core.conditions import Index  # noqa: PLC0415 - 20 ms, for who has conditions

        return Index([self._condition(at, rule) for at, rule in enumerate(self._rules)])

    def _condition(self, at: int, rule: Rule) -> "Condition | None":
        from notifications.core.conditions import ConditionError, parse  # noqa: PLC0415 - see above

        try:
            return None if rule.condition is None else parse(rule.condition)
        except ConditionError as error:  # saved by a release whose limits were wider
            self._unreadable[at] = error.message
            return None


def none_met(rules: int) -> str:
    """Return why an event is unmatched although there are rules on its type."""
    return f"no condition met (0 of {counted(rules, 'rule', 'rules')})"


def match(rules: Iterable[Rule], channels: Mapping[str, Channel]) -> tuple[list[Match], list[Skip]]:
    """Split the rules that match an event into those that send and those that are skipped."""
    matches: list[Match] = []
    skips: list[Skip] = []
    for rule in rules:
        found = destination(rule, channels.get(rule.channel_id))
        if isinstance(found, str):
            skips.append(Skip(rule, found))
        else:
            matches.append(Match(rule, found))
    return matches, skips
