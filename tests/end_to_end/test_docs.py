"""Every command and every piece of code in the pages of docs/ for users, as it stands there.

Commands and scripts are run beside the README's server; settings are read as the server reads them; and
pieces of code are pieces of what another test runs.
"""

import asyncio
import json
import shutil
import subprocess
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from server.config import Config
from tests import databases
from tests.end_to_end.doc_pages import READ, ROOT, RUN, Page
from tests.end_to_end.held import under_review
from tests.end_to_end.newcomer import SECOND, Newcomer, newcomer
from tests.end_to_end.parts import order

pytestmark = pytest.mark.timeout(300)

NAMES = ("concepts", "calling", "running", "under-review", "extending")
CONCEPTS, CALLING, RUNNING, UNDER_REVIEW, EXTENDING = (Page(f"docs/{name}.md") for name in NAMES)

SECOND_SERVER = RUNNING.block("sh", "make serve")
LOGIN = RUNNING.block("sh", "credentials put")


@pytest.fixture(scope="module")
async def reader(
    postgres: str, database_template: str, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Newcomer]:
    async with (
        databases.new_database(postgres, database_template) as database,
        newcomer(database, tmp_path_factory.mktemp("docs")) as one,
    ):
        await one.session(LOGIN)
        yield one


def test_every_block_has_its_test() -> None:
    """A page has only languages that a test below treats; blocks that are not run are few."""
    for page in (CONCEPTS, CALLING, RUNNING, UNDER_REVIEW, EXTENDING):
        assert {block.language for block in page.blocks} <= RUN | READ
        assert not [block for block in page.blocks if block.language == "text"]
    assert CONCEPTS.blocks == []
    assert [len(page.scripts()) for page in (CALLING, RUNNING, UNDER_REVIEW, EXTENDING)] == [
        2,
        0,
        0,
        0,
    ]


async def test_calling(reader: Newcomer) -> None:
    """The scripts and the sessions of calling.md, from top to bottom."""
    started, refused = [await reader.script(block) for block in CALLING.scripts()]
    created = {effect["id"] for effect in await reader.sim.effects("order_created")}
    assert started[0].startswith("recorded as ")
    assert started[-1].removeprefix("order ") in created
    assert {"customer_name", "items"} <= {line.split()[0] for line in refused}

    command_line, completion, grpcurl = [
        await reader.session(block) for block in CALLING.sessions()
    ]
    submitted, listed, shown, watched = command_line.values()
    order_id = json.loads(submitted)["order_id"]
    assert "Riuscita · succeeded" in listed
    assert f'"order_id": "{order_id}"' in shown
    *steps, end = map(json.loads, watched.splitlines())
    assert all("progress" in step for step in steps)
    assert end["operation"]["erp_id"] == order_id
    assert list(completion.values()) == [""]
    recorded, followed = grpcurl.values()
    assert "accepted" in json.loads(recorded)
    assert "OPERATION_STATE_SUCCEEDED" in followed
    assert len(await reader.sim.effects("order_sent")) == 1


async def test_running(reader: Newcomer) -> None:
    """Health and metrics of the first server, a second one beside it, and a caller of both."""
    health, callers = RUNNING.sessions(LOGIN, SECOND_SERVER)
    whole, erp, metrics = (await reader.session(health)).values()
    assert [json.loads(answer)["status"] for answer in (whole, erp)] == ["SERVING"] * 2
    assert "archibald_pool_waiting 0.0" in metrics
    assert "archibald_pool_crashes_total" in metrics
    async with reader.terminal(SECOND_SERVER.text, SECOND):
        [listed] = (await reader.session(callers)).values()
    assert "Stato · state" in listed or "no operations" in listed


def test_the_settings_are_settings() -> None:
    """The environment file is one that the server takes, and each value is no default in disguise."""
    [settings] = [block for block in RUNNING.blocks if block.language == "ini"]
    config = Config.from_env(dict(line.split("=", 1) for line in settings.lines))
    assert config.erp_url == "https://erp.example/Archibald"
    assert config.secret_key_file == Path("/etc/archibald-bot/secret.key")
    assert config.trace_pictures == "never"


@pytest.mark.matrix
async def test_under_review(reader: Newcomer) -> None:
    """The operator's morning: four orders are held, each is settled by the page's commands."""
    keys = [f"order-{number}" for number in (4711, 4712, 4713, 4714)]
    # What is not there may run again only if nothing else of its customer came meanwhile.
    other = {
        "customer_id": "55.203",
        "customer_account": "1002002",
        "customer_name": "Centro Alfa",
    }
    for key in keys:
        held = order(user_id="A002", pending_order_id=key, **(other if key == keys[0] else {}))
        await under_review(reader.database, reader.sim, held, "ikiA0002")
    morning, looks, decisions, afterwards = [block.lines for block in UNDER_REVIEW.sessions()]
    listed = await reader.line(morning[0])
    assert all(key in listed for key in keys)
    shown, files = [await reader.line(line) for line in looks]
    assert "Da controllare · under review" in shown
    assert "HELD" in shown
    assert "no files" in files
    for line, key in zip(decisions, keys, strict=True):
        assert f"--key {key} " in line
        # The agent's turn is free: the page says what to do when it is not.
        await until_at_rest(reader)
        answer = await reader.line(line)
        assert key in answer
    assert "abandoned" in answer
    await reader.line(afterwards[0])
    await until_at_rest(reader)
    assert "order-4714" in await reader.line(
        ".venv/bin/archibald-bot operations list --state abandoned"
    )
    done = await reader.line(
        ".venv/bin/archibald-bot operations list --json --state succeeded --user A002"
    )
    assert "order-4713" in done


async def until_at_rest(reader: Newcomer) -> None:
    """Wait until nothing of the agent is being read back or entered."""
    moving = " ".join(
        f"--state {name}" for name in ("queued", "running", "writing", "verifying", "confirmed")
    )
    line = f".venv/bin/archibald-bot operations list --json --user A002 {moving}"
    async with asyncio.timeout(120):
        while await reader.line(line):  # noqa: ASYNC110 - the command line asks, it is not told
            await asyncio.sleep(0.2)


def test_extending_shows_what_is_run() -> None:
    """Each piece of code is a piece of what tests/end_to_end/test_fifth_operation.py adds and runs."""
    fixture = ROOT / "tests" / "fixtures" / "fifth_operation"
    test = Path(__file__).with_name("test_fifth_operation.py")
    ran = "".join(file.read_text() for file in (*sorted(fixture.iterdir()), test))
    pieces = [block for block in EXTENDING.blocks if block.language in {"py", "proto"}]
    assert len(pieces) == 6
    for piece in pieces:
        assert piece.text.strip("\n") in ran


@pytest.mark.matrix
def test_extending_runs(tmp_path: Path) -> None:
    """Its commands, in a copy of the project: stubs are generated, tests run."""
    copy = tmp_path / "copy"
    shutil.copytree(
        ROOT,
        copy,
        ignore=shutil.ignore_patterns(
            ".git", ".venv", "node_modules", ".data", "__pycache__", ".*_cache"
        ),
    )
    # A set-up that is done: the environment of these tests, under the copy's own fingerprint.
    (copy / "node_modules").symlink_to(ROOT / "node_modules")
    (copy / ".venv").mkdir()
    for entry in (ROOT / ".venv").iterdir():
        if entry.name != "setup-stamp":
            (copy / ".venv" / entry.name).symlink_to(entry)
    # By the script's own function: a set-up that runs would make this environment the copy's.
    fingerprint = "$(sed -n '/^fingerprint()/,/^}/p' scripts/setup.sh)"
    bash(f'eval "{fingerprint}"; fingerprint >.venv/setup-stamp', copy)
    protos, test = EXTENDING.sessions()
    before = (copy / "protos/archibald/v1/bot_pb2.py").read_bytes()
    (copy / "protos/archibald/v1/bot_pb2.py").unlink()
    bash(protos.text, copy)
    assert (copy / "protos/archibald/v1/bot_pb2.py").read_bytes() == before
    assert " passed" in bash(test.text, copy)


def bash(command: str, folder: Path) -> str:
    """What a command prints that goes well."""
    ended = subprocess.run(
        ["bash", "-c", command], cwd=folder, capture_output=True, text=True, check=False
    )
    assert ended.returncode == 0, ended.stdout + ended.stderr
    return ended.stdout
