"""One circuit for the ERP: after three logins without an answer one operation at a time tries."""

import asyncio

from server.circuit import Circuit


class Claims:
    """Counts who is let through; ``fails``: the operation cannot be claimed, its turn is another's."""

    def __init__(self) -> None:
        self.tried = 0
        self.fails = False

    async def __call__(self) -> str | None:
        await asyncio.sleep(0)  # a claim is a statement: others come meanwhile
        if self.fails:
            return None
        self.tried += 1
        return "claimed"


def opened(pause: float = 60.0) -> Circuit:
    circuit = Circuit(failures=3, pause=pause)
    for _ in range(3):
        circuit.unreachable()
    return circuit


async def test_it_opens_after_failures_in_a_row() -> None:
    """Two are not enough, and one login that is answered starts the count anew."""
    circuit, claims = Circuit(failures=3, pause=60), Claims()
    for event in (circuit.unreachable, circuit.unreachable, circuit.reached, circuit.unreachable):
        event()
    assert not circuit.is_open
    assert await circuit.passage(claims) == "claimed"
    circuit.unreachable()
    circuit.unreachable()
    assert circuit.is_open
    assert await circuit.passage(claims) is None
    assert 59 < circuit.due_in <= 60


async def test_of_many_one_tries_after_each_pause() -> None:
    """Sixty operations that come at once: one is let through."""
    circuit, claims = opened(pause=0.05), Claims()
    await asyncio.sleep(circuit.due_in)  # the pause itself
    passed = await asyncio.gather(*(circuit.passage(claims) for _ in range(60)))
    assert passed.count("claimed") == claims.tried == 1
    assert circuit.due_in > 0


async def test_a_try_is_not_used_up_by_who_cannot_run() -> None:
    """An operation that waits for its agent's turn does not take the try from one that could."""
    circuit, claims, waiting = opened(pause=0.05), Claims(), Claims()
    waiting.fails = True
    await asyncio.sleep(circuit.due_in)
    assert await circuit.passage(waiting) is None
    assert await circuit.passage(claims) == "claimed"


async def test_one_login_that_is_answered_lets_everybody_go() -> None:
    """And closed it asks nobody to wait."""
    circuit, claims = opened(), Claims()
    circuit.reached()
    assert repr(circuit) == "<Circuit closed>"
    assert await asyncio.gather(*(circuit.passage(claims) for _ in range(60))) == ["claimed"] * 60


async def test_a_failed_try_starts_the_pause_anew() -> None:
    """Open it stays open until somebody is let in."""
    circuit, claims = opened(pause=0.05), Claims()
    await asyncio.sleep(circuit.due_in)
    assert await circuit.passage(claims) == "claimed"
    circuit.unreachable()
    assert circuit.is_open
    assert circuit.due_in > 0
    assert await circuit.passage(claims) is None
