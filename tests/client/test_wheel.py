"""The wheel holds the contract and the client, and works where nothing else is installed.

Without the network: the dependencies that the wheel's own metadata names are copied from this
environment into an empty one. What it forgot to name is not there.
"""

import asyncio
import json
import re
import shutil
import subprocess
import sys
import venv
import zipfile
from importlib.metadata import PackagePath, distribution
from pathlib import Path

import pytest

from archibald.v1 import bot_pb2
from tests.client.scripted_bot import RESULT, ScriptedBot, accepted, failure, progress, result

ROOT = Path(__file__).parents[2]

CALL = """
import asyncio, importlib.util, json, sys
from archibald.v1 import bot_pb2, operations_pb2, operations_pb2_grpc
from archibald_client import Client, DrainingError

async def main():
    steps = []
    request = bot_pb2.SubmitOrderRequest(user_id="A001", pending_order_id="po-1")
    async with Client(sys.argv[1]) as client:
        result = await client.submit_order(request, on_progress=lambda at: steps.append(at.percent))
    absent = ("server", "psycopg", "playwright", "structlog", "typer", "rich", "cryptography", "tests")
    found = [name for name in absent if importlib.util.find_spec(name)]
    print(json.dumps([result.order_id, steps, found]))

asyncio.run(main())
"""


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, built from the checkout."""
    folder = tmp_path_factory.mktemp("wheel")
    command = ["pip", "wheel", "--quiet", "--no-deps", "--no-build-isolation", "--no-index"]
    subprocess.run(
        [sys.executable, "-m", *command, "--wheel-dir", str(folder), str(ROOT)],
        check=True,
        cwd=folder,
    )
    [built] = folder.glob("*.whl")
    return built


def test_it_holds_contract_and_client_only(wheel: Path) -> None:
    """Nothing of the server, of the tests or of the operator's pages; types and licence are there."""
    names = zipfile.ZipFile(wheel).namelist()
    info = {name.split("/")[0] for name in names if ".dist-info/" in name}
    assert {name.split("/")[0] for name in names} == {"archibald", "archibald_client", *info}
    assert "archibald_client/py.typed" in names
    assert "archibald/v1/bot.proto" in names
    assert any(name.endswith("LICENSE") for name in names)
    assert not [name for name in names if "__pycache__" in name]


async def test_it_works_in_an_empty_environment(
    wheel: Path, bot: ScriptedBot, tmp_path: Path
) -> None:
    """Installed beside its own dependencies it calls, tries again, and hears the result."""
    python = installed(wheel, tmp_path / "venv")
    bot.script(failure("UNAVAILABLE", "DRAINING", retry_after=0.1))
    bot.script(accepted(), progress(1, 10), result())
    ended = await run(python, "-c", CALL, bot.address)
    assert json.loads(ended) == [RESULT.order_id, [10], []]
    assert bot.requests == [bot_pb2.SubmitOrderRequest(user_id="A001", pending_order_id="po-1")] * 2


async def run(python: Path, *arguments: str) -> str:
    """Standard output of a script in the empty environment, which sees nothing of this one."""
    process = await asyncio.create_subprocess_exec(
        python, "-I", *arguments, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE
    )
    out, err = await process.communicate()
    assert process.returncode == 0, err.decode()
    return out.decode()


def installed(wheel: Path, folder: Path) -> Path:
    """The Python of a new environment that holds the wheel and what its metadata asks for."""
    venv.create(folder, symlinks=True)
    python = folder / "bin" / "python"
    pip = [sys.executable, "-m", "pip", "--python", str(python), "--quiet", "install"]
    subprocess.run([*pip, "--no-deps", "--no-index", str(wheel)], check=True, cwd=folder)
    [packages] = (folder / "lib").glob("python*/site-packages")
    [metadata] = packages.glob("archibald_bot-*.dist-info/METADATA")
    asked = re.findall(r"^Requires-Dist: (.*)$", metadata.read_text(), re.MULTILINE)
    copied: set[str] = set()
    while asked:
        name = re.split(r"[^\w.-]", needed := asked.pop())[0].lower()
        if "extra ==" not in needed and name not in copied:
            copied.add(name)
            asked += distribution(name).requires or []
            for file in distribution(name).files or ():
                copy(file, packages)
    return python


def copy(file: PackagePath, packages: Path) -> None:
    """One file of a distribution, unless it is a script or a compiled copy."""
    if ".." in file.parts or "__pycache__" in file.parts:
        return
    target = packages / file
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.copy(file.locate(), target)
