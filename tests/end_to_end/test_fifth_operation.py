"""A fifth operation, added to a copy of the project by the recipe of docs/extending.md, works like the others."""

import asyncio
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from server.config import Config
from tests.end_to_end.parts import ERP_USER
from tests.end_to_end.processes import server_process
from tests.erp_simulator.running import Simulator

ROOT = Path(__file__).parents[2]
FIXTURE = ROOT / "tests" / "fixtures" / "fifth_operation"

# The copy's own client in a process of its own: this process has the contract without the fifth rpc.
CALL = """
import asyncio, sys
from archibald.v1 import bot_pb2
from archibald_client import Client

async def main() -> None:
    request = bot_pb2.SetReferenceRequest(user_id="A001", order_id=sys.argv[2], reference="RIF 7/26")
    async with Client(sys.argv[1], patience=0) as client:
        for _ in range(2):
            accepted = []
            result = await client.run(
                request, on_accepted=accepted.append, on_progress=lambda at: print(at.step)
            )
            print(accepted[0].replayed, result.order_id, result.reference, *result.warnings)

asyncio.run(main())
"""


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A copy of what runs, with the operation added as docs/extending.md says: contract, module, line."""
    copy = tmp_path / "project"
    for name in ("protos", "server", "client", "migrations"):
        shutil.copytree(ROOT / name, copy / name, ignore=shutil.ignore_patterns("__pycache__"))
    contract = copy / "protos/archibald/v1/bot.proto"
    service, rest = contract.read_text().split("\n}\n", 1)
    rpc, messages = (
        (FIXTURE / name).read_text() for name in ("rpc.proto.txt", "messages.proto.txt")
    )
    contract.write_text(f"{service}\n{rpc}}}\n{rest}{messages}")
    # The Makefile's `protos`, here.
    out = [f"--{kind}_out=protos" for kind in ("python", "pyi", "grpc_python")]
    subprocess.run(
        [
            sys.executable,
            "-m",
            "grpc_tools.protoc",
            "-I",
            "protos",
            *out,
            "protos/archibald/v1/bot.proto",
        ],
        cwd=copy,
        check=True,
    )
    operations = copy / "server" / "operations"
    shutil.copy(FIXTURE / "set_reference.py.txt", operations / "set_reference.py")
    register = operations / "__init__.py"
    register.write_text(
        register.read_text()
        + "\nfrom server.operations import set_reference  # noqa: E402\n"
        + 'OPERATIONS["SetReference"] = set_reference\n'
    )
    return copy


async def test_a_fifth_operation_writes_through_the_gate(
    config: Config, sim: Simulator, project: Path
) -> None:
    """One gated save, our row, a result; a second call is replayed; nothing else was touched."""
    [draft, *_] = [
        order
        for order in await sim.orders(ERP_USER)
        if order["transferstatus"] == "Edit" and order["lines"]
    ]
    path = os.pathsep.join(str(project / name) for name in ("", "protos", "client/python"))
    async with server_process(config, path=path, folder=project) as (_, address):
        caller = await asyncio.create_subprocess_exec(
            sys.executable,
            *("-c", CALL, address, draft["id"]),
            env=os.environ | {"PYTHONPATH": path},
            cwd=project,
            stdout=asyncio.subprocess.PIPE,
        )
        told = (await caller.communicate())[0].decode().splitlines()
    warning = f"there was no row of order {draft['id']}"
    assert told[-2:] == [
        f"False {draft['id']} RIF 7/26 {warning}",
        f"True {draft['id']} RIF 7/26 {warning}",
    ]
    assert "reference.save" in told
    effects = await sim.effects()
    assert {effect["id"] for effect in effects} == {draft["id"]}
    assert [e["kind"] for e in effects].count("order_saved") == 1
    assert (await sim.order(draft["id"]))["customerref"] == "RIF 7/26"
    for module in ("service", "recovery", "runs", "journal", "intake", "app"):
        copied = project / "server" / f"{module}.py"
        assert copied.read_bytes() == (ROOT / "server" / f"{module}.py").read_bytes()
