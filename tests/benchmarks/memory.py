"""What an agent's warm context takes: the memory (PSS) of a server's processes as agents come in.

The slope over the agents is what one more of them costs; what the browser takes without any is apart.
"""

import statistics
from contextlib import suppress
from pathlib import Path

from archibald.v1 import bot_pb2 as pb
from archibald_client import Client
from archibald_client.errors import ArchibaldError
from tests.benchmarks.figures import Figure, inner
from tests.load.machine import memory_of
from tests.load.plan import AGENTS, orders
from tests.soak.house import house

WARM = 12
MB = 1024**2
SCALE = 0.02


async def measure(folder: Path) -> list[Figure]:
    """The figure ``pss_per_agent_mb``, with the memory of every kind of process at the end."""
    settings = {"time_scale": SCALE, "pool_size": 2}
    sizes = list[float]()
    async with (
        house(
            inner(folder, "house"), ("-m", "server"), {}, settings, servers=1, scale=SCALE
        ) as parts,
        Client(parts.addresses[0]) as client,
    ):
        [server] = parts.servers
        asked = orders("memory", 1)
        for user in AGENTS[:WARM]:
            request = next(asked)
            request.user_id = user
            await client.submit_order(request)
            with suppress(ArchibaldError):  # there is none of this number
                await client.delete_order(pb.DeleteOrderRequest(user_id=user, order_id="9.999"))
            memory = memory_of(server.pid, server.data_dir)
            sizes.append(sum(memory.values()) / MB)
    slope = statistics.linear_regression(range(WARM), sizes).slope
    kinds = {kind: round(size / MB, 1) for kind, size in memory.items()}
    return [
        Figure("pss_per_agent_mb", "MB", [slope], ("<=", 100.0), {"agents": WARM, "mb": kinds}),
    ]
