"""How an attempt comes by its ERP session: a new login, the session of the attempt before, or one aside."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from time import monotonic
from typing import Any

import structlog
from playwright.async_api import Browser, BrowserContext, Error
from psycopg import AsyncConnection
from psycopg_pool import AsyncConnectionPool

from server.artifacts import Artifacts
from server.chromium import uncancelled
from server.config import Config
from server.credentials import Credentials, ErpLogin, KeptSession
from server.erp.playwright_errors import our_errors
from server.erp.resources import Resources
from server.erp.rules import Rules
from server.erp.session import ErpSession, Login, open_context, sign_in, sign_in_again
from server.erp.timeouts import Timeouts
from server.erp.write_gate import WriteGate
from server.errors import ErpLoginRejectedError
from server.login_latch import LoginLatch
from server.operation import Access, Intent, RecordAnswer, Ticket

# Seconds for an idle page to answer.
ANSWER_TIMEOUT = 2.0

log = structlog.get_logger(__name__)


@dataclass(eq=False)
class SignedIn:
    """What the pool keeps in a context: its gate, its session, and the login that this is of."""

    access: Access
    login: ErpLogin
    gate: WriteGate = field(init=False, repr=False)
    session: ErpSession = field(init=False, repr=False)


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
        instance: str,
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
            instance: this server's id.
            record_write: the journal's guarded update, told in which session the request leaves.
            record_answer: stores the ERP's answer.
            holds: whether this server's lease is ours at this very moment.
        """
        self._config = config
        self._rules = rules
        self._pool = pool
        self._credentials = credentials
        self._latch = LoginLatch(pool, credentials, instance)
        self._artifacts = artifacts
        self._record_write = record_write
        self._record_answer = record_answer
        self._holds = holds
        self._resources = Resources()
        self._timeouts = replace(Timeouts().scaled(config.time_scale), send_lag=config.erp_lag_max)

    async def may_sign_in(self, user_id: str) -> None:
        """A look at the agent's login, before anything is opened for it.

        Raises:
            ErpLoginRejectedError: there is none that may be tried.
        """
        await self._latch.usable(user_id)

    async def context(self, browser: Browser) -> BrowserContext:
        """An empty context for one agent."""
        return await open_context(browser, ignore_https_errors=self._config.erp_insecure_tls)

    async def sign_in(self, context: BrowserContext, intent: Intent, access: Access) -> "SignedIn":
        """A session in the new context, behind its gate, signed in as ``access`` says.

        Raises:
            ErpLoginRejectedError: there is no login that may be tried, or the ERP refused it.
            ErpUnavailableError: the ERP does not answer.
            UiDriftError: the login page is not as we know it.
        """
        user_id = intent.claim.user_id
        async with self._latch.trying(user_id) as (login, kept):
            signed_in = SignedIn(access, login)
            with our_errors("context"):
                await self._gate(signed_in).install(context)
                if access is Access.CONTINUE and kept is not None:
                    # Its cookies alone: restoring the whole state hung when the context was closed meanwhile.
                    await context.add_cookies(kept.state["cookies"])
            signed_in.session = await sign_in(
                context,
                signed_in.gate,
                Login(login.username, login.password),
                user_id=user_id,
                base_url=self._config.erp_url,
                timeouts=self._timeouts,
                description_length=self._config.marker_field_length,
                session_id=None if kept is None or access is not Access.CONTINUE else kept.id,
            )
        if access is not Access.ASIDE:
            await self._keep(signed_in)
        log.info("signed_in", access=access.value, session=signed_in.session.id)
        return signed_in

    async def renew(self, signed_in: "SignedIn", intent: Intent) -> "SignedIn | None":
        """The session as it is usable now; None when it is not the one to work in any more.

        It is that one only while it is the agent's kept session, of the login that is stored today:
        what a later attempt would continue in is what this one writes in.

        Raises:
            ErpLoginRejectedError, ErpUnavailableError, UiDriftError: as `sign_in`.
        """
        user_id = intent.claim.user_id
        session = signed_in.session
        login, kept = await self._latch.usable(user_id)
        is_it = kept is not None and kept.id == session.id
        if not is_it or login != signed_in.login or session.gate.broken:
            return None
        asking = asyncio.ensure_future(session.page.evaluate("1"))
        try:
            await uncancelled(asking, ANSWER_TIMEOUT)
        except (TimeoutError, Error) as error:
            log.info("page_does_not_answer", error=type(error).__name__)
            return None
        signed_in.session = await sign_in_again(session, self._trial(signed_in, user_id))
        if signed_in.session.id != session.id:
            await self._keep(signed_in)
        log.info("session_renewed", session=signed_in.session.id, same=signed_in.session is session)
        return signed_in

    @asynccontextmanager
    async def _trial(self, signed_in: "SignedIn", user_id: str) -> AsyncIterator[Login]:
        """The login that is stored now, for us alone to try."""
        async with self._latch.trying(user_id) as (signed_in.login, _):
            yield Login(signed_in.login.username, signed_in.login.password)

    @asynccontextmanager
    async def attempt(self, signed_in: "SignedIn", intent: Intent) -> AsyncIterator[ErpSession]:
        """The session, recorded, its gate bound to the intent's claim."""
        claim, session = intent.claim, signed_in.session
        attempt = str(claim.operation_id), claim.generation
        async with self._artifacts.kept_on_failure(session.page, *attempt):
            with session.gate.claimed(claim):
                yield session

    def reusable(self, signed_in: "SignedIn") -> bool:
        """Whether nothing was stopped or lost at its gate."""
        return not signed_in.gate.broken

    def _gate(self, signed_in: "SignedIn") -> WriteGate:
        async def record_write(ticket: Ticket) -> bool:
            may_write, asked = signed_in.access is not Access.ASIDE, monotonic()
            if not may_write or not await self._record_write(ticket, signed_in.session.id):
                return False
            # Only now: the statement may have taken long, and this server may have been stopped in it.
            in_time = monotonic() - asked <= self._config.send_within
            return in_time and self._holds()

        signed_in.gate = WriteGate(
            self._rules,
            record_write,
            self._record_answer,
            base_url=self._config.erp_url,
            answer_timeout=self._config.write_timeout,
            gesture_timeout=self._timeouts.callback,
            resources=self._resources,
        )
        return signed_in.gate

    async def _keep(self, signed_in: "SignedIn") -> None:
        """Keep the session before anything can be written in it."""
        session, username = signed_in.session, signed_in.login.username
        with our_errors("context"):
            cookies = await session.context.cookies()
        kept = KeptSession(session.id, {"cookies": cookies})
        async with self._pool.connection() as conn:
            if not await self._credentials.keep_session(conn, session.user_id, username, kept):
                raise ErpLoginRejectedError(
                    f"the ERP login of agent {session.user_id} was replaced meanwhile; call again"
                )
