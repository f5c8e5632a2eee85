"""Runs commands as their users do: processes of their own, with real pipes."""

import asyncio
import os
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

ENVIRONMENT = {
    name: value for name, value in os.environ.items() if not name.startswith(("ARCHIBALD", "LC_"))
}
# A shell without a terminal starts background jobs with Ctrl-C ignored, and so would the tests' commands be.
COMMAND = (
    "env",
    "--default-signal=INT",
    sys.executable,
    "-m",
    "archibald_client.cli",
    "submit-order",
)


@dataclass(frozen=True)
class Ended:
    """What a finished command has left."""

    code: int | None
    out: str
    err: str


async def begin(
    *arguments: str,
    environment: Mapping[str, str] | None = None,
    command: Sequence[str] = COMMAND,
    stderr: int = asyncio.subprocess.PIPE,
) -> asyncio.subprocess.Process:
    return await asyncio.create_subprocess_exec(
        *command,
        *arguments,
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=stderr,
        env={**ENVIRONMENT, **(environment or {})},
    )


async def end(process: asyncio.subprocess.Process, stdin: str = "") -> Ended:
    try:
        out, err = await asyncio.wait_for(process.communicate(stdin.encode()), 30)
    finally:
        if process.returncode is None:
            process.kill()
    return Ended(process.returncode, out.decode(), (err or b"").decode())


async def run(
    *arguments: str, stdin: str = "", environment: Mapping[str, str] | None = None
) -> Ended:
    return await end(await begin(*arguments, environment=environment), stdin)
