"""What the service is compared with: check, run, save, commit, clear, without a journal and a read-back.

`python -m tests.soak.losers plain` is the original's way: the browser sends what it sends. `single` sends
each write once. Both serve the same contract over the same page objects, settings and tables, with one
operation per agent at a time over all processes, so that nothing but the missing recovery differs: an
operation that fails in whatever way is called again, and then it runs again.
"""

import asyncio
import os
import signal
import sys
from collections import defaultdict
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import replace
from typing import Any
from uuid import uuid4

import grpc
import psycopg
import structlog
from google.protobuf import json_format
from grpc_status import rpc_status
from playwright.async_api import Browser, BrowserContext, async_playwright

from archibald.v1 import bot_pb2
from server import logs
from server.app import stored_credentials
from server.bot_results import check_bot_result, clear_bot_result, save_bot_result
from server.chromium import ARGUMENTS, find_chromium
from server.config import Config
from server.erp.session import ErpSession, Login, open_context, sign_in
from server.erp.timeouts import Timeouts
from server.errors import (
    BotError,
    CustomerAmbiguousError,
    ErpRejectedError,
    ErpUnavailableError,
    InvalidRequestError,
)
from server.identity import marker
from server.operation import Claim, Intent, Operation
from server.operations import OPERATIONS
from server.service import SERVICE
from server.statuses import status_of
from tests.operations.entering import Notes
from tests.soak.loser_gates import continuing, sending_once

GATES = {"plain": continuing, "single": sending_once}
FINAL = (InvalidRequestError, ErpRejectedError, CustomerAmbiguousError)

log = structlog.get_logger(__name__)
Connection = psycopg.AsyncConnection[Any]


class Loser:
    """check → run → save → commit → clear, and nothing else."""

    def __init__(self, kind: str, config: Config) -> None:
        self._gate = GATES[kind]
        self._config = config
        self._browser: Browser | None = None
        self._launching = asyncio.Lock()
        self._turns: defaultdict[str, asyncio.Lock] = defaultdict(asyncio.Lock)
        self._room = asyncio.Semaphore(config.pool_size)
        self._timeouts = replace(Timeouts().scaled(config.time_scale), send_lag=config.erp_lag_max)

    async def perform(self, operation: Operation, request: Any) -> Any:
        """One operation; the result that its caller gets."""
        key = operation.key(request)
        names = (str(request.user_id), operation.TYPE, key)
        async with self._turn(names[0]):
            intent = Intent(Claim(uuid4(), 1, "loser", *names), request, marker(*names, 0))
            async with await self._connection() as conn:
                saved = await check_bot_result(conn, *names)
            result = None if saved is None else operation.restore(saved)
            if result is None:
                async with self._session(names[0], intent) as session:
                    result = await operation.run(session, intent, Notes(), lambda *_: None)
                found = json_format.MessageToDict(result, preserving_proto_field_name=True)
                async with await self._connection() as conn:
                    await save_bot_result(conn, *names, found)
            async with await self._connection() as conn:
                async with conn.transaction():
                    await operation.commit(conn, intent, result)
                await clear_bot_result(conn, *names)
        return result

    async def _connection(self) -> Connection:
        url = self._config.database_url or ""
        return await psycopg.AsyncConnection.connect(url, autocommit=True)

    @asynccontextmanager
    async def _turn(self, user: str) -> AsyncIterator[None]:
        """The agent's turn, over both processes; a connection that is cut meanwhile ends no work."""
        async with self._turns[user]:
            conn = await self._connection()
            try:
                await conn.execute("SELECT pg_advisory_lock(hashtext(%s))", (user,))
                yield
            finally:
                await conn.close()

    @asynccontextmanager
    async def _session(self, user: str, intent: Intent) -> AsyncIterator[ErpSession]:
        config, timeouts = self._config, self._timeouts
        async with stored_credentials(config) as (credentials, conn):
            login = await credentials.get(conn, user)
        assert login is not None
        async with self._room:
            context = await self._context()
            try:
                gate = self._gate(
                    config.erp_url,
                    answer_timeout=config.write_timeout,
                    gesture_timeout=timeouts.callback,
                )
                await gate.install(context)
                session = await sign_in(
                    context, gate, Login(login.username, login.password),
                    user_id=user, base_url=config.erp_url, timeouts=timeouts,
                )  # fmt: skip
                with gate.claimed(intent.claim):
                    yield session
            finally:
                await context.close()

    async def _context(self) -> BrowserContext:
        """A new context, in a new browser behind a new driver if that is what it takes."""
        async with self._launching:
            if self._browser is not None and self._browser.is_connected():
                with suppress(ErpUnavailableError):
                    return await open_context(self._browser)
            playwright = await async_playwright().start()  # an old one ends with us at the latest
            self._browser = await playwright.chromium.launch(
                executable_path=find_chromium(self._config.chromium), args=ARGUMENTS
            )
            return await open_context(self._browser)


def handler_of(loser: Loser, operation: Operation) -> Callable[..., AsyncIterator[Any]]:
    """One rpc: the result, or an error after which the caller calls again unless it is final."""

    async def handle(
        request: Any, context: "grpc.aio.ServicerContext[Any, Any]"
    ) -> AsyncIterator[Any]:
        work = asyncio.ensure_future(loser.perform(operation, request))
        work.add_done_callback(heard)
        yield operation.Response(accepted=bot_pb2.Accepted(operation_key=operation.key(request)))
        if request.wait == bot_pb2.WAIT_NONE:
            return
        try:
            # The original's job goes on when its caller leaves.
            yield operation.Response(result=await asyncio.shield(work))
        except FINAL as error:
            await context.abort_with_status(rpc_status.to_status(status_of(error)))
        except (BotError, Exception) as error:  # noqa: BLE001 - as the original: whatever it was
            again = ErpUnavailableError(f"it failed, call again: {type(error).__name__}: {error}")
            await context.abort_with_status(rpc_status.to_status(status_of(again)))

    return handle


def heard(work: asyncio.Future[Any]) -> None:
    """Write down how a job ended, whoever still listens."""
    error = None if work.cancelled() else work.exception()
    log.info("ended", error=f"{type(error).__name__}: {error}" if error else "")


async def serve(kind: str) -> None:
    """Serve until SIGTERM."""
    config = Config.from_env()
    config.data_dir.mkdir(parents=True, exist_ok=True)
    os.environ["TMPDIR"] = str(config.data_dir)  # by it the helpers are found
    stopped = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stopped.set)
    loser = Loser(kind, config)
    server = grpc.aio.server(options=[("grpc.so_reuseport", 0)])
    handlers = {
        name: grpc.unary_stream_rpc_method_handler(
            handler_of(loser, operation),
            request_deserializer=operation.Request.FromString,
            response_serializer=operation.Response.SerializeToString,
        )
        for name, operation in OPERATIONS.items()
    }
    server.add_generic_rpc_handlers(
        (grpc.method_handlers_generic_handler(SERVICE.full_name, handlers),)
    )
    server.add_insecure_port(config.listen)
    await server.start()
    await stopped.wait()
    await server.stop(grace=1)


if __name__ == "__main__":
    logs.configure()
    asyncio.run(serve(sys.argv[1]))
