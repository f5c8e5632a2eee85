"""A pool of two slots on a real Chromium."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from server.browser_pool import BrowserPool
from tests.pool.desk import Pages, opened


@pytest.fixture
def pages() -> Pages:
    """What opens the sessions."""
    return Pages()


@pytest.fixture
async def pool(tmp_path: Path, pages: Pages) -> AsyncIterator[BrowserPool]:
    """Two slots, waited for half a second."""
    async with opened(tmp_path, pages) as pool:
        yield pool
