"""The bot's own share: time in the browser against the sum of the ERP's own latencies, which nobody can beat.

The floor is what the simulator says it took, with what the site's own scripts wait (`tests.load.attempts`).
"""

from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from archibald.v1 import bot_pb2 as pb
from archibald_client import Client
from tests.benchmarks.figures import Figure, inner
from tests.load.attempts import attempts, erp_seconds
from tests.load.plan import AGENTS, orders
from tests.operations.customers import customer
from tests.soak.house import House, house
from tests.soak.plan import vat_number

LINES = (1, 5, 20, 40)
SHOWN = 5  # lines of the order that bot_floor_ratio is of
ROUNDS = 3  # of that order
LEAST_SCALE = 0.02


async def measure(folder: Path) -> list[Figure]:
    """The figures ``bot_floor_ratio`` and, with an ERP that answers at once, ``bot_seconds_scale0``."""
    real = await _at(1.0, inner(folder, "one"), LINES)
    quick = await _at(0.0, inner(folder, "zero"), (SHOWN,))
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


async def _at(
    scale: float, folder: Path, lines: tuple[int, ...]
) -> dict[str, list[dict[str, float]]]:
    settings = {"time_scale": max(scale, LEAST_SCALE)}
    found: dict[str, list[dict[str, float]]] = defaultdict(list)
    async with (
        house(folder, ("-m", "server"), {}, settings, servers=1, scale=scale) as parts,
        Client(parts.addresses[0]) as client,
    ):
        drafts = []
        for name, asked in _orders(lines):
            result, measured = await _measured(parts, client, asked, scale)
            found[name].append(measured)
            drafts.append(result.order_id)
        sent, deleted = drafts[:2]
        others: tuple[tuple[str, Any], ...] = (
            ("create-customer", customer(name="Studio Misura", vat_number=vat_number(1))),
            ("send-to-verona", pb.SendToVeronaRequest(order_id=sent)),
            ("delete-order", pb.DeleteOrderRequest(order_id=deleted)),
        )
        for name, request in others:
            found[name].append((await _measured(parts, client, request, scale))[1])
    return found


def _orders(lines: tuple[int, ...]) -> Iterator[tuple[str, pb.SubmitOrderRequest]]:
    yield "warm-up", next(orders("warm", 1))
    for count in lines:
        asked = orders("bot", count)
        for _ in range(ROUNDS if count == SHOWN else 1):
            yield f"submit-order of {count}", next(asked)


async def _measured(
    parts: House, client: Client, request: Any, scale: float
) -> tuple[Any, dict[str, float]]:
    request.user_id = AGENTS[0]
    await parts.sim.clear_requests()
    result = await client.run(request)
    last = (await attempts(parts.postgres))[-1]
    seconds = last["ended"] - last["began"]
    floor = erp_seconds(await parts.sim.requests(), scale)
    ratio = seconds / floor if floor else 0.0
    return result, {"seconds": seconds, "floor": floor, "ratio": ratio}
