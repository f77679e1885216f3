"""A real Valkey, a stand-in for EventBridge, and bridges between them."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from backendai_notification_bridge.spool.database import hold
from backendai_notification_bridge.spool.spool import Spool
from local.bridge_process import BridgeProcess
from local.valkey import Valkey
from tests.cloud.bus import Bus, standing_in

MiB = 1024 * 1024
Bridges = Callable[..., BridgeProcess]


@pytest.fixture
def spool_file(tmp_path: Path) -> Path:
    """Where the spool is."""
    return tmp_path / "spool.db"


@pytest.fixture
def spool(spool_file: Path) -> Iterator[Spool]:
    """An empty spool."""
    made = Spool(hold(spool_file), 16 * MiB)
    yield made
    made.close()


@pytest.fixture
def valkey(tmp_path: Path) -> Iterator[Valkey]:
    """A server without anything."""
    with Valkey(tmp_path / "valkey") as server:
        yield server


@pytest.fixture
def bus() -> Iterator[Bus]:
    """A bus that takes everything."""
    with standing_in() as made:
        yield made


@pytest.fixture
def bridges(tmp_path: Path, bus: Bus) -> Iterator[Bridges]:
    """Make bridges that are not started yet; all are killed in the end."""
    with ExitStack() as exits:

        def make(valkey: Valkey | None = None, name: str = "bridge", **more: str) -> BridgeProcess:
            if valkey is not None:
                more = {"VALKEY__ADDR": f"127.0.0.1:{valkey.port}", **more}
            made = BridgeProcess(tmp_path / name, bus.url, more)
            exits.callback(made.kill)
            return made

        yield make
