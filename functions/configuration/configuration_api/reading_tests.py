"""Read the tests of a document, with the place of each fault."""

from collections.abc import Collection, Sequence
from typing import Any

from configuration_api.faults import Faults, Place
from configuration_api.reading import Reader
from configuration_api.testing_models import MAX_TESTS, TestIn
from notifications.core.nearest import hint, quoted
from notifications.core.values import value


@value
class NumberedTest:
    """A test and its number, which is its place in the document."""

    number: int
    test: TestIn


def read(given: Sequence[Any], keys: Collection[str], faults: Faults) -> list[NumberedTest]:
    """Read tests, without those that have faults, which are noted.

    ``keys``: those of the document's rules.
    """
    reader = Reader(faults)
    if len(given) > MAX_TESTS:
        message = f"there are {len(given):,} tests, at most {MAX_TESTS:,} are allowed: divide the set"
        faults.add(("tests", MAX_TESTS), message)
        return []
    made: list[NumberedTest] = []
    for number, entry in enumerate(given):
        test = reader.test(number, entry)
        if test is not None:
            _check_keys(test, number, keys, faults)
            made.append(NumberedTest(number, test))
    return made


def _check_keys(test: TestIn, number: int, keys: Collection[str], faults: Faults) -> None:
    fires: list[tuple[Place, str]] = [
        (("tests", number, "fires", at), key) for at, key in enumerate(test.fires)
    ]
    named = fires + [(("tests", number, "message", key), key) for key in test.message]
    for place, key in named:
        if key not in keys:
            faults.add(place, f"this document has no rule {quoted(key)}{hint(key, keys)}")
