"""Prometheus metrics of this server, on a port of their own (setting metrics_listen, off by default)."""

import asyncio
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager

import structlog
from prometheus_client import CollectorRegistry, start_http_server
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from server import measures
from server.pool_state import PoolState
from server.readiness import Readiness
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


class ReadyMetrics(Collector):
    """What the health service tells of the server's parts."""

    def __init__(self, readiness: Readiness) -> None:
        self._readiness = readiness

    def collect(self) -> Iterable[Metric]:
        """One gauge, by part."""
        ready = GaugeMetricFamily(
            "archibald_ready", "Whether a part can do its work, as health tells it", labels=["part"]
        )
        for part, is_ready in dict(self._readiness.told).items():
            ready.add_metric([part], int(is_ready))
        yield ready


@asynccontextmanager
async def exposed(listen: str | None, state: PoolState, *others: Collector) -> AsyncIterator[str]:
    """Answer ``GET /metrics`` at HOST:PORT as long as the ``async with`` lasts; None: nowhere.

    Of the pool, of what this process counts, and of ``others``. Yields the address, which is another one for port 0.
    """
    if listen is None:
        yield ""
        return
    registry = CollectorRegistry()
    collectors: list[Collector] = [PoolMetrics(state), measures.REGISTRY, *others]
    for collector in collectors:
        registry.register(collector)
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
