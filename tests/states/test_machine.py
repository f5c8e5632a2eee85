"""All that can go wrong, in any order, on the real SQL: whatever hypothesis thinks of, the laws hold.

Two servers carry the operations of two agents by the real recovery, journal and decisions; every
process, guardian, browser, database connection, request and answer fails when it likes. At the end
everything is mended, and then nothing may be left unsettled.
"""

import asyncio
import itertools
import logging
from collections.abc import Coroutine
from dataclasses import dataclass
from typing import Any, ClassVar, get_args

import pytest
import structlog
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    rule,
    run_state_machine_as_test,
)
from psycopg_pool import AsyncConnectionPool

from server import decisions
from tests.states.laws import Laws
from tests.states.play import KEYS, Play
from tests.states.rows import Pool
from tests.states.servers import CONFIG

a_slot = st.sampled_from((0, 1))
a_key = st.sampled_from(range(len(KEYS)))
a_pick = st.integers(0, 5)  # of those that there are
GOOD = ("door", "reading", "gate", "paused", "sent", "commit", "its end")
BAD = ("drift", "away", "timeout", "unclear", "login")
PAUSES = {
    "half a lease": CONFIG.lease / 2,
    "a lease": CONFIG.lease * 1.1,
    "and its margin": CONFIG.lease * 1.1 + CONFIG.guardian_margin,
    "the quiet time": CONFIG.quiet_time * 1.1,
}
DATABASE = ("refused", "rolled back", "answer lost", "hung")
FAULTS = ("kill", "stop", "guardian", "cut", "beat", "drain", "tables", "signed out")
numbers = itertools.count()


@dataclass(frozen=True)
class Stage:
    """The loop and the database of all plays."""

    loop: asyncio.AbstractEventLoop
    pool: Pool


class Machine(RuleBasedStateMachine):
    """The rules are what can happen; what may not is in `Laws`."""

    stage: ClassVar[Stage]

    def __init__(self) -> None:
        super().__init__()
        self.play = Play(self.stage.pool, next(numbers))
        self.laws = Laws(self.play.world)

    def run(self, work: Coroutine[Any, Any, object], event: str = "") -> None:
        """Let it happen, then look at all laws."""

        async def happen() -> None:
            await work
            await self.laws.check(event)

        self.stage.loop.run_until_complete(happen())

    @initialize(same_host=st.booleans(), keys=st.sets(a_key, min_size=2, max_size=5))
    def begin(self, *, same_host: bool, keys: set[int]) -> None:
        """Two servers, and callers of some keys."""

        async def begun() -> None:
            await self.play.begin(same_host=same_host)
            for key in sorted(keys):
                await self.play.submit(self.play.server(key % 2), key, corrected=False)

        self.run(begun())

    @rule(pick=a_pick, point=st.sampled_from(GOOD))
    def goes_well(self, pick: int, point: str) -> None:
        """It goes on to the point at which the next thing happens."""
        self.run(self.play.progress(pick, point))

    @rule(pick=a_pick, command=st.sampled_from(("go", *BAD)))
    def goes_badly(self, pick: int, command: str) -> None:
        """The page, the ERP or the answer fails, wherever it is."""
        self.run(self.play.step(pick, command))

    @rule(pick=a_pick, refuse=st.booleans())
    def processed(self, pick: int, *, refuse: bool) -> None:
        """The ERP does what it was sent, or refuses it."""
        self.run(self.play.processed(pick, refuse=refuse))

    @rule(slot=a_slot, what=st.sampled_from((*FAULTS, *DATABASE, *PAUSES)))
    def happens(self, slot: int, what: str) -> None:
        """SIGKILL, SIGSTOP, a lost transaction, time, whatever fails."""
        if what in PAUSES:
            self.run(self.play.advance(PAUSES[what]))
        elif what in DATABASE:
            self.play.server(slot).line.fault = what
        else:
            self.run(self.play.fault(slot, what))

    @rule(slot=a_slot)
    def repaired(self, slot: int) -> None:
        """Faults are rarer than work: what was stopped goes on, with its lease or without."""
        self.run(self.play.repair(slot))

    @rule(slot=a_slot)
    def look(self, slot: int) -> None:
        """The completer takes up what it finds."""
        if self.play.server(slot).works:
            self.run(self.play.server(slot).look())

    @rule(slot=a_slot, key=a_key, corrected=st.booleans())
    def submit(self, slot: int, key: int, *, corrected: bool) -> None:
        """A second caller, or one with a corrected request."""
        if self.play.server(slot).works:
            self.run(self.play.submit(self.play.server(slot), key, corrected=corrected), "submit")

    @rule(pick=a_pick, decision=st.sampled_from(("cancel", *get_args(decisions.Decision))))
    def decide(self, pick: int, decision: Any) -> None:
        """A caller cancels; a person decides about one of those under review."""
        if decision == "cancel":
            self.run(self.play.cancel(pick % len(KEYS)))
        else:
            self.run(self.play.resolve(pick, decision), "resolve")

    def teardown(self) -> None:
        """Everything is mended: then everything is settled, or a person is told why not."""

        async def end() -> None:
            try:
                unsettled = await self.play.mend()
                assert not unsettled, f"LAW never lost: {unsettled}"
                await self.laws.check("submit")
                await self.laws.check_ids()
            finally:
                for server in self.play.world.servers:
                    await server.kill()

        if self.play.world.servers:
            self.stage.loop.run_until_complete(end())


@pytest.mark.parametrize(
    "examples",
    [
        pytest.param(40, id="some"),
        pytest.param(1200, id="many", marks=[pytest.mark.matrix, pytest.mark.timeout(3600)]),
    ],
)
def test_the_laws_hold_whatever_happens(database: str, examples: int) -> None:
    """At most once, never lost, one at a time: in every order of events that was tried."""
    loop = asyncio.new_event_loop()
    pool: Pool = AsyncConnectionPool(database, min_size=2, max_size=20, open=False)
    loop.run_until_complete(pool.open())
    Machine.stage = Stage(loop, pool)
    logging_as_before = structlog.get_config()
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))
    try:
        run_state_machine_as_test(
            Machine,
            settings=settings(
                max_examples=examples,
                stateful_step_count=50,
                derandomize=True,
                database=None,
                deadline=None,
                suppress_health_check=list(HealthCheck),
            ),
        )
    finally:
        structlog.configure(**logging_as_before)
        loop.run_until_complete(pool.close())
        loop.close()
