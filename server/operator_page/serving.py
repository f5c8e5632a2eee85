"""The page's port: its web server lives and ends with ours, and leaves our signals alone."""

import asyncio
import socket
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager

import structlog
import uvicorn
from starlette.types import ASGIApp

from server.config import ConfigError

_MOST_AT_ONCE = 100  # connections; an operator's browser has a handful
_GOODBYE = 5  # seconds for answers that are on their way at the end

log = structlog.get_logger(__name__)


class _Server(uvicorn.Server):
    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.up = asyncio.Event()

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield  # SIGTERM is for the whole server, which ends this one

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self.up.set()


@asynccontextmanager
async def served(
    listen: str, make_app: Callable[[int, asyncio.Event], ASGIApp]
) -> AsyncIterator[str]:
    """Serve at HOST:PORT as long as the ``async with`` lasts; yields the address.

    ``make_app`` is told the port and what is set when streams have to end.

    Raises:
        ConfigError: the address cannot be had.
    """
    listener = _listener(listen)
    host, port = listen.rpartition(":")[0], listener.getsockname()[1]
    leaving = asyncio.Event()
    server = _Server(
        uvicorn.Config(
            make_app(port, leaving),
            http="h11",
            ws="none",
            lifespan="off",
            log_config=None,
            log_level="critical",  # what goes wrong is told by the application, in our log
            access_log=False,
            server_header=False,
            limit_concurrency=_MOST_AT_ONCE,
            timeout_graceful_shutdown=_GOODBYE,
        )
    )
    task = asyncio.create_task(server.serve([listener]), name="operator page")
    up = asyncio.create_task(server.up.wait())
    try:
        await asyncio.wait({task, up}, return_when=asyncio.FIRST_COMPLETED)
        if task.done():
            await task
        address = f"{host}:{port}"
        log.info("operator_page_served", address=address)
        yield address
    finally:
        up.cancel()
        leaving.set()
        server.should_exit = True
        await task


def _listener(listen: str) -> socket.socket:
    host, _, port = listen.rpartition(":")
    family = socket.AF_INET6 if host.startswith("[") else socket.AF_INET
    try:
        return socket.create_server((host.strip("[]"), int(port)), family=family)
    except (OSError, OverflowError) as error:
        raise ConfigError(
            f"ARCHIBALD_OPERATOR_PAGE: {listen} cannot be listened on ({error}); is it in use?"
        ) from error
