"""The local stack is reached by its name, with nothing said about AWS."""

from pathlib import Path

import pytest

from backendai_notification_cli.aws.session import Aws
from backendai_notification_cli.errors import CliError
from backendai_notification_cli.http import envfile, profiles
from tests.unit.cli.deployed.stack import API_URL, REGION, STACK


@pytest.fixture
def local(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Leave the settings of a local stack."""
    values = {
        "BACKEND_ENDPOINT": "http://127.0.0.1:4566/local",
        "AWS_ENDPOINT_URL": "http://127.0.0.1:4566",
        "AWS_ACCESS_KEY_ID": "test",
        "AWS_SECRET_ACCESS_KEY": "test",
        "AWS_DEFAULT_REGION": "us-east-1",
        "NOTIFICATION_STACK": STACK,
    }
    path = tmp_path / "local.env"
    path.write_text(envfile.dump(values))
    monkeypatch.setenv("NOTIFICATION_LOCAL_ENV", str(path))


@pytest.mark.usefixtures("local")
def test_local_stack_is_reached_by_its_name() -> None:
    """The local stack's AWS values are used for its own name, when the caller chose no AWS."""
    aws = Aws(STACK, None, None)
    assert (aws.secretsmanager().meta.endpoint_url, aws.region) == ("http://127.0.0.1:4566", "us-east-1")


@pytest.mark.usefixtures("local")
def test_local_values_are_for_the_local_stack_only() -> None:
    """Another stack gets nothing from the local stack: without AWS settings there is no region."""
    with pytest.raises(CliError, match="No AWS region"):
        Aws("other", None, None).secretsmanager()


@pytest.mark.usefixtures("local")
@pytest.mark.parametrize(("region", "variable"), [("eu-west-1", "UNRELATED"), (None, "AWS_DEFAULT_REGION")])
def test_callers_choice_keeps_the_local_values_out(
    region: str | None, variable: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A region that is asked for, or the caller's own AWS settings, lead to AWS itself."""
    monkeypatch.setenv(variable, "eu-west-1")
    aws = Aws(STACK, region, None)
    assert aws.region == "eu-west-1"
    assert aws.secretsmanager().meta.endpoint_url == "https://secretsmanager.eu-west-1.amazonaws.com"


@pytest.mark.usefixtures("local")
def test_deployed_stack_with_the_local_name() -> None:
    """A deployed stack that was configured wins over the local one of the same name."""
    values = {"BACKEND_ENDPOINT": API_URL, "NOTIFICATION_STACK": STACK, "AWS_DEFAULT_REGION": REGION}
    envfile.save(profiles.path("default"), values)
    aws = Aws(STACK, None, None)
    assert aws.secretsmanager().meta.endpoint_url == f"https://secretsmanager.{REGION}.amazonaws.com"
