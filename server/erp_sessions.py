"""How an attempt comes by its ERP session: a new login, the session of the attempt before, or one aside."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import Any

import structlog
from playwright.async_api import Browser, BrowserContext
from psycopg import AsyncConnection
from psycopg_pool import AsyncConnectionPool

from server.artifacts import Artifacts
from server.config import Config
from server.credentials import Credentials, ErpLogin, KeptSession, SecretKeyError
from server.erp.playwright_errors import our_errors
from server.erp.rules import Rules
from server.erp.session import ErpSession, Login, open_context, sign_in
from server.erp.timeouts import Timeouts
from server.erp.write_gate import WriteGate
from server.errors import ErpLoginRejectedError
from server.operation import Access, Claim, Intent, RecordAnswer, Ticket

log = structlog.get_logger(__name__)


class ErpSessions:
    """The pool's opener: a context behind its gate, signed in, recorded, bound to the claim."""

    def __init__(
        self,
        config: Config,
        rules: Rules,
        pool: AsyncConnectionPool[AsyncConnection[Any]],
        credentials: Credentials,
        artifacts: Artifacts,
        *,
        record_write: Callable[[Ticket, str], Awaitable[bool]],
        record_answer: RecordAnswer,
        holds: Callable[[], bool],
    ) -> None:
        """What they are, and what they hear.

        Args:
            config: the settings; it says where the ERP is.
            rules: what may pass a gate.
            pool: connections for the credentials.
            credentials: the agents' logins and kept sessions.
            artifacts: where failed attempts leave what they saw.
            record_write: the journal's guarded update, told in which session the request leaves.
            record_answer: stores the ERP's answer.
            holds: whether this server's lease is ours at this very moment.
        """
        self._config = config
        self._rules = rules
        self._pool = pool
        self._credentials = credentials
        self._artifacts = artifacts
        self._record_write = record_write
        self._record_answer = record_answer
        self._holds = holds
        self._timeouts = replace(Timeouts().scaled(config.time_scale), send_lag=config.erp_lag_max)

    async def context(self, browser: Browser) -> BrowserContext:
        """An empty context for one agent."""
        return await open_context(browser, ignore_https_errors=self._config.erp_insecure_tls)

    @asynccontextmanager
    async def session(
        self, context: BrowserContext, intent: Intent, access: Access
    ) -> AsyncIterator[ErpSession]:
        """A session in the context, signed in as ``access`` says, its gate bound to the intent's claim.

        Raises:
            ErpLoginRejectedError: there is no login that may be tried, or the ERP refused it.
            ErpUnavailableError: the ERP does not answer.
            UiDriftError: the login page is not as we know it.
        """
        claim = intent.claim
        session_id = ""

        async def record_write(ticket: Ticket) -> bool:
            if access is Access.ASIDE or not await self._record_write(ticket, session_id):
                return False
            # Only now: the statement may have taken long, and this server may have been stopped in it.
            return self._holds()

        gate = WriteGate(
            self._rules,
            record_write,
            self._record_answer,
            base_url=self._config.erp_url,
            answer_timeout=self._config.write_timeout,
            gesture_timeout=self._timeouts.callback,
        )
        with our_errors("context"):
            await gate.install(context)
        session = await self._signed_in(context, gate, claim, access)
        session_id = session.id
        log.info("signed_in", access=access.value, session=session.id)
        attempt = str(claim.operation_id), claim.generation
        async with self._artifacts.kept_on_failure(session.page, *attempt):
            with gate.claimed(claim):
                yield session

    async def _signed_in(
        self, context: BrowserContext, gate: WriteGate, claim: Claim, access: Access
    ) -> ErpSession:
        """Sign in, and keep the session before anything can be written in it."""
        async with self._pool.connection() as conn:
            login = await _usable_login(self._credentials, conn, claim.user_id)
            kept = None
            if access is Access.CONTINUE:
                kept = await self._credentials.kept_session(conn, claim.user_id)
        if kept is not None:
            with our_errors("context"):
                # Its cookies alone: restoring the whole state hung when the context was closed meanwhile.
                await context.add_cookies(kept.state["cookies"])
        try:
            session = await sign_in(
                context,
                gate,
                Login(login.username, login.password),
                user_id=claim.user_id,
                base_url=self._config.erp_url,
                timeouts=self._timeouts,
                description_length=self._config.marker_field_length,
                session_id=None if kept is None else kept.id,
            )
        except ErpLoginRejectedError:
            async with self._pool.connection() as conn:
                await self._credentials.reject(conn, claim.user_id, login)
            raise
        if access is not Access.ASIDE:
            await self._keep(session, login)
        return session

    async def _keep(self, session: ErpSession, login: ErpLogin) -> None:
        with our_errors("context"):
            cookies = await session.context.cookies()
        kept = KeptSession(session.id, {"cookies": cookies})
        async with self._pool.connection() as conn:
            if not await self._credentials.keep_session(
                conn, session.user_id, login.username, kept
            ):
                raise ErpLoginRejectedError(
                    f"the ERP login of agent {session.user_id} was replaced meanwhile; call again"
                )


async def _usable_login(
    credentials: Credentials, conn: AsyncConnection[Any], user_id: str
) -> ErpLogin:
    try:
        login = await credentials.get(conn, user_id)
    except SecretKeyError as error:
        raise ErpLoginRejectedError(str(error)) from error
    remedy = f"an operator stores one with: python -m server credentials put {user_id} LOGIN"
    if login is None:
        raise ErpLoginRejectedError(f"no ERP login is stored for agent {user_id}; {remedy}")
    if login.rejected_at:
        raise ErpLoginRejectedError(
            f"the ERP refused the stored login of agent {user_id} and it is not tried again, "
            f"for a second refusal could lock the account; {remedy}"
        )
    return login
