"""The documents of a file's tests."""

from typing import Annotated, Any

from pydantic import Field

from configuration_api.models import NAME, ConfigurationIn
from notifications.api.models import Document, LowerText, Name, Time
from notifications.api.verdicts import LeafOut
from notifications.core.verdicts import VerdictName

MAX_TESTS = 500
MAX_TEXTS = 20
MAX_TEXT_CHARS = 4_096

Key = Annotated[str, Field(pattern=NAME)]
Text = Annotated[str, Field(min_length=1, max_length=MAX_TEXT_CHARS)]


class TestedEventIn(Document):
    """The event that a test tries the rules with."""

    rule_type: LowerText
    """The event's type: one of the document, a built-in one, or one that is stored."""
    data: dict[str, Any] | None = None
    """The event's fields."""
    sample: bool = False
    """Whether the service makes the fields, as it does for a sample event."""
    timestamp: Time | None = None
    """The event's own time. Without one the document's mutes do not count; with one, those in force then do.
    """


class TestedMessageIn(Document):
    """What a rule's message has to contain."""

    contains: Text | Annotated[list[Text], Field(min_length=1, max_length=MAX_TEXTS)]
    """A text or several: in the message as it is sent, in an email's subject, or in a text of its JSON."""

    @property
    def texts(self) -> list[str]:
        """Return them as a list."""
        return [self.contains] if isinstance(self.contains, str) else self.contains


class TestIn(Document):
    """A test: which rules an event makes fire, and with which messages."""

    name: Name
    """What the test is called."""
    event: TestedEventIn
    """The event."""
    fires: list[Key] = []
    """The keys of exactly those rules that send it."""
    message: dict[Key, TestedMessageIn] = {}
    """What the messages of rules contain, by the rules' keys."""


class TestsIn(ConfigurationIn):
    """The document of a set, and the tests of its rules."""

    tests: Annotated[
        list[Any], Field(json_schema_extra={"maxItems": MAX_TESTS})
    ] = []  # reading notes more as a fault
    """The tests: ``name``; ``event`` with ``rule_type`` and ``data`` or ``sample``; ``fires`` with the keys
    of exactly those rules that fire; and ``message`` with what their messages contain, by key.
    """
    first: Annotated[int, Field(ge=0)] = 0
    """The number of the first test to run: the ``next`` of the page before."""


class TriedRuleOut(Document):
    """A rule's verdict on a test's event, and why."""

    key: str
    """The rule's key."""
    name: str
    """The rule's name."""
    verdict: VerdictName
    """As in simulations: ``fires``, or why it does not."""
    reason: str | None
    """Why, in words; null if there is nothing to add."""
    deciding: LeafOut | None
    """The part of the rule's condition that decides; null if it has none."""
    message: str | None
    """The message, cut at 1,000 characters; null if there is none."""


class TestOut(Document):
    """The result of a test."""

    name: str
    """What the test is called."""
    passed: bool
    """Whether everything is as expected."""
    faults: list[str]
    """What is not as expected, in words."""
    rules: list[TriedRuleOut]
    """The verdicts of the document's rules on the event's type."""


class TestsOut(Document):
    """The results of tests; a page may end before the last test."""

    tests: list[TestOut]
    """The results, in the order of the tests."""
    passed: int
    """How many of them passed."""
    failed: int
    """How many of them failed."""
    next: int | None
    """The ``first`` of the next page; null if these are the last."""
