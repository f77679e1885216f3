"""Schemas and events made to cost much: refused when they are saved, or checked cheaply."""

import json
import random
from typing import Any

DEPTH = 30
RANDOM_TEXT = "".join(random.Random(3).choices("ab", k=250_000))  # noqa: S311 - no secret

Schema = dict[str, Any]


def of(properties: Schema, **more: Any) -> Schema:
    """Make the schema of an event type."""
    return {"type": "object", "properties": properties, **more}


def chain(length: int, step: Any) -> Schema:
    """Make definitions of which each is made of references to the next."""
    steps = {f"n{number}": step({"$ref": f"#/$defs/n{number + 1}"}) for number in range(length)}
    return {"$defs": {**steps, f"n{length}": {}}, **of({"a": {"$ref": "#/$defs/n0"}})}


def tree(definition: Schema) -> Schema:
    """Make a schema whose field ``a`` is of a definition that refers to itself."""
    return {"$defs": {"t": definition}, **of({"a": {"$ref": "#/$defs/t"}})}


T = {"$ref": "#/$defs/t"}
WORDS = [f"value-{number}" for number in range(1_000)]
MISFITS = [f"no-{number}" for number in range(10_000)]
NUMBERS = [number + 0.5 for number in range(3_000)]
LISTS = {"a": json.loads("[" * DEPTH + "]" * DEPTH)}

DOUBLING: dict[str, tuple[Schema, Any]] = {
    **{
        keyword: (chain(40, lambda ref, keyword=keyword: {keyword: [ref, ref]}), {"a": 1})
        for keyword in ("allOf", "anyOf", "oneOf")
    },
    "short anyOf": (chain(14, lambda ref: {"anyOf": [ref, ref]}), {"a": 1}),
    "if and then": (chain(40, lambda ref: {"if": ref, "then": ref, "else": ref}), {"a": 1}),
    "dependentSchemas": (chain(40, lambda ref: {"dependentSchemas": {"x": ref, "y": ref}}), {"a": {"x": 1}}),
    "dependencies": (chain(40, lambda ref: {"dependencies": {"x": ref, "y": ref}}), {"a": {"x": 1, "y": 1}}),
    "not": (tree({"not": {"not": T}}), {"a": 1}),
    "itself": (tree(T), {"a": 1}),
    "two lists": (tree({"anyOf": [{"items": T}, {"items": T, "minItems": 1}]}), LISTS),
    "items and contains": (tree({"items": T, "contains": T}), LISTS),
    "two patterns": (tree({"patternProperties": {"^a": T, "b$": T}}), {"a": {"ab": {"ab": 1}}}),
    "fields twice": (
        tree({"properties": {"a": T}, "allOf": [{"additionalProperties": T}]}),
        {"a": json.loads('{"a":' * DEPTH + "1" + "}" * DEPTH)},
    ),
    "across two": (
        {
            "$defs": {"t": {"items": {"$ref": "#/$defs/u"}}, "u": {"allOf": [{"items": T}, {"items": T}]}},
            **of({"a": T}),
        },
        LISTS,
    ),
    "unevaluatedProperties": (
        tree({"anyOf": [{"properties": {"a": T}}], "unevaluatedProperties": True}),
        {"a": json.loads('{"a":' * 60 + "1" + "}" * 60)},
    ),
}
"""Schemas whose cost doubles, each with an event that would show it."""

DEAR: dict[str, tuple[Schema, Any]] = {
    "many values allowed": (
        of({"x": {"items": {"enum": [f"value-{number}" for number in range(2_000)]}}}),
        {"x": ["none"] * 20_000},
    ),
    "objects allowed": (
        of({"x": {"contains": {"enum": [{"a": number} for number in range(200)]}}}),
        {"x": [{"a": 500}] * 20_000},
    ),
    "many required": (of({}, required=[f"r{number}" for number in range(2_000)]), {"x": "y" * 250_000}),
    "many misfits": (of({"x": {"items": {"type": "string"}}}), {"x": [1] * 120_000}),
    "the last is a misfit": (of({"x": {"items": {"type": "integer"}}}), {"x": [1] * 120_000 + ["a"]}),
    "many forms": (of({"x": {"items": {"anyOf": [{"type": "string"}] * 50}}}), {"x": [1] * 9_000}),
    "many surplus": (of({}, additionalProperties=False), {f"extra{number}": 1 for number in range(20_000)}),
    "a dear pattern": (of({"x": {"pattern": "^([ab]*a[ab]{0,100}){5}c?$"}}), {"x": RANDOM_TEXT}),
    "a dear pattern, shorter": (
        of({"x": {"pattern": "^([ab]*a[ab]{0,100}){5}c?$"}}),
        {"x": RANDOM_TEXT[:3_500]},
    ),
    "a pattern": (of({"x": {"pattern": "(?i)[ab]*a[ab]{50}[^ab]"}}), {"x": RANDOM_TEXT[:60_000]}),
    "patterns of names": (
        of({}, patternProperties={f"^a.*{number}$": {} for number in range(200)}),
        {f"a{number}": 1 for number in range(5_000)},
    ),
    "multiples": (of({"x": {"items": {"multipleOf": 1e-7}}}), {"x": [123456789.123456] * 9_000}),
    "long numbers": (of({"x": {"items": {"multipleOf": 7}}}), {"x": [10**4_000 + 1] * 60}),
    "unique": (
        of({"x": {"uniqueItems": True}}),
        {"x": [{f"k{key}": 1 for key in range(20)} | {"z": number} for number in range(1_200)]},
    ),
    "unique at each level": (
        tree({"uniqueItems": True, "items": T}),
        {"a": json.loads("[" * 90 + ",".join(map(str, range(20_000))) + "]" * 90)},
    ),
    "deep misfits": (
        tree({"properties": {"c": T, "v": {"type": "string"}}, "required": ["w"]}),
        {"a": json.loads('{"c":' * 80 + f'{{"v":1,"z":"{"y" * 60_000}"}}' + "}" * 80)},
    ),
    "too deep": (of({"x": {}}), {"x": json.loads("[" * 900 + "]" * 900)}),
    "alternatives of misfits": (of({"x": {"anyOf": [{"items": {"enum": WORDS}}] * 10}}), {"x": MISFITS}),
    "one alternative of misfits": (
        of({"x": {"oneOf": [{"items": {"enum": WORDS}}, {"type": "string"}]}}),
        {"x": MISFITS},
    ),
    "several alternatives": (
        of({"x": {"oneOf": [{"items": {"type": "string"}}, {"minItems": 1}, {"items": {"enum": WORDS}}]}}),
        {"x": MISFITS},
    ),
    "alternatives in an old draft": (
        of(
            {"x": {"$ref": "#/definitions/a~1b"}},
            **{
                "$schema": "http://json-schema.org/draft-04/schema#",
                "definitions": {"a/b": {"anyOf": [{"items": {"enum": WORDS}}, {"type": "string"}]}},
            },
        ),
        {"x": MISFITS},
    ),
    "few alternatives of few": (
        of({"x": {"anyOf": [{"items": {"enum": list(range(40))}}] * 16}}),
        {"x": [None] * 700},
    ),
    "fractions allowed": (of({"x": {"items": {"enum": NUMBERS}}}), {"x": [7] * 40_000}),
    "fractions among integers": (of({"x": {"items": {"enum": [*range(3_000)]}}}), {"x": [7.5] * 40_000}),
    "a few fractions": (of({"x": {"items": {"enum": NUMBERS[:90]}}}), {"x": [7.5] * 40_000}),
    "words and null": (of({"x": {"items": {"enum": [*WORDS, None]}}}), {"x": WORDS[-1:] * 23_000}),
    "large integers allowed": (
        of({"x": {"items": {"enum": [10**40 + number for number in range(1_000)]}}}),
        {"x": [10**40 + 999] * 6_000},
    ),
    "bounds of fractions": (of({"x": {"items": {"minimum": 0.5, "maximum": 9.5}}}), {"x": [7.5] * 60_000}),
    "bounds of large integers": (of({"x": {"items": {"minimum": 1}}}), {"x": [10**300] * 800}),
    "unique integers beyond 63 bits": (
        of({"x": {"uniqueItems": True}}),
        {"x": [2**63 + number for number in range(12_000)]},
    ),
    "unique lists of large integers": (
        of({"x": {"uniqueItems": True}}),
        {"x": [[-(10**30) - number] for number in range(7_000)]},
    ),
    "all of it": (
        of({f"p{number}": {"type": "string"} for number in range(900)}),
        dict.fromkeys(map("p{}".format, range(900)), 1),
    ),
}
"""Schemas that are taken, with events that would be dear to check, or to tell the faults of."""

HONEST: dict[str, tuple[Schema, Any]] = {
    "a tree": (
        tree({"properties": {"left": T, "right": T, "value": {"type": "integer"}}, "required": ["value"]}),
        {"a": {"value": 1, "left": {"value": 2, "right": {"value": 3}}, "right": {"value": 4}}},
    ),
    "an expression": (
        tree(
            {
                "oneOf": [
                    {"type": "number"},
                    {"type": "object", "properties": {"op": {}, "args": {"items": T}}},
                ]
            }
        ),
        {"a": {"op": "+", "args": [1, {"op": "-", "args": [2, 3]}]}},
    ),
    "a map of itself": (tree({"type": "object", "additionalProperties": T}), {"a": {"b": {"c": {}}}}),
    "a large text": (
        of({"log": {"type": "string"}, "host": {"pattern": "^[a-z0-9-]{1,63}$"}}),
        {"log": "x" * 250_000, "host": "node-1"},
    ),
    "a long list": (of({"x": {"items": {"type": "integer"}}}), {"x": [1] * 120_000}),
    "many values": (of({"x": {"enum": [f"value-{number}" for number in range(1_000)]}}), {"x": "value-999"}),
    "fractions": (of({"x": {"items": {"type": "number", "minimum": 0.5}}}), {"x": NUMBERS * 12}),
    "a few large integers": (
        of({"x": {"uniqueItems": True, "items": {"type": "integer", "minimum": 1}}}),
        {"x": [2**64 - number for number in range(1, 100)]},
    ),
    "codes": (of({"x": {"items": {"enum": [*range(100, 600)]}}}), {"x": [*range(100, 600)] * 20}),
    "a word or nothing": (of({"x": {"items": {"enum": ["a", "b", None]}}}), {"x": ["a", None] * 20_000}),
    "words": (of({"x": {"pattern": r"^\w{1,64}$"}}), {"x": "name_1"}),
}
"""Schemas that people write, with events that fit them."""
