"""The composition root: opens everything, serves, drains, and closes in reverse.

The only module that constructs; resources do not know each other, they are introduced here.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import replace
from typing import Any

import grpc
import structlog
from grpc_health.v1 import health, health_pb2, health_pb2_grpc
from grpc_reflection.v1alpha import reflection
from psycopg import AsyncConnection
from psycopg_pool import AsyncConnectionPool

from archibald.v1 import credentials_pb2, operations_pb2
from server import logs
from server.artifacts import Artifacts
from server.attendance import Attendance
from server.browser_pool import BrowserPool
from server.chromium import guarded_driver
from server.completer import Completer
from server.config import Config, ConfigError
from server.credentials import Credentials, SecretKeyError, load_or_create_key
from server.embedded_postgres import embedded_postgres, running_postgres
from server.erp.rules import Rules
from server.erp_sessions import ErpSessions
from server.front_door import FrontDoor
from server.guardian import Guardian
from server.instance import Instance
from server.journal import Journal
from server.migrate import migrate
from server.notices import Notices
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
        notices = Notices(url)
        await stack.enter_async_context(notices.connected())
        instance = _instance(config, url, pool)
        await stack.enter_async_context(instance.registered())
        journal = Journal(pool, instance.id)
        cleared = await journal.clear_leftovers()
        browsers = await stack.enter_async_context(_browsers(config, pool, journal, instance))
        front_door = _front_door(
            config, pool, journal, instance=instance, notices=notices, browsers=browsers
        )
        completer = Completer(
            pool, notices, instance, front_door, instance=instance.id, poll=config.completer_poll
        )
        instance.on_death = completer.wake
        service = BotService(
            OPERATIONS,
            pool,
            front_door,
            instance=instance.id,
            start_within=config.start_by,
            erp_request_validation=config.erp_request_validation,
        )
        address = await stack.enter_async_context(_serving(config, service, front_door))
        await stack.enter_async_context(completer.at_work())
        log.info("serving", address=address, leftovers_cleared=cleared, instance=instance.id)
        yield address


def _instance(config: Config, url: str, pool: Pool) -> Instance:
    return Instance(
        url,
        pool,
        Guardian(),
        lease=config.lease,
        renewal=config.lease_renewal,
        guardian_margin=config.guardian_margin,
        neighbour_poll=config.neighbour_poll,
    )


def _front_door(
    config: Config,
    pool: Pool,
    journal: Journal,
    *,
    instance: Instance,
    notices: Notices,
    browsers: BrowserPool,
) -> FrontDoor:
    by_type = {operation.TYPE: operation for operation in OPERATIONS.values()}
    attendance, user_locks, events = (
        Attendance(browsers, notices, journal),
        UserLocks(notices),
        Events(pool),
    )
    recovery = Recovery(
        journal,
        attendance=attendance,
        ownership=instance,
        user_locks=user_locks,
        events=events,
        operations=by_type,
        config=config,
    )
    return FrontDoor(Runs(events), recovery, user_locks, attendance, by_type)


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
async def _browsers(
    config: Config, pool: Pool, journal: Journal, instance: Instance
) -> AsyncIterator[BrowserPool]:
    run_dir = config.data_dir / "browsers"
    async with guarded_driver(config.chromium, run_dir, instance.browser_started) as driver:
        sessions = _erp_sessions(config, pool, journal, instance)
        async with BrowserPool(
            driver.launch,
            sessions,
            size=config.pool_size,
            wait_for=config.pool_timeout,
            close_timeout=config.close_timeout,
        ) as browsers:
            yield browsers


def _erp_sessions(config: Config, pool: Pool, journal: Journal, instance: Instance) -> ErpSessions:
    rules = Rules.load()
    if rules.unconfirmed and not config.allow_unconfirmed:
        raise ConfigError(
            f"{len(rules.unconfirmed)} entries of server/erp/requests.toml are not confirmed by a "
            "recording of the real site; set ARCHIBALD_ALLOW_UNCONFIRMED=true only if you know why"
        )
    artifacts = Artifacts(
        config.data_dir / "artifacts",
        most_attempts=config.artifacts_kept,
        most_bytes=config.artifacts_bytes,
    )
    return ErpSessions(
        config,
        rules,
        pool,
        _credentials(config),
        artifacts,
        record_write=journal.record_write,
        record_answer=journal.record_answer,
        holds=instance.holds,
    )


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
async def _serving(
    config: Config, service: BotService, front_door: FrontDoor
) -> AsyncIterator[str]:
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
        await checks.enter_graceful_shutdown()
        await front_door.drain(config.drain_timeout)
        await server.stop(grace=1.0)
