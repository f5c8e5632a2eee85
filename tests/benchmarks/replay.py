"""Replays of finished keys and looks at operations, against a method that does nothing, in the same run.

The caller is one process on one processor, the server another: what is compared is what the service adds to
gRPC. Rounds of both alternate, so that what else the machine does meets both.
"""

import asyncio
import itertools
import statistics
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import grpc

from archibald.v1 import bot_pb2 as pb
from archibald.v1 import operations_pb2 as ops
from archibald_client import Client
from server.config import Config
from tests.benchmarks import empty
from tests.benchmarks.figures import Figure
from tests.load.plan import AGENTS
from tests.soak.house import ServerProcess, free_port, house

ROUNDS = 5
SECONDS = 4.0  # of each round
AT_ONCE = 16
KEYS = 200
SUBMIT = "/archibald.v1.BotService/SubmitOrder"
GET = "/archibald.v1.OperationsService/GetOperation"


@dataclass(frozen=True)
class Round:
    """One round of calls: how many a second, and the seconds that they took."""

    rate: float
    times: Sequence[float]

    @property
    def p50(self) -> float:
        """Half of the calls took less."""
        return statistics.median(self.times)

    @property
    def p99(self) -> float:
        """One of a hundred took longer."""
        return statistics.quantiles(self.times, n=100)[98]


async def measure(folder: Path) -> list[Figure]:
    """The figures ``replay_rate_ratio``, ``replay_p50_ratio`` and those of GetOperation."""
    async with house(folder, ("-m", "server"), {}, {}, servers=1) as parts:
        [address] = parts.addresses
        requests = [_order(number) for number in range(KEYS)]
        async with Client(address) as client:
            sizes = [(await client.submit_order(request)).ByteSize() for request in requests]
        replays = [request.SerializeToString() for request in requests]
        looks = [
            ops.GetOperationRequest(
                name=ops.OperationName(
                    user_id=one.user_id,
                    operation_type="submit-order",
                    operation_key=one.pending_order_id,
                )
            ).SerializeToString()
            for one in requests
        ]
        nothing = [int(statistics.median(sizes)).to_bytes(4, "big") + one for one in replays]
        async with _empty_server(folder) as bare:
            kinds: dict[str, list[Round]] = {"empty": [], "replay": [], "get": []}
            for _ in range(ROUNDS):
                kinds["empty"].append(await _round(bare, empty.METHOD, nothing))
                kinds["replay"].append(await _round(address, SUBMIT, replays))
                kinds["get"].append(await _round(address, GET, looks, stream=False))
    return _figures(**kinds)


def _order(number: int) -> pb.SubmitOrderRequest:
    """An order that the agent's own stock serves whole: it is done without the ERP."""
    line = pb.OrderItem(
        article_code="H129FSQ.104.023", quantity="5", price="32.46", package_content="5",
        warehouse_quantity="5",
    )  # fmt: skip
    return pb.SubmitOrderRequest(
        user_id=AGENTS[number % len(AGENTS)],
        pending_order_id=f"bench-{number:04d}",
        customer_id="55.202",
        customer_account="1002001",
        customer_name="Laboratorio Alfa",
        items=[line],
    )


@asynccontextmanager
async def _empty_server(folder: Path) -> AsyncIterator[str]:
    config = Config(erp_url="http://127.0.0.1:1/Archibald", listen=f"127.0.0.1:{free_port()}")
    command = ("-m", "tests.benchmarks.empty", config.listen.rpartition(":")[2])
    server = ServerProcess("empty", command, config, folder / "empty.log")
    await server.start()
    try:
        yield server.address
    finally:
        await server.kill()


async def _round(
    address: str, method: str, requests: Sequence[bytes], *, stream: bool = True
) -> Round:
    """Calls without a pause, some at once, over one connection."""
    times: list[float] = []
    turn = itertools.cycle(requests)
    async with grpc.aio.insecure_channel(address) as channel:
        call: Any = channel.unary_stream(method) if stream else channel.unary_unary(method)

        async def caller(until: float) -> None:
            while (began := time.perf_counter()) < until:
                if stream:
                    async for _ in call(next(turn)):
                        pass
                else:
                    await call(next(turn))
                times.append(time.perf_counter() - began)

        await caller(time.perf_counter() + 0.2)  # the connection is made, what is compiled late is
        times.clear()
        began = time.perf_counter()
        await asyncio.gather(*(caller(began + SECONDS) for _ in range(AT_ONCE)))
        return Round(len(times) / (time.perf_counter() - began), times)


def _figures(empty: list[Round], replay: list[Round], get: list[Round]) -> list[Figure]:
    def against(rounds: list[Round], what: str) -> list[float]:
        pairs = zip(rounds, empty, strict=True)
        return [getattr(one, what) / getattr(bare, what) for one, bare in pairs]

    details = {
        name: {
            "calls_a_second": statistics.median(one.rate for one in rounds),
            "p50_ms": 1000 * statistics.median(one.p50 for one in rounds),
            "p99_ms": 1000 * statistics.median(one.p99 for one in rounds),
        }
        for name, rounds in (("empty", empty), ("replay", replay), ("get", get))
    }
    return [
        Figure("replay_rate_ratio", "", against(replay, "rate"), (">=", 0.5), details),
        Figure("replay_p50_ratio", "", against(replay, "p50"), ("<=", 3.0)),
        Figure("get_rate_ratio", "", against(get, "rate")),
        Figure("get_p50_ratio", "", against(get, "p50")),
    ]
