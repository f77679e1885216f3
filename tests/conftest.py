"""Settings that all tests share."""

import os
from pathlib import Path
from typing import Any

import pytest

pytest_plugins = ["tests.limits"]

EXAMPLES = int(os.environ.get("EXAMPLES", "100"))
"""How many inputs a property is tried with, unless the test sets a number; `make unit` tries a tenth."""


def pytest_pycollect_makemodule(module_path: Path) -> None:
    """Set up hypothesis before a module that uses it, and only then: to import it takes half a second."""
    if b"hypothesis" in module_path.read_bytes():
        from hypothesis import HealthCheck, settings  # noqa: PLC0415 - see above

        # The same examples each time, and no verdict on the speed of the machine.
        settings.register_profile(
            "project",
            max_examples=EXAMPLES,
            derandomize=True,
            deadline=None,
            suppress_health_check=[HealthCheck.too_slow],
        )
        settings.load_profile("project")


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    """Schedule tests that run in several processes; one process needs no xdist."""
    from tests.scheduling import TogetherScheduling  # noqa: PLC0415 - see above

    return TogetherScheduling(config, log)
