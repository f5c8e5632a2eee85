"""The agents' turns within one process."""

import asyncio

from server.user_locks import UserLocks


async def test_turns_of_one_agent_are_first_come_first_served() -> None:
    """One at a time, in the order of arrival."""
    locks, order = UserLocks(), []

    async def work(name: str) -> None:
        async with locks.turn("A001"):
            order.append(f"{name} in")
            await asyncio.sleep(0)
            order.append(f"{name} out")

    await asyncio.gather(*(work(name) for name in "abc"))
    assert order == ["a in", "a out", "b in", "b out", "c in", "c out"]


async def test_different_agents_never_wait_for_each_other() -> None:
    """A held turn of one agent leaves the others alone."""
    locks = UserLocks()
    async with locks.turn("A001"), locks.turn("A002"):
        assert locks.busy("A001")
        assert locks.busy("A002")
        assert not locks.busy("A003")


async def test_a_cancelled_waiter_gives_its_turn_to_the_next() -> None:
    """A waiter who leaves takes nothing along."""
    locks, done = UserLocks(), asyncio.Event()

    async def next_one() -> None:
        async with locks.turn("A001"):
            done.set()

    async with locks.turn("A001"):
        leaving = asyncio.create_task(next_one())
        staying = asyncio.create_task(next_one())
        await asyncio.sleep(0)
        leaving.cancel()
        await asyncio.wait([leaving])
    await staying
    assert done.is_set()


async def test_idle_agents_leave_nothing_behind() -> None:
    """Sixty agents a day must not be sixty locks for ever."""
    locks = UserLocks()
    for index in range(60):
        async with locks.turn(f"A{index:03}"):
            pass
    assert repr(locks) == "<UserLocks 0 agents at work>"
