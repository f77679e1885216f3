"""The workflow that docs/configuration.md gives for continuous integration is run, step by step."""

from pathlib import Path

import pytest
import yaml

from tests.cloud.served import ServedApi
from tests.cloud.services import services
from tests.integration.documented import FAILS, PAGE, SLACK_URL, api, block, checkout, runner
from tests.stack.workflows import Job

__all__ = ["api", "checkout"]

pytestmark = pytest.mark.usefixtures("cloud")

WORKFLOW = yaml.safe_load(block(PAGE, "## In continuous integration", "yaml"))
SMALL = """
set: prod
channels:
  ops: {spec: {preset: slack, url: "${env:SLACK_URL}"}}
rules:
  failed: {rule_type: session.failed, channel: ops}
tests:
  - name: failures are told
    event: {rule_type: session.failed, sample: true}
    fires: [failed]
"""


def stored() -> list[str]:
    """List the names of the channels and rules that are stored."""
    stores = (services().channels, services().rules)
    return [each.name for store in stores for each in store.summaries()]


def run(api: ServedApi, checkout: Path, event: str) -> Job:
    """Run the one job of the workflow that an event starts."""
    (job,) = runner(api, checkout).run(WORKFLOW, event).values()
    texts = " ".join(step.ran.out + step.ran.err for step in job.steps) + job.summary
    assert SLACK_URL not in texts
    assert SLACK_URL.rpartition("/")[2] not in texts
    return job


def test_the_workflow(api: ServedApi, checkout: Path) -> None:
    """A branch is tried and planned and changes nothing; main is applied, and then nothing is left."""
    file = checkout / "prod.yaml"
    file.write_text(SMALL)
    planned = run(api, checkout, "pull_request")
    assert planned.code == 0, planned
    assert "2 to create" in planned.summary
    assert stored() == []
    applied = run(api, checkout, "push")
    assert applied.code == 0, applied
    assert stored() == ["ops", "failed"]
    again = run(api, checkout, "pull_request")
    assert (again.code, "No changes" in again.summary) == (0, True)


def test_the_workflow_of_what_is_wrong(api: ServedApi, checkout: Path) -> None:
    """Neither a branch nor main gets beyond a test that fails."""
    (checkout / "prod.yaml").write_text(SMALL.replace("fires: [failed]", "fires: []"))
    for event in ("pull_request", "push"):
        job = run(api, checkout, event)
        assert (job.code, job.steps[-1].name) == (FAILS, "Try the rules"), job
    assert stored() == []
