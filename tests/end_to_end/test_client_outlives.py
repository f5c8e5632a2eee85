"""One `await` of the client ends with the answer, whatever happens to connection and servers meanwhile.

Each test has a caller and somebody who watches the same operation; neither has a line of code for it.
"""

import asyncio
from collections import defaultdict
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import replace

import psycopg
import pytest

from archibald.v1 import bot_pb2, operations_pb2
from archibald.v1.operations_pb2 import OperationName
from archibald_client import Client
from server.config import Config
from tests.client.scripted_bot import Relay
from tests.crash.boundaries import is_line, is_list
from tests.demo import free_port
from tests.end_to_end.parts import USER, Bot, order
from tests.end_to_end.processes import server_process
from tests.erp_simulator.running import Simulator
from tests.proxies.erp import erp_proxy

EARLY, LATE = "login", "form.articles.progress"  # before the first write, and past it
NAME = OperationName(user_id=USER, operation_type="submit-order", operation_key="p-1")


class Listeners:
    """A caller and a watcher of one order, and what both have heard."""

    def __init__(self) -> None:
        self.accepted = asyncio.Event()
        self.reached: dict[str, asyncio.Event] = defaultdict(asyncio.Event)  # by step
        self.told: list[bot_pb2.Progress] = []
        self.watched: list[bot_pb2.Progress] = []

    @asynccontextmanager
    async def at_work(self, server: str, sim: Simulator) -> AsyncIterator[None]:
        """Both listen; in the end both have heard the one answer, and the ERP holds one order."""
        async with Client(server) as caller, Client(server) as watcher:
            submitting = asyncio.create_task(
                caller.submit_order(
                    order(), on_accepted=lambda _: self.accepted.set(), on_progress=self._hear
                )
            )
            await asyncio.wait_for(self.accepted.wait(), 30)
            watching = asyncio.create_task(
                watcher.watch(NAME, from_sequence=1, on_progress=self.watched.append)
            )
            yield
            result, ended = await asyncio.wait_for(asyncio.gather(submitting, watching), 90)
        assert ended.state == operations_pb2.OPERATION_STATE_SUCCEEDED
        assert ended.submit_order == result
        assert [one["id"] for one in await sim.effects("order_created")] == [result.order_id]
        assert len(await sim.effects("line_added")) == 2
        for heard in (self.told, self.watched):
            percents = [at.percent for at in heard]
            assert percents == sorted(percents)
            assert len(heard) == len({(at.sequence, at.percent) for at in heard})

    async def at(self, step: str) -> None:
        """Wait until the caller has heard of this step."""
        await asyncio.wait_for(self.reached[step].wait(), 60)

    def _hear(self, progress: bot_pb2.Progress) -> None:
        self.told.append(progress)
        self.reached[progress.step].set()


async def test_a_dropped_connection(bot: Bot, sim: Simulator) -> None:
    """The connection is reset twice in the middle of the stream, without a word."""
    listeners = Listeners()
    port = int(bot.address.rpartition(":")[2])
    async with Relay(port) as relay, listeners.at_work(relay.address, sim):
        for step in (EARLY, LATE):
            await listeners.at(step)
            relay.cut()


@pytest.mark.parametrize("step", [pytest.param(EARLY, marks=pytest.mark.matrix), LATE])
async def test_a_killed_server_that_comes_back(step: str, config: Config, sim: Simulator) -> None:
    """SIGKILL in mid-operation, before and past the first write; another process at the same address."""
    config = replace(config, listen=f"127.0.0.1:{free_port()}")
    listeners = Listeners()
    async with AsyncExitStack() as stack:
        process, address = await stack.enter_async_context(server_process(config))
        async with listeners.at_work(address, sim):
            await listeners.at(step)
            process.kill()
            await process.wait()
            await stack.enter_async_context(server_process(config))


@pytest.mark.matrix
async def test_a_rolling_deploy_of_two(config: Config, database: str, sim: Simulator) -> None:
    """Each of two servers is drained and replaced while it has the operation.

    The first has written nothing: the other server takes the order up. That one is past its first write:
    it finishes the order before it goes.
    """
    listeners = Listeners()
    async with AsyncExitStack() as stack:
        site = await stack.enter_async_context(erp_proxy(sim.base_url))
        configs = [
            replace(
                config,
                erp_url=site.base_url,
                listen=f"127.0.0.1:{free_port()}",
                data_dir=config.data_dir / name,
            )
            for name in ("one", "two")
        ]
        servers = {
            process.pid: (process, own)
            for own in configs
            for process, _ in [await stack.enter_async_context(server_process(own))]
        }
        addresses = ",".join(own.listen for own in configs)
        site.stop_before(is_list)
        async with listeners.at_work(f"ipv4:{addresses}", sim):
            owners = []
            for following in (is_line, None):
                await asyncio.wait_for(site.reached.wait(), 60)
                owners.append(await owner(database))
                servers[owners[-1]][0].terminate()
                site.let_go()
                if following is not None:
                    site.stop_before(following)
            for each in owners:
                process, own = servers[each]
                assert await asyncio.wait_for(process.wait(), 60) == 0
                await stack.enter_async_context(server_process(own))
        assert len(set(owners)) == 2


async def owner(database: str) -> int:
    """The process that has the operation in hand."""
    async with await psycopg.AsyncConnection.connect(database) as conn:
        cursor = await conn.execute(
            "SELECT pid FROM agents.operations JOIN agents.server_instances AS server"
            " ON server.id = owner_instance"
        )
        [[pid]] = await cursor.fetchall()
    return int(pid)
