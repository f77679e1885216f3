"""Regular expressions in schemas: linear in time, with a factor that depends on the expression.

jsonschema-rs compiles an expression to an automaton and runs it over a text once. The time per character
depends on the automaton's size, so small limits are tried first.
"""

from functools import lru_cache

from notifications.core.schemas.checker import jsonschema_rs

SIZES = ((20_000, 16), (60_000, 280), (200_000, 900))
"""Limits of an automaton's size in bytes, and the most steps per character for each, as measured."""

LARGEST = SIZES[-1][0]


def options(size: int = LARGEST) -> jsonschema_rs.RegexOptions:
    """Return jsonschema-rs's options for expressions: linear time, and this limit of an automaton's size."""
    return jsonschema_rs.RegexOptions(size_limit=size)


def steps_per_char(pattern: str) -> int | None:
    """Return the steps for each character of a text; None if the expression is malformed or too large."""
    found = automaton(pattern)
    return found and found[1]


@lru_cache(maxsize=1024)
def automaton(pattern: str) -> tuple[int, int] | None:
    """Return the size limit of an expression's automaton in bytes, and its steps per character."""
    for size, steps in SIZES:
        try:
            jsonschema_rs.validator_for({"pattern": pattern}, pattern_options=options(size)).is_valid("")
        except (ValueError, jsonschema_rs.ValidationError):
            continue
        return size, steps
    return None


@lru_cache(maxsize=256)
def _validator(pattern: str) -> jsonschema_rs.Validator:
    return jsonschema_rs.validator_for({"pattern": pattern}, pattern_options=options())


def matches(pattern: str, text: str) -> bool:
    """Return whether an expression matches anywhere in a text, in linear time."""
    return _validator(pattern).is_valid(text)
