"""DynamoDB's INSERT statements, which moto's server does not do: it knows no parameters and no duplicates."""

import re
from collections.abc import Iterable, Mapping
from typing import Any

from moto.dynamodb.exceptions import ConditionalCheckFailed
from moto.dynamodb.models import DynamoDBBackend

_INSERT = re.compile(
    r"""INSERT INTO "(?P<table>[^"]+)" VALUE \{(?P<attributes>'\w+': \?(?:, '\w+': \?)*)\}"""
)


def table_of(statement: str) -> str:
    """Name the table of an INSERT."""
    return _parsed(statement)["table"]


def items_of(statements: Iterable[Mapping[str, Any]]) -> list[tuple[str, dict[str, Any]]]:
    """Return the table and the item of each INSERT."""
    made = []
    for statement in statements:
        found = _parsed(statement["Statement"])
        names = re.findall(r"'(\w+)'", found["attributes"])
        made.append((found["table"], dict(zip(names, statement["Parameters"], strict=True))))
    return made


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


def _parsed(statement: str) -> re.Match[str]:
    found = _INSERT.fullmatch(statement)
    if found is None:
        raise NotImplementedError(statement)
    return found
