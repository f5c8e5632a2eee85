"""Nothing of a server outlives it: its embedded Postgres, the browser's driver, and the browser."""

import asyncio
import signal
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from server.config import Config
from tests.databases import temporary_folder
from tests.end_to_end.processes import server_process
from tests.erp_simulator.running import Simulator
from tests.pairwise import sampled


def running_from(folder: Path) -> list[str]:
    """The command lines of living processes that name the folder, as all of the server's helpers do."""
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdecimal():
            try:
                command = (entry / "cmdline").read_bytes().replace(b"\0", b" ").decode()
                environment = (entry / "environ").read_bytes()
            except (FileNotFoundError, ProcessLookupError, PermissionError):
                continue
            if str(folder) in command or f"TMPDIR={folder}".encode() in environment:
                found.append(command)
    return found


async def until(condition: Callable[[], bool]) -> None:
    """Wait for a condition that nobody announces; the test's own time-out ends it."""
    while not condition():  # noqa: ASYNC110 - nobody sets an event for a process's end
        await asyncio.sleep(0.02)


@pytest.mark.parametrize(
    "number", sampled([signal.SIGKILL, signal.SIGTERM], lambda number: number == signal.SIGKILL)
)
async def test_nothing_outlives_the_server(
    config: Config, sim: Simulator, number: signal.Signals
) -> None:
    """Killed or stopped, the server takes Postgres, driver and Chromium with it."""
    with temporary_folder() as folder:
        own = replace(config, database_url=None, data_dir=folder)
        async with server_process(own) as (process, _):
            before = running_from(folder)
            assert any("postgres" in command for command in before)
            assert any("chromium" in command for command in before)
            assert any("node" in command for command in before)
            process.send_signal(number)
            await process.wait()
            await until(lambda: not running_from(folder))
    assert sim.base_url
