"""A process beside the server that kills its browsers when the server's lease is over (design §4.5).

Python can be stopped in the middle of anything, the lease then passes to another server, and the browsers
would go on. So the server tells a process of its own which families it started and until when they may
live; at that time, or when the server's pipe closes, the guardian sends SIGKILL until none lives. It
outlives a killed or stopped server for that, and ends when there is nothing left to do.

`python -m server.guardian` is that process; `Guardian` is the server's end of the pipe. Every line is
echoed when it has been taken to heart, so that a guardian that is stopped is noticed. Standard library
only: it has to be there at once, and there is nothing in it that could fail.
"""

import asyncio
import os
import select
import signal
import sys
import time
from asyncio.subprocess import PIPE, Process
from contextlib import suppress
from pathlib import Path

from server.processes import POLL, Family, GuardianError

START_TIMEOUT = 10  # seconds; it takes 0.1
ANSWER_TIMEOUT = 2  # seconds for an echo, which takes a millisecond
LOOK = 0.25  # seconds between looks at the clock: a machine that slept wakes it late
_ROOT = Path(__file__).resolve().parent.parent


def boottime() -> float:
    """Seconds since boot, also those that the machine slept: all deadlines of leases are in it."""
    return time.clock_gettime(time.CLOCK_BOOTTIME)


class Guardian:
    """The server's handle on its guardian process; one task at a time talks to it."""

    def __init__(self) -> None:
        self._process: Process | None = None
        self._family: Family | None = None
        self._talking = asyncio.Lock()
        self._silent = False

    def is_alive(self) -> bool:
        """Whether it would act: it runs, is not stopped, and has echoed all that it was told."""
        return self._family is not None and not self._silent and self._family.is_running()

    async def start(self) -> None:
        """Start the process, in place of one that has died or does not answer; nothing is watched yet.

        Raises:
            GuardianError: it does not start.
        """
        async with self._talking:
            await self._end()
            self._process = await asyncio.create_subprocess_exec(
                sys.executable,
                "-S",
                "-m",
                __name__,
                stdin=PIPE,
                stdout=PIPE,
                cwd="/",
                env={"PYTHONPATH": str(_ROOT)},  # our settings hold secrets
                start_new_session=True,  # signals to our group pass it by
            )
            self._family = Family.of(self._process.pid)
            self._silent = False
            await self._tell("until 0", within=START_TIMEOUT)

    async def feed(self, deadline: float) -> None:
        """Let the watched families live until `deadline` (see `boottime`), and not longer.

        Raises:
            GuardianError: it does not answer; start another.
        """
        async with self._talking:
            await self._tell(f"until {deadline!r}", within=ANSWER_TIMEOUT)

    async def watch(self, family: Family) -> None:
        """Have `family` killed at the deadline or at our end; at once if the deadline has passed.

        Raises:
            GuardianError: it does not answer; start another.
        """
        async with self._talking:
            await self._tell(f"watch {family.pid} {family.started}", within=ANSWER_TIMEOUT)

    async def close(self) -> None:
        """Close the pipe: it kills what is left of the families, and ends."""
        async with self._talking:
            await self._end()

    async def _tell(self, line: str, *, within: float) -> None:
        process = self._process
        if process is None or process.stdin is None or process.stdout is None or self._silent:
            raise GuardianError("no guardian to tell")
        try:
            process.stdin.write(line.encode() + b"\n")
            async with asyncio.timeout(within):
                await process.stdin.drain()
                echo = await process.stdout.readline()
        except (TimeoutError, OSError) as error:
            self._silent = True
            raise GuardianError(
                f"the guardian does not take orders ({type(error).__name__})"
            ) from None
        except BaseException:
            self._silent = True  # its echo would be taken for the next line's
            raise
        if echo.decode() != line + "\n":
            self._silent = True
            raise GuardianError("the guardian has ended")

    async def _end(self) -> None:
        process, self._process = self._process, None
        if process is None or process.stdin is None:
            return
        with suppress(ProcessLookupError):
            if not self.is_alive():
                process.kill()  # frozen, it would not see the pipe close
        process.stdin.close()
        await process.wait()
        self._family = None


def guard(orders: int, answers: int) -> None:
    """The guardian's life: takes orders from one descriptor, echoes them to the other, and kills."""
    watched: set[Family] = set()
    doomed: set[Family] = set()
    deadline, rest, told = 0.0, b"", True
    while told or watched or doomed:
        if not told or boottime() >= deadline:
            doomed, watched = doomed | watched, set()
        doomed = {family for family in doomed if family.members()}
        for family in doomed:
            family.kill()
        if not told:
            time.sleep(POLL)
            continue
        if not select.select([orders], [], [], _pause(deadline, watched, doomed))[0]:
            continue
        received = os.read(orders, 65536)
        told = bool(received)
        *lines, rest = (rest + received).split(b"\n")
        for line in lines:
            word, *values = line.split()
            if word == b"until":
                deadline = float(values[0])
            else:
                pid, started = values
                watched = {family for family in watched if family.members()}
                watched.add(Family(int(pid), int(started)))
            try:
                os.write(answers, line + b"\n")
            except BrokenPipeError:
                told = False


def _pause(deadline: float, watched: set[Family], doomed: set[Family]) -> float | None:
    if doomed:
        return POLL
    return min(max(deadline - boottime(), 0), LOOK) if watched else None


if __name__ == "__main__":
    # A service manager tells every process of the service to end; this one ends with the server's pipe.
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
    guard(sys.stdin.fileno(), sys.stdout.fileno())
