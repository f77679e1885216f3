"""Which process runs which tests, where there are several."""

from xdist.scheduler import LoadFileScheduling

TOGETHER = ("tests/e2e", "tests/browser")
"""The folders whose tests share a local stack."""


class TogetherScheduling(LoadFileScheduling):  # type: ignore[misc]
    """Gives a process one file after another, and all files of a folder that share a local stack."""

    def _split_scope(self, nodeid: str) -> str:
        shared = (folder for folder in TOGETHER if nodeid.startswith(f"{folder}/"))
        return next(shared, str(super()._split_scope(nodeid)))
