"""How the service is: its parts, its browser pool, and what is unfinished over all servers."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from server.callers import Caller


@dataclass(frozen=True)
class Health:
    """One look; ``parts`` by name, ``unfinished`` by state, empty where it is not known or not to be told."""

    parts: Mapping[str, bool]
    pool: Mapping[str, float]
    unfinished: Mapping[str, int]


@dataclass(frozen=True)
class Gauges:
    """Where a look gets its numbers from; none of them asks anybody."""

    parts: Callable[[], Mapping[str, bool]]
    pool: Callable[[], Mapping[str, float]]
    unfinished: Callable[[], Mapping[str, int]]

    def look(self, caller: Caller) -> Health:
        """As it is now; numbers over all agents are only for who may act for all of them."""
        unfinished = self.unfinished() if caller.agents is None else {}
        return Health(self.parts(), self.pool(), unfinished)
