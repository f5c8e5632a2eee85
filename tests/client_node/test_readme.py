"""The package's own README: its commands and scripts, run as they stand on a real server.

Only addresses are replaced: a test must not need the README's port to be free.
"""

import asyncio
import os
import re
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
    """Installed beside a checkout, each script does in the ERP and says what the README promises."""
    project = tmp_path / "project"
    project.mkdir()
    (tmp_path / "archibald-bot").symlink_to(ROOT)
    [install] = blocks("sh")
    for line in install.splitlines():
        await run(project, "bash", "-c", line)
    call, errors, desk = blocks("js")
    async with started(config, database) as server:

        async def script(text: str) -> list[str]:
            here = text.replace("127.0.0.1:50051", server.address)
            return (
                await run(project, "node", "--input-type=module", "-", script=here)
            ).splitlines()

        ordered = await script(call)
        [created] = await sim.effects("order_created")
        assert ordered[0].endswith(" is new")
        assert ordered[1].partition(" % ")[0].isdecimal()
        assert ordered[-1] == created["id"]
        replayed = await script(call)
        assert replayed[0].endswith(" done before")
        assert replayed[1:] == [created["id"]]

        [refused] = await script(errors)
        assert refused.startswith("order_id: must be ")

        watched = await script(desk)
        assert watched[-1] == f"OPERATION_STATE_SUCCEEDED {created['id']}"
        assert len(watched) > 2
    assert len(await sim.effects("order_created")) == 1
