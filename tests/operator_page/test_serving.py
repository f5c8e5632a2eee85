"""The page's port within the server's process: it leaves signals alone, and says when it cannot be had."""

import asyncio
import os
import signal
from pathlib import Path

import pytest

from server.config import ConfigError
from server.operator_page.serving import served
from tests.operator_page.page_desk import page_desk


async def test_a_signal_is_the_servers_alone(database: str, tmp_path: Path) -> None:
    """SIGTERM reaches who waits for it, and the page answers on while the server drains."""
    heard = asyncio.Event()
    loop = asyncio.get_running_loop()
    loop.add_signal_handler(signal.SIGTERM, heard.set)
    try:
        async with page_desk(database, tmp_path) as desk, desk.visitor() as visitor:
            os.kill(os.getpid(), signal.SIGTERM)
            await asyncio.wait_for(heard.wait(), 10)
            assert (await visitor.get("/")).status_code == 200
    finally:
        loop.remove_signal_handler(signal.SIGTERM)


async def test_an_address_in_use_is_named(database: str, tmp_path: Path) -> None:
    async with page_desk(database, tmp_path) as desk:
        address = desk.url.removeprefix("http://")
        with pytest.raises(ConfigError, match=f"ARCHIBALD_OPERATOR_PAGE: {address} .*in use"):
            async with served(address, lambda *_: pytest.fail("it has no application")):
                pass
