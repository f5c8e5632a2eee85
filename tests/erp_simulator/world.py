"""All state of one running simulator, in one place."""

import time
from random import Random
from typing import Any

from tests.erp_simulator.access_log import AccessLog, Entry
from tests.erp_simulator.faults import Faults
from tests.erp_simulator.seed import seeded_store
from tests.erp_simulator.seed_orders import add_special_orders
from tests.erp_simulator.sessions import Profile, Session, Sessions
from tests.erp_simulator.stale import Shown
from tests.erp_simulator.store import Actor, Store
from tests.erp_simulator.switches import Switches


class World:
    """The ERP: what it stored, who is logged in, how it behaves, what it was asked."""

    store: Store
    faults: Faults
    sessions: Sessions
    profiles: dict[str, Profile]

    def __init__(self, **switches: Any) -> None:
        self.switches = Switches()
        self.log = AccessLog()
        self._initial = switches
        self.reset({})

    def reset(self, switches: dict[str, Any]) -> None:
        """Begin again with the seed data, the switches of the start and the given ones."""
        fresh = Switches()
        fresh.change(self._initial | switches)
        self.switches = fresh
        self.store = seeded_store()
        add_special_orders(self.store)
        self.shown = Shown(self.store)
        self.faults = Faults()
        self.sessions = Sessions()
        self.profiles = {}
        self._down_until = 0.0
        self.random = Random(1)
        self._chances = Random(1)  # of its own: latencies must not decide what happens
        self.log.clear()

    def restart(self, seconds: float = 0.0) -> None:
        """Lose all sessions and open pages, as a restart does, and be away for so long."""
        self.sessions.end_all()
        self._down_until = time.monotonic() + seconds

    @property
    def down(self) -> bool:
        """Whether the site is away."""
        return time.monotonic() < self._down_until

    def happens(self, probability: float) -> bool:
        """Whether something that happens so often happens now."""
        return probability > 0 and self._chances.random() < probability

    def profile(self, user: str) -> Profile:
        """What the server remembers of a user."""
        if user not in self.profiles:
            self.profiles[user] = Profile(
                view_filter=self.switches.initial_filter,
                customer_filter=self.switches.initial_customer_filter,
            )
        return self.profiles[user]

    def actor(self, session: Session, entry: Entry) -> Actor:
        """Whoever causes the effects of a request."""
        return Actor(user=session.user, session=session.id, request=entry.seq)
