"""The gauge tells what waits for a person, when it changes."""

import asyncio

from psycopg_pool import AsyncConnectionPool
from structlog.testing import capture_logs

from server.under_review import UnderReview
from tests.journal_rows import accepted, change


async def test_the_gauge_is_told_when_it_changes(database: str) -> None:
    """Nothing at first, then one submit-order; the same number again is no news."""
    async with AsyncConnectionPool(database, min_size=1, max_size=2, open=False) as pool:
        with capture_logs() as logs:
            async with UnderReview(pool, poll=0.01, every=60).shown():
                while not logs:  # noqa: ASYNC110 - the log tells nobody
                    await asyncio.sleep(0.01)
                operation_id = await accepted(pool)
                await change(pool, operation_id, state="NEEDS_REVIEW")
                while len(logs) < 2:  # noqa: ASYNC110 - the log tells nobody
                    await asyncio.sleep(0.01)
    told = [(one["total"], one["by_type"]) for one in logs if one["event"] == "under_review"]
    assert told == [(0, {}), (1, {"submit-order": 1})]
