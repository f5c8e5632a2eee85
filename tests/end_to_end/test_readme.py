"""The README's commands and scripts, run as they stand, against a real server and simulator.

Only addresses are replaced: a test must not need the README's fixed ports to be free.
"""

import asyncio
import json
import os
import re
import sys
from pathlib import Path

import pytest

from archibald_client import Client
from server.config import Config
from tests.end_to_end.parts import Bot, order
from tests.end_to_end.processes import server_process
from tests.erp_simulator.running import Simulator

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text()


def block(language: str, containing: str) -> str:
    """The one code block of a language that contains a text."""
    blocks = re.findall(rf"^```{language}\n(.*?)^```", README, re.MULTILINE | re.DOTALL)
    [found] = [each for each in blocks if containing in each]
    return str(found)


async def run(address: str, *command: str, script: str | None = None) -> str:
    """Run a command in the checkout with the README's address replaced; its standard output."""
    environment = os.environ | {
        "ARCHIBALD_SERVER": address,
        "NODE_PATH": str(ROOT / "node_modules"),
    }
    process = await asyncio.create_subprocess_exec(
        *command,
        cwd=ROOT,
        env=environment,
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    given = script.replace("127.0.0.1:50051", address).encode() if script else None
    out, err = await process.communicate(given)
    assert process.returncode == 0, err.decode()
    return out.decode()


async def shell(address: str, line: str) -> str:
    """Run one line of the README as a person types it; .venv/bin is the running environment's."""
    line = line.replace("127.0.0.1:50051", address)
    line = line.replace(".venv/bin/", f"{Path(sys.executable).parent}/")
    return await run(address, "bash", "-c", line)


async def test_the_grpcurl_session(bot: Bot, sim: Simulator) -> None:
    """Line by line: reflection lists the services, SubmitOrder runs, the server is healthy."""
    listed, described, submitted, healthy = [
        await shell(bot.address, line)
        for line in block("sh", "BotService/SubmitOrder").splitlines()
    ]
    assert "archibald.v1.BotService" in listed.split()
    assert "grpc.health.v1.Health" in listed.split()
    assert "rpc SubmitOrder" in described
    [created] = await sim.effects("order_created")
    assert (
        f'"order_id": "{created["id"]}"' in submitted
        or f'"orderId": "{created["id"]}"' in submitted
    )
    assert json.loads(healthy) == {"status": "SERVING"}


async def test_the_operators_morning_list(bot: Bot) -> None:
    """It is empty when nothing waits for a person."""
    assert json.loads(await shell(bot.address, block("sh", "ListOperations").strip())) == {}


async def test_the_command_line(bot: Bot, sim: Simulator) -> None:
    """The result is JSON on standard output, and nothing else is."""
    line = block("sh", "submit-order --file").strip()
    result = json.loads(await shell(bot.address, line))
    [created] = await sim.effects("order_created")
    assert result["order_id"] == created["id"]


async def test_the_other_commands(bot: Bot, sim: Simulator) -> None:
    """Each line does its operation once in the ERP."""
    sent, deleted, created = [
        json.loads(await shell(bot.address, line))
        for line in block("sh", "delete-order").splitlines()
    ]
    effects = [(effect["kind"], effect["id"]) for effect in await sim.effects()]
    assert effects[:2] == [("order_sent", sent["order_id"]), ("order_deleted", deleted["order_id"])]
    assert (sent["order_id"], deleted["order_id"]) == ("71723", "7172")
    assert effects.count(("customer_created", created["customer_id"])) == 1


async def test_the_python_script(bot: Bot, sim: Simulator) -> None:
    """It prints the steps, then the order's id."""
    script = block("python", "archibald_client")
    out = await run(bot.address, sys.executable, "-", script=script)
    [created] = await sim.effects("order_created")
    assert out.splitlines()[-1] == created["id"]


async def test_the_node_script(bot: Bot, sim: Simulator) -> None:
    """The same from Node, on the .proto as it is."""
    out = await run(bot.address, "node", "-", script=block("js", "grpc-js"))
    [created] = await sim.effects("order_created")
    assert out.splitlines()[-1] == created["id"]


async def test_a_login_is_stored_as_the_readme_says(
    config: Config, sim: Simulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    """`credentials put` with the password on standard input; the server then signs in with it."""
    monkeypatch.setenv("ARCHIBALD_ERP_URL", config.erp_url)
    monkeypatch.setenv("ARCHIBALD_DATABASE_URL", config.database_url or "")
    monkeypatch.setenv("ARCHIBALD_DATA_DIR", str(config.data_dir))
    monkeypatch.setenv("ARCHIBALD_SECRET_KEY", config.secret_key or "")
    [line] = [line for line in block("sh", "credentials put").splitlines() if "put" in line]
    await shell("", line.replace("A001", "A002").replace("ikiA0001", "ikiA0002"))
    async with server_process(config) as (_, address), Client(address) as client:
        await client.submit_order(order(user_id="A002"))
    assert [effect["user"] for effect in await sim.effects("order_created")] == ["ikiA0002"]
