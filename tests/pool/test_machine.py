"""The pool's laws, whatever comes when: never closed in use, never past the bound, nothing lost or forgotten."""

import asyncio
import itertools
from collections.abc import Coroutine
from dataclasses import replace
from typing import Any
from uuid import uuid4

import pytest
import structlog
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, rule, run_state_machine_as_test

from server import browser_fleet, browser_pool, kill_ladder
from server.browser_pool import BrowserPool
from server.errors import BotError
from server.operation import Claim, Intent
from server.shelf import Cause
from tests.pool.desk import DEFAULTS, session
from tests.pool.model import Worker, World

AGENTS = st.integers(1, 5)
MOMENT = 0.02  # seconds: a close's time-out in this world
BOUNDS = replace(
    DEFAULTS,
    size=2, wait_for=60, most_waiting=6, browsers=2, contexts_per_browser=6, idle_contexts=2,
    close_timeout=MOMENT, look_every=3600,
)  # fmt: skip
numbers = itertools.count()


class Machine(RuleBasedStateMachine):
    """What can happen to a pool."""

    def __init__(self) -> None:
        super().__init__()
        self.loop = asyncio.new_event_loop()
        self.world = World()
        self.workers: list[Worker] = []
        self.size = BOUNDS.size
        self.pool: Any = BrowserPool(self.world.launch, self.world, BOUNDS)  # type: ignore[arg-type]  # a model
        self.run(self.pool.open())

    def run(self, happening: Coroutine[Any, Any, object]) -> None:
        """Let it happen and everything that follows from it, then look at the laws."""

        async def happen() -> None:
            await happening
            await self.settled()
            self.laws()

        self.loop.run_until_complete(happen())

    async def settled(self) -> None:
        """Until nobody moves any more: time-outs take real, but short, time."""
        still, before = 0, ""
        while still < 4:
            for _ in range(30):
                await asyncio.sleep(0)
            if self.moving():
                await asyncio.sleep(MOMENT)
            now = f"{self.pool} {self.workers} {self.moving()}"
            still, before = (still + 1 if now == before and not self.moving() else 0), now

    def moving(self) -> bool:
        """Whether a slot is held by one who is neither at work nor gone: on the way in or out."""
        inside = sum(worker.at_work for worker in self.workers)
        return bool(self.pool._slots.at_work != inside or self.pool._closings._of_agents)

    # -- what can happen -----------------------------------------------------------------------------

    @rule(agent=AGENTS)
    def comes(self, agent: int) -> None:
        """Somebody wants a session; an agent has one operation at a time."""
        name = f"A{agent}"
        if not any(one.agent == name and not one.gone for one in self.workers):
            self.run(self.come(name))

    @rule(pick=st.integers(0, 9), good=st.booleans())
    def ends(self, pick: int, *, good: bool) -> None:
        """One at work is done, well or with an error."""
        if (worker := self.one(pick, at_work=True)) is not None:
            worker.may_be_closed = True
            self.run(self.end(worker, good=good))

    @rule(pick=st.integers(0, 9), at_work=st.booleans())
    def is_cancelled(self, pick: int, *, at_work: bool) -> None:
        """Its task is cancelled, wherever it is."""
        if (worker := self.one(pick, at_work=at_work)) is not None:
            worker.may_be_closed = True
            self.run(self.cancel(worker))

    @rule(pick=st.integers(0, 9))
    def is_stopped(self, pick: int) -> None:
        """Its attempt is ended from outside."""
        if (worker := self.one(pick, at_work=True)) is not None:
            worker.may_be_closed = True
            self.run(self.stop(worker))

    @rule(pick=st.integers(0, 9))
    def loses_patience(self, pick: int) -> None:
        """One in the line has stood there for as long as it may."""
        if self.pool._slots.waiting:
            self.run(self.wait_too_long(pick))

    @rule(agent=AGENTS, other=AGENTS, pick=st.integers(0, 9))
    def all_at_once(self, agent: int, other: int, pick: int) -> None:
        """An acquire, an eviction, an end and a cancel in the same instant."""

        async def together() -> None:
            working, waiting = self.one(pick, at_work=True), self.one(pick, at_work=False)
            for name in {f"A{agent}", f"A{other}"}:
                if not any(one.agent == name and not one.gone for one in self.workers):
                    await self.come(name)
            if working is not None:
                working.may_be_closed = True
                await self.end(working, good=True)
            for kept in list(self.pool._shelf)[:1]:
                if self.pool._shelf.drop(kept):
                    self.pool._retire(kept, Cause.MEMORY)
            if waiting is not None:
                await self.cancel(waiting)

        self.run(together())

    @rule(pick=st.integers(0, 3), hang=st.booleans())
    def browser_is_lost(self, pick: int, *, hang: bool) -> None:
        """A browser dies, or answers nothing from now on."""

        async def lose() -> None:
            alive = [one for one in self.world.browsers if one.alive]
            if alive:
                browser = alive[pick % len(alive)]
                browser.hung = hang
                if not hang:
                    browser.die()

        self.run(lose())

    @rule(agent=AGENTS)
    def session_expires(self, agent: int) -> None:
        """The agent's kept session is not valid any more."""
        self.world.invalid.add(f"A{agent}")

    @rule(size=st.integers(1, 4))
    def is_resized(self, size: int) -> None:
        """Another bound."""

        async def resize() -> None:
            self.size = size
            self.pool.resize(size)

        self.run(resize())

    @rule()
    def is_checked(self) -> None:
        """The pool looks at what is idle, and the watch at the browsers."""

        async def look() -> None:
            await self.pool.check()
            await asyncio.gather(
                *(self.pool._fleet._look_at(one) for one in self.pool._fleet.browsers)
            )

        self.run(look())

    # -- how it happens ------------------------------------------------------------------------------

    async def come(self, name: str) -> None:
        claim = Claim(uuid4(), 1, "here", name, "submit-order", f"p-{next(numbers)}")
        worker = Worker(name, Intent(claim, None, "#M"))
        self.workers.append(worker)

        async def work() -> None:
            try:
                async with session(self.pool, worker.intent) as context:
                    assert not worker.gone, "LAW no slot for one who has gone"
                    assert context.at_work is None, "LAW one at a time in a context"
                    worker.at_work, context.at_work = True, worker
                    try:
                        if not await worker.end:
                            raise ValueError("wrong")
                    finally:
                        worker.at_work, context.at_work = False, None
            except (BotError, ValueError):
                pass
            finally:
                worker.gone = True

        worker.task = asyncio.create_task(work())

    async def end(self, worker: Worker, *, good: bool) -> None:
        if not worker.end.done():
            worker.end.set_result(good)

    async def cancel(self, worker: Worker) -> None:
        assert worker.task is not None
        worker.task.cancel()

    async def wait_too_long(self, pick: int) -> None:
        line = self.pool._slots._line
        place = line[pick % len(line)]
        place.since -= BOUNDS.wait_for
        place.news.set()

    async def stop(self, worker: Worker) -> None:
        await self.pool.stop(worker.intent.claim.operation_id)
        if not worker.end.done():
            worker.end.set_result(False)

    def one(self, pick: int, *, at_work: bool) -> Worker | None:
        """One of those who are at work, or of those who wait."""
        found = [one for one in self.workers if not one.gone and one.at_work is at_work]
        return found[pick % len(found)] if found else None

    # -- the laws ------------------------------------------------------------------------------------

    def laws(self) -> None:
        for worker in self.workers:
            task = worker.task
            if task is not None and task.done() and not task.cancelled():
                error = task.exception()
                assert error is None, error
        inside = [one for one in self.workers if one.at_work]
        waiting = [one for one in self.workers if not one.gone and not one.at_work]
        slots = self.pool._slots
        assert slots.at_work == len(inside), "LAW no slot is lost"
        assert slots.waiting == len(waiting), f"LAW no waiter is forgotten {waiting}"
        assert not waiting or len(inside) >= self.size, "LAW who waits is let in"
        assert len(self.pool._shelf) <= BOUNDS.idle_contexts
        open_ones = [
            context
            for browser in self.world.browsers if browser.alive and not browser.hung
            for context in browser.contexts if not context.closed
        ]  # fmt: skip
        known = len(self.pool._shelf) + len(inside)
        assert len(open_ones) <= known, "LAW nothing stays open that nobody knows of"

    def teardown(self) -> None:
        """Everybody ends: then all slots are free, and everything is closed."""

        async def finish() -> None:
            for worker in self.workers:
                worker.may_be_closed = True
                await self.end(worker, good=True)
            for _ in range(20):
                await self.settled()
                for worker in self.workers:
                    await self.end(worker, good=True)
            assert all(one.gone for one in self.workers), "LAW nobody waits for ever"
            assert self.pool._slots.at_work == 0
            await self.pool.close()
            assert not any(browser.alive for browser in self.world.browsers)

        try:
            self.loop.run_until_complete(finish())
        finally:
            self.loop.close()


@pytest.mark.parametrize(
    "examples",
    [60, pytest.param(1000, marks=[pytest.mark.matrix, pytest.mark.timeout(1800)])],
)
def test_the_pools_laws_hold(monkeypatch: pytest.MonkeyPatch, examples: int) -> None:
    """Acquire, release, cancel, crash, hang, expiry and resize, in every order that was tried."""
    for module, name in (
        (browser_pool, "OPEN_TIMEOUT"),
        (kill_ladder, "FAILING"),
        (browser_fleet, "ANSWER_TIMEOUT"),
    ):
        monkeypatch.setattr(module, name, MOMENT)
    monkeypatch.setattr(browser_fleet, "WATCH_PAUSE", 3600.0)
    logging_as_before = structlog.get_config()
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger("critical"))
    try:
        run_state_machine_as_test(
            Machine,
            settings=settings(
                max_examples=examples, stateful_step_count=30, derandomize=True, database=None,
                deadline=None, suppress_health_check=list(HealthCheck),
            ),
        )  # fmt: skip
    finally:
        structlog.configure(**logging_as_before)
