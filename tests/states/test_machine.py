"""All that can go wrong, in any order, on the real SQL: whatever hypothesis thinks of, the laws hold.

Two servers carry the operations of two agents by the real recovery, journal and decisions; every
process, guardian, browser, database connection, request and answer fails when it likes. At the end
everything is mended, and then nothing may be left unsettled.
"""

import asyncio
import itertools
import logging
import random
from collections.abc import Coroutine
from dataclasses import dataclass
from typing import Any, ClassVar

import pytest
import structlog
from hypothesis import HealthCheck, note, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    rule,
    run_state_machine_as_test,
)
from psycopg_pool import AsyncConnectionPool

from tests.states.laws import Laws
from tests.states.play import Play
from tests.states.rows import Pool

# What can happen; what is named twice happens twice as often. It is one rule: hypothesis leaves whole
# rules out of an example, and an example in which nobody works shows nothing.
HAPPENS = (
    *("to door", "to reading", "to gate", "to paused", "to sent", "to commit", "to its end") * 2,
    *("drift", "away", "timeout", "unclear", "login", "refused by the ERP", "done by the ERP"),
    *("killed", "hung", "stopped", "repaired", "guardian stopped", "database cut", "drained"),
    *("half a lease", "a lease", "a lease and its margin", "the quiet time", "a beat", "a look")
    * 2,
    *("no connection", "rolled back", "answer lost", "halted", "our tables refuse", "signed out"),
    *("submitted", "again", "corrected", "cancelled"),
    *("look_again", "landed", "not_done", "give_up"),
)
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
        self.steps = 0

    def run(self, work: Coroutine[Any, Any, object], event: str = "") -> None:
        """Let it happen, then look at all laws."""

        async def happen() -> None:
            await work
            await self.laws.check(event)

        self.stage.loop.run_until_complete(happen())

    @initialize(same_host=st.booleans(), callers=st.integers(2, 6))
    def begin(self, *, same_host: bool, callers: int) -> None:
        """Two servers, and their first callers."""

        async def begun() -> None:
            await self.play.begin(same_host=same_host)
            for caller in range(callers):
                await self.play.submit_new(self.play.server(caller // 2 % 2))

        self.run(begun())

    @rule(number=st.integers(0, 10_000))
    def happens(self, number: int) -> None:
        """Whatever the number says, at this step: hypothesis likes to repeat small ones."""
        self.steps += 1
        chance = random.Random(f"{number} {self.steps}")
        what, slot, pick = chance.choice(HAPPENS), chance.randrange(2), chance.randrange(6)
        note(f"{what} (server {slot}, {pick})")
        self.run(self.play.happens(what, slot, pick), what)

    def teardown(self) -> None:
        """Everything is mended: then everything is settled, or a person is told why not."""

        async def end() -> None:
            try:
                unsettled = await self.play.mend()
                assert not unsettled, f"LAW never lost: {unsettled}"
                await self.laws.check("the end")
                await self.laws.check_ids()
            finally:
                for server in self.play.world.servers:
                    await server.kill()
                # What a broken law left unsettled is not for the servers of the next play.
                await self.play.world.execute(
                    "UPDATE agents.operations SET state = 'ABANDONED' WHERE user_id = ANY(%(agents)s)",
                    agents=self.play.world.agents,
                )

        if self.play.world.servers:
            self.stage.loop.run_until_complete(end())


@pytest.mark.parametrize(
    "examples",
    [
        pytest.param(60, id="some", marks=pytest.mark.timeout(900)),  # a failure is made short
        pytest.param(1000, id="many", marks=[pytest.mark.matrix, pytest.mark.timeout(3600)]),
    ],
)
def test_the_laws_hold_whatever_happens(database: str, examples: int) -> None:
    """At most once, never lost, one at a time: in every order of events that was tried."""
    loop = asyncio.new_event_loop()
    pool: Pool = AsyncConnectionPool(
        database, min_size=2, max_size=20, open=False, kwargs={"autocommit": True}
    )
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
