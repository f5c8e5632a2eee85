"""What gRPC itself costs: a server in a process of its own whose only method streams two messages it has ready.

As many and as large as a replay's, so that both sides move the same bytes: `python -m tests.benchmarks.empty PORT`.
"""

import asyncio
import sys
from collections.abc import AsyncIterator
from typing import Any

import grpc

METHOD = "/bench.Empty/Stream"


class _Handler(grpc.GenericRpcHandler):
    def service(self, details: Any) -> Any:
        if details.method == METHOD:
            return grpc.unary_stream_rpc_method_handler(_stream)
        return None


async def _stream(request: bytes, _: Any) -> AsyncIterator[bytes]:
    size = int.from_bytes(request[:4], "big")
    yield bytes(size)
    yield bytes(size)


async def _serve(port: int) -> None:
    server = grpc.aio.server()
    server.add_generic_rpc_handlers((_Handler(),))
    server.add_insecure_port(f"127.0.0.1:{port}")
    await server.start()
    await server.wait_for_termination()


if __name__ == "__main__":
    asyncio.run(_serve(int(sys.argv[1])))
