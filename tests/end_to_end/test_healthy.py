"""The container's health check, as Docker runs it."""

import asyncio
import os
import sys

from tests.demo import free_port
from tests.end_to_end.parts import Bot


async def healthy(address: str) -> tuple[int, str]:
    """Exit code and standard error."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "server.healthy",
        env=os.environ | {"ARCHIBALD_LISTEN": address}, stderr=asyncio.subprocess.PIPE,
    )  # fmt: skip
    _, error = await process.communicate()
    return process.returncode or 0, error.decode()


async def test_a_server_that_is_ready_is_healthy(bot: Bot) -> None:
    """It is asked where the settings say that it serves."""
    assert await healthy(bot.address) == (0, "")


async def test_nothing_there_is_not_healthy() -> None:
    """And it says why."""
    address = f"127.0.0.1:{free_port()}"
    code, error = await healthy(address)
    assert code == 1
    assert address in error
