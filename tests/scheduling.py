"""Which process runs which tests, where there are several."""

from xdist.scheduler import LoadFileScheduling

HARNESSES = ("tests/e2e/test_attack.py", "tests/e2e/test_faults.py")
"""They wait for minutes, so that they have a local stack of their own, beside the other tests' work."""

STACKS = {
    **dict.fromkeys(HARNESSES, "harnesses"),
    "tests/e2e/": "tests/e2e",
    "tests/browser/": "tests/browser",
}
"""Whose tests share a local stack, by the beginnings of their ids: the first that fits."""


class TogetherScheduling(LoadFileScheduling):  # type: ignore[misc]
    """Gives a process one file after another, and all files together that share a local stack."""

    def _split_scope(self, nodeid: str) -> str:
        shared = (stack for beginning, stack in STACKS.items() if nodeid.startswith(beginning))
        return next(shared, str(super()._split_scope(nodeid)))
