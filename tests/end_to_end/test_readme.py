"""The README's commands and scripts, run as they stand by somebody who follows it from top to bottom."""

import asyncio
import json
import os
import re
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests import databases
from tests.end_to_end.doc_pages import READ, ROOT, RUN
from tests.end_to_end.newcomer import README, SERVER, SIMULATOR, Newcomer, ended, newcomer

pytestmark = pytest.mark.timeout(300)

DEMO = README.block("sh", "make demo")
TEST = README.block("sh", "make test")
COMMANDS = README.block("sh", "submit-order --file")
GRPCURL = README.block("sh", "describe")


@pytest.fixture(scope="module")
async def reader(
    postgres: str, database_template: str, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Newcomer]:
    folder = tmp_path_factory.mktemp("newcomer")
    async with (
        databases.new_database(postgres, database_template) as database,
        newcomer(database, folder) as one,
    ):
        yield one


def test_every_block_has_its_test() -> None:
    """What is to be run is run below; what is only read is marked as such, and it is one drawing."""
    assert {block.language for block in README.blocks} <= RUN | READ
    assert len([block for block in README.blocks if block.language in READ]) == 1
    assert README.sessions(DEMO, TEST, SIMULATOR, SERVER, COMMANDS, GRPCURL) == []
    assert [block.language for block in README.scripts()] == ["python", "js"]


async def test_two_languages_place_one_order(reader: Newcomer) -> None:
    """The Python and the Node script at the same time, 12.5 and 12.50: one order, two equal answers."""
    before = len(await reader.sim.effects("order_created"))
    first, second = await asyncio.gather(*map(reader.script, README.scripts()))
    created = (await reader.sim.effects("order_created"))[before:]
    assert len(created) == 1
    assert first[-1] == second[-1]
    assert first[-1].split()[0] == created[0]["id"]
    again = await asyncio.gather(*map(reader.script, README.scripts()))
    assert [lines[-1] for lines in again] == [first[-1]] * 2


@pytest.mark.matrix
async def test_the_command_line(reader: Newcomer) -> None:
    """Each line does its operation once in the ERP; standard output is its JSON, and a table at last."""
    *writes, listed = (await reader.session(COMMANDS)).values()
    entered, sent, deleted, created = map(json.loads, writes)
    effects = [(effect["kind"], effect["id"]) for effect in await reader.sim.effects()]
    assert (sent["order_id"], deleted["order_id"]) == ("71723", "7172")
    for effect in (
        ("order_created", entered["order_id"]),
        ("order_sent", "71723"),
        ("order_deleted", "7172"),
        ("customer_created", created["customer_id"]),
    ):
        assert effects.count(effect) == 1
    for name in ("submit-order", "send-to-verona", "delete-order", "create-customer"):
        assert name in listed


async def test_the_grpcurl_session(reader: Newcomer) -> None:
    """Line by line: reflection lists the services, SubmitOrder runs, the server is healthy, nothing waits."""
    listed, described, submitted, healthy, waiting = (await reader.session(GRPCURL)).values()
    assert "archibald.v1.BotService" in listed.split()
    assert "grpc.health.v1.Health" in listed.split()
    assert "rpc SubmitOrder" in described
    created = {effect["id"] for effect in await reader.sim.effects("order_created")}
    results = [line for line in submitted.splitlines() if re.search('"order_?[iI]d"', line)]
    assert {line.split('"')[3] for line in results} <= created
    assert results
    assert json.loads(healthy) == {"status": "SERVING"}
    assert json.loads(waiting) == {}


async def test_the_demo() -> None:
    """It ends well, which it does only if the ERP holds one order and both answers are the same."""
    with databases.temporary_folder() as folder:
        out = await made(DEMO.text, {"ARCHIBALD_DATA_DIR": str(folder)})
    assert '"order_id"' in out


async def test_the_tests() -> None:
    """`make test` runs tests; here it is told by its own variable to run two files."""
    files = "tests/test_states.py tests/test_protos.py"
    assert " passed" in await made(TEST.text, {"TESTS": files, "WORKERS": "0"})


async def made(text: str, environment: dict[str, str]) -> str:
    """What a command of the README prints in the checkout."""
    process = await asyncio.create_subprocess_exec(
        "bash",
        "-c",
        text,
        cwd=ROOT,
        env=os.environ | environment,
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    return await ended(process)


def test_the_commands_that_are_named_exist() -> None:
    """Every `make …` in a sentence of README and docs is a target."""
    targets = (ROOT / "Makefile").read_text()
    for page in (ROOT / "README.md", *sorted(Path(ROOT, "docs").glob("*.md"))):
        for name in set(page.read_text().split("`make ")[1:]):
            assert f"\n{name.split('`')[0].split()[0]}:" in targets
