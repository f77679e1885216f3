"""What an update of a deployed stack may change of its tables, and what needs a migration."""

import copy
import json
from pathlib import Path
from typing import Any

import pytest

from tests.template import resources

RELEASED: dict[str, Any] = json.loads(
    (Path(__file__).parents[1] / "data" / "released-tables.json").read_text()
)
"""The tables as the last release had them. Whoever releases writes them anew."""

OPERATIONS = (Path(__file__).parents[2] / "docs" / "operations.md").read_text("utf-8")


def present(table: str) -> dict[str, Any]:
    """Read keys and indexes of a table from the template."""
    properties = resources()[table]["Properties"]
    return {
        "keys": _keys(properties["KeySchema"]),
        "local": {index["IndexName"]: _index(index) for index in properties.get("LocalSecondaryIndexes", [])},
        "global": {
            index["IndexName"]: _index(index) for index in properties.get("GlobalSecondaryIndexes", [])
        },
    }


def _keys(schema: list[dict[str, str]]) -> dict[str, str]:
    return {part["KeyType"]: part["AttributeName"] for part in schema}


def _index(index: dict[str, Any]) -> dict[str, Any]:
    projection = index["Projection"]
    return {
        "keys": _keys(index["KeySchema"]),
        "projection": projection["ProjectionType"],
        "attributes": sorted(projection.get("NonKeyAttributes", [])),
    }


def migrations(table: str, before: dict[str, Any], after: dict[str, Any]) -> list[str]:
    """Name what an update from one form of a table to another needs; nothing for no change."""
    if (before["keys"], before["local"]) != (after["keys"], after["local"]):
        return [f"{table}: copied to a new table"]  # CloudFormation would replace it by an empty one
    names = sorted(before["global"].keys() | after["global"].keys())
    changed = [name for name in names if before["global"].get(name) != after["global"].get(name)]
    both = [name for name in changed if name in before["global"] and name in after["global"]]
    if both:
        return [f"{table}: index {name} under a new name" for name in both]
    return [f"{table}: index {name} in an update of its own" for name in changed[1:]]


@pytest.mark.parametrize("table", RELEASED)
def test_the_migration_is_written_down(table: str) -> None:
    """An update that CloudFormation would not do, or would do by losing all, is described to operators."""
    for step in migrations(table, RELEASED[table], present(table)):
        assert step in OPERATIONS, f"docs/operations.md, Update, must say how: {step!r}"


def test_every_table_is_compared() -> None:
    """No table of the template is left out of what was released."""
    tables = {name for name, known in resources().items() if known["Type"] == "AWS::DynamoDB::Table"}
    assert tables == RELEASED.keys()


def test_what_needs_a_migration() -> None:
    """Another key or local index replaces the table; of global indexes one may come or go at a time."""
    before = RELEASED["DeliveriesTable"]
    assert migrations("T", before, before) == []
    keys = copy.deepcopy(before)
    keys["keys"]["HASH"] = "id"
    assert migrations("T", before, keys) == ["T: copied to a new table"]
    one, two, other = copy.deepcopy(before), copy.deepcopy(before), copy.deepcopy(before)
    del one["global"]["by-rule"]
    assert migrations("T", before, one) == []
    del two["global"]["by-rule"], two["global"]["by-time"]
    assert migrations("T", before, two) == ["T: index by-time in an update of its own"]
    other["global"]["due"]["projection"] = "ALL"
    assert migrations("T", before, other) == ["T: index due under a new name"]


def test_the_first_keypair_is_generated_once() -> None:
    """The first superadmin's secret is never made anew: any change of how it is generated would do that."""
    assert resources()["KeypairSecret"]["Properties"]["GenerateSecretString"] == {
        "SecretStringTemplate": {
            "Sub": [
                '{"access_key": "AKIA${Id}", "role": "superadmin", "user_id": "${Id}"}',
                {"Id": {"Select": [2, {"Split": ["/", {"Ref": "AWS::StackId"}]}]}},
            ]
        },
        "GenerateStringKey": "secret_key",
        "PasswordLength": 40,
        "ExcludePunctuation": True,
        "ExcludeCharacters": "!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~",
    }


def test_the_other_keypairs_are_written_by_nobody_else() -> None:
    """The stack makes no value for the other keypairs, so that no update of it can replace them."""
    assert resources()["KeypairsSecret"]["Properties"].keys() == {"Description"}
