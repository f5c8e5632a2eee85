"""What the health service is told of the server's parts, and when."""

import asyncio
from typing import Any

from grpc_health.v1 import health_pb2
from psycopg_pool import AsyncConnectionPool

from server.readiness import Readiness, database_answers, holds
from tests.conditions import until

SERVING = health_pb2.HealthCheckResponse.SERVING
NOT_SERVING = health_pb2.HealthCheckResponse.NOT_SERVING


class Told:
    """The health service, as far as it is spoken to."""

    def __init__(self) -> None:
        self.news: list[tuple[str, Any]] = []
        self.now: dict[str, Any] = {}

    async def set(self, service: str, status: Any) -> None:
        self.news.append((service, status))
        self.now[service] = status


async def test_each_change_is_told_once_and_the_whole_goes_with_its_essential_part() -> None:
    """The ERP may be away without anything else being so."""
    up = {"database": True, "erp": False}
    readiness = Readiness(
        {name: holds(lambda name=name: up[name]) for name in up},  # type: ignore[misc]  # a default
        essential="database",
        poll=0.01,
    )
    told = Told()
    async with readiness.shown(told, ("", "bot")):
        assert told.now == {"database": SERVING, "": SERVING, "bot": SERVING, "erp": NOT_SERVING}
        told.news.clear()
        up["erp"] = True
        await until(lambda: told.now["erp"] == SERVING, "the ERP to be told of")
        assert told.news == [("erp", SERVING)]
        up["database"] = False
        await until(lambda: told.now["bot"] == NOT_SERVING, "the database to be told of")
        assert told.now[""] == told.now["database"] == NOT_SERVING
        told.news.clear()
        await asyncio.sleep(0.1)  # many looks
        assert not told.news


async def test_a_database_that_is_away_is_not_ready(database: str) -> None:
    """It is asked, not assumed."""
    async with AsyncConnectionPool(database, min_size=1, open=False) as pool:
        assert await database_answers(pool)()
    nowhere = AsyncConnectionPool[Any](
        "host=127.0.0.1 port=1 connect_timeout=1", min_size=0, max_size=1, timeout=0.2, open=False
    )
    async with nowhere:
        assert not await database_answers(nowhere)()
