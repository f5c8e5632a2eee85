"""What Prometheus is told of the browser pool."""

import httpx
import pytest

from server.browser_pool import BrowserPool
from server.metrics import exposed
from server.shelf import Cause
from tests.pool.desk import intent, session
from tests.pool.scraping import scraped


async def test_the_pool_is_counted(pool: BrowserPool) -> None:
    """At the moment at which somebody asks; nothing else of the process is told."""
    async with exposed("127.0.0.1:0", pool.state) as address:
        async with session(pool, intent("A")):
            told = await scraped(address)
            assert (told["archibald_pool_in_use"], told["archibald_pool_idle"]) == (1, 0)
        with pytest.raises(ValueError, match="wrong"):
            async with session(pool, intent("B")):
                raise ValueError("wrong")
        told = await scraped(address)
        assert (told["archibald_pool_in_use"], told["archibald_pool_idle"]) == (0, 1)
        assert (told["archibald_pool_size"], told["archibald_pool_waiting"]) == (2, 0)
        assert told["archibald_pool_logins_total"] == told["archibald_pool_lent_total"] == 2
        assert told["archibald_pool_login_seconds_total"] > 0
        assert {cause: told[cause] for cause in Cause if told[cause]} == {Cause.FAILED: 1}
        assert all(name.startswith("archibald_") or name in set(Cause) for name in told)
    with pytest.raises(httpx.ConnectError):
        await scraped(address)


async def test_nothing_listens_unless_it_is_asked_for(pool: BrowserPool) -> None:
    """Off by default."""
    async with exposed(None, pool.state) as address:
        assert address == ""
