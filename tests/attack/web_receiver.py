"""A web server that responds as badly as the path that is asked for says, in a thread of this process."""

import asyncio
import ssl
import threading
from collections.abc import Coroutine
from typing import Any

from tests.stack import http
from tests.stack.exchanges import Exchange, ReceiverState
from tests.stack.http import Message
from tests.stack.receiver_server import ReceiverServer
from tests.stack.responders import Responder

STOP_SECONDS = 60


class WebReceiver:
    """Serves webhooks; with a ``context`` by TLS. ``responders``: by the path's first part, else 200.

    ``received``: all requests, as they came.
    """

    def __init__(
        self, address: str, port: int, responders: dict[str, Responder], context: ssl.SSLContext | None = None
    ) -> None:
        self.address = address
        self.responders = responders
        self.context = context
        self.received: list[Message] = []
        self._server = ReceiverServer(ReceiverState(ministack=0), self._find)
        self._loop = asyncio.new_event_loop()
        self._loop.set_exception_handler(_report)
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._thread.start()
        self._listener = self._do(http.listen(self._server.serve, address, port, context))
        self.port = int(self._listener.sockets[0].getsockname()[1])

    @property
    def url(self) -> str:
        """Where it listens."""
        return f"{'https' if self.context else 'http'}://{self.address}:{self.port}"

    def at(self, path: str) -> list[Message]:
        """Return what came to a path so far."""
        return [message for message in self.received if message.path == path]

    def present(self, context: ssl.SSLContext | None) -> None:
        """Present another certificate to whoever connects from now on."""
        self._do(self._listen_anew(context))

    def close(self) -> None:
        """End whatever goes on."""
        self._do(self._end())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(STOP_SECONDS)
        self._loop.close()

    def _find(self, path: str) -> Responder:
        responder = self.responders.get(path.split("/")[1].partition("?")[0], _accept)

        async def noted(exchange: Exchange) -> bool:
            self.received.append(exchange.message)
            return await responder(exchange)

        return noted

    async def _listen_anew(self, context: ssl.SSLContext | None) -> None:
        self._listener.close()
        self._listener = await http.listen(self._server.serve, self.address, self.port, context)

    async def _end(self) -> None:
        self._listener.close()
        others = asyncio.all_tasks() - {asyncio.current_task()}
        for task in others:
            task.cancel()
        await asyncio.gather(*others, return_exceptions=True)
        await asyncio.sleep(0)  # connections are closed in the loop's next round

    def _do(self, work: Coroutine[Any, Any, Any]) -> Any:
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(STOP_SECONDS)


def _report(loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
    """Say nothing of senders that refuse the certificate, or leave."""
    if not isinstance(context.get("exception"), OSError):
        loop.default_exception_handler(context)


async def _accept(exchange: Exchange) -> bool:
    return await exchange.accept()
