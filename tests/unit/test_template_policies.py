"""What each function may do: exactly this, and that no policy says more than it must."""

import pytest

from tests.template import grants, resources, statements

CALLERS = {
    ("secretsmanager:GetSecretValue", "KeypairSecret"),
    ("secretsmanager:GetSecretValue", "KeypairsSecret"),
}
"""Each API function looks up who calls."""

READING_METRICS = ("cloudwatch:GetMetricData", "*")
"""The one grant on everything: for this action IAM knows neither namespaces nor metrics."""

EDITING = {
    (f"dynamodb:{action}", "ConfigTable")
    for action in ("GetItem", "BatchGetItem", "PutItem", "UpdateItem", "DeleteItem")
}
RECORDING = {
    (f"dynamodb:{action}", "DeliveriesTable")
    for action in (
        "GetItem",
        "BatchGetItem",
        "Query",
        "PutItem",
        "BatchWriteItem",
        "UpdateItem",
        "DeleteItem",
    )
}


def receiving(queue: str) -> set[tuple[str, str]]:
    """Name what Lambda needs to hand a queue's messages to a function."""
    return {(f"sqs:{action}", queue) for action in ("ReceiveMessage", "DeleteMessage", "GetQueueAttributes")}


ALLOWED = {
    "ChannelsFunction": {
        *CALLERS,
        *EDITING,
        ("dynamodb:Query", "ConfigTable"),
        ("dynamodb:Query", "ConfigTable/index/by-creation"),
        ("dynamodb:Query", "ConfigTable/index/by-channel"),
        ("dynamodb:Query", "ConfigTable/index/by-type"),
        ("events:PutEvents", "EventBus"),
        ("dynamodb:GetItem", "DeliveriesTable"),
        ("dynamodb:Query", "DeliveriesTable"),
        ("dynamodb:UpdateItem", "DeliveriesTable"),
        ("dynamodb:DeleteItem", "DeliveriesTable"),
        ("sqs:SendMessage", "DeliveryQueue"),
        ("kms:Encrypt", "SecretsKey"),
        ("kms:Decrypt", "SecretsKey"),
    },
    "RulesFunction": {
        *CALLERS,
        *EDITING,
        ("dynamodb:Query", "ConfigTable"),
        ("dynamodb:Query", "ConfigTable/index/by-creation"),
        ("dynamodb:Query", "ConfigTable/index/by-channel"),
    },
    "DeliveriesFunction": {
        *CALLERS,
        ("dynamodb:GetItem", "ConfigTable"),
        ("dynamodb:BatchGetItem", "ConfigTable"),
        ("dynamodb:GetItem", "DeliveriesTable"),
        ("dynamodb:BatchGetItem", "DeliveriesTable"),
        ("dynamodb:Query", "DeliveriesTable"),
        ("dynamodb:PutItem", "DeliveriesTable"),
        *(
            ("dynamodb:Query", f"DeliveriesTable/index/{index}")
            for index in ("by-time", "by-channel", "by-status", "due")
        ),
        ("sqs:SendMessage", "EventQueue"),
        ("sqs:SendMessage", "DeliveryQueue"),
        ("events:PutEvents", "EventBus"),
    },
    "MutesFunction": {
        *CALLERS,
        *(EDITING - {("dynamodb:DeleteItem", "ConfigTable")}),
        ("dynamodb:Query", "ConfigTable"),
        ("dynamodb:Query", "ConfigTable/index/by-type"),
        ("dynamodb:Query", "ConfigTable/index/by-creation"),
        ("dynamodb:Query", "DeliveriesTable/index/due"),
        ("sqs:SendMessage", "DeliveryQueue"),
    },
    "ConfigurationFunction": {
        *CALLERS,
        *EDITING,
        ("dynamodb:Query", "ConfigTable"),
        ("dynamodb:Query", "ConfigTable/index/by-creation"),
        ("dynamodb:Query", "ConfigTable/index/by-channel"),
        ("dynamodb:Query", "ConfigTable/index/by-type"),
        ("events:PutEvents", "EventBus"),
        ("dynamodb:GetItem", "DeliveriesTable"),
        ("dynamodb:UpdateItem", "DeliveriesTable"),
        ("dynamodb:DeleteItem", "DeliveriesTable"),
        ("sqs:SendMessage", "DeliveryQueue"),
        ("kms:Encrypt", "SecretsKey"),
        ("kms:Decrypt", "SecretsKey"),
    },
    "VerdictsFunction": {
        *CALLERS,
        ("dynamodb:GetItem", "ConfigTable"),
        ("dynamodb:BatchGetItem", "ConfigTable"),
        ("dynamodb:Query", "ConfigTable/index/by-type"),
        ("dynamodb:Query", "ConfigTable/index/by-creation"),
        ("dynamodb:GetItem", "DeliveriesTable"),
        ("dynamodb:BatchGetItem", "DeliveriesTable"),
        ("dynamodb:Query", "DeliveriesTable"),
        ("dynamodb:Query", "DeliveriesTable/index/by-time"),
    },
    "ServiceFunction": {
        *CALLERS,
        ("dynamodb:GetItem", "ConfigTable"),
        ("dynamodb:Query", "ConfigTable/index/by-creation"),
        ("dynamodb:Query", "ConfigTable/index/by-type"),
        ("dynamodb:Query", "DeliveriesTable"),
        *(("dynamodb:Query", f"DeliveriesTable/index/{index}") for index in ("by-time", "by-channel", "due")),
        *(
            ("sqs:GetQueueAttributes", queue)
            for queue in (
                *("EventQueue", "DeliveryQueue", "SlowQueue"),
                *("DeadLetterQueue", "HintDeadLetterQueue"),
            )
        ),
        READING_METRICS,
    },
    "DispatcherFunction": {
        ("dynamodb:GetItem", "ConfigTable"),
        ("dynamodb:BatchGetItem", "ConfigTable"),
        ("dynamodb:UpdateItem", "ConfigTable"),
        ("dynamodb:PutItem", "ConfigTable"),
        ("dynamodb:Query", "ConfigTable/index/by-type"),
        ("events:PutEvents", "EventBus"),
        *RECORDING,
        ("dynamodb:PartiQLInsert", "DeliveriesTable"),
        *receiving("EventQueue"),
        ("sqs:ChangeMessageVisibility", "EventQueue"),
        ("sqs:SendMessage", "EventQueue"),
        ("sqs:SendMessage", "DeadLetterQueue"),
        ("sqs:SendMessage", "DeliveryQueue"),
        ("sqs:SendMessage", "SlowQueue"),
        ("kms:Decrypt", "SecretsKey"),
    },
    "RedelivererFunction": {
        ("dynamodb:GetItem", "ConfigTable"),
        ("dynamodb:BatchGetItem", "ConfigTable"),
        ("dynamodb:UpdateItem", "ConfigTable"),
        ("dynamodb:PutItem", "ConfigTable"),
        ("dynamodb:Query", "ConfigTable/index/by-type"),
        ("events:PutEvents", "EventBus"),
        *RECORDING,
        ("dynamodb:Query", "DeliveriesTable/index/due"),
        *receiving("DeliveryQueue"),
        *receiving("SlowQueue"),
        ("sqs:SendMessage", "DeliveryQueue"),
        ("sqs:SendMessage", "SlowQueue"),
        ("kms:Decrypt", "SecretsKey"),
    },
    "SweeperFunction": {
        ("dynamodb:GetItem", "ConfigTable"),
        ("dynamodb:BatchGetItem", "ConfigTable"),
        ("dynamodb:Query", "ConfigTable/index/by-type"),
        ("events:PutEvents", "EventBus"),
        ("dynamodb:GetItem", "DeliveriesTable"),
        ("dynamodb:BatchGetItem", "DeliveriesTable"),
        ("dynamodb:Query", "DeliveriesTable"),
        ("dynamodb:PutItem", "DeliveriesTable"),
        ("dynamodb:PartiQLInsert", "DeliveriesTable"),
        ("dynamodb:UpdateItem", "DeliveriesTable"),
        ("dynamodb:Query", "DeliveriesTable/index/due"),
        ("sqs:SendMessage", "EventQueue"),
        ("sqs:ReceiveMessage", "DeadLetterQueue"),
        ("sqs:DeleteMessage", "DeadLetterQueue"),
        ("sqs:SendMessage", "DeliveryQueue"),
        ("sqs:SendMessage", "SlowQueue"),
    },
    "HeartbeatFunction": {("events:PutEvents", "EventBus")},
    "ConsoleFunction": set(),
}

FUNCTIONS = [name for name, known in resources().items() if known["Type"] == "AWS::Serverless::Function"]


def test_every_function_is_listed() -> None:
    """No function of the template is left out of the list above."""
    assert set(FUNCTIONS) == set(ALLOWED)


@pytest.mark.parametrize("function", FUNCTIONS)
def test_a_function_may_do_exactly_this(function: str) -> None:
    """A function's policies allow these actions on these resources, and nothing else."""
    assert grants(function) == ALLOWED[function]


@pytest.mark.parametrize("function", FUNCTIONS)
def test_no_function_may_do_everything_or_anything_anywhere(function: str) -> None:
    """No statement has a wildcard, but for metrics, or turns one around; resources are this template's."""
    for statement in statements(function):
        assert set(statement) == {"Effect", "Action", "Resource"}
        assert statement["Effect"] == "Allow"
    for action, resource in grants(function) - {READING_METRICS}:
        assert "*" not in action + resource
        assert resource.split("/")[0] in resources()


def test_no_table_is_scanned_and_nothing_is_deleted_or_administered() -> None:
    """No function may scan a table, nor do anything to tables, queues, keys and secrets themselves."""
    actions = {action for function in FUNCTIONS for action, _ in grants(function)}
    assert not {action for action in actions if action.endswith((":Scan", ":DeleteTable", ":PurgeQueue"))}
    assert {action for action in actions if action.startswith("kms:")} == {"kms:Encrypt", "kms:Decrypt"}
    assert {action for action in actions if "secret" in action} == {"secretsmanager:GetSecretValue"}


@pytest.mark.parametrize("function", FUNCTIONS)
def test_no_managed_policy(function: str) -> None:
    """A function names no policy of AWS's or SAM's, and no event that makes SAM add a wide one."""
    properties = resources()[function]["Properties"]
    assert "Role" not in properties
    assert all(set(policy) == {"Statement"} for policy in properties.get("Policies", []))
    assert {event["Type"] for event in properties.get("Events", {}).values()} <= {"Api", "Schedule"}


def test_no_other_principal() -> None:
    """Only EventBridge is let in to queues from outside, and only for this stack's rule."""
    allows = [
        statement
        for known in resources().values()
        if "PolicyDocument" in known.get("Properties", {})
        for statement in known["Properties"]["PolicyDocument"]["Statement"]
        if statement["Effect"] == "Allow"
    ]
    assert len(allows) == 2
    for statement in allows:
        assert statement["Principal"] == {"Service": "events.amazonaws.com"}
        assert statement["Action"] == "sqs:SendMessage"
        assert statement["Condition"] == {"ArnEquals": {"aws:SourceArn": {"GetAtt": "EventRule.Arn"}}}


def test_producers_are_those_that_are_named() -> None:
    """Only the accounts that the parameter names may put events on the bus, and that is all they may."""
    policy = resources()["EventBusPolicy"]
    assert policy["Condition"] == "HasProducers"
    assert policy["Properties"]["Statement"] == {
        "Effect": "Allow",
        "Principal": {"AWS": {"Split": [",", {"Ref": "ProducerAccounts"}]}},
        "Action": "events:PutEvents",
        "Resource": {"GetAtt": "EventBus.Arn"},
    }
