"""What is applied, exported, applied to another stack and exported again is the same, whatever it is."""

import json

import pytest

from tests.cloud.pipeline import dynamodb_calls
from tests.integration.config_sets import another_stack, exported, with_secrets
from tests.integration.sets import apply, plan
from tests.samples.config_sets import RandomSet

pytestmark = pytest.mark.usefixtures("cloud")

SEEDS = 25
WRITES = {"PutItem", "UpdateItem", "DeleteItem", "TransactWriteItems", "BatchWriteItem"}
WRITES_OF_NOTHING = 2
"""An apply takes and frees its lease."""


@pytest.mark.parametrize("seed", range(SEEDS))
def test_round(seed: int) -> None:
    """An export, applied to an empty stack, exports the same; planned again nothing would change."""
    made = RandomSet(seed)
    apply(made.document)
    assert plan(made.document)["changes"] == []
    first, variables = exported()
    assert not [secret for secret in made.secrets if secret in json.dumps(first)]
    source = with_secrets(first, variables, made.document)
    assert plan(source)["changes"] == []
    another_stack()
    apply(source)
    assert exported() == (first, variables)
    assert plan(made.document)["changes"] == plan(source)["changes"] == []


@pytest.mark.parametrize("seed", range(5))
def test_what_is_applied_is_not_written_again(seed: int) -> None:
    """A second apply of the same writes nothing of the configuration."""
    made = RandomSet(seed)
    apply(made.document)
    with dynamodb_calls() as calls:
        assert apply(made.document) == []
    assert sum(name in WRITES for name in calls) <= WRITES_OF_NOTHING
