"""The composition root: opens everything, serves, drains, and closes in reverse.

The only module that constructs; resources do not know each other, they are introduced here.
"""

import asyncio
import os
import socket
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager
from dataclasses import replace
from typing import Any
from uuid import uuid4

import grpc
import structlog
from grpc_health.v1 import health, health_pb2, health_pb2_grpc
from grpc_reflection.v1alpha import reflection
from playwright.async_api import Browser
from psycopg import AsyncConnection
from psycopg_pool import AsyncConnectionPool

from archibald.v1 import credentials_pb2, operations_pb2
from server import logs
from server.artifacts import Artifacts
from server.browser_pool import BrowserPool
from server.chromium import guarded_driver
from server.config import Config, ConfigError
from server.credentials import Credentials, ErpLogin, SecretKeyError, load_or_create_key
from server.embedded_postgres import embedded_postgres, running_postgres
from server.erp.rules import Rules
from server.erp.session import ErpSession, Login, open_context, sign_in
from server.erp.timeouts import Timeouts
from server.erp.write_gate import WriteGate
from server.errors import ErpLoginRejectedError
from server.journal import Journal
from server.migrate import migrate
from server.operation import Intent
from server.operation_events import Events
from server.operations import OPERATIONS
from server.recovery import Recovery
from server.runs import Runs
from server.service import SERVICE, BotService
from server.unbuilt import unbuilt_handlers
from server.user_locks import UserLocks

Pool = AsyncConnectionPool[AsyncConnection[Any]]

log = structlog.get_logger(__name__)


@asynccontextmanager
async def running(config: Config) -> AsyncIterator[str]:
    """The server, serving; yields its address, ``127.0.0.1:<port>``. Leaving drains and closes it.

    Raises:
        ConfigError: something that it needs is not there; the message says what to do.
    """
    if not structlog.is_configured():
        logs.configure()
    async with AsyncExitStack() as stack:
        url = await stack.enter_async_context(_migrated_database(config))
        pool = await stack.enter_async_context(_database(config, url))
        journal = Journal(pool, instance=f"{socket.gethostname()}:{os.getpid()}:{uuid4().hex[:8]}")
        cleared = await journal.clear_leftovers()
        browsers = await stack.enter_async_context(_browsers(config, pool, journal))
        recovery = Recovery(
            journal,
            browsers,
            UserLocks(),
            {o.TYPE: o for o in OPERATIONS.values()},
            save_for=config.save_for,
        )
        runs = Runs(Events(pool))
        service = BotService(
            OPERATIONS,
            pool,
            runs,
            recovery.execute,
            start_within=config.start_by,
            erp_request_validation=config.erp_request_validation,
        )
        address = await stack.enter_async_context(_serving(config, service, runs))
        log.info("serving", address=address, leftovers_cleared=cleared)
        yield address


@asynccontextmanager
async def _database(config: Config, url: str) -> AsyncIterator[Pool]:
    milliseconds = int(config.database_timeout * 1000)
    pool: Pool = AsyncConnectionPool(
        url,
        min_size=1,
        max_size=config.database_pool_size,
        timeout=config.database_timeout,
        open=False,
        check=AsyncConnectionPool.check_connection,
        kwargs={
            "connect_timeout": int(config.database_timeout),
            "options": f"-c statement_timeout={milliseconds} -c lock_timeout={milliseconds} "
            f"-c idle_in_transaction_session_timeout={milliseconds}",
        },
    )
    await pool.open(wait=True)
    try:
        yield pool
    finally:
        await pool.close()


@asynccontextmanager
async def _browsers(config: Config, pool: Pool, journal: Journal) -> AsyncIterator[BrowserPool]:
    async with guarded_driver(config.chromium, config.data_dir / "browsers") as driver:
        open_session = _session_opener(config, pool, journal)
        async with BrowserPool(
            driver.launch, open_session, size=config.pool_size, wait_for=config.pool_timeout
        ) as browsers:
            yield browsers


def _session_opener(
    config: Config, pool: Pool, journal: Journal
) -> Callable[[Browser, Intent], AbstractAsyncContextManager[ErpSession]]:
    """How the pool opens a session: a context behind its gate, signed in, recorded, bound to the claim."""
    rules = Rules.load()
    if rules.unconfirmed and not config.allow_unconfirmed:
        raise ConfigError(
            f"{len(rules.unconfirmed)} entries of server/erp/requests.toml are not confirmed by a "
            "recording of the real site; set ARCHIBALD_ALLOW_UNCONFIRMED=true only if you know why"
        )
    credentials = _credentials(config)
    timeouts = replace(Timeouts().scaled(config.time_scale), send_lag=config.erp_lag_max)

    artifacts = Artifacts(
        config.data_dir / "artifacts",
        most_attempts=config.artifacts_kept,
        most_bytes=config.artifacts_bytes,
    )

    @asynccontextmanager
    async def open_session(browser: Browser, intent: Intent) -> AsyncIterator[ErpSession]:
        claim = intent.claim
        async with pool.connection() as conn:
            login = await _usable_login(credentials, conn, claim.user_id)
        context = await open_context(browser, ignore_https_errors=config.erp_insecure_tls)
        try:
            gate = WriteGate(
                rules,
                journal.record_write,
                journal.record_answer,
                base_url=config.erp_url,
                answer_timeout=config.write_timeout,
                gesture_timeout=timeouts.callback,
            )
            await gate.install(context)
            try:
                session = await sign_in(
                    context,
                    gate,
                    Login(login.username, login.password),
                    user_id=claim.user_id,
                    base_url=config.erp_url,
                    timeouts=timeouts,
                    description_length=config.marker_field_length,
                )
            except ErpLoginRejectedError:
                async with pool.connection() as conn:
                    await credentials.reject(conn, claim.user_id, login)
                raise
            attempt = str(claim.operation_id), claim.generation
            async with artifacts.kept_on_failure(session.page, *attempt):
                with gate.claimed(claim):
                    yield session
        finally:
            await context.close()

    return open_session


async def _usable_login(
    credentials: Credentials, conn: AsyncConnection[Any], user_id: str
) -> ErpLogin:
    login = await credentials.get(conn, user_id)
    remedy = f"an operator stores one with: python -m server credentials put {user_id} LOGIN"
    if login is None:
        raise ErpLoginRejectedError(f"no ERP login is stored for agent {user_id}; {remedy}")
    if login.rejected_at:
        raise ErpLoginRejectedError(
            f"the ERP refused the stored login of agent {user_id} and it is not tried again, "
            f"for a second refusal could lock the account; {remedy}"
        )
    return login


def _credentials(config: Config) -> Credentials:
    try:
        return Credentials(
            load_or_create_key(config.secret_key, config.secret_key_file, config.data_dir)
        )
    except SecretKeyError as error:
        raise ConfigError(str(error)) from error


@asynccontextmanager
async def stored_credentials(
    config: Config,
) -> AsyncIterator[tuple[Credentials, AsyncConnection[Any]]]:
    """The agents' logins and a connection for them, for operators' commands; commits on exit.

    Beside a running server its embedded Postgres is used.
    """
    running_url = None if config.database_url else running_postgres(config.data_dir)
    async with (
        _migrated_database(replace(config, database_url=config.database_url or running_url)) as url,
        await AsyncConnection.connect(url) as conn,
    ):
        yield _credentials(config), conn


@asynccontextmanager
async def _migrated_database(config: Config) -> AsyncIterator[str]:
    """The database's URL, with today's schema; embedded if the settings name none."""
    async with AsyncExitStack() as stack:
        await asyncio.to_thread(config.data_dir.mkdir, parents=True, exist_ok=True)
        url = config.database_url
        if url is None:
            embedded = embedded_postgres(config.data_dir)
            url = await stack.enter_async_context(embedded)
        await migrate(url)
        yield url


@asynccontextmanager
async def _serving(config: Config, service: BotService, runs: Runs) -> AsyncIterator[str]:
    server = grpc.aio.server(
        options=[
            # Clients ping every 30 s while they listen. The default takes more than one in five minutes
            # for an attack and closes the connection in the middle of an order.
            ("grpc.http2.min_ping_interval_without_data_ms", 5_000),
            ("grpc.keepalive_permit_without_calls", 1),
            ("grpc.so_reuseport", 0),  # two servers on one port are a mistake, not a feature
        ]
    )
    server.add_generic_rpc_handlers(
        (
            service.handlers(),
            unbuilt_handlers(SERVICE, built=OPERATIONS),
            unbuilt_handlers(operations_pb2.DESCRIPTOR.services_by_name["OperationsService"]),
            unbuilt_handlers(credentials_pb2.DESCRIPTOR.services_by_name["CredentialsService"]),
        )
    )
    checks = health.aio.HealthServicer()
    health_pb2_grpc.add_HealthServicer_to_server(checks, server)
    reflection.enable_server_reflection(
        (SERVICE.full_name, health.SERVICE_NAME, reflection.SERVICE_NAME), server
    )
    host = config.listen.rpartition(":")[0]
    port = server.add_insecure_port(config.listen)
    await server.start()
    for name in ("", SERVICE.full_name):
        await checks.set(name, health_pb2.HealthCheckResponse.SERVING)
    try:
        yield f"{host}:{port}"
    finally:
        service.draining = True
        await checks.enter_graceful_shutdown()
        log.info("draining", in_flight=repr(runs))
        left = await runs.drain(config.drain_timeout)
        log.info("drained", unfinished=left)
        await server.stop(grace=1.0)
