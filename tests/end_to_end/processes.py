"""Servers in processes of their own, to be killed."""

import asyncio
import json
import os
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from server.config import Config


@asynccontextmanager
async def server_process(
    config: Config, *, path: str = "", folder: Path | None = None
) -> AsyncIterator[tuple[asyncio.subprocess.Process, str]]:
    """A server in a process of its own, to be killed; ``path`` and ``folder`` are for another checkout."""
    settings = {
        "ARCHIBALD_ERP_URL": config.erp_url,
        "ARCHIBALD_DATABASE_URL": config.database_url or "",
        "ARCHIBALD_LISTEN": config.listen,
        "ARCHIBALD_DATA_DIR": str(config.data_dir),
        "ARCHIBALD_ALLOW_UNCONFIRMED": "true",
    }
    if path:
        settings["PYTHONPATH"] = path
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "server",
        cwd=folder,
        env=os.environ | settings,
        stderr=asyncio.subprocess.PIPE,
    )
    try:
        yield process, await served_address(process)
    finally:
        if process.returncode is None:
            process.kill()
        await process.wait()


async def served_address(process: asyncio.subprocess.Process) -> str:
    """The address that the server's log names."""
    assert process.stderr is not None
    lines = []
    while line := (await process.stderr.readline()).decode():
        lines.append(line)
        event = json.loads(line)
        if event["event"] == "serving":
            return str(event["address"])
    raise AssertionError("".join(lines))
