"""What a function does when it starts: it loads what it needs, and nothing that a snapshot could not keep."""

import json
import os
import subprocess
import sys
from functools import cache
from typing import Any

import pytest

from local.common import ROOT
from tests.template import resources

API = {
    "annotated_types",
    "aws_lambda_powertools",
    "jmespath",
    "pycurl",
    "pydantic",
    "pydantic_core",
    "typing_extensions",
    "typing_inspection",
}
"""What the router, the documents and the calls of AWS are made of."""

PACKAGES = {
    "dispatcher.app": {"jinja2", "jsonschema_rs", "markupsafe", "pycurl"},
    "redeliverer.app": {"pycurl"},
    "redeliverer.sweep": {"pycurl"},
    "heartbeat.app": {"pycurl"},
    "channels_api.app": API,
    "rules_api.app": API,
    "deliveries_api.app": API,
    "mutes_api.app": API,
    "configuration_api.app": API | {"jinja2", "jsonschema_rs", "markupsafe"},
    "verdicts_api.app": API | {"jinja2", "jsonschema_rs", "markupsafe"},
    "service_api.app": API,
    "console_site.app": set(),
}
"""The packages of others that each function may load at its start."""

HEAVY = {
    "asyncio",
    "aws_lambda_powertools.utilities.data_classes.s3_event",
    "boto3",
    "botocore",
    "difflib",
    "email.message",
    "email.utils",
    "html.entities",
    "http.client",
    "importlib.metadata",
    "jinja2.loaders",
    "pickle",
    "smtplib",
    "ssl",
    "tempfile",
    "unittest",
    "urllib3",
}

SCRIPT = """
import gc, json, sys, threading
before = set(sys.modules)
did = []
sys.addaudithook(lambda event, _: did.append(event) if event.startswith(("socket.", "subprocess.")) else None)
import {module}
print(json.dumps({{
    "loaded": sorted(set(sys.modules) - before),
    "files": {{
        name: getattr(module, "__file__", None) or ""
        for name, module in sys.modules.items() if "." not in name and name not in before
    }},
    "did": sorted({{event for event in did if event != "socket.__new__"}}),
    "threads": threading.active_count(),
    "frozen": gc.get_freeze_count(),
    "collects": gc.isenabled(),
}}))
"""


@cache
def started(module: str) -> dict[str, Any]:
    """Start a function in a process of its own, without credentials; tell what it loaded and did."""
    (variables,) = (
        resource["Properties"].get("Environment", {}).get("Variables", {})
        for resource in resources().values()
        if resource["Properties"].get("Handler") == f"{module}.handler"
    )
    folders = ["layers/notifications", *(f"functions/{path.name}" for path in (ROOT / "functions").iterdir())]
    result = subprocess.run(
        [sys.executable, "-c", SCRIPT.format(module=module)],
        env={
            "PATH": os.environ["PATH"],
            "PYTHONPATH": os.pathsep.join(str(ROOT / folder) for folder in folders),
            "AWS_REGION": "us-east-1",
            **{name: "" if name.startswith(("TARGET_", "CA_BUNDLE")) else "1" for name in variables},
        },
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert result.returncode == 0, result.stderr
    answer: dict[str, Any] = json.loads(result.stdout)
    return answer


@pytest.mark.parametrize("module", PACKAGES)
def test_it_loads_what_it_needs(module: str) -> None:
    """A function loads the packages that it needs to start, and none of the heavy ones of Python."""
    found = started(module)
    packages = {name for name, file in found["files"].items() if "site-packages" in file}
    assert packages - {"_distutils_hack", "sitecustomize"} <= PACKAGES[module]
    assert not HEAVY & set(found["loaded"])


@pytest.mark.parametrize("module", ["dispatcher.app", "redeliverer.app", "redeliverer.sweep"])
def test_it_loads_nothing_for_mutes(module: str) -> None:
    """Whoever has no mutes pays nothing for them."""
    loaded = {*started(module)["loaded"]}
    assert not loaded & {"notifications.core.muting", "notifications.core.timetables", "zoneinfo"}
    assert "notifications.store.mutes" not in loaded


@pytest.mark.parametrize("module", PACKAGES)
def test_a_snapshot_can_be_taken_of_it(module: str) -> None:
    """When a function has started nothing is connected or running, and it needed no credentials."""
    found = started(module)
    assert (found["did"], found["threads"]) == ([], 1)


@pytest.mark.parametrize("module", [name for name in PACKAGES if name != "console_site.app"])
def test_what_is_loaded_is_not_collected(module: str) -> None:
    """The collector leaves alone what was loaded, and is on for what comes."""
    found = started(module)
    assert found["frozen"] > 10_000
    assert found["collects"]


def test_jinja2_is_whole_for_others() -> None:
    """Whoever asks for a part of Jinja2 that the service does without gets it, of the same classes."""
    script = (
        "from notifications.core import templates; import jinja2; "
        "print(jinja2.DictLoader({}).list_templates(), jinja2.Template is templates.Template)"
    )
    result = subprocess.run(
        [sys.executable, "-c", script],
        env={"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT / "layers" / "notifications")},
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert result.stdout.split() == ["[]", "True"], result.stderr
