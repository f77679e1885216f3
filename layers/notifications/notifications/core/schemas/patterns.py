"""Regular expressions in schemas: linear in time, but with a factor that depends on the expression.

jsonschema-rs compiles them to automata that it runs over a text once. How long a character takes depends on
the size of the automaton, so an expression is tried with small ones first.
"""

from functools import lru_cache

import jsonschema_rs

SIZES = ((20_000, 16), (60_000, 280), (200_000, 900))
"""Largest size of an automaton in bytes, and the steps that a character costs it at most, as measured."""

LARGEST = SIZES[-1][0]


def options(size: int = LARGEST) -> jsonschema_rs.RegexOptions:
    """Return what jsonschema-rs is told of expressions: linear time, and no larger automaton than this."""
    return jsonschema_rs.RegexOptions(size_limit=size)


def steps_per_char(pattern: str) -> int | None:
    """Return how many steps a character of a text costs; None if the expression is none, or too large."""
    found = automaton(pattern)
    return found and found[1]


@lru_cache(maxsize=1024)
def automaton(pattern: str) -> tuple[int, int] | None:
    """Return how large an expression's automaton is at most, and the steps that a character costs it."""
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
    """Return whether an expression is found in a text, in linear time."""
    return _validator(pattern).is_valid(text)
