"""How DynamoDB says that something is beyond what a partition, a table or an index takes."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from tests.proxy.throttle.buckets import Demand, Place, totalled

OK = 200
BAD_REQUEST = 400


class Response(NamedTuple):
    """What DynamoDB answers."""

    status: int
    document: Mapping[str, Any]


def refusal(lacking: Place) -> Response:
    """Refuse a request as a whole."""
    name = "ThrottlingException" if lacking.key is None else "ProvisionedThroughputExceededException"
    document = {"__type": f"com.amazonaws.dynamodb.v20120810#{name}", "message": _told(lacking)}
    return Response(BAD_REQUEST, document)


def statement_refusal(lacking: Place) -> dict[str, Any]:
    """Refuse one statement of a batch."""
    return {"Error": {"Code": _code(lacking), "Message": _told(lacking)}}


def cancellation(lacking: Place, demands: Sequence[Demand]) -> Response:
    """Refuse a transaction; ``demands``: what each of its writes needs."""
    refused = {"Code": _code(lacking), "Message": _told(lacking)}
    reasons = [refused if lacking in totalled(demand) else {"Code": "None"} for demand in demands]
    codes = ", ".join(reason["Code"] for reason in reasons)
    return Response(
        BAD_REQUEST,
        {
            "__type": "com.amazonaws.dynamodb.v20120810#TransactionCanceledException",
            "Message": f"Transaction cancelled, for the reasons [{codes}]",
            "CancellationReasons": reasons,
        },
    )


def with_left(response: Response, name: str, left: Mapping[str, Any]) -> Response:
    """Add to an answer what of a batch was not passed on: ``UnprocessedItems`` or ``UnprocessedKeys``."""
    if response.status != OK or not left:
        return response
    unprocessed = dict(response.document.get(name) or {})
    for table, of_table in left.items():
        before = unprocessed.get(table)
        if before and isinstance(of_table, list):
            unprocessed[table] = [*before, *of_table]
        elif before:
            unprocessed[table] = {**of_table, "Keys": [*before["Keys"], *of_table["Keys"]]}
        else:
            unprocessed[table] = of_table
    return Response(OK, {**response.document, name: unprocessed})


def _code(lacking: Place) -> str:
    return "ThrottlingError" if lacking.key is None else "ProvisionedThroughputExceeded"


def _told(lacking: Place) -> str:
    of_what = "all keys" if lacking.key is None else f"the key {lacking.key}"
    return f"The throughput of {of_what} of {lacking.table} ({lacking.where}) is used up: {lacking.kind}"
