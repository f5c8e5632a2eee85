"""A server with an operator's page, the simulated ERP behind it, and a Chromium before it."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.end_to_end.conftest import config, erp, sim
from tests.operator_page.page_desk import CALLERS, PageDesk, page_desk
from tests.simulator.conftest import browser

__all__ = ["browser", "config", "erp", "sim"]


@pytest.fixture
async def open_desk(database: str, tmp_path: Path) -> AsyncIterator[PageDesk]:
    """A page without callers."""
    async with page_desk(database, tmp_path) as desk:
        yield desk


@pytest.fixture
async def desk(database: str, tmp_path: Path) -> AsyncIterator[PageDesk]:
    """A page for two callers: `shop` for the first agent, `office` for all."""
    async with page_desk(database, tmp_path, CALLERS) as desk:
        yield desk
