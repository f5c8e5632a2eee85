"""The simulator as a process: for tests, and by hand."""

import asyncio
import sys

import httpx
import pytest

from tests.erp_simulator.running import ROOT, Simulator, simulator

PARENT = """
import asyncio
from tests.erp_simulator.running import simulator

async def main():
    async with simulator() as erp:
        print(erp.base_url, flush=True)
        await asyncio.Event().wait()

asyncio.run(main())
"""


async def test_it_dies_with_its_parent() -> None:
    """A test run that is killed leaves no simulator behind."""
    parent = await asyncio.create_subprocess_exec(
        sys.executable, "-c", PARENT, cwd=ROOT, stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )  # fmt: skip
    assert parent.stdout is not None
    assert parent.stderr is not None
    url = (await parent.stdout.readline()).decode().strip()
    async with httpx.AsyncClient() as client:
        assert (await client.get(url + "/Login.aspx")).status_code == 200
    parent.kill()
    # This pipe ends when all that hold its other end are gone: the parent and its simulator.
    await parent.stderr.read()
    await parent.wait()
    async with httpx.AsyncClient() as client:
        with pytest.raises(httpx.ConnectError):
            await client.get(url + "/Login.aspx")


async def test_it_says_what_it_does_not_know(sim: Simulator) -> None:
    """Unknown switches, faults and orders are errors of the caller."""
    with pytest.raises(ValueError, match="unknown switch"):
        await sim.config(nonsense=1)
    with pytest.raises(ValueError, match="unknown fault"):
        await sim.fault("F99")
    with pytest.raises(ValueError, match="no such order"):
        await sim.order(1)


async def test_reset_keeps_the_switches_of_the_start() -> None:
    """Switches given at the start outlive a reset; those set later do not."""
    async with simulator(scale=0, persist_on="save") as erp:
        await erp.config(save_form="name")
        await erp.reset()
        switches = await erp.config()
        assert (switches["persist_on"], switches["save_form"]) == ("save", "index")


async def test_the_test_api_lists_what_is_stored(sim: Simulator) -> None:
    """Customers, articles, agents and orders are there to choose from."""
    assert len(await sim.agents()) == 60
    assert (await sim.customers())[6]["line_percent"] == "63"
    assert (await sim.articles())[0]["code"] == "H129FSQ.104.023"
    assert len(await sim.orders("ikiA0001")) == 305
    assert await sim.effects() == []
    await sim.clear_requests()
    assert await sim.requests() == []
