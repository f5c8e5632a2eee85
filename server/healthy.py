"""`python -m server.healthy`: 0 when the server that the environment names says that it is ready, else 1.

For a container's health check; the standard health service answers others.
"""

import os
import sys
from typing import Any

import grpc
from grpc_health.v1 import health_pb2, health_pb2_grpc

from server.config import PREFIX, Config

TIMEOUT = 3.0  # seconds; a server that takes longer is not well


def main() -> int:
    """Ask once; what is wrong goes to standard error."""
    address = os.environ.get(f"{PREFIX}LISTEN") or Config.listen
    with grpc.insecure_channel(address) as channel:
        stub: Any = health_pb2_grpc.HealthStub(channel)
        try:
            answer = stub.Check(health_pb2.HealthCheckRequest(), timeout=TIMEOUT)
        except grpc.RpcError as error:
            print(f"{address}: {error}", file=sys.stderr)  # noqa: T201  # for a person
            return 1
    return int(answer.status != health_pb2.HealthCheckResponse.SERVING)


if __name__ == "__main__":
    sys.exit(main())
