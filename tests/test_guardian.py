"""Laws of the guardian: what it watches dies at the deadline or with the server, whatever stops Python."""

import asyncio
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from server import guardian
from server.guardian import Guardian, boottime
from server.processes import Family, GuardianError
from tests.conditions import until

SHORT = 0.4  # seconds of life given in these tests

# Two processes of one session, as a browser and its renderer.
PAIR = "sleep 1000 & echo ready; exec sleep 1000"

# A server of few words: its guardian watches the families named, until so many seconds from now.
SERVER = """
import asyncio, json, sys
from server.guardian import Guardian, boottime
from server.processes import Family

async def main():
    guardian = Guardian()
    await guardian.start()
    await guardian.feed(boottime() + float(sys.argv[1]))
    for pid in sys.argv[2:]:
        await guardian.watch(Family.of(int(pid)))
    print(json.dumps(guardian._family.pid), flush=True)
    await asyncio.Event().wait()

asyncio.run(main())
"""


@contextmanager
def family() -> Iterator[Family]:
    """Two living processes that nothing but a kill ends."""
    process = subprocess.Popen(
        ["/bin/sh", "-c", PAIR], stdout=subprocess.PIPE, start_new_session=True
    )
    assert process.stdout is not None
    process.stdout.readline()
    found = Family.of(process.pid)
    assert found is not None
    try:
        yield found
    finally:
        found.kill()
        process.wait()
        process.stdout.close()


@contextmanager
def server(life: float, *families: Family) -> Iterator[tuple[subprocess.Popen[Any], Family]]:
    """A server process and its guardian, which lets the families live for `life` seconds."""
    pids = [str(family.pid) for family in families]
    process = subprocess.Popen(
        [sys.executable, "-c", SERVER, str(life), *pids],
        stdout=subprocess.PIPE,
        start_new_session=True,
    )
    assert process.stdout is not None
    its_guardian = Family.of(json.loads(process.stdout.readline()))
    assert its_guardian is not None
    try:
        yield process, its_guardian
    finally:
        process.kill()
        process.wait()
        process.stdout.close()


@pytest.fixture
async def guard() -> AsyncIterator[Guardian]:
    """A guardian that is fed by the test."""
    guard = Guardian()
    await guard.start()
    yield guard
    await guard.close()
    assert not guard.is_alive()


@pytest.mark.parametrize("frozen", ["nothing", "family"])
async def test_the_families_die_with_a_server_that_is_killed(frozen: str) -> None:
    """All of them, frozen or not, long before the deadline; then the guardian ends too."""
    with family() as first, family() as second, server(1000, first, second) as (owner, guarding):
        if frozen == "family":
            for pid in first.members():
                os.kill(pid, signal.SIGSTOP)
        assert len(first.members()) == len(second.members()) == 2
        owner.kill()
        await until(lambda: not first.members() and not second.members(), "both to die")
        await until(lambda: not guarding.members(), "the guardian to end")


async def test_the_families_die_at_the_deadline_of_a_server_that_is_stopped() -> None:
    """SIGSTOP of the server does not keep its browsers alive; not a moment before the deadline."""
    with family() as one, server(SHORT, one) as (owner, guarding):
        begun = time.monotonic()
        os.kill(owner.pid, signal.SIGSTOP)
        await until(lambda: not one.members(), "the family to die")
        assert time.monotonic() - begun > SHORT / 2
        assert guarding.is_led()
        owner.kill()
        await until(lambda: not guarding.members(), "the guardian to end")


async def test_a_stopped_server_that_is_killed_takes_its_families_along() -> None:
    """The pipe closes whatever state the server is in."""
    with family() as one, server(1000, one) as (owner, _):
        os.kill(owner.pid, signal.SIGSTOP)
        owner.kill()
        await until(lambda: not one.members(), "the family to die")


async def test_signals_to_the_group_or_the_service_leave_the_guardian(guard: Guardian) -> None:
    """A service manager signals every process; the guardian ends only with the pipe."""
    assert guard._process is not None
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        os.kill(guard._process.pid, number)
    await guard.feed(boottime() + SHORT)
    assert guard.is_alive()
    assert os.getsid(guard._process.pid) == guard._process.pid


async def test_renewed_deadlines_keep_the_families_alive(guard: Guardian) -> None:
    """Each feeding counts from now on, and the last one ends them."""
    with family() as one:
        await guard.feed(boottime() + SHORT)
        await guard.watch(one)
        begun = time.monotonic()
        while time.monotonic() < begun + 3 * SHORT:
            await guard.feed(boottime() + SHORT)
            assert len(one.members()) == 2
            await asyncio.sleep(SHORT / 4)
        await until(lambda: not one.members(), "the family to die when nobody feeds any more")
        assert time.monotonic() - begun > 3 * SHORT


async def test_after_the_deadline_new_families_live_by_a_new_one(guard: Guardian) -> None:
    """The server may come back with a new lease; what it started under the old one stays doomed."""
    with family() as old, family() as early, family() as new:
        await guard.feed(boottime() + 0.01)
        await guard.watch(old)
        await until(lambda: not old.members(), "the old family to die")
        await guard.watch(early)
        await until(lambda: not early.members(), "a family under no deadline to die at once")
        await guard.feed(boottime() + 1000)
        await guard.watch(new)
        assert len(new.members()) == 2
        await guard.close()
        assert not new.members()


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGSTOP])
async def test_a_guardian_that_would_not_act_is_noticed_and_replaced(
    guard: Guardian, monkeypatch: pytest.MonkeyPatch, number: signal.Signals
) -> None:
    """At once, without telling it anything; what it is told then is refused, also after it goes on."""
    monkeypatch.setattr(guardian, "ANSWER_TIMEOUT", 0.2)
    assert guard._process is not None
    old = guard._process.pid
    os.kill(old, number)
    await until(lambda: not guard.is_alive(), "the guardian to be missed")
    with pytest.raises(GuardianError):
        await guard.feed(boottime() + 1000)
    if number == signal.SIGSTOP:
        os.kill(old, signal.SIGCONT)
    assert not guard.is_alive()
    await guard.start()
    assert guard.is_alive()
    await guard.feed(boottime() + 1000)
    assert Family.of(old) is None


async def test_it_inherits_no_secrets(monkeypatch: pytest.MonkeyPatch) -> None:
    """Our settings hold keys and passwords; it needs none of them."""
    monkeypatch.setenv("ARCHIBALD_SECRET_KEY", "not-for-the-guardian")
    guard = Guardian()
    await guard.start()
    assert guard._process is not None
    with open(f"/proc/{guard._process.pid}/environ") as environment:  # noqa: PTH123, ASYNC230
        assert "not-for-the-guardian" not in environment.read()
    await guard.close()
