"""What the deployed stack's roles and queues allow, as the local stack's IAM and SQS have it."""

import json

import pytest

from local.stack import STACK_NAME, Stack
from tests.template import resources

ADDED_BY_SAM = {"service-role/AWSLambdaBasicExecutionRole", "AWSXrayWriteOnlyAccess"}
"""Logs and traces. Both are write-only and have the resource "*"; docs/security.md tells why they stay."""
ADDED_FOR_VPC = {"service-role/AWSLambdaVPCAccessExecutionRole"}
"""Network interfaces, for the functions that may be in a VPC."""

QUEUES = [name for name, known in resources().items() if known["Type"] == "AWS::SQS::Queue"]


def test_roles_have_no_wide_policy(stack: Stack) -> None:
    """Besides a function's own policy a role has only SAM's for logs, network interfaces and traces."""
    iam = stack.client("iam")
    roles = [
        role["RoleName"] for role in iam.list_roles()["Roles"] if role["RoleName"].startswith(STACK_NAME)
    ]
    functions = [known for known in resources().values() if known["Type"] == "AWS::Serverless::Function"]
    assert len(roles) == len(functions)
    for role in roles:
        attached = iam.list_attached_role_policies(RoleName=role)["AttachedPolicies"]
        names = {policy["PolicyArn"].split(":policy/")[1] for policy in attached}
        assert names - ADDED_FOR_VPC == ADDED_BY_SAM


@pytest.mark.parametrize("queue", QUEUES)
def test_queues_have_their_policy(stack: Stack, queue: str) -> None:
    """Each deployed queue refuses what comes without TLS, and is encrypted."""
    url = stack.resources()[queue]
    found = stack.client("sqs").get_queue_attributes(QueueUrl=url, AttributeNames=["All"])["Attributes"]
    assert found["SqsManagedSseEnabled"] == "true"
    denied = [
        statement
        for statement in json.loads(found["Policy"])["Statement"]
        if statement["Effect"] == "Deny" and statement["Resource"] == found["QueueArn"]
    ]
    assert [statement["Condition"] for statement in denied] == [{"Bool": {"aws:SecureTransport": "false"}}]
