"""Laws of the agents' ERP sessions: kept encrypted before a write, continued as the very same, or left alone."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path
from typing import Any
from uuid import uuid4

import psycopg
import pytest
import structlog
from cryptography.fernet import Fernet
from playwright.async_api import Error
from psycopg_pool import AsyncConnectionPool

from server.artifacts import Artifacts
from server.browser_pool import BrowserPool
from server.chromium import guarded_driver
from server.config import Config
from server.credentials import Credentials, KeptSession
from server.erp.rules import Rules
from server.erp.session import ErpSession
from server.erp_sessions import ErpSessions
from server.errors import ErpLoginRejectedError
from server.operation import Access, Answer, Claim, Intent, Ticket
from server.pool_state import PoolSettings
from server.shelf import Cause
from tests.erp_agents import erp, running_erp
from tests.erp_simulator.running import Simulator
from tests.pool.desk import session as lent

__all__ = ["erp", "running_erp"]

AGENT = "A001"
ERP_USER = "ikiA0001"
LIST = "SALESTABLE_ListView_Agent"


class Bench:
    """A pool of sessions on a real database and the simulated ERP, with a journal that says yes."""

    pool: BrowserPool

    def __init__(self, credentials: Credentials, conninfo: str) -> None:
        self.credentials = credentials
        self.conninfo = conninfo
        self.written: list[tuple[Ticket, str]] = []
        self.holds = True
        self.takes = 0.0  # seconds, of the journal's row

    def session(self, access: Access) -> Any:
        claim = Claim(uuid4(), 1, "here", AGENT, "submit-order", "p-1")
        return lent(self.pool, Intent(claim, None, "#M"), access)

    async def id_of(self, access: Access) -> str:
        """The id of a session that is opened and closed again."""
        async with self.session(access) as session:
            assert isinstance(session, ErpSession)
            return session.id

    async def without_contexts(self) -> None:
        """As after a restart: nothing of the sessions is left but what is kept."""
        for kept in self.pool._shelf:
            assert self.pool._shelf.drop(kept)
            self.pool._retire(kept, Cause.CLOSING)
        await self.pool._closings.over()

    async def record_write(self, ticket: Ticket, session: str) -> bool:
        self.written.append((ticket, session))
        await asyncio.sleep(self.takes)
        return True

    async def record_answer(self, ticket: Ticket, answer: Answer) -> None:
        """Not needed here."""

    async def kept(self) -> bytes:
        async with await psycopg.AsyncConnection.connect(self.conninfo) as conn:
            cursor = await conn.execute(
                "SELECT encrypted_session_state FROM agents.erp_credentials"
            )
            row = await cursor.fetchone()
        assert row is not None
        return bytes(row[0] or b"")


@pytest.fixture
async def bench(database: str, erp: Simulator, tmp_path: Path) -> AsyncIterator[Bench]:
    """Sessions of one agent whose login is stored."""
    config = Config(erp_url=erp.base_url, data_dir=tmp_path, time_scale=0.15, send_within=2)
    credentials = Credentials(Fernet.generate_key())
    artifacts = Artifacts(tmp_path / "artifacts", most_attempts=5, most_bytes=1_000_000)
    async with AsyncConnectionPool(database, open=False) as connections:
        async with connections.connection() as conn:
            await credentials.put(conn, AGENT, ERP_USER, f"pw-{ERP_USER}")
        bench = Bench(credentials, database)
        sessions = ErpSessions(
            config,
            Rules.load(),
            connections,
            credentials,
            artifacts,
            instance="here",
            record_write=bench.record_write,
            record_answer=bench.record_answer,
            holds=lambda: bench.holds,
        )
        async with (
            guarded_driver(None, tmp_path / "browsers") as driver,
            BrowserPool(
                driver.launch, sessions, replace(PoolSettings.of(config), size=2, wait_for=5)
            ) as pool,
        ):
            bench.pool = pool
            yield bench


async def logins(erp: Simulator) -> int:
    return len(await erp.requests("login"))


async def arrived(erp: Simulator, path: str) -> None:
    """Wait until the ERP was asked for it."""
    async with asyncio.timeout(10):
        while not any(path in entry["path"] for entry in await erp.requests()):  # noqa: ASYNC110
            await asyncio.sleep(0.02)


def ticket() -> Ticket:
    return Ticket(Claim(uuid4(), 1, "here", AGENT, "submit-order", "p-1"), "save", "71723")


async def test_a_session_is_continued_as_the_very_same(bench: Bench, erp: Simulator) -> None:
    """No second login: one page, signed in, for one operation after the other."""
    first = await bench.id_of(Access.CONTINUE)
    sessions = {entry["session"] for entry in await erp.requests("page") if entry["user"]}
    assert len(sessions) == 1
    await erp.clear_requests()
    async with bench.session(Access.CONTINUE) as session:
        assert session.id == first
        await session.page.goto(f"{session.base_url}/{LIST}/")
    assert await logins(erp) == 0
    assert {entry["session"] for entry in await erp.requests("page")} == sessions
    assert bench.pool.state.reused == 1


async def test_a_session_outlives_its_context(bench: Bench, erp: Simulator) -> None:
    """A restart is no login flood: another context continues in it, with the kept cookies."""
    first = await bench.id_of(Access.CONTINUE)
    await bench.without_contexts()
    assert await bench.id_of(Access.CONTINUE) == first
    assert await logins(erp) == 1


async def test_a_session_that_another_server_has_left_behind_is_not_used(
    bench: Bench, erp: Simulator
) -> None:
    """What is written in must be what is kept: else whoever comes after us would read in another one."""
    await bench.id_of(Access.CONTINUE)
    other = KeptSession("elsewhere", {"cookies": []})
    async with await psycopg.AsyncConnection.connect(bench.conninfo) as conn:
        assert await bench.credentials.keep_session(conn, AGENT, ERP_USER, other)
    newest = await bench.id_of(Access.CONTINUE)
    assert bench.pool.state.reused == 0
    async with await psycopg.AsyncConnection.connect(bench.conninfo) as conn:
        kept = await bench.credentials.kept_session(conn, AGENT)
    assert kept is not None
    assert kept.id == newest
    assert await logins(erp) == 2


async def test_a_page_that_does_not_answer_is_replaced(bench: Bench, erp: Simulator) -> None:
    """In two seconds, and the session goes on in another context."""
    async with bench.session(Access.CONTINUE) as session:
        first = session.id
        # A script that never ends keeps the page's only thread.
        await session.page.evaluate("void setTimeout(() => { for (;;); })")
        asking = asyncio.ensure_future(session.page.evaluate("1"))
        assert not (await asyncio.wait({asking}, timeout=0.5))[0]
    async with asyncio.timeout(10):
        assert await bench.id_of(Access.CONTINUE) == first
    assert await logins(erp) == 1
    with pytest.raises(Error):
        await asking


async def test_a_session_that_is_gone_is_replaced(bench: Bench, erp: Simulator) -> None:
    """The ERP has ended it: a login, and another id, which is the one kept from then on."""
    first = await bench.id_of(Access.FRESH)
    await erp.restart()
    second = await bench.id_of(Access.CONTINUE)
    assert second != first
    assert await logins(erp) == 2
    assert await bench.id_of(Access.CONTINUE) == second
    assert await logins(erp) == 2


async def test_where_none_is_kept_a_login_is_made(bench: Bench, erp: Simulator) -> None:
    """Whoever continues asks the id whether it is the session that wrote."""
    assert await bench.id_of(Access.CONTINUE)
    assert await logins(erp) == 1


async def test_a_fresh_session_takes_the_kept_ones_place(bench: Bench) -> None:
    """Every operation has a login of its own; the newest is what recovery continues in."""
    first, second = await bench.id_of(Access.FRESH), await bench.id_of(Access.FRESH)
    assert first != second
    assert await bench.id_of(Access.CONTINUE) == second


async def test_the_kept_state_is_encrypted_and_in_no_log(bench: Bench) -> None:
    """Before anything can be written in it; neither table nor log nor repr shows a cookie."""
    with structlog.testing.capture_logs() as logged:
        async with bench.session(Access.FRESH) as session:
            cookies = await session.context.cookies()
            kept = await bench.kept()
            async with await psycopg.AsyncConnection.connect(bench.conninfo) as conn:
                restored = await bench.credentials.kept_session(conn, AGENT)
        await bench.id_of(Access.CONTINUE)
    assert restored is not None
    assert restored.id == session.id
    secrets = [cookie["value"] for cookie in cookies]
    assert secrets
    assert {cookie["value"] for cookie in restored.state["cookies"]} == set(secrets)
    for secret in secrets:
        assert secret.encode() not in kept
        assert secret not in repr(restored)
        assert secret not in repr(logged)
    assert [entry["session"] for entry in logged if entry["event"] == "signed_in"]


async def test_the_erp_serialises_a_continued_session(bench: Bench, erp: Simulator) -> None:
    """Its first answer is a barrier: what the old context had asked for is over by then."""
    async with bench.session(Access.FRESH) as old:
        await erp.clear_requests()
        await erp.fault("F13", "list", how="slow", factor=60, once=True)
        asking = asyncio.ensure_future(old.page.goto(f"{old.base_url}/{LIST}/"))
        await arrived(erp, LIST)
        async with bench.session(Access.CONTINUE) as new:
            assert new.id == old.id
            (slow,) = [e for e in await erp.requests() if LIST in e["path"]]
            assert slow["status"] == 200
            assert slow["duration_ms"] > 500
            barrier = next(e for e in await erp.requests() if "Default.aspx" in e["path"])
            assert barrier["duration_ms"] > 300
        await asking


async def test_aside_nothing_is_kept_and_nothing_can_be_written(
    bench: Bench, erp: Simulator
) -> None:
    """A browser that may be alive is not disturbed; the journal is not even asked."""
    first = await bench.id_of(Access.FRESH)
    kept = await bench.kept()
    async with bench.session(Access.ASIDE) as session:
        assert session.id != first
        assert not await session.gate._handler._record_write(ticket())
    assert not bench.written
    assert await bench.kept() == kept
    assert await logins(erp) == 2
    assert await bench.id_of(Access.CONTINUE) == first


async def test_a_write_is_recorded_with_its_session_and_only_under_the_lease(bench: Bench) -> None:
    """The lease is looked at after the durable row: this server may have been stopped in between."""
    async with bench.session(Access.FRESH) as session:
        assert await session.gate._handler._record_write(asked := ticket())
        assert bench.written == [(asked, session.id)]
        bench.holds = False
        assert not await session.gate._handler._record_write(ticket())
        assert len(bench.written) == 2


async def test_a_write_whose_row_took_too_long_is_not_sent(bench: Bench) -> None:
    """The quiet time counts from the row: what leaves long after it could arrive after its end."""
    async with bench.session(Access.FRESH) as session:
        bench.takes = 2.1
        assert not await session.gate._handler._record_write(ticket())


async def test_a_login_that_is_replaced_meanwhile_takes_its_session_along(bench: Bench) -> None:
    """Another user name: what the old one is signed in to is not this agent's any more."""
    await bench.id_of(Access.FRESH)
    async with await psycopg.AsyncConnection.connect(bench.conninfo) as conn:
        await bench.credentials.put(conn, AGENT, "ikiA0002", "pw-ikiA0002")
    assert not await bench.kept()
    async with await psycopg.AsyncConnection.connect(bench.conninfo) as conn:
        await bench.credentials.delete(conn, AGENT)
    with pytest.raises(ErpLoginRejectedError):
        await bench.id_of(Access.CONTINUE)
