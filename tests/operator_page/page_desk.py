"""The operator's page on a real Postgres, without browsers or an ERP, and visitors of it."""

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

import httpx
from psycopg_pool import AsyncConnectionPool

from server.artifacts import Artifacts
from server.audit import Audit
from server.callers import Callers, hashed, new_token
from server.notices import Notices
from server.operation_events import Events
from server.operations import OPERATIONS
from server.operations_service import OperationsService
from server.operator_page.app import Sources, operator_page
from server.operator_page.health import Gauges
from server.runs import Runs
from tests.journal_rows import Pool
from tests.test_callers import written

SHOP, OFFICE = new_token(), new_token()
CALLERS = f"""
[shop]
agents = ["A001"]
tokens = ["{hashed(SHOP)}"]
[office]
agents = ["*"]
tokens = ["{hashed(OFFICE)}"]
"""
POOL = {"size": 10, "in_use": 3, "waiting": 1, "idle": 5, "crashes": 0}
_BY_TYPE = {operation.TYPE: operation for operation in OPERATIONS.values()}


@dataclass(frozen=True)
class PageDesk:
    """A page, and what lies behind it."""

    url: str
    pool: Pool
    files: Path
    audit: Audit
    callers: Path | None

    @asynccontextmanager
    async def visitor(self, token: str = "") -> AsyncIterator["Visitor"]:
        """A browser of its own, signed in if it has a token."""
        async with httpx.AsyncClient(
            base_url=self.url, follow_redirects=True, timeout=30
        ) as client:
            visitor = Visitor(client)
            if token:
                await visitor.sign_in(token)
            yield visitor


@dataclass(frozen=True)
class Visitor:
    """A browser with its cookie, as far as a form needs one."""

    client: httpx.AsyncClient

    async def get(self, path: str) -> httpx.Response:
        return await self.client.get(path)

    async def sign_in(self, token: str) -> httpx.Response:
        return await self.send("/sign-in", "/sign-in", token=token)

    async def send(self, page: str, action: str, **fields: str) -> httpx.Response:
        """Send a page's form with these fields beside its own hidden ones."""
        form = hidden((await self.get(page)).text, action)
        return await self.client.post(action, data=form | fields)


def hidden(html: str, action: str) -> dict[str, str]:
    """The hidden fields of the form that leads to this path."""
    [form] = re.findall(rf'<form[^>]* action="{action}".*?</form>', html, re.DOTALL)
    return dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)">', form))


@asynccontextmanager
async def page_desk(database: str, folder: Path, callers: str = "") -> AsyncIterator[PageDesk]:
    """A page for these callers; without any it is open."""
    files = folder / "artifacts"
    file = written(folder, callers) if callers else None
    async with AsyncConnectionPool(database, min_size=1, max_size=3, open=False, timeout=2) as pool:
        events, audit, notices = Events(pool), Audit(pool), Notices(database)
        service = OperationsService(
            _BY_TYPE,
            pool,
            runs=Runs(events),
            events=events,
            notices=notices,
            artifacts=Artifacts(files, most_attempts=9, most_bytes=1_000_000),
            start_within=7200,
        )
        gauges = Gauges(
            lambda: {"database": True, "erp": False},
            lambda: POOL,
            lambda: {"NEEDS_REVIEW": 4},
        )
        sources = Sources(Callers(file) if file else None, audit, service, pool, events, gauges)
        async with (
            notices.connected(),
            audit.at_work(),
            operator_page("127.0.0.1:0", sources) as address,
        ):
            yield PageDesk(f"http://{address}", pool, files, audit, file)


async def attempted(pool: Pool, operation_id: UUID, evidence: str = "[]") -> None:
    """Its first attempt, which has ended."""
    async with pool.connection() as conn:
        await conn.execute(
            """
            INSERT INTO agents.operation_attempts
                   (operation_id, generation, instance, started_at, ended_at, outcome, evidence)
            VALUES (%s, 1, 'host-1', now(), now(), 'NEEDS_REVIEW', %s)
            """,
            [operation_id, evidence],
        )
