"""Parts of the v2 documents that channels and rules share."""

from collections.abc import Collection
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import Field, model_validator

from notifications.api.models import MAX_ORDERS, Document, LowerText, StringFilter, Uuid
from notifications.core import search
from notifications.core.errors import InvalidRequest
from notifications.core.search import (
    DEFAULT_LIMIT,
    MAX_LIMIT,
    Order,
    OrderField,
    Page,
    Predicate,
    Summary,
    Window,
)

MAX_FILTER_DEPTH = 8
"""How deep AND, OR and NOT may be nested."""

MAX_FILTERS = 200
"""How many filters there may be in all, because each is evaluated for every channel or rule."""

V2Direction = Literal["ASC", "DESC"]
Size = Annotated[int, Field(ge=1, le=MAX_LIMIT)]


class V2TypeFilter(Document):
    """The types to find; all conditions must hold."""

    equals: LowerText | None = None
    """The type."""
    in_: list[LowerText] | None = None
    """Any of these types."""
    not_equals: LowerText | None = None
    """Any type but this one."""
    not_in: list[LowerText] | None = None
    """Any type but these."""

    def named(self) -> set[str]:
        """Return the types that the filter names."""
        return {*(self.in_ or ()), *(self.not_in or ())} | {self.equals or "", self.not_equals or ""} - {""}

    def predicate(self) -> Predicate:
        """Convert it to the core's value."""
        return lambda summary: (
            (self.equals is None or summary.type == self.equals)
            and (self.in_ is None or summary.type in self.in_)
            and summary.type != self.not_equals
            and (self.not_in is None or summary.type not in self.not_in)
        )


class V2Filter(Document):
    """What to find. All conditions of the filter, all of AND, one of OR, and none of NOT must hold."""

    name: StringFilter | None = None
    """A condition on the name."""
    enabled: bool | None = None
    """Only enabled ones, or only disabled ones."""
    channel_type: V2TypeFilter | None = None
    """In a search for channels, a condition on their type."""
    rule_type: V2TypeFilter | None = None
    """In a search for rules, a condition on their type."""
    AND: "list[V2Filter] | None" = None
    """Filters that must all hold."""
    OR: "list[V2Filter] | None" = None
    """Filters of which at least one must hold."""
    NOT: "list[V2Filter] | None" = None
    """Filters of which none may hold."""

    def named_types(self) -> set[str]:
        """Return the types that the filter and those nested in it name."""
        own = [kind.named() for kind in (self.channel_type, self.rule_type) if kind]
        inner = [part.named_types() for parts in (self.AND, self.OR, self.NOT) for part in parts or ()]
        return set().union(*own, *inner)

    def count(self) -> int:
        """Return the number of filters: this one, and all that are nested in it."""
        inner = [part.count() for parts in (self.AND, self.OR, self.NOT) for part in parts or ()]
        return 1 + sum(inner)

    def predicate(self, depth: int = 1) -> Predicate:
        """Convert it to the core's value.

        Raises:
            InvalidRequest: nested deeper than ``MAX_FILTER_DEPTH``.
        """
        if depth > MAX_FILTER_DEPTH:
            raise InvalidRequest(f"filter: AND, OR and NOT are nested deeper than {MAX_FILTER_DEPTH}")
        kind = self.channel_type or self.rule_type
        parts = [
            search.where(name=self.name, types=None, enabled=self.enabled),
            *([kind.predicate()] if kind else []),
            *(inner.predicate(depth + 1) for inner in self.AND or ()),
            search.none_of([inner.predicate(depth + 1) for inner in self.NOT or ()]),
        ]
        if self.OR:
            parts.append(search.any_of([inner.predicate(depth + 1) for inner in self.OR]))
        return search.all_of(parts)


class V2OrderBy(Document):
    """One sort key of a v2 search."""

    field: OrderField
    """What to sort by."""
    direction: V2Direction = "DESC"
    """Ascending or descending."""


class V2Search(Document):
    """A search. One way of paging: first/after, last/before (ids of items), or limit/offset."""

    filter: V2Filter | None = None
    """What to find; everything if absent."""
    order: Annotated[list[V2OrderBy], Field(max_length=MAX_ORDERS)] | None = None
    """Sort keys, the most important one first. Without any, the oldest come first."""
    first: Size | None = None
    """How many to return at most: the first ones, or the first ones after ``after``."""
    after: str | None = None
    """The id of the item before the first one to return."""
    last: Size | None = None
    """How many to return at most: the last ones, or the last ones before ``before``."""
    before: str | None = None
    """The id of the item after the last one to return."""
    limit: Size | None = None
    """How many to return at most; 50 if no other size is given."""
    offset: Annotated[int, Field(ge=0)] | None = None
    """How many results to skip."""

    @model_validator(mode="after")
    def _one_way_of_paging(self) -> "V2Search":
        ways = [(self.first, self.after), (self.last, self.before), (self.limit, self.offset)]
        if sum(any(value is not None for value in way) for way in ways) > 1:
            raise ValueError("only one of first/after, last/before and limit/offset may be used")
        return self

    def orders(self) -> list[Order]:
        """Convert the sort keys to the core's values."""
        return [
            Order(order.field, "asc" if order.direction == "ASC" else "desc") for order in self.order or ()
        ]

    def predicate(self, known: Collection[str]) -> Predicate:
        """Convert the filter to the core's predicate.

        Raises:
            InvalidRequest: it is nested too deeply, has too many parts, or names a type that is not
                ``known``.
        """
        wanted = self.filter or V2Filter()
        if wanted.count() > MAX_FILTERS:
            raise InvalidRequest(f"filter: it has more than {MAX_FILTERS} filters")
        predicate = wanted.predicate()
        search.check_types(wanted.named_types(), known)
        return predicate

    def page(self, items: list[Summary]) -> Page[Summary]:
        """Return the wanted page of sorted items; ``last`` without ``before`` means the end."""
        if self.last is not None and self.before is None:
            return search.cut(items, Window(limit=self.last, offset=max(0, len(items) - self.last)))
        size = self.first or self.last or self.limit or DEFAULT_LIMIT
        return search.cut(items, Window(size, self.offset or 0, self.after, self.before))


class V2ById(Document):
    """The id of the object of an operation."""

    id: UUID
    """The id of the channel or rule."""


class V2Id(Document):
    """The id of the object that was changed."""

    id: Uuid
    """The id of the channel or rule."""


def kept(changes: Document, *, without: frozenset[str] = frozenset()) -> dict[str, Any]:
    """Return the fields that a PATCH changes; null counts only for the description, which it removes."""
    given = changes.model_dump(exclude_unset=True, exclude=set(without))
    return {name: value for name, value in given.items() if value is not None or name == "description"}


class Found(Document):
    """The counts that every page has."""

    total_count: int
    """How many results there are in all."""
    has_next_page: bool
    """Whether some come after this page."""
    has_previous_page: bool
    """Whether some come before this page."""


def found(page: Page[Any]) -> dict[str, Any]:
    """Return a page's counts as members of ``Found``."""
    return {
        "total_count": page.total,
        "has_next_page": page.has_next,
        "has_previous_page": page.has_previous,
    }
