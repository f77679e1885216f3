"""Units of DynamoDB, as AWS counts them, and what an update makes of an item."""

import pytest

from tests.proxy.throttle.capacity import TABLE, Item, Table, read_units, size
from tests.proxy.throttle.updates import UnknownExpressionError, updated

SOLD = {
    "KeySchema": [
        {"AttributeName": "sort", "KeyType": "RANGE"},
        {"AttributeName": "id", "KeyType": "HASH"},
    ],
    "GlobalSecondaryIndexes": [
        {
            "IndexName": "by-buyer",
            "KeySchema": [{"AttributeName": "buyer", "KeyType": "HASH"}],
            "Projection": {"ProjectionType": "INCLUDE", "NonKeyAttributes": ["price"]},
        },
        {
            "IndexName": "by-day",
            "KeySchema": [{"AttributeName": "day", "KeyType": "HASH"}],
            "Projection": {"ProjectionType": "ALL"},
        },
    ],
    "LocalSecondaryIndexes": [
        {
            "IndexName": "by-price",
            "KeySchema": [
                {"AttributeName": "id", "KeyType": "HASH"},
                {"AttributeName": "price", "KeyType": "RANGE"},
            ],
            "Projection": {"ProjectionType": "KEYS_ONLY"},
        }
    ],
}
TABLE_OF_SALES = Table.of(SOLD)
KEY: Item = {"id": {"S": "1"}, "sort": {"S": "a"}}


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ({"S": "häß"}, 5),
        ({"N": "-12.30"}, 3),
        ({"B": "AAECAw=="}, 4),
        ({"BOOL": True}, 1),
        ({"NULL": True}, 1),
        ({"SS": ["ab", "c"]}, 3),
        ({"L": [{"S": "ab"}, {"BOOL": False}]}, 3 + 2 + 1 + 2),
        ({"M": {"ab": {"S": "c"}}}, 3 + 2 + 1 + 1),
    ],
)
def test_sizes(value: dict[str, object], expected: int) -> None:
    """An attribute takes its name's bytes and its value's."""
    assert size({"name": value}) == len("name") + expected


def test_an_item_without_entries_costs_its_own_kilobytes() -> None:
    """A write is a unit for each begun KB of the larger version, and nothing for indexes without the item."""
    large = {**KEY, "text": {"S": "x" * 2000}}
    assert TABLE_OF_SALES.write_units(None, KEY) == {(TABLE, "1"): 1}
    assert TABLE_OF_SALES.write_units(large, KEY) == {(TABLE, "1"): 2}
    assert TABLE_OF_SALES.write_units(large, None) == {(TABLE, "1"): 2}


def test_an_entry_that_comes_changes_or_goes_is_a_write_of_its_index() -> None:
    """Each is a unit of the entry's partition; what an index does not keep changes nothing there."""
    bought = {**KEY, "buyer": {"S": "kim"}}
    priced = {**bought, "price": {"N": "1"}}
    assert TABLE_OF_SALES.write_units(None, bought) == {(TABLE, "1"): 1, ("by-buyer", "kim"): 1}
    assert TABLE_OF_SALES.write_units(bought, priced) == {
        (TABLE, "1"): 1,
        ("by-buyer", "kim"): 1,
        ("by-price", "1"): 1,
    }
    assert TABLE_OF_SALES.write_units(priced, {**priced, "text": {"S": "x"}}) == {(TABLE, "1"): 1}
    assert TABLE_OF_SALES.write_units(bought, None) == {(TABLE, "1"): 1, ("by-buyer", "kim"): 1}


def test_an_entry_whose_key_changes_is_deleted_and_put() -> None:
    """Both partitions of the index are written."""
    units = TABLE_OF_SALES.write_units({**KEY, "day": {"S": "mon"}}, {**KEY, "day": {"S": "tue"}})
    assert units == {(TABLE, "1"): 1, ("by-day", "mon"): 1, ("by-day", "tue"): 1}


def test_a_local_index_uses_its_tables_throughput() -> None:
    """Only a global index has throughput of its own."""
    assert [TABLE_OF_SALES.pays(where) for where in (TABLE, "by-buyer", "by-price")] == [
        TABLE,
        "by-buyer",
        TABLE,
    ]


def test_reads_are_of_four_kilobytes_and_half_when_eventual() -> None:
    """What is not there costs as much as a small item."""
    assert read_units([0, 4096, 4097], consistent=True) == 4
    assert read_units([100], consistent=False) == 0.5


def test_an_update_is_worked_out() -> None:
    """Attributes are set, added to, kept by default and removed, all by what they were before."""
    request = {
        "Key": KEY,
        "UpdateExpression": "SET #d = :day, n = n + :one, since = if_not_exists(since, :day), was = #d"
        " REMOVE buyer ADD seen :one",
        "ExpressionAttributeNames": {"#d": "day"},
        "ExpressionAttributeValues": {":day": {"S": "tue"}, ":one": {"N": "1"}},
    }
    old = {**KEY, "day": {"S": "mon"}, "n": {"N": "9"}, "buyer": {"S": "kim"}}
    assert updated(request, old) == {
        **KEY,
        "day": {"S": "tue"},
        "n": {"N": "10"},
        "since": {"S": "tue"},
        "was": {"S": "mon"},
        "seen": {"N": "1"},
    }


def test_an_update_of_nothing_makes_an_item() -> None:
    """The key is there without being set."""
    assert updated({"Key": KEY, "UpdateExpression": "REMOVE buyer"}, None) == KEY


@pytest.mark.parametrize("expression", ["SET a.b = :v", "SET a = size(b)", "DELETE a :v", "FOO"])
def test_an_unknown_expression_is_told(expression: str) -> None:
    """Nothing is counted wrongly without a word."""
    request = {"Key": KEY, "UpdateExpression": expression, "ExpressionAttributeValues": {":v": {"S": "v"}}}
    with pytest.raises(UnknownExpressionError):
        updated(request, None)
