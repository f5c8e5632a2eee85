"""Servers in processes of their own, to be killed."""

import asyncio
import json
import os
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import fields
from pathlib import Path

from server.config import PREFIX, Config


def environment(config: Config) -> dict[str, str]:
    """The variables that say the settings to a server in another process."""
    settings = {}
    for item in fields(config):
        value = getattr(config, item.name)
        text = ",".join(map(str, value)) if isinstance(value, tuple) else str(value)
        settings[f"{PREFIX}{item.name.upper()}"] = "" if value is None else text
    return settings


@asynccontextmanager
async def server_process(
    config: Config, *, path: str = "", folder: Path | None = None
) -> AsyncIterator[tuple[asyncio.subprocess.Process, str]]:
    """A server in a process of its own, to be killed; ``path`` and ``folder`` are for another checkout."""
    settings = environment(config)
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
