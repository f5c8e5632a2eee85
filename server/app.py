"""The composition root: opens everything, serves, drains, and closes in reverse.

The only module that constructs; resources do not know each other, they are introduced here.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import replace
from typing import Any

import structlog
from psycopg import AsyncConnection

from server import logs
from server.artifacts import Artifacts
from server.attendance import Attendance
from server.audit import Audit
from server.backlog import Backlog
from server.browser_pool import BrowserPool
from server.chromium import guarded_driver
from server.completer import Completer
from server.config import Config, ConfigError
from server.credentials import Credentials, SecretKeyError, load_or_create_key
from server.credentials_service import CREDENTIALS_SERVICE, CredentialsService
from server.database import Pool, database
from server.embedded_postgres import embedded_postgres, running_postgres
from server.entrance import entrance
from server.erp.rules import Rules
from server.erp_sessions import ErpSessions
from server.front_door import FrontDoor
from server.guardian import Guardian
from server.instance import Instance
from server.journal import Journal
from server.metrics import ReadyMetrics, exposed
from server.migrate import migrate
from server.notices import Notices
from server.operation_events import Events
from server.operations import OPERATIONS
from server.operations_service import OPERATIONS_SERVICE, OperationsService
from server.operator_page.health import Gauges
from server.pool_state import PoolSettings
from server.readiness import Readiness, database_answers, holds
from server.reaper import Reaper
from server.recovery import Recovery
from server.runs import Runs
from server.service import SERVICE, BotService
from server.serving import serving
from server.unbuilt import unbuilt_handlers
from server.under_review import UnderReview
from server.user_locks import UserLocks
from server.verification import Verification

BY_TYPE = {operation.TYPE: operation for operation in OPERATIONS.values()}

log = structlog.get_logger(__name__)


@asynccontextmanager
async def running(config: Config) -> AsyncIterator[str]:
    """The server, serving; yields its address, ``127.0.0.1:<port>``. Leaving drains and closes it.

    Raises:
        ConfigError: something that it needs is not there; the message says what to do.
    """
    if not structlog.is_configured():
        logs.configure()
    way_in = entrance(config)
    async with AsyncExitStack() as stack:
        url = await stack.enter_async_context(_migrated_database(config))
        pool = await stack.enter_async_context(database(config, url))
        notices = Notices(url)
        await stack.enter_async_context(notices.connected())
        instance = _instance(config, url, pool)
        await stack.enter_async_context(instance.registered())
        journal = Journal(pool, instance.id)
        cleared = await journal.clear_leftovers()
        artifacts = Artifacts(
            config.data_dir / "artifacts",
            most_attempts=config.artifacts_kept,
            most_bytes=config.artifacts_bytes,
            pictures=config.trace_pictures,
        )
        credentials = _credentials(config)
        sessions = _erp_sessions(
            config, pool, credentials, artifacts, journal=journal, instance=instance
        )
        browsers = await stack.enter_async_context(_browsers(config, sessions, instance))
        attendance, user_locks = Attendance(browsers, notices, journal), UserLocks(notices)
        events = Events(pool)
        recovery = Recovery(
            journal,
            attendance=attendance,
            ownership=instance,
            user_locks=user_locks,
            events=events,
            operations=BY_TYPE,
            config=config,
        )
        runs = Runs(events)
        front_door = FrontDoor(runs, recovery, user_locks, attendance, BY_TYPE)
        bot = BotService(
            OPERATIONS,
            pool,
            front_door,
            instance=instance.id,
            start_within=config.start_by,
            erp_request_validation=config.erp_request_validation,
        )
        operations = OperationsService(
            BY_TYPE,
            pool,
            runs=runs,
            events=events,
            notices=notices,
            artifacts=artifacts,
            start_within=config.start_by,
        )
        verification = Verification(
            browsers,
            instance.id,
            must_be_open=front_door.must_be_open,
            may_sign_in=sessions.may_sign_in,
        )
        logins = CredentialsService(pool, credentials, verification.of)
        completer = Completer(
            pool,
            notices,
            instance,
            front_door,
            clear_leftovers=journal.clear_leftovers,
            instance=instance.id,
            poll=config.completer_poll,
        )
        instance.on_death = completer.wake
        readiness = _readiness(config, pool, recovery, browsers)
        backlog = Backlog(pool, BY_TYPE, poll=config.review_poll)
        await stack.enter_async_context(_metrics(config, browsers, backlog, readiness))
        audit = Audit(pool)
        await stack.enter_async_context(audit.at_work())
        gauges = Gauges(lambda: readiness.told, browsers.state.numbers, backlog.by_state)
        if config.operator_page is not None:
            # Most servers have none, and a start should not take the time of what it is made of.
            from server.operator_page.app import Sources, operator_page  # noqa: PLC0415

            sources = Sources(way_in.callers, audit, operations, pool, events, gauges)
            await stack.enter_async_context(operator_page(config.operator_page, sources))
        address = await stack.enter_async_context(
            serving(
                config.listen,
                {
                    SERVICE.full_name: bot.handlers(),
                    OPERATIONS_SERVICE.full_name: operations.handlers(),
                    CREDENTIALS_SERVICE.full_name: logins.handlers(),
                },
                (unbuilt_handlers(SERVICE, built=OPERATIONS),),
                lambda: _drain(front_door, verification, config.drain_timeout),
                readiness,
                way_in=way_in,
                audit=audit,
            )
        )
        await stack.enter_async_context(completer.at_work())
        await stack.enter_async_context(_reaper(config, pool, artifacts).at_work())
        gauge = UnderReview(pool, poll=config.review_poll, every=config.review_told)
        await stack.enter_async_context(gauge.shown())
        log.info("serving", address=address, leftovers_cleared=cleared, instance=instance.id)
        yield address


async def _drain(front_door: FrontDoor, verification: Verification, seconds: float) -> None:
    await front_door.drain(seconds)
    await verification.drain(seconds)


def _readiness(config: Config, pool: Pool, recovery: Recovery, browsers: BrowserPool) -> Readiness:
    parts = {
        "database": database_answers(pool),
        "erp": holds(lambda: recovery.erp_answers),
        "pool": holds(lambda: browsers.ready),
    }
    return Readiness(parts, essential="database", poll=config.readiness_poll)


@asynccontextmanager
async def _metrics(
    config: Config, browsers: BrowserPool, backlog: Backlog, readiness: Readiness
) -> AsyncIterator[None]:
    """Whoever looks at what is unfinished: Prometheus, operators, or nobody."""
    if config.metrics_listen is None and config.operator_page is None:
        yield
        return
    ready = ReadyMetrics(readiness)
    async with backlog.kept(), exposed(config.metrics_listen, browsers.state, backlog, ready):
        yield


def _reaper(config: Config, pool: Pool, artifacts: Artifacts) -> Reaper:
    return Reaper(
        pool,
        artifacts,
        keep_requests_days=config.keep_requests_days,
        keep_attempts_days=config.keep_attempts_days,
        keep_audit_days=config.keep_audit_days,
    )


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


@asynccontextmanager
async def _browsers(
    config: Config, sessions: ErpSessions, instance: Instance
) -> AsyncIterator[BrowserPool]:
    run_dir = config.data_dir / "browsers"
    async with (
        guarded_driver(
            config.chromium, run_dir, instance.browser_started, images=config.images
        ) as driver,
        BrowserPool(driver.launch, sessions, PoolSettings.of(config)) as browsers,
    ):
        yield browsers


def _erp_sessions(
    config: Config,
    pool: Pool,
    credentials: Credentials,
    artifacts: Artifacts,
    *,
    journal: Journal,
    instance: Instance,
) -> ErpSessions:
    rules = Rules.load()
    if rules.unconfirmed and not config.allow_unconfirmed:
        raise ConfigError(
            f"{len(rules.unconfirmed)} entries of server/erp/requests.toml are not confirmed by a "
            "recording of the real site; set ARCHIBALD_ALLOW_UNCONFIRMED=true only if you know why"
        )
    return ErpSessions(
        config,
        rules,
        pool,
        credentials,
        artifacts,
        instance=instance.id,
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
