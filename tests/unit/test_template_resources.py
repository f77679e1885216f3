"""Tables, queues, the key and the API are set up so that nobody else can read them and nothing is lost."""

import pytest

from tests.template import listed, resources

QUEUES = [name for name, known in resources().items() if known["Type"] == "AWS::SQS::Queue"]
TABLES = [name for name, known in resources().items() if known["Type"] == "AWS::DynamoDB::Table"]


@pytest.mark.parametrize("queue", QUEUES)
def test_queues_are_encrypted_and_refuse_what_comes_without_tls(queue: str) -> None:
    """A queue keeps messages encrypted, and its one policy refuses all that comes in the clear."""
    assert resources()[queue]["Properties"]["SqsManagedSseEnabled"] is True
    (policy,) = [
        known["Properties"]
        for known in resources().values()
        if known["Type"] == "AWS::SQS::QueuePolicy" and {"Ref": queue} in known["Properties"]["Queues"]
    ]
    assert policy["Queues"] == [{"Ref": queue}]  # SQS takes no statement about another queue
    assert {
        "Effect": "Deny",
        "Principal": "*",
        "Action": "sqs:*",
        "Resource": {"GetAtt": f"{queue}.Arn"},
        "Condition": {"Bool": {"aws:SecureTransport": "false"}},
    } in policy["PolicyDocument"]["Statement"]


@pytest.mark.parametrize("table", TABLES)
def test_tables_are_encrypted_and_stay(table: str) -> None:
    """A table is encrypted with KMS, and kept when the stack is deleted."""
    assert resources()[table]["Properties"]["SSESpecification"] == {"SSEEnabled": True}
    assert resources()[table]["DeletionPolicy"] == "RetainExceptOnCreate"
    assert resources()[table]["UpdateReplacePolicy"] == "Retain"


def test_the_configuration_can_be_restored() -> None:
    """The configuration can be restored to any second of the last weeks."""
    recovery = resources()["ConfigTable"]["Properties"]["PointInTimeRecoverySpecification"]
    assert recovery == {"PointInTimeRecoveryEnabled": True}


def test_the_key_is_administered_through_iam_only() -> None:
    """The key turns over each year, and only this account's IAM decides who may use it."""
    properties = resources()["SecretsKey"]["Properties"]
    assert properties["EnableKeyRotation"] is True
    (statement,) = properties["KeyPolicy"]["Statement"]
    assert statement["Principal"] == {"AWS": {"Sub": "arn:${AWS::Partition}:iam::${AWS::AccountId}:root"}}
    assert listed(statement["Action"]) == ["kms:*"]


def test_the_api_takes_no_old_tls() -> None:
    """The API takes TLS 1.2 and 1.3."""
    properties = resources()["NotificationApi"]["Properties"]
    assert properties["SecurityPolicy"] == "SecurityPolicy_TLS13_1_2_2021_06"
    assert properties["EndpointAccessMode"] == "BASIC"  # AWS wants one of both with such a policy
