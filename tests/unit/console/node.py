"""Asks the console's modules in Node.js, as a browser would run them."""

import json
import shutil
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

SITE = Path(__file__).parents[3] / "functions" / "console" / "site"

Ask = Callable[..., Any]

RUN_SECONDS = 60

MISSING = "The console's tests need Node.js; on Debian and Ubuntu: sudo apt-get install nodejs"


def run(script: str) -> str:
    """Run a module; return what it prints.

    Raises:
        AssertionError: Node.js is not there, or the script failed.
    """
    command = [_node(), "--input-type=module", "--eval", script]
    ran = subprocess.run(command, capture_output=True, text=True, check=False, timeout=RUN_SECONDS)
    assert ran.returncode == 0, ran.stderr
    return ran.stdout


def _node() -> str:
    node = shutil.which("node")
    assert node is not None, MISSING
    return node


@contextmanager
def asking(folder: Path, script: str) -> Iterator[Ask]:
    """Return what calls a function that a script beside this file names, in one process of Node.js.

    ``folder``: where the console's files are copied to, because Node.js takes them for modules only with a
    package.json beside them.
    """
    shutil.copytree(SITE, folder / "site")
    shutil.copy(Path(__file__).parent / script, folder)
    (folder / "package.json").write_text('{"type": "module"}')
    with subprocess.Popen(
        [_node(), script], cwd=folder, stdin=subprocess.PIPE, stdout=subprocess.PIPE, encoding="utf-8"
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        requests, answers = process.stdin, process.stdout

        def ask(call: str, *given: Any) -> Any:
            requests.write(json.dumps({"call": call, "given": given}) + "\n")
            requests.flush()
            return json.loads(answers.readline())

        yield ask
        requests.close()
