"""The bot's own share: time in the browser against the sum of the ERP's own latencies, which nobody can beat.

The floor is what the simulator says it took, with what the site's own scripts wait (`tests.load.attempts`).
One agent alone does an order of five lines, some times, and each of the other operations; then three agents
beside each other do the orders of other lengths, the longest of which takes eight minutes.
"""

import asyncio
from collections import defaultdict
from pathlib import Path
from typing import Any

from archibald.v1 import bot_pb2 as pb
from archibald_client import Client
from tests.benchmarks.figures import Figure, inner
from tests.load.attempts import attempts, erp_seconds
from tests.load.plan import AGENTS, orders
from tests.operations.customers import customer
from tests.soak.house import LOGINS, House, house
from tests.soak.plan import vat_number

SHOWN = 5  # lines of the order that bot_floor_ratio is of
ROUNDS = 3  # of that order
OTHERS = (1, 20, 40)
LEAST_SCALE = 0.02
Found = dict[str, list[dict[str, float]]]


async def measure(folder: Path) -> list[Figure]:
    """The figures ``bot_floor_ratio`` and, with an ERP that answers at once, ``bot_seconds_scale0``."""
    real = await _at(1.0, inner(folder, "one"), OTHERS)
    quick = await _at(0.0, inner(folder, "zero"), ())
    shown = f"submit-order of {SHOWN}"
    return [
        Figure(
            "bot_floor_ratio", "", [one["ratio"] for one in real[shown]], ("<=", 1.15), {"each": real}
        ),
        Figure(
            "bot_seconds_scale0", "s", [one["seconds"] for one in quick[shown]], ("<=", 3.0),
            {"each": quick},
        ),
    ]  # fmt: skip


async def _at(scale: float, folder: Path, others: tuple[int, ...]) -> Found:
    settings = {"time_scale": max(scale, LEAST_SCALE)}
    async with (
        house(folder, ("-m", "server"), {}, settings, servers=1, scale=scale) as parts,
        Client(parts.addresses[0]) as client,
    ):
        alone, *rest = [_Agent(parts, client, user, scale) for user in AGENTS[: 1 + len(others)]]
        found = await _alone(alone)
        for agent in rest:
            await agent.warm_up()
        beside = await asyncio.gather(
            *(
                agent.measured(next(orders("bot", count)))
                for agent, count in zip(rest, others, strict=True)
            )
        )
        return found | {
            f"submit-order of {count}": [one] for count, one in zip(others, beside, strict=True)
        }


async def _alone(agent: "_Agent") -> Found:
    sent = await agent.warm_up()
    found: Found = defaultdict(list)
    asked = orders("bot", SHOWN)
    for _ in range(ROUNDS):
        found[f"submit-order of {SHOWN}"].append(await agent.measured(next(asked)))
    deleted = agent.last.order_id
    requests: tuple[tuple[str, Any], ...] = (
        ("create-customer", customer(name="Studio Misura", vat_number=vat_number(1))),
        ("send-to-verona", pb.SendToVeronaRequest(order_id=sent)),
        ("delete-order", pb.DeleteOrderRequest(order_id=deleted)),
    )
    for name, request in requests:
        found[name].append(await agent.measured(request))
    return found


class _Agent:
    """One agent, and the last of his results."""

    def __init__(self, parts: House, client: Client, user: str, scale: float) -> None:
        self._parts = parts
        self._client = client
        self._user = user
        self._scale = scale
        self.last: Any = None

    async def warm_up(self) -> str:
        """Sign in, by an order of one line; its number."""
        request = next(orders(f"warm-{self._user}", 1))
        request.user_id = self._user
        self.last = await self._client.submit_order(request)
        return str(self.last.order_id)

    async def measured(self, request: Any) -> dict[str, float]:
        """Seconds in the browser, those of the floor, and their ratio (0 without latencies)."""
        request.user_id = self._user
        before = (await self._parts.sim.requests())[-1]["seq"]
        self.last = await self._client.run(request)
        rows = await attempts(self._parts.postgres)
        last = [row for row in rows if row["user_id"] == self._user][-1]
        seconds = last["ended"] - last["began"]
        own = [
            entry
            for entry in await self._parts.sim.requests()
            if entry["seq"] > before and entry["user"] == LOGINS[self._user]
        ]
        floor = erp_seconds(own, self._scale)
        return {"seconds": seconds, "floor": floor, "ratio": seconds / floor if floor else 0.0}
