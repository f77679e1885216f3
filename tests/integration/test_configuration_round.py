"""What is applied, exported, applied to another stack and exported again is the same, whatever it is."""

import json
from pathlib import Path

import pytest

from tests.cloud.pipeline import dynamodb_calls
from tests.cloud.served import ServedApi
from tests.integration.config_sets import another_stack, exported, secrets, with_secrets
from tests.integration.served_cli import ServedCli
from tests.integration.sets import apply, plan
from tests.samples.config_sets import RandomSet

pytestmark = pytest.mark.usefixtures("cloud")

SEEDS = 25
WRITES = {"PutItem", "UpdateItem", "DeleteItem", "TransactWriteItems", "BatchWriteItem"}


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


@pytest.mark.parametrize("seed", range(100, 106))
def test_round_of_files(seed: int, tmp_path: Path) -> None:
    """The files that the command line writes come through it as they are, letter by letter."""
    made = RandomSet(seed)
    apply(made.document)
    with ServedApi() as api:
        cli = ServedCli(api, tmp_path)
        assert cli.config("export", "--set", "prod", "-f", "first.yaml").code == 0
        variables = secrets(exported()[1], made.document)
        another_stack()
        applied = cli.config("apply", "first.yaml", "--yes", **variables)
        assert applied.code == 0, applied
        assert cli.config("export", "--set", "prod", "-f", "second.yaml").code == 0
        again = cli.config("plan", "first.yaml", "--detailed-exitcode", **variables)
        assert again.code == 0, again
    first, second = ((tmp_path / f"{name}.yaml").read_text() for name in ("first", "second"))
    assert first == second


@pytest.mark.parametrize("seed", range(5))
def test_what_is_applied_is_not_written_again(seed: int) -> None:
    """A second apply of the same writes nothing at all."""
    made = RandomSet(seed)
    apply(made.document)
    with dynamodb_calls() as calls:
        assert apply(made.document) == []
    assert not WRITES & {*calls}
