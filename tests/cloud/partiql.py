"""DynamoDB's INSERT statements, which moto's server does not do: it knows no parameters and no duplicates."""

from collections.abc import Iterable, Mapping
from typing import Any

from moto.dynamodb.exceptions import ConditionalCheckFailed
from moto.dynamodb.models import DynamoDBBackend

from tests.proxy.throttle.statements import insertion


def table_of(statement: Mapping[str, Any]) -> str:
    """Name the table of an INSERT."""
    return insertion(statement)[0]


def items_of(statements: Iterable[Mapping[str, Any]]) -> list[tuple[str, dict[str, Any]]]:
    """Return the table and the item of each INSERT."""
    return [insertion(statement) for statement in statements]


def teach() -> None:
    """Have moto's servers of this process do them from now on."""

    def execute(backend: DynamoDBBackend, statements: list[dict[str, Any]]) -> list[dict[str, Any]]:
        return [_insert(backend, table, item) for table, item in items_of(statements)]

    setattr(DynamoDBBackend, "batch_execute_statement", execute)  # noqa: B010 - mypy takes it for a field


def _insert(backend: DynamoDBBackend, table: str, item: dict[str, Any]) -> dict[str, Any]:
    try:
        backend.put_item(table, item, condition_expression="attribute_not_exists(pk)")
    except ConditionalCheckFailed:
        return {"Error": {"Code": "DuplicateItem", "Message": "Duplicate primary key exists in table"}}
    return {"TableName": table}
