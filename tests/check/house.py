"""A set-up that the check looks at, to be broken; and the check's command."""

import asyncio
import json
import os
import sys
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psycopg
from psycopg.conninfo import make_conninfo

SECRET = "canary-4711"  # the passwords and keys that tests break things with
ROOT = Path(__file__).parents[2]


@dataclass
class House:
    """What the check will find. ``wrap`` stands before its command."""

    database: str
    cluster: Path
    key_file: Path
    environ: dict[str, str]
    wrap: list[str] = field(default_factory=list)

    @property
    def data(self) -> Path:
        """The data folder that the settings name."""
        return Path(self.environ["ARCHIBALD_DATA_DIR"])

    async def sql(self, *statements: str) -> None:
        """Run statements in its database, each alone."""
        async with await psycopg.AsyncConnection.connect(self.database, autocommit=True) as conn:
            for statement in statements:
                await conn.execute(statement.encode())

    def connect_as(self, **changes: str) -> None:
        """Let the server use the database with other words in its URL."""
        self.environ["ARCHIBALD_DATABASE_URL"] = make_conninfo(self.database, **changes)

    async def checked(self, *arguments: str) -> tuple[int, str, str]:
        """Exit code, standard output and standard error of the command."""
        clean = {
            name: text for name, text in os.environ.items() if not name.startswith("ARCHIBALD_")
        }
        process = await asyncio.create_subprocess_exec(
            *self.wrap, sys.executable, "-m", "server", "--check", *arguments,
            cwd=ROOT, env=clean | self.environ,
            stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE,
        )  # fmt: skip
        out, err = await process.communicate()
        return process.returncode or 0, out.decode(), err.decode()

    async def faults(self) -> list[dict[str, Any]]:
        """What the command finds fault with; its exit code says so as well, and it shows no secret."""
        code, out, err = await self.checked("--json")
        told = json.loads(out)
        faults = [one for one in told["findings"] if one["verdict"] == "fault"]
        assert (code, told["ok"]) == ((1, False) if faults else (0, True)), out + err
        assert SECRET not in out + err
        assert all(one["remedy"] for one in faults)
        return faults


def parts(findings: Sequence[dict[str, Any]]) -> list[str]:
    """The parts that findings are about."""
    return [one["part"] for one in findings]
