"""The package's own README: its commands and scripts, run as they stand on a real server.

Only addresses are replaced: a test must not need the README's port to be free.
"""

import asyncio
import os
import re
import sys
from pathlib import Path

from server.config import Config
from tests.end_to_end.parts import started
from tests.erp_simulator.running import Simulator

ROOT = Path(__file__).parents[2]
README = (ROOT / "client" / "node" / "README.md").read_text()


def blocks(language: str) -> list[str]:
    """The code blocks of a language, in the README's order."""
    return re.findall(rf"^```{language}\n(.*?)^```", README, re.MULTILINE | re.DOTALL)


async def run(folder: Path, *command: str, script: str = "") -> str:
    """Run a command; its standard output."""
    process = await asyncio.create_subprocess_exec(
        *command,
        cwd=folder,
        env=os.environ | {"npm_config_prefer_offline": "true", "npm_config_audit": "false"},
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    out, err = await process.communicate(script.encode())
    assert process.returncode == 0, err.decode()
    return out.decode()


async def test_the_commands_and_the_scripts(
    config: Config, database: str, sim: Simulator, tmp_path: Path
) -> None:
    """Installed beside a checkout; Node and Python place one order at once and get the same answer."""
    project = tmp_path / "project"
    project.mkdir()
    (tmp_path / "archibald-bot").symlink_to(ROOT)
    [install] = blocks("sh")
    for line in install.splitlines():
        await run(project, "bash", "-c", line)
    (twin,), (call, errors, desk) = blocks("python"), blocks("js")
    async with started(config, database) as server:

        async def script(text: str, *command: str) -> list[str]:
            here = text.replace("127.0.0.1:50051", server.address)
            return (await run(project, *command, "-", script=here)).splitlines()

        node = ("node", "--input-type=module")
        heard, [other] = await asyncio.gather(script(call, *node), script(twin, sys.executable))
        [created] = await sim.effects("order_created")
        assert heard[0].endswith(" is new")
        assert heard[1].partition(" % ")[0].isdecimal()
        assert heard[-1] == other
        assert other.split()[0] == created["id"]
        replayed = await script(call, *node)
        assert replayed[0].endswith(" done before")
        assert replayed[1:] == [other]

        [refused] = await script(errors, *node)
        assert refused.startswith("order_id: must be ")

        watched = await script(desk, *node)
        assert watched[-1] == f"OPERATION_STATE_SUCCEEDED {created['id']}"
        assert len(watched) > 2
    assert len(await sim.effects("order_created")) == 1
    assert len(await sim.effects("line_added")) == 1
