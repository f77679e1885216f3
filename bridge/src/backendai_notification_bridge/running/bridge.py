"""Run all parts, each in a thread. When one fails, all end, and the supervisor restarts the bridge."""

import logging
import secrets
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from http.server import ThreadingHTTPServer

from valkey.exceptions import AuthenticationError

from backendai_notification_bridge.core.errors import WrongSettings
from backendai_notification_bridge.core.making import MakeOptions
from backendai_notification_bridge.core.sessions import Sessions
from backendai_notification_bridge.putting.bus import Bus
from backendai_notification_bridge.putting.sender import Sender
from backendai_notification_bridge.reading.buffer import Buffer
from backendai_notification_bridge.reading.connection import AWAY, Connections, ValkeyEndpoint
from backendai_notification_bridge.reading.leader import Leadership
from backendai_notification_bridge.reading.published import Published
from backendai_notification_bridge.reading.stream import Stream
from backendai_notification_bridge.reading.watch import Watch
from backendai_notification_bridge.running.again import follow, on_disk
from backendai_notification_bridge.running.catching import Catching
from backendai_notification_bridge.running.health import serve
from backendai_notification_bridge.running.maker import Maker
from backendai_notification_bridge.running.metrics import SpoolCollector, exposition
from backendai_notification_bridge.running.standby import Standby
from backendai_notification_bridge.running.writer import Writer
from backendai_notification_bridge.spool.spool import Spool

logger = logging.getLogger(__name__)

TIDY_SECONDS = 60.0
KEEP_SECONDS = 1.0
READERS_SECONDS = 5.0
SILENT_SECONDS = 30.0
"""A reader without a reply of Valkey for so long is a problem."""

FAILING_SECONDS = 60.0
"""So is an EventBridge that has taken no event for so long, though there were some."""

_NO_DATABASE = "db index is out of range"


@dataclass(frozen=True, slots=True)
class Plan:
    """The parts of a bridge. ``start``: ``new`` or ``oldest``. ``dry``: put nothing, and do not lead."""

    endpoint: ValkeyEndpoint
    start: str
    spool: Spool
    bus: Bus
    sessions: Sessions | None
    options: MakeOptions
    health: tuple[str, int] | None
    dry: bool = False


class Bridge:
    """Run until ``stop`` is called or a part fails."""

    def __init__(self, plan: Plan) -> None:
        self._plan = plan
        self._spool = plan.spool
        self._stopping = threading.Event()
        self._reading_over = threading.Event()
        self._failed: str | None = None
        self._away: str | None = None
        self._arrived, self._made, self._led = threading.Event(), threading.Event(), threading.Event()
        self._buffer = Buffer()
        connections = Connections(plan.endpoint)
        marks = self._marks()
        self._stream = Stream(connections, self._buffer, marks, plan.start, marks["spool.id"])
        self._published = Published(connections, self._buffer, marks, plan.start)
        self._leadership = Leadership(marks["spool.id"])
        self._watch = Watch(connections, self._leadership, lead=not plan.dry)
        self._writer = Writer(self._spool, self._buffer, self._owns, self._arrived)
        self._maker = Maker(self._spool, plan.sessions, plan.options, self._owns, self._made)
        self._sender = Sender(self._spool, plan.bus, self._made)
        self._catching = Catching(self._spool, plan.sessions, self._owns, self._arrived)
        self._standby = Standby(self._spool)
        self._started = time.monotonic()
        self._connections = connections

    def _marks(self) -> dict[str, str]:
        """Return the spool's marks; give it an id first if it has none."""
        if "spool.id" not in self._spool.marks():
            self._spool.keep([], {}, {"spool.id": secrets.token_hex(8)})
        return self._spool.marks()

    def _owns(self) -> bool:
        return self._plan.dry or self._leadership.leads

    def stop(self) -> None:
        """Begin to stop; may be called in a signal handler."""
        self._stopping.set()

    def run(self) -> bool:
        """Run; return True if it was stopped, False if a part failed.

        Raises:
            WrongSettings: Valkey refuses the password or a database, or the health port is taken.
        """
        self._check_valkey()
        server = self._serve()
        self._look_once()  # before anything is read, so that whoever leads then puts it
        readers, writer, others = self._start()
        self._stopping.wait()
        logger.info("Stopping")
        for event in (self._arrived, self._made, self._led):
            event.set()
        for thread in readers:
            thread.join(READERS_SECONDS)
        self._buffer.close()  # do not wait for a reader that waits for room: its entries are read again
        for thread in readers:
            thread.join()
        self._reading_over.set()
        for thread in (writer, *others):
            thread.join()
        if server is not None:
            server.shutdown()
            server.server_close()
        self._stream.leave()
        self._watch.leave()
        return self._failed is None

    def _start(self) -> tuple[list[threading.Thread], threading.Thread, list[threading.Thread]]:
        """Start all parts; return readers, writers and the others, in the order in which they stop."""
        stopping = self._stopping.is_set
        readers = [
            self._thread("stream", lambda: follow(self._stream.follow, self._watch, self._stopping)),
            self._thread("pubsub", lambda: follow(self._published.follow, self._watch, self._stopping)),
            self._thread("watch", self._look),
        ]
        writer = self._thread("write", lambda: self._writer.run(self._reading_over.is_set))
        others = [
            self._thread(
                "make", lambda: on_disk(lambda: self._maker.run(stopping, self._arrived), self._stopping)
            ),
            self._thread("put", lambda: on_disk(lambda: self._sender.run(stopping), self._stopping)),
            self._thread("keep", lambda: on_disk(self._keep, self._stopping)),
            self._thread("catch up", lambda: on_disk(self._catch_up, self._stopping)),
        ]
        return readers, writer, others

    def _check_valkey(self) -> None:
        """Find wrong settings before anything starts; a Valkey that is merely away is not one."""
        endpoint = self._plan.endpoint
        for name, database in (("database", endpoint.database), ("lock_database", endpoint.lock_database)):
            try:
                self._connections.open(database).close()
            except AuthenticationError as error:
                raise WrongSettings(f"valkey.password: Valkey refuses it: {error}") from None
            except AWAY as error:
                if _NO_DATABASE in str(error).lower():
                    raise WrongSettings(f"valkey.{name}: Valkey has no database {database}") from None
                logger.warning("Valkey does not answer yet", extra={"reason": str(error)})
                return

    def _serve(self) -> ThreadingHTTPServer | None:
        if self._plan.health is None:
            return None
        collector = SpoolCollector(self._spool, lambda: self._leadership.leads)
        server = serve(*self._plan.health, self.problems, lambda: exposition(collector))
        threading.Thread(target=server.serve_forever, name="health", daemon=True).start()
        return server

    def problems(self) -> list[str]:
        """Return the present problems, in a few words each."""
        now = time.monotonic()
        found = []
        for name, part in (("stream", self._stream), ("channel", self._published), ("master", self._watch)):
            silent = now - (part.alive or self._started)
            if silent > SILENT_SECONDS:
                found.append(f"Valkey: nothing of the {name} for {silent:.0f} s")
        for name, since in (
            ("spool", self._writer.failing_since),
            ("EventBridge", self._sender.failing_since),
        ):
            if since is not None and now - since > FAILING_SECONDS:
                found.append(f"{name}: takes nothing for {now - since:.0f} s")
        return found

    def _thread(self, name: str, target: Callable[[], None]) -> threading.Thread:
        def guarded() -> None:
            try:
                target()
            except BaseException:
                self._failed = name
                logger.exception("A part of the bridge has failed: all of it ends", extra={"part": name})
                self._buffer.close()
                self._reading_over.set()
                self._stopping.set()

        thread = threading.Thread(target=guarded, name=name, daemon=True)
        thread.start()
        return thread

    def _look(self) -> None:
        """Watch the master and the leadership."""
        while not self._stopping.wait(self._watch.pause):
            self._look_once()

    def _look_once(self) -> None:
        """Look, and log once that Valkey is away, and once that it is back."""
        led = self._leadership.leads
        try:
            self._watch.look()
        except AWAY as error:
            if str(error) != self._away:
                logger.warning("Valkey does not answer", extra={"reason": str(error)})
            self._away = str(error)
        else:
            if self._away is not None:
                logger.info("Valkey answers again")
            self._away = None
        if self._leadership.leads and not led:
            # At once: if it dies before it has made its own what it kept, nobody would put that.
            self._led.set()

    def _keep(self) -> None:
        """Do the periodic work; also as soon as this bridge leads."""
        tidied = time.monotonic()
        while not self._stopping.is_set():
            leads = self._owns()
            events = self._standby.look(leads=leads, other_leads=self._watch.other_leads)
            if events and leads:
                logger.info("This bridge puts what it has kept", extra={"events": events})
                self._made.set()
            if time.monotonic() - tidied > TIDY_SECONDS:
                self._spool.tidy()
                tidied = time.monotonic()
            self._led.wait(KEEP_SECONDS)
            self._led.clear()

    def _catch_up(self) -> None:
        """Ask the manager in a thread of its own: its response may take long, and taking over must not."""
        while not self._stopping.wait(self._catching.look()):
            pass
