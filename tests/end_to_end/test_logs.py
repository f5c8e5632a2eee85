"""Each line of the log says whose it is: one JSON object, with operation, attempt and step."""

import asyncio
import json

import pytest

from archibald_client import Client, ErpRejectedError
from server.config import Config
from tests.end_to_end.parts import order, refused_late
from tests.end_to_end.processes import server_process
from tests.erp_simulator.running import Simulator

# What is of the server and of no operation.
SERVER = {"serving", "lease_taken", "under_review", "draining", "drained", "answered", "readiness"}
SERVER |= {"context_retired", "lease_given_back"}
ABOUT = {"operation", "operation_id", "user", "generation", "step"}


async def test_each_line_names_operation_attempt_and_step(config: Config, sim: Simulator) -> None:
    """Of a good order whose answer was lost, and of one that the ERP refuses past its first write."""
    await sim.fault("F1", "save", once=True)
    async with server_process(config) as (process, address), Client(address, patience=0) as client:
        assert process.stderr is not None
        reading = asyncio.create_task(process.stderr.read())
        await client.submit_order(order(pending_order_id="lost"))
        with pytest.raises(ErpRejectedError):
            await client.submit_order(refused_late())
        process.terminate()
        lines = [json.loads(line) for line in (await reading).decode().splitlines()]
    assert all({"event", "level", "timestamp"} <= line.keys() for line in lines)
    ours = [line for line in lines if line["event"] not in SERVER]
    assert {"claimed", "step", "signed_in", "attempt_ended", "read_back", "erp_done"} <= {
        line["event"] for line in ours
    }
    # The first step is told before there is an attempt, and the first claim before there is a step.
    begun = [line for line in ours if line["event"] != "claimed" and "generation" in line]
    assert [line for line in begun if not line.keys() >= ABOUT] == []
    rest = [line for line in ours if line not in begun]
    assert all(line.keys() >= ABOUT - {"generation", "step"} for line in rest), rest
