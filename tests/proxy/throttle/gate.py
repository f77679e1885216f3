"""Whether a request may pass: as DynamoDB does, it is refused when a bucket that it needs has too little.

Nothing here knows HTTP or the service's schema: ``ask`` does an operation of DynamoDB, and the tables are
what DescribeTable says. What a write needs depends on what is there, so that is read first.
"""

import time
from collections import Counter
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from tests.proxy.throttle.buckets import Buckets, Demand, Place, Rates
from tests.proxy.throttle.capacity import Table
from tests.proxy.throttle.peek import Ask, Peek
from tests.proxy.throttle.requests import (
    TRANSACTION_FACTOR,
    WRITES,
    Write,
    combined,
    index_part,
    of_batch,
    querying,
    table_part,
    unshortened,
)
from tests.proxy.throttle.responses import (
    OK,
    Response,
    cancellation,
    refusal,
    statement_refusal,
    with_left,
)
from tests.proxy.throttle.statements import insertion

Request = Mapping[str, Any]


class Gate:
    """Let requests pass, or refuse them. ``refused``: how often, by table or index and kind."""

    def __init__(self, rates: Rates, clock: Callable[[], float] = time.monotonic) -> None:
        self.refused: Counter[str] = Counter()
        self._buckets = Buckets(rates)
        self._clock = clock
        self._tables: dict[str, Table] = {}
        self._ways: Mapping[str, Callable[[Request, Ask, Peek], Awaitable[Response]]] = {
            "GetItem": self._get,
            "BatchGetItem": self._batch_get,
            "BatchWriteItem": self._batch_write,
            "BatchExecuteStatement": self._statements,
            "TransactWriteItems": self._transact,
        }

    async def serve(self, operation: str, request: Request, ask: Ask) -> Response | None:
        """Answer a request; None if it is none that is counted.

        Raises:
            UnknownExpressionError, NotImplementedError: its units cannot be counted.
        """
        peek = Peek(ask, self._tables)
        if operation in WRITES:
            return await self._write(operation, request, ask, peek)
        if operation in {"Query", "Scan"}:
            return await self._query(operation, request, ask, peek)
        way = self._ways.get(operation)
        return await way(request, ask, peek) if way else None

    async def _write(self, operation: str, request: Request, ask: Ask, peek: Peek) -> Response:
        (demand,) = await peek.demands([Write(request["TableName"], WRITES[operation], request)])
        if lacking := self._take(demand):
            return refusal(lacking)
        response = await ask(operation, request)
        if response.status != OK:
            self._give_back(index_part(demand))
        return response

    async def _get(self, request: Request, ask: Ask, peek: Peek) -> Response:
        spec = {"Keys": [request["Key"]], "ConsistentRead": request.get("ConsistentRead", False)}
        ((_, demand),) = await peek.readings(request["TableName"], spec)
        lacking = self._take(demand)
        return refusal(lacking) if lacking else await ask("GetItem", request)

    async def _query(self, operation: str, request: Request, ask: Ask, peek: Peek) -> Response:
        whole = unshortened(request)
        response = await ask(operation, whole)
        if response.status != OK:
            return response
        table = await peek.table(request["TableName"])
        if lacking := self._take(querying(request, table, response.document["Items"])):
            return refusal(lacking)
        return response if whole == request else await ask(operation, request)

    async def _batch_get(self, request: Request, ask: Ask, peek: Peek) -> Response:
        passed: dict[str, Any] = {}
        left: dict[str, Any] = {}
        lacking: Place | None = None
        for name, spec in request["RequestItems"].items():
            for key, demand in await peek.readings(name, spec):
                lack = self._take(demand)
                lacking = lack or lacking
                (left if lack else passed).setdefault(name, {**spec, "Keys": []})["Keys"].append(key)
        if lacking and not passed:
            return refusal(lacking)
        response = await ask("BatchGetItem", {**request, "RequestItems": passed})
        return with_left(response, "UnprocessedKeys", left)

    async def _batch_write(self, request: Request, ask: Ask, peek: Peek) -> Response:
        asked = [(name, entry) for name, entries in request["RequestItems"].items() for entry in entries]
        passed: dict[str, list[Any]] = {}
        left: dict[str, list[Any]] = {}
        lacking: Place | None = None
        demands = await peek.demands([of_batch(name, entry) for name, entry in asked])
        for (name, entry), demand in zip(asked, demands, strict=True):
            lack = self._take(demand)
            lacking = lack or lacking
            (left if lack else passed).setdefault(name, []).append(entry)
        if lacking and not passed:
            return refusal(lacking)
        response = await ask("BatchWriteItem", {**request, "RequestItems": passed})
        return with_left(response, "UnprocessedItems", left)

    async def _statements(self, request: Request, ask: Ask, peek: Peek) -> Response:
        made = [insertion(statement) for statement in request["Statements"]]
        writes = [Write(name, "Put", {"Item": item}) for name, item in made]
        lacks: list[Place | None] = []
        for write, old in zip(writes, await peek.before(writes), strict=True):
            demand = write.demand(await peek.table(write.table), old)
            lacks.append(self._take(table_part(demand) if old else demand))  # what is there stays as it is
        passed = [each for each, lack in zip(request["Statements"], lacks, strict=True) if lack is None]
        given: list[Any] = []
        if passed:
            response = await ask("BatchExecuteStatement", {**request, "Statements": passed})
            if response.status != OK:
                return response
            given = [*response.document["Responses"]]
        return Response(
            OK, {"Responses": [statement_refusal(lack) if lack else given.pop(0) for lack in lacks]}
        )

    async def _transact(self, request: Request, ask: Ask, peek: Peek) -> Response:
        actions = [each for action in request["TransactItems"] for each in action.items()]
        writes = [Write(parameters["TableName"], verb, parameters) for verb, parameters in actions]
        demands = await peek.demands(writes, TRANSACTION_FACTOR)
        whole = combined(demands)
        if lacking := self._take(whole):
            return cancellation(lacking, demands)
        response = await ask("TransactWriteItems", request)
        if response.status != OK:
            self._give_back(index_part(whole))
        return response

    def _take(self, demand: Demand) -> Place | None:
        lacking = self._buckets.take(demand, self._clock())
        if lacking is not None:
            self.refused[f"{lacking.where} {lacking.kind}"] += 1
        return lacking

    def _give_back(self, demand: Demand) -> None:
        self._buckets.give_back(demand, self._clock())
