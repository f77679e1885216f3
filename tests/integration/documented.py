"""Runs what docs/configuration.md and the README say of configuration as code, against the functions here."""

import os
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from local.common import ROOT
from tests.cloud.gateway import KEYS_OF_ROLES
from tests.cloud.served import ServedApi
from tests.stack.workflows import Runner

PAGE = (ROOT / "docs" / "configuration.md").read_text("utf-8")
README = (ROOT / "README.md").read_text("utf-8")
SLACK_URL = "https://hooks.slack.com/services/T0000/B0000/Tr0ub4dor"
SECRETS = {
    "SLACK_URL": SLACK_URL,
    "OPS_URL": SLACK_URL,
    "ARCHIVE_TOKEN": "t0ken-of-archive",
    "SMTP_PASSWORD": "p4ssword-of-mail",
    "ROUTING_KEY": "r0utingkeyofth3pager",
}
FAILS = 3


def block(text: str, heading: str, language: str) -> str:
    """Return the first block of a language below a heading."""
    _, _, below = text.partition(heading)
    found = re.search(rf"```{language}\n(.*?)```", below, re.DOTALL)
    assert found is not None, heading
    return found[1]


@pytest.fixture
def api() -> Iterator[ServedApi]:
    """Serve the functions."""
    with ServedApi() as served:
        yield served


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """Have this clone in another directory, to put files beside it."""
    for path in ROOT.iterdir():
        if path.name != ".git":
            (tmp_path / path.name).symlink_to(path)
    return tmp_path


def runner(api: ServedApi, checkout: Path, **more: str) -> Runner:
    """Run what has to be run as on a machine that knows nothing."""
    plain = {"PATH": os.environ["PATH"], "HOME": str(checkout / "home")}
    keys = {
        f"{role.upper()}_{name}_KEY": KEYS_OF_ROLES[role][place]
        for role in ("viewer", "editor")
        for place, name in enumerate(("ACCESS", "SECRET"))
    }
    variables = {"BACKEND_ENDPOINT": api.environment()["BACKEND_ENDPOINT"]}
    keyring = {"PYTHON_KEYRING_BACKEND": "keyring.backends.null.Keyring"}
    return Runner(checkout, plain | keyring | more, {"vars": variables, "secrets": keys | SECRETS})


def shell(api: ServedApi, checkout: Path, script: str) -> str:
    """Run a script as an admin; return its output."""
    job = {"steps": [{"run": script}], "env": {}}
    ran = runner(api, checkout, **api.environment(), **SECRETS).run({"on": ["x"], "jobs": {"x": job}}, "x")[
        "x"
    ]
    (step,) = ran.steps
    assert step.ran.code == 0, step
    return step.ran.out + step.ran.err
