"""Makes helper programs die with this process, and proves that they are dead.

A browser that outlives its server could still send a write nobody knows of, so death is not left to good
manners: the kernel kills the program when its parent dies (`setpriv --pdeathsig KILL`), even a frozen
one, and whoever needs the proof looks at the processes themselves. Each program leads a session of its
own (`setsid`): signals to our process group pass it by, so that Ctrl-C leaves time to drain, and all that
it starts can be found again.
"""

import asyncio
import fcntl
import os
import shlex
import shutil
import signal
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Self

POLL = 0.01  # seconds between looks at the process table
DEATH_TIMEOUT = 10  # seconds for SIGKILL to work; only a process stuck in the kernel takes longer


class GuardianError(Exception):
    """A helper program cannot be guarded or does not die; the message says why."""


@dataclass(frozen=True)
class Family:
    """A session: the process that leads it and all that it started.

    The start time makes the leader's number unmistakable; the number of a session is not given away
    while any member lives.
    """

    pid: int
    started: int  # clock ticks after boot

    @classmethod
    def of(cls, pid: int) -> Self | None:
        """The family that process `pid` leads; None when it has ended."""
        status = _status(pid)
        return None if status is None else cls(pid, status.started)

    def is_led(self) -> bool:
        """Whether the leader lives."""
        leader = _status(self.pid)
        return leader is not None and leader.started == self.started and leader.alive

    def is_running(self) -> bool:
        """Whether the leader lives and nobody has stopped it (SIGSTOP)."""
        leader = _status(self.pid)
        return leader is not None and leader.started == self.started and leader.running

    def members(self) -> list[int]:
        """The living members; empty is the proof of death."""
        leader = _status(self.pid)
        if leader is not None and leader.started != self.started:
            return []  # the number belongs to somebody else by now
        pids = [int(entry.name) for entry in Path("/proc").iterdir() if entry.name.isdecimal()]
        statuses = {pid: _status(pid) for pid in pids}
        return [
            pid
            for pid, status in statuses.items()
            if status and status.session == self.pid and status.alive
        ]

    def kill(self) -> None:
        """Sends SIGKILL to every member and does not wait."""
        for pid in self.members():
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)

    async def end(self) -> None:
        """Kills until no member is left; returns with that proof.

        Raises:
            GuardianError: members live on.
        """
        deadline = time.monotonic() + DEATH_TIMEOUT
        while members := self.members():
            if time.monotonic() > deadline:
                raise GuardianError(f"processes {members} do not die of SIGKILL")
            self.kill()
            await asyncio.sleep(POLL)


@dataclass(frozen=True)
class RunFolder:
    """A private folder of one run: scripts, process numbers, and the programs' temporary files."""

    path: Path

    @property
    def temporary(self) -> Path:
        """TMPDIR of the guarded programs. A killed browser leaves its profile there."""
        return self.path / "tmp"

    def wrapper(self, name: str, program: Path, *, session: bool, before: str = "") -> Path:
        """Writes a script that becomes `program`, guarded, with the script's arguments.

        It writes its number and start time, which are then the program's, into `pid_file(name)`. To be
        run by a thread that lives as long as the parent should: the kernel watches the thread.
        `session=False` is for a parent that starts its children in sessions of their own. `before` is
        shell code to run first.

        Raises:
            GuardianError: the tools for it are missing.
        """
        tools = ["setsid", "setpriv"] if session else ["setpriv"]
        for tool in tools:
            if shutil.which(tool) is None:
                raise GuardianError(f"{tool} is missing: apt-get install util-linux")
        # Our settings hold secrets, and no guarded program has a use for them.
        settings = [variable for variable in os.environ if variable.startswith("ARCHIBALD_")]
        lines = [
            "#!/bin/sh",
            "read -r status < /proc/self/stat",
            "started() { shift 21; echo $1; }",
            f"echo $$ $(started $status) > {shlex.quote(str(self.pid_file(name)))}",
            f"export TMPDIR={shlex.quote(str(self.temporary))}",
            *(f"unset {shlex.quote(variable)}" for variable in settings),
            before,
            f'exec {" ".join(tools)} --pdeathsig KILL {shlex.quote(str(program))} "$@"',
        ]
        script = self.path / name
        script.write_text("\n".join(lines) + "\n")
        script.chmod(0o700)
        return script

    def pid_file(self, name: str) -> Path:
        """Where the program started by wrapper `name` says who it is."""
        return self.path / f"{name}.pid"

    def family(self, name: str) -> Family | None:
        """The family of the program started by wrapper `name`; None when it never started."""
        try:
            pid, started = self.pid_file(name).read_text().split()
        except (FileNotFoundError, ValueError):
            return None
        return Family(int(pid), int(started))

    def families(self) -> list[Family]:
        """The families of all programs ever started here."""
        found = [self.family(file.stem) for file in self.path.glob("*.pid")]
        return [family for family in found if family is not None]

    def forget_dead(self) -> None:
        """Removes the scripts of programs that have ended, and all temporary files if none lives.

        A browser's own files go with it, for its driver removes them; those of a killed driver stay.
        """
        living = False
        for file in self.path.glob("*.pid"):
            family = self.family(file.stem)
            if family is not None and family.members():
                living = True
            elif family is not None:
                file.unlink()
                file.with_suffix("").unlink(missing_ok=True)
        if not living:
            shutil.rmtree(self.temporary, ignore_errors=True)
            self.temporary.mkdir(exist_ok=True)


@contextmanager
def run_folder(parent: Path) -> Iterator[RunFolder]:
    """Makes a folder of this run below `parent`, gone at the end; removes those of runs that were killed."""
    parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with (parent / "lock").open("a") as making:
        fcntl.flock(making, fcntl.LOCK_EX)  # held for an instant by any starter
        for other in parent.glob("run-*"):
            _remove_abandoned(other)
        path = Path(tempfile.mkdtemp(prefix="run-", dir=parent))
        lock = (path / "lock").open("a")
        fcntl.flock(
            lock, fcntl.LOCK_EX
        )  # freed by the kernel when this process dies, however it does
    folder = RunFolder(path.absolute())
    folder.temporary.mkdir()
    try:
        with lock:
            yield folder
    finally:
        shutil.rmtree(path, ignore_errors=True)


def _remove_abandoned(path: Path) -> None:
    try:
        with (path / "lock").open("a") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            for family in RunFolder(path).families():
                family.kill()  # children that were stopped cannot notice that their leader died
            shutil.rmtree(path, ignore_errors=True)
    except BlockingIOError:
        return  # its owner lives


@dataclass(frozen=True)
class _Status:
    alive: bool  # False for a dead process that nobody has asked about yet
    running: bool  # alive, and not stopped by a signal
    session: int
    started: int


def _status(pid: int) -> _Status | None:
    try:
        text = Path(f"/proc/{pid}/stat").read_text()
    except (FileNotFoundError, ProcessLookupError):
        return None
    fields = text.rpartition(")")[2].split()  # the name before it may hold blanks and brackets
    return _Status(
        alive=fields[0] not in "ZX",
        running=fields[0] not in "ZXTt",
        session=int(fields[3]),
        started=int(fields[19]),
    )
