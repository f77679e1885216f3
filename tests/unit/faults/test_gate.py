"""What is refused, and how, when there is more than a partition takes: as DynamoDB answers."""

import asyncio
import json
from collections.abc import Mapping
from typing import Any

import pytest

from tests.proxy.throttle.buckets import Choke, Rates
from tests.proxy.throttle.gate import Gate
from tests.proxy.throttle.responses import OK, Response

DESCRIBED = {
    "KeySchema": [{"AttributeName": "pk", "KeyType": "HASH"}],
    "GlobalSecondaryIndexes": [
        {
            "IndexName": "by-day",
            "KeySchema": [{"AttributeName": "day", "KeyType": "HASH"}],
            "Projection": {"ProjectionType": "ALL"},
        }
    ],
}
COLD, HOT = "cold", "hot"


class Database:
    """Has items, and responses as DynamoDB would. ``asked``: what else it was asked to do."""

    def __init__(self, *items: Mapping[str, Any]) -> None:
        self.items = [*items]
        self.asked: list[tuple[str, Mapping[str, Any]]] = []
        self.status = OK

    async def ask(self, operation: str, parameters: Mapping[str, Any]) -> Response:
        """Do an operation."""
        if operation == "DescribeTable":
            return Response(OK, {"Table": DESCRIBED})
        if operation == "BatchGetItem":
            return Response(OK, {"Responses": {"records": self._found(parameters)}, "UnprocessedKeys": {}})
        self.asked.append((operation, parameters))
        responses: list[dict[str, Any]] = [{} for _ in parameters.get("Statements", ())]
        return Response(self.status, {"Items": self.items, "Responses": responses})

    def _found(self, parameters: Mapping[str, Any]) -> list[Mapping[str, Any]]:
        keys = [key["pk"] for key in parameters["RequestItems"]["records"]["Keys"]]
        return [item for item in self.items if item["pk"] in keys]


def item(key: str, **more: str) -> dict[str, Any]:
    """Make an item."""
    return {name: {"S": value} for name, value in {"pk": key, **more}.items()}


def serve(gate: Gate, database: Database, operation: str, request: Mapping[str, Any]) -> Response:
    """Have a request answered."""
    answer = asyncio.run(gate.serve(operation, request, database.ask))
    assert answer is not None
    return answer


def choked(*keys: str, where: str = "table") -> Gate:
    """Let nothing pass that needs one of these keys."""
    chokes = [Choke("records", 0, where, f"{key}$") for key in keys]
    return Gate(Rates(chokes=chokes), lambda: 0)


def put(key: str, **more: str) -> dict[str, Any]:
    """Make a PutItem."""
    return {"TableName": "records", "Item": item(key, **more)}


def insertion(key: str, **more: str) -> dict[str, Any]:
    """Make a statement."""
    made = item(key, **more)
    names = ", ".join(f"'{name}': ?" for name in made)
    return {"Statement": f'INSERT INTO "records" VALUE {{{names}}}', "Parameters": [*made.values()]}


def test_what_there_is_room_for_passes_as_it_came() -> None:
    """The request is done, and its response is DynamoDB's."""
    database = Database()
    assert serve(choked(HOT), database, "PutItem", put(COLD)).status == OK
    assert database.asked == [("PutItem", put(COLD))]


@pytest.mark.parametrize(
    ("operation", "request_"),
    [
        ("PutItem", put(HOT)),
        ("GetItem", {"TableName": "records", "Key": item(HOT)}),
        ("DeleteItem", {"TableName": "records", "Key": item(HOT)}),
        (
            "UpdateItem",
            {
                "TableName": "records",
                "Key": item(HOT),
                "UpdateExpression": "SET n = :n",
                "ExpressionAttributeValues": {":n": {"N": "1"}},
            },
        ),
        (
            "Query",
            {
                "TableName": "records",
                "KeyConditionExpression": "#pk = :pk AND n > :n",
                "ExpressionAttributeNames": {"#pk": "pk"},
                "ExpressionAttributeValues": {":pk": {"S": HOT}, ":n": {"N": "1"}},
            },
        ),
        ("BatchWriteItem", {"RequestItems": {"records": [{"PutRequest": {"Item": item(HOT)}}]}}),
        ("BatchGetItem", {"RequestItems": {"records": {"Keys": [item(HOT)]}}}),
    ],
)
def test_a_hot_key_is_refused(operation: str, request_: Mapping[str, Any]) -> None:
    """A request of which nothing can be done is refused as a whole."""
    database = Database()
    answer = serve(choked(HOT), database, operation, request_)
    assert answer.status == 400
    assert answer.document["__type"].endswith("#ProvisionedThroughputExceededException")
    assert not [asked for asked, _ in database.asked if asked != "Query"]


def test_a_table_is_refused_by_another_name() -> None:
    """Not one key has too much, but all of them together."""
    gate = Gate(Rates(chokes=[Choke("records", 0)]), lambda: 0)
    answer = serve(gate, Database(), "PutItem", put(COLD))
    assert answer.document["__type"].endswith("#ThrottlingException")
    assert gate.refused == {"table write": 1}


def test_a_hot_partition_of_an_index_refuses_the_write_of_the_item() -> None:
    """The table has room, and the index has not: also when an entry only leaves it."""
    gate = choked("mon", where="by-day")
    assert serve(gate, Database(), "PutItem", put(COLD, day="mon")).status == 400
    assert serve(gate, Database(item(COLD, day="mon")), "PutItem", put(COLD, day="tue")).status == 400
    assert serve(gate, Database(), "PutItem", put(COLD, day="tue")).status == OK


def test_of_a_batch_of_writes_only_what_is_hot_is_left() -> None:
    """The others are written, and what is left is told."""
    database = Database()
    requests = [{"PutRequest": {"Item": item(key)}} for key in (COLD, HOT)]
    answer = serve(choked(HOT), database, "BatchWriteItem", {"RequestItems": {"records": requests}})
    assert answer.document["UnprocessedItems"] == {"records": requests[1:]}
    assert database.asked == [("BatchWriteItem", {"RequestItems": {"records": requests[:1]}})]


def test_of_a_batch_of_reads_only_what_is_hot_is_left() -> None:
    """The others are read, and the keys that are left come with the rest of what was asked."""
    spec = {"Keys": [item(COLD), item(HOT)], "ConsistentRead": True}
    database = Database(item(COLD))
    answer = serve(choked(HOT), database, "BatchGetItem", {"RequestItems": {"records": spec}})
    assert answer.document["Responses"] == {"records": [item(COLD)]}
    assert answer.document["UnprocessedKeys"] == {"records": {**spec, "Keys": [item(HOT)]}}


def test_statements_are_refused_one_by_one() -> None:
    """Each has its own response, in their order."""
    database = Database()
    request = {"Statements": [insertion(HOT), insertion(COLD), insertion(HOT)]}
    answer = serve(choked(HOT), database, "BatchExecuteStatement", request)
    codes = [response.get("Error", {}).get("Code") for response in answer.document["Responses"]]
    assert codes == ["ProvisionedThroughputExceeded", None, "ProvisionedThroughputExceeded"]
    assert database.asked == [("BatchExecuteStatement", {"Statements": [insertion(COLD)]})]


def test_an_insertion_of_what_is_there_needs_no_index() -> None:
    """It changes nothing, but it has met the table."""
    request = {"Statements": [insertion(COLD, day="mon")]}
    answer = serve(choked("mon", where="by-day"), Database(item(COLD)), "BatchExecuteStatement", request)
    assert answer.document["Responses"] == [{}]


def test_a_transaction_is_cancelled_with_the_reason_of_each_write() -> None:
    """Nothing of it is done when one key is hot."""
    database = Database()
    actions = [{"Put": put(COLD)}, {"ConditionCheck": {"TableName": "records", "Key": item(HOT)}}]
    answer = serve(choked(HOT), database, "TransactWriteItems", {"TransactItems": actions})
    assert answer.document["__type"].endswith("#TransactionCanceledException")
    codes = [reason["Code"] for reason in answer.document["CancellationReasons"]]
    assert codes == ["None", "ProvisionedThroughputExceeded"]
    assert database.asked == []


def test_a_transaction_needs_twice_as_much() -> None:
    """A hundred units are fifty writes of a transaction."""
    gate = Gate(Rates(scale=10), lambda: 0)
    request = {"TransactItems": [{"Put": put(HOT)}]}
    statuses = [serve(gate, Database(), "TransactWriteItems", request).status for _ in range(51)]
    assert statuses == [OK] * 50 + [400]


def test_a_failed_condition_leaves_the_index_alone() -> None:
    """What it would have written there can still be written by others."""
    gate = Gate(Rates(scale=10), lambda: 0)
    database = Database()
    database.status = 400
    for number in range(100):
        serve(gate, database, "PutItem", put(str(number), day="mon"))
    database.status = OK
    assert serve(gate, database, "PutItem", put("d", day="mon")).status == OK


def test_a_query_pays_for_all_that_it_looked_at() -> None:
    """What a filter or a projection leaves out of the response is read all the same."""
    database = Database(*(item(HOT, text="x" * 40_000) for _ in range(30)))
    request = {
        "TableName": "records",
        "KeyConditionExpression": "pk = :pk",
        "FilterExpression": "day = :day",
        "ExpressionAttributeValues": {":pk": {"S": HOT}, ":day": {"S": "mon"}},
        "ConsistentRead": True,
    }
    gate = Gate(Rates(scale=10), lambda: 0)
    assert serve(gate, database, "Query", request).status == OK
    whole, asked = database.asked
    assert "FilterExpression" not in json.dumps(whole)
    assert ":day" not in json.dumps(whole)
    assert asked == ("Query", request)
    assert serve(gate, database, "Query", request).status == 400


def test_what_is_not_counted_is_none_of_the_gates_business() -> None:
    """Descriptions cost nothing."""
    assert asyncio.run(choked(HOT).serve("DescribeTable", {}, Database().ask)) is None
