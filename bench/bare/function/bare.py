"""The least that a Lambda can do with events: post each, one after the other.

With a TABLE it also makes the least writes that a record needs: a conditional claim before an event is posted
(no copy of it is posted again), and an item that says what became of it. Its calls of DynamoDB are not
signed: the local stack does not check that, and nothing can be cheaper.
"""

import http.client
import json
import os
from collections.abc import Sequence
from typing import Any

Document = dict[str, Any]

TABLE = os.environ["TABLE"]
_receiver = http.client.HTTPConnection(os.environ["RECEIVER"], timeout=30)
_dynamodb = http.client.HTTPConnection(os.environ["DYNAMODB"], timeout=30)


def handler(event: dict[str, Any], _context: object) -> None:
    """Post what each event of a batch says."""
    documents = [json.loads(message["body"]) for message in event["Records"]]
    if TABLE:
        documents = _claimed(documents)
    for document in documents:
        headers = {"Content-Type": "application/json", "webhook-id": document["id"]}
        _receiver.request("POST", "/bare", json.dumps(document["detail"]), headers)
        _receiver.getresponse().read()
    if TABLE and documents:
        _call("BatchWriteItem", {"RequestItems": {TABLE: [_record(document) for document in documents]}})


def _claimed(documents: Sequence[Document]) -> list[Document]:
    """Claim events with one call; return those that nobody had claimed."""
    statement = f"INSERT INTO \"{TABLE}\" VALUE {{'pk': ?, 'sk': ?}}"
    claims = [
        {"Statement": statement, "Parameters": [{"S": document["id"]}, {"S": "claim"}]}
        for document in documents
    ]
    answers = _call("BatchExecuteStatement", {"Statements": claims})["Responses"]
    return [document for document, answer in zip(documents, answers, strict=True) if "Error" not in answer]


def _record(document: Document) -> Document:
    return {
        "PutRequest": {
            "Item": {
                "pk": {"S": document["id"]},
                "sk": {"S": "delivery"},
                "status": {"S": "delivered"},
                "at": {"S": document["time"]},
                "message": {"S": json.dumps(document["detail"])},
            }
        }
    }


def _call(operation: str, parameters: Document) -> Document:
    headers = {
        "Content-Type": "application/x-amz-json-1.0",
        "X-Amz-Target": f"DynamoDB_20120810.{operation}",
        "Authorization": "AWS4-HMAC-SHA256 Credential=test/20260101/us-east-1/dynamodb/aws4_request",
    }
    _dynamodb.request("POST", "/", json.dumps(parameters), headers)
    answer = _dynamodb.getresponse()
    document: Document = json.loads(answer.read())
    if answer.status != http.HTTPStatus.OK:
        raise RuntimeError(f"{operation}: {document}")
    return document
