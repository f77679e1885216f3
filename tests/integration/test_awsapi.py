"""Calls of AWS's APIs: signed as the SDK would, tried again when that can help, told when they fail."""

import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials as SdkCredentials

from local.common import free_port
from local.receiver import Received, Receiver, Reply
from notifications.awsapi.client import TRIES, Client, Json, aws_endpoint
from notifications.awsapi.credentials import CredentialSource
from notifications.awsapi.errors import CallFailed, NotReached, Refused

ACCESS_KEY = "AKIDEXAMPLE"
SECRET_KEY = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"


@pytest.fixture(autouse=True)
def _keys(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", ACCESS_KEY)
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", SECRET_KEY)
    monkeypatch.setattr("notifications.awsapi.client.time.sleep", lambda _: None)


@contextmanager
def aws_that_answers(*replies: Reply) -> Iterator[tuple[Receiver, Client]]:
    """Stand for DynamoDB: give these answers, the last one again and again."""
    left = list(replies)
    with Receiver(lambda _: left.pop(0) if len(left) > 1 else left[0]) as receiver:
        yield receiver, Client("dynamodb", "eu-west-1", CredentialSource(), receiver.url)


def answer(status: int = 200, **document: Any) -> Reply:
    """Answer with a document."""
    return Reply(status=status, body=json.dumps(document).encode())


def refusal(code: str, status: int = 400, **more: Any) -> Reply:
    """Refuse as DynamoDB does."""
    return answer(status, __type=f"com.amazonaws.dynamodb.v20120810#{code}", message="no", **more)


def signed_by_the_sdk(request: Received, token: str | None = None) -> str:
    """Sign what came once more, with the SDK."""
    names = request.headers["authorization"].partition("SignedHeaders=")[2].partition(",")[0].split(";")
    url = f"http://{request.headers['host']}/"
    again = AWSRequest("POST", url, {name: request.headers[name] for name in names}, request.body)
    again.context["timestamp"] = request.headers["x-amz-date"]
    auth = SigV4Auth(SdkCredentials(ACCESS_KEY, SECRET_KEY, token), "dynamodb", "eu-west-1")
    signed = auth.signature(auth.string_to_sign(again, auth.canonical_request(again)), again)
    return str(signed)


def test_what_is_json_already() -> None:
    """A parameter that is JSON already is sent as it is, beside others."""
    key = {"pk": {"S": '"세션\n'}}
    with aws_that_answers(answer(), answer()) as (aws, client):
        client.call("GetItem", TableName="t", Key=key)
        client.call("GetItem", TableName="t", Key=Json(json.dumps(key)))
        first, second = (json.loads(request.body) for request in aws.received)
    assert first == second == {"TableName": "t", "Key": key}


@pytest.mark.parametrize("token", [None, "FwoGZXIvYXdzE/+=="])
def test_signature(token: str | None, monkeypatch: pytest.MonkeyPatch) -> None:
    """The signature is the one that AWS's own SDK makes, with the session's token if there is one."""
    if token:
        monkeypatch.setenv("AWS_SESSION_TOKEN", token)
    with aws_that_answers(answer(Item={})) as (aws, client):
        assert client.call("GetItem", TableName="t", Key={"pk": {"S": "세션 \ud83d\ude00"}}) == {"Item": {}}
        (request,) = aws.received
    authorization = request.headers["authorization"]
    assert f"Credential={ACCESS_KEY}/" in authorization
    assert "/eu-west-1/dynamodb/aws4_request" in authorization
    assert authorization.endswith(f"Signature={signed_by_the_sdk(request, token)}")
    assert request.headers.get("x-amz-security-token") == token
    assert {"host", "x-amz-date", "x-amz-target"} <= set(
        authorization.partition("SignedHeaders=")[2].partition(",")[0].split(";")
    )
    assert request.headers["x-amz-target"] == "DynamoDB_20120810.GetItem"
    assert request.headers["content-type"] == "application/x-amz-json-1.0"


@pytest.mark.parametrize(
    "passing",
    [
        refusal("ProvisionedThroughputExceededException"),
        refusal("ThrottlingException"),
        refusal("InternalServerError", 500),
        Reply(status=503, body=b"<html>busy</html>"),
        Reply(status=200, body=b"garbage"),
    ],
)
def test_what_may_pass_is_tried_again(passing: Reply) -> None:
    """Throttling, faults of the server and broken answers are tried again, and the call gets its result."""
    with aws_that_answers(passing, passing, answer(done=True)) as (_, client):
        assert client.call("PutItem", TableName="t") == {"done": True}


def test_it_is_not_tried_forever() -> None:
    """A call that AWS throttles all the time ends with that reason."""
    with aws_that_answers(refusal("ThrottlingException")) as (aws, client):
        with pytest.raises(Refused, match="ThrottlingException: no"):
            client.call("PutItem", TableName="t")
        assert len(aws.received) == TRIES


def test_a_refusal_is_final() -> None:
    """What says something about the data is told at once, with all that AWS says."""
    reasons = [{"Code": "None"}, {"Code": "ConditionalCheckFailed"}]
    refused = refusal("TransactionCanceledException", CancellationReasons=reasons)
    with aws_that_answers(refused) as (aws, client):
        with pytest.raises(Refused) as raised:
            client.call("TransactWriteItems", TransactItems=[])
        assert len(aws.received) == 1
    assert raised.value.code == "TransactionCanceledException"
    assert raised.value.document["CancellationReasons"] == reasons


def test_a_transaction_is_done_once() -> None:
    """All tries of a transaction have one token, so that AWS does it only once; another has another."""
    with aws_that_answers(refusal("ThrottlingException"), answer()) as (aws, client):
        client.call("TransactWriteItems", TransactItems=[])
        client.call("TransactWriteItems", TransactItems=[])
        tokens = [json.loads(request.body)["ClientRequestToken"] for request in aws.received]
    assert tokens[0] == tokens[1] != tokens[2]


def test_nobody_there() -> None:
    """A service that cannot be reached is told as that."""
    client = Client("sqs", "eu-west-1", CredentialSource(), f"http://127.0.0.1:{free_port()}")
    with pytest.raises(NotReached, match="connect"):
        client.call("SendMessage")


def test_no_credentials(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without credentials nothing is called, and that is told."""
    monkeypatch.delenv("AWS_ACCESS_KEY_ID")
    with aws_that_answers(answer()) as (aws, client):
        with pytest.raises(CallFailed, match="no AWS credentials"):
            client.call("GetItem")
        assert aws.received == []


def test_one_client_in_many_threads() -> None:
    """Threads that share a client each get the response to their own call."""
    with Receiver(lambda request: Reply(body=request.body)) as aws:
        client = Client("dynamodb", "eu-west-1", CredentialSource(), aws.url)
        wrong: list[int] = []

        def ask(number: int) -> None:
            wrong.extend(
                n for n in range(20) if client.call("GetItem", n=n, by=number) != {"n": n, "by": number}
            )

        threads = [threading.Thread(target=ask, args=(number,)) for number in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(60)
        assert wrong == []
        assert len(aws.received) == 160


def test_endpoints() -> None:
    """Endpoints are AWS's own; China's have their own domain."""
    assert aws_endpoint("kms", "eu-west-1") == "https://kms.eu-west-1.amazonaws.com"
    assert aws_endpoint("kms", "cn-north-1") == "https://kms.cn-north-1.amazonaws.com.cn"


def test_no_call_outlives_its_invocation() -> None:
    """What failed is not tried again when the invocation has no time for that."""
    with aws_that_answers(answer(500)) as (receiver, client):
        client.give_up_at = time.monotonic()
        with pytest.raises(Refused):
            client.call("GetItem")
    assert len(receiver.received) == 1


def test_a_try_ends_with_its_invocation(monkeypatch: pytest.MonkeyPatch) -> None:
    """A call to which nobody answers ends when the invocation must, not after its own ten seconds."""
    monkeypatch.setattr("notifications.awsapi.client.LAST_TRY_SECONDS", 0.05)
    gate = threading.Event()
    with Receiver(lambda _: Reply(status=200 if gate.wait(5) else 500)) as receiver:
        client = Client("dynamodb", "eu-west-1", CredentialSource(), receiver.url)
        client.give_up_at = time.monotonic() + 0.2
        with pytest.raises(NotReached):
            client.call("GetItem")
        assert not gate.is_set()
        gate.set()


def test_as_many_tries_as_the_caller_wants() -> None:
    """Who has no time to wait asks for one try."""
    with aws_that_answers(answer(500)) as (receiver, client):
        with pytest.raises(Refused):
            client.call("BatchWriteItem", tries=1)
        assert len(receiver.received) == 1
        assert "tries" not in json.loads(receiver.received[0].body)
