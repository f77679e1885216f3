"""A local stack: ministack with this template deployed to it, in a directory of its own."""

import json
import os
import re
import shlex
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from backendai_notification_cli.aws import keypairs, secret
from backendai_notification_cli.aws.stack import Secrets
from backendai_notification_cli.http.api import Api
from backendai_notification_cli.http.settings import Settings
from local.common import CREDENTIALS, REGION, ROOT, Tell, free_port, step
from local.docker import docker_gateway
from local.inputs import fingerprint
from local.ministack import Ministack
from local.sam import build, concurrency_parameters, local_parameters, sam, target

DEFAULT_PORT = 4566
STACK_NAME = "notification"
DEPLOYED = "/local/deployed"
"""The parameter of the local stack's Systems Manager that says what it was made of."""


@dataclass
class Stack:
    """A local stack: its files are in ``directory``, it listens on ``port`` of 127.0.0.1.

    ``parameters``: of the template, besides those that fit this machine; None for those of a laptop.
    ``ends_with_starter``: see ``Ministack``.
    """

    directory: Path
    port: int = DEFAULT_PORT
    parameters: tuple[str, ...] | None = None
    ends_with_starter: bool = False

    def __post_init__(self) -> None:
        """Name the process that it needs."""
        self.ministack = Ministack(self.directory, self.port, ends_with_starter=self.ends_with_starter)

    def former_port(self) -> int | None:
        """Return the port that it had when it was last brought up; None if it never was."""
        try:
            noted = re.search(r"^AWS_ENDPOINT_URL=\S+:(\d+)$", self.env_file.read_text(), re.MULTILINE)
        except OSError:
            return None
        return int(noted[1]) if noted else None

    @property
    def env_file(self) -> Path:
        """Where the settings of a deployed stack are, as KEY=VALUE lines."""
        return self.directory / "env"

    def up(self, tell: Tell) -> None:
        """Start it, build and deploy if anything has changed, and write the settings.

        Raises:
            StackError: the port is taken, ministack does not start, or the deployment fails.
        """
        self.ministack.start(tell)
        build_directory = self.directory / "build"
        wanted = fingerprint(self._parameters())
        if self._deployed() == wanted and build_directory.exists():
            tell("Nothing has changed since it was deployed")
        else:
            with step(tell, "Building"):
                build(build_directory)
            with step(tell, "Deploying"):
                self.deploy(build_directory)
            # It is kept inside the stack, so that it is saved, restored and lost with what it tells of.
            self.client("ssm").put_parameter(Name=DEPLOYED, Value=wanted, Type="String", Overwrite=True)
        self.write_settings()

    def _deployed(self) -> str | None:
        """Return the fingerprint of what is deployed; None if nothing is."""
        found = self.client("ssm").get_parameters(Names=[DEPLOYED])["Parameters"]
        return found[0]["Value"] if found else None

    def _parameters(self) -> tuple[str, ...]:
        return (*target(), *concurrency_parameters(), *(self.parameters or local_parameters()))

    def deploy(self, build_directory: Path) -> None:
        """Deploy what was built.

        Raises:
            StackError: with the last lines that sam printed.
        """
        sam(
            "deploy",
            *("--template-file", str(build_directory / "template.yaml")),
            *("--config-file", str(ROOT / "samconfig.toml"), "--config-env", "local"),
            *("--stack-name", STACK_NAME, "--region", REGION),
            *("--parameter-overrides", *self._parameters()),
            env=self.aws_env(),
        )

    def outputs(self) -> dict[str, str]:
        """Return the outputs of the deployed template."""
        described = self.client("cloudformation").describe_stacks(StackName=STACK_NAME)
        return {output["OutputKey"]: output["OutputValue"] for output in described["Stacks"][0]["Outputs"]}

    def resources(self) -> dict[str, str]:
        """Return the physical ids of what was deployed, by the names in the template."""
        described = self.client("cloudformation").describe_stack_resources(StackName=STACK_NAME)
        return {
            resource["LogicalResourceId"]: resource["PhysicalResourceId"]
            for resource in described["StackResources"]
        }

    def api(self) -> Api:
        """Open the API as the superadmin."""
        settings = self.settings()
        return Api(
            Settings(
                endpoint=settings["BACKEND_ENDPOINT"],
                access_key=settings["BACKEND_ACCESS_KEY"],
                secret_key=settings["BACKEND_SECRET_KEY"],
                source="the local stack",
            )
        )

    def settings(self) -> dict[str, str]:
        """Return what the command line needs to use this stack."""
        outputs = self.outputs()
        arns = Secrets(outputs["KeypairSecretArn"], outputs["KeypairsSecretArn"])
        keypair = keypairs.usable(secret.read(self.client("secretsmanager"), arns)[1])
        stage = outputs["ApiUrl"].rsplit("/", 1)[1]
        return {
            # Names below .localhost, which the template's own URL would need, do not resolve in Python.
            "BACKEND_ENDPOINT": f"{self.ministack.url}/restapis/{outputs['ApiId']}/{stage}/_user_request_",
            "BACKEND_ACCESS_KEY": keypair["access_key"],
            "BACKEND_SECRET_KEY": keypair["secret_key"],
            **self.aws_env(),
            "NOTIFICATION_EVENT_BUS": outputs["EventBusName"],
            "NOTIFICATION_STACK": STACK_NAME,
        }

    def console(self) -> str:
        """Say where the console is, and where the keypair is that signs in."""
        file = os.path.relpath(self.env_file, ROOT)
        url = f"{self.settings()['BACKEND_ENDPOINT']}/console"
        return f"The console is at {url}; sign in with BACKEND_ACCESS_KEY and BACKEND_SECRET_KEY of {file}"

    def write_settings(self) -> None:
        """Write the settings for shells and for ``sam local invoke``."""
        lines = [f"{name}={shlex.quote(value)}\n" for name, value in self.settings().items()]
        self.env_file.touch(mode=0o600)
        self.env_file.write_text("".join(lines))
        functions = self.client("lambda")
        name = self.outputs()["DispatcherFunctionName"]
        variables = functions.get_function_configuration(FunctionName=name)["Environment"]["Variables"]
        host = docker_gateway() or "host.docker.internal"
        document = {"DispatcherFunction": {**variables, "SDK_ENDPOINT_URL": f"http://{host}:{self.port}"}}
        (self.directory / "sam-env.json").write_text(json.dumps(document, indent=2) + "\n")

    def aws_env(self) -> dict[str, str]:
        """Return the environment with which AWS's tools reach this stack."""
        return {"AWS_ENDPOINT_URL": self.ministack.url, **CREDENTIALS, "AWS_DEFAULT_REGION": REGION}

    def client(self, service: str) -> Any:
        """Make an AWS client for this stack."""
        return self.ministack.client(service)


@contextmanager
def temporary(tell: Tell) -> Iterator[Stack]:
    """Have a stack of one's own, on a free port, of which nothing stays.

    Raises:
        StackError: it does not come up.
    """
    with tempfile.TemporaryDirectory(prefix="stack-", ignore_cleanup_errors=True) as directory:
        stack = Stack(Path(directory), free_port(), ends_with_starter=True)
        try:
            stack.up(tell)
            yield stack
        finally:
            stack.ministack.stop()
