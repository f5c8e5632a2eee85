"""Runs the simulator by hand: `python -m tests.erp_simulator --port 8123 --scale 0.2`."""

import argparse
import asyncio
import json
import socket
import sys

import uvicorn

from tests.erp_simulator.app import make_app
from tests.erp_simulator.transport import ErpProtocol
from tests.erp_simulator.world import World


def main() -> None:
    """Serve until told to stop; the first line on stdout is the site's address."""
    parser = argparse.ArgumentParser(prog="tests.erp_simulator", description=__doc__)
    parser.add_argument("--port", type=int, default=8123, help="0 takes any free port")
    parser.add_argument("--scale", type=float, default=0.05, help="factor on every latency")
    parser.add_argument("--switches", default="{}", help="other switches as a JSON object")
    arguments = parser.parse_args()
    world = World(scale=arguments.scale, **json.loads(arguments.switches))
    listener = socket.create_server(("127.0.0.1", arguments.port), backlog=128)
    config = uvicorn.Config(
        make_app(world), http=ErpProtocol, ws="none", lifespan="off", log_level="error",
        timeout_keep_alive=75,
    )  # fmt: skip
    sys.stdout.write(f"http://127.0.0.1:{listener.getsockname()[1]}/Archibald\n")
    sys.stdout.flush()
    asyncio.run(uvicorn.Server(config).serve(sockets=[listener]))


if __name__ == "__main__":
    main()
