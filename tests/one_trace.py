"""`make trace`: one order from a caller's span to the local commit, and its trace as a tree.

The answer of its save is lost on the way: so the trace shows a read-back as well.

An embedded Postgres, the simulated ERP in its own process, and the server; the spans are kept in memory
where a real server would send them to a collector.
"""

import asyncio
import sys
from pathlib import Path

import grpc
from opentelemetry import propagate, trace

from archibald.v1 import bot_pb2, bot_pb2_grpc
from server import logs
from server.app import running
from server.config import Config
from server.embedded_postgres import embedded_postgres
from tests.databases import temporary_folder
from tests.end_to_end.parts import order, store_login
from tests.erp_simulator.running import simulator
from tests.spans import recorder, spans_of, tree


async def traced_order(address: str, request: bot_pb2.SubmitOrderRequest) -> tuple[str, int]:
    """Order as a caller with a trace of its own does; the ERP's id, and the trace's."""
    with trace.get_tracer("caller").start_as_current_span("the caller") as span:
        carrier: dict[str, str] = {}
        propagate.inject(carrier)
        async with grpc.aio.insecure_channel(address) as channel:
            stub = bot_pb2_grpc.BotServiceStub(channel)  # type: ignore[no-untyped-call]  # generated
            events = stub.SubmitOrder(request, metadata=tuple(carrier.items()))
            results = [event.result async for event in events if event.HasField("result")]
    return results[0].order_id, span.get_span_context().trace_id


async def _main(folder: Path) -> None:
    recorder()
    async with embedded_postgres(folder) as database, simulator(scale=0.2) as sim:
        config = Config(
            erp_url=sim.base_url,
            database_url=database,
            listen="127.0.0.1:0",
            data_dir=folder,
            allow_unconfirmed=True,
            time_scale=0.2,
            trace_pictures="never",
        )
        await store_login(config, sim)
        await sim.fault("F1", "save", once=True)
        async with running(config) as address:
            _, trace_id = await traced_order(address, order())
    print("\n".join(tree(spans_of(trace_id))))  # noqa: T201  # what it is for


def main() -> int:
    """Run it once, on fresh data."""
    logs.configure()
    with temporary_folder() as folder:
        asyncio.run(_main(folder))
    return 0


if __name__ == "__main__":
    sys.exit(main())
