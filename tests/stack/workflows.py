"""Workflows like GitHub's, of which the ``run`` steps are run here, in bash."""

import re
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.stack.cli import Ran

STEP_SECONDS = 120
SUMMARY = "GITHUB_STEP_SUMMARY"
KNOWN_ACTIONS = ("actions/checkout@",)
"""What a runner does before: the files are there."""

_EXPRESSION = re.compile(r"\$\{\{\s*(\w+)\.(\w+)\s*\}\}")
_CONDITION = re.compile(r"github\.event_name == '(\w+)'")


@dataclass(frozen=True)
class Step:
    """A step that was run. ``name``: or the first line of what it runs."""

    name: str
    ran: Ran


@dataclass(frozen=True)
class Job:
    """The steps of a job up to the first that failed, and its summary."""

    steps: Sequence[Step]
    summary: str

    @property
    def code(self) -> int:
        """The exit code of the last step that was run."""
        return self.steps[-1].ran.code


@dataclass(frozen=True)
class Runner:
    """Runs workflows in a directory that is the checkout.

    ``contexts``: what ``vars.X`` and ``secrets.X`` are. ``environment``: what every step has besides.
    """

    directory: Path
    environment: Mapping[str, str]
    contexts: Mapping[str, Mapping[str, str]] = field(default_factory=dict)

    def run(self, workflow: Mapping[str, Any], event: str) -> dict[str, Job]:
        """Run the jobs that an event starts, by their names."""
        # YAML 1.1 takes the key ``on`` for a truth value.
        assert event in (workflow.get("on") or workflow[True])  # type: ignore[index]
        return {name: self._job(job) for name, job in workflow["jobs"].items() if _is_for(job, event)}

    def _job(self, job: Mapping[str, Any]) -> Job:
        summary = self.directory / "summary.md"
        summary.write_text("")
        env = {name: self._filled(text) for name, text in job.get("env", {}).items()}
        done = [*self._steps(job["steps"], {**self.environment, **env, SUMMARY: str(summary)})]
        return Job(done, summary.read_text())

    def _steps(self, steps: Sequence[Mapping[str, Any]], env: Mapping[str, str]) -> Iterator[Step]:
        for step in steps:
            if "uses" in step:
                assert step["uses"].startswith(KNOWN_ACTIONS), step
                continue
            script = self._filled(step["run"])
            ran = self._script(script, env)
            yield Step(step.get("name", script.partition("\n")[0]), ran)
            if ran.code:
                return

    def _script(self, script: str, env: Mapping[str, str]) -> Ran:
        # What ``shell: bash`` means there.
        result = subprocess.run(
            ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", script],
            cwd=self.directory,
            env=dict(env),
            capture_output=True,
            text=True,
            timeout=STEP_SECONDS,
            check=False,
        )
        return Ran(result.returncode, result.stdout, result.stderr)

    def _filled(self, text: str) -> str:
        return _EXPRESSION.sub(lambda found: self.contexts[found[1]][found[2]], text)


def _is_for(job: Mapping[str, Any], event: str) -> bool:
    if "if" not in job:
        return True
    condition = _CONDITION.fullmatch(job["if"])
    assert condition is not None, job["if"]
    return condition[1] == event
