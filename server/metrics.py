"""Prometheus metrics of this server, on a port of their own (setting metrics_listen, off by default)."""

import asyncio
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager

import structlog
from prometheus_client import CollectorRegistry, start_http_server
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from server.pool_state import PoolState
from server.shelf import Cause

GAUGES = {
    "size": "Browser contexts that may be at work at once",
    "in_use": "Browser contexts at work",
    "idle": "Browser contexts that are kept signed in",
    "waiting": "Operations that wait for a browser context",
}
COUNTERS = {
    "lent": "Attempts that got a browser context",
    "wait_seconds": "Seconds that they waited for it, all together",
    "reused": "Attempts that went on in a kept context",
    "logins": "Sign-ins in a new context",
    "login_seconds": "Seconds that these took, all together",
    "launches": "Browsers launched",
    "crashes": "Browsers that died by themselves or were killed",
}

log = structlog.get_logger(__name__)


class PoolMetrics(Collector):
    """The browser pool, counted at the moment at which somebody asks."""

    def __init__(self, state: PoolState) -> None:
        self._state = state

    def collect(self) -> Iterable[Metric]:
        """Gauges and counters by the names of `PoolState.numbers`, evictions by cause."""
        numbers = self._state.numbers()
        for name, text in GAUGES.items():
            yield GaugeMetricFamily(f"archibald_pool_{name}", text, numbers[name])
        for name, text in COUNTERS.items():
            yield CounterMetricFamily(f"archibald_pool_{name}", text, numbers[name])
        evictions = CounterMetricFamily(
            "archibald_pool_evictions", "Browser contexts that were closed", labels=["cause"]
        )
        for cause in Cause:
            evictions.add_metric([cause.value], numbers[f"evicted_{cause.value}"])
        yield evictions


@asynccontextmanager
async def exposed(listen: str | None, state: PoolState) -> AsyncIterator[str]:
    """Answer ``GET /metrics`` at HOST:PORT as long as the ``async with`` lasts; None: nowhere.

    Yields the address, which is another one for port 0.
    """
    if listen is None:
        yield ""
        return
    registry = CollectorRegistry()
    registry.register(PoolMetrics(state))
    host, _, port = listen.rpartition(":")
    server, thread = start_http_server(int(port), host.strip("[]"), registry)
    address = f"{host}:{server.server_port}"
    log.info("metrics_served", address=address)
    try:
        yield address
    finally:
        # It ends within half a second, and the loop has other work meanwhile.
        await asyncio.to_thread(server.shutdown)
        server.server_close()
        await asyncio.to_thread(thread.join)
