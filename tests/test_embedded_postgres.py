"""Laws of the embedded Postgres: it keeps the data, serves one server, and dies with it."""

import asyncio
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest

from server import embedded_cluster
from server.embedded_postgres import (
    EmbeddedPostgresError,
    embedded_postgres,
    running_postgres,
)
from tests.conditions import until
from tests.databases import temporary_folder

# Serves until it is killed. Given a uid, it becomes that user first, after everything is imported: the
# interpreter itself may lie where that user cannot read.
OWNER = """
import asyncio, os, sys
from pathlib import Path
import concurrent.futures.thread, encodings.idna, psycopg
from server.embedded_postgres import embedded_postgres

if len(sys.argv) > 2:
    os.setgroups([])
    os.setgid(int(sys.argv[3]))
    os.setuid(int(sys.argv[2]))

async def main():
    async with embedded_postgres(Path(sys.argv[1])) as dsn:
        print(dsn, flush=True)
        await asyncio.get_running_loop().create_future()

asyncio.run(main())
"""


@pytest.fixture(scope="module")
def folder() -> Iterator[Path]:
    """A data folder that the tests share, because making one takes a second."""
    with temporary_folder() as path:
        yield path


@pytest.fixture
def fresh() -> Iterator[Path]:
    """A data folder for a test that spoils it."""
    with temporary_folder() as path:
        yield path


def start_owner(folder: Path, *arguments: str) -> tuple[subprocess.Popen[str], str]:
    """A process that owns an embedded Postgres, and its DSN."""
    owner = subprocess.Popen(
        [sys.executable, "-c", OWNER, folder, *arguments], stdout=subprocess.PIPE, text=True
    )
    assert owner.stdout is not None
    dsn = owner.stdout.readline().strip()
    assert dsn, "the owner ended before its Postgres was ready"
    return owner, dsn


def kill(owner: subprocess.Popen[str]) -> None:
    owner.kill()
    owner.wait()
    assert owner.stdout is not None
    owner.stdout.close()


async def value(dsn: str, query: str) -> Any:
    async with await psycopg.AsyncConnection.connect(dsn) as conn:
        row = await (await conn.execute(query.encode())).fetchone()
    assert row is not None
    return row[0]


async def write(dsn: str, statements: str) -> None:
    async with await psycopg.AsyncConnection.connect(dsn) as conn:
        await conn.execute(statements.encode())


async def test_data_outlive_a_restart_and_no_process_does(folder: Path) -> None:
    """A stop is complete, and the next start finds what was committed."""
    cluster = embedded_cluster.locate(folder)
    async with embedded_postgres(folder) as dsn:
        await write(dsn, "CREATE TABLE kept_1 AS SELECT 7 AS number")
        assert cluster.processes()
    assert cluster.processes() == []
    async with embedded_postgres(folder) as dsn:
        assert await value(dsn, "SELECT number FROM kept_1") == 7


async def test_the_journal_is_durable_unless_a_test_says_otherwise(folder: Path) -> None:
    """Committed means on disk."""
    async with embedded_postgres(folder) as dsn:
        assert [await value(dsn, f"SHOW {name}") for name in ("fsync", "synchronous_commit")] == [
            "on",
            "on",
        ]
    async with embedded_postgres(folder, fsync=False) as dsn:
        assert await value(dsn, "SHOW fsync") == "off"


async def test_nobody_else_can_connect(folder: Path) -> None:
    """It listens on no port, and its socket and data are in folders of its own uid alone."""
    async with embedded_postgres(folder) as dsn:
        assert await value(dsn, "SHOW listen_addresses") == ""
        cluster = embedded_cluster.locate(folder)
        for path in (cluster.home, cluster.data, cluster.socket_dir):
            assert path.stat().st_mode & 0o077 == 0
            assert path.stat().st_uid == cluster.uid


async def test_it_dies_with_an_owner_that_is_killed(folder: Path) -> None:
    """SIGKILL of the server leaves no Postgres, and the next server finds the data."""
    owner, dsn = start_owner(folder)
    try:
        await write(dsn, "CREATE TABLE kept_2 AS SELECT 7 AS number")
        cluster = embedded_cluster.locate(folder)
        assert cluster.processes()
    finally:
        kill(owner)
    await until(lambda: cluster.processes() == [], "Postgres to die with its owner")
    async with embedded_postgres(folder) as again:
        assert await value(again, "SELECT number FROM kept_2") == 7


async def test_a_new_owner_need_not_wait_for_the_old_one_to_be_cleared_away(folder: Path) -> None:
    """Started right after the kill, it waits by itself until the old Postgres is gone."""
    for _ in range(3):
        owner, _ = start_owner(folder)
        kill(owner)
    async with embedded_postgres(folder) as dsn:
        assert await value(dsn, "SELECT 1") == 1


async def test_ctrl_c_and_a_group_sigterm_leave_it_to_its_owner(folder: Path) -> None:
    """A signal to the whole process group does not stop it while the server still drains."""
    async with embedded_postgres(folder) as dsn:
        postmaster = embedded_cluster.locate(folder).recorded_pid()
        assert postmaster is not None
        assert os.getpgid(postmaster) != os.getpgrp()
        assert os.getsid(postmaster) != os.getsid(0)
        assert await value(dsn, "SELECT 1") == 1


async def test_a_second_server_is_refused(folder: Path) -> None:
    """Two servers on one folder are told what they need instead, and the first is not disturbed."""
    async with embedded_postgres(folder) as dsn:
        with pytest.raises(
            EmbeddedPostgresError, match=rf"process {os.getpid()}\..*ARCHIBALD_DATABASE_URL"
        ):
            async with embedded_postgres(folder):
                pass
        assert await value(dsn, "SELECT 1") == 1


async def test_a_killed_postgres_is_recovered(folder: Path) -> None:
    """After SIGKILL of Postgres itself its stale pid file is no obstacle and commits are still there."""
    cluster = embedded_cluster.locate(folder)
    async with embedded_postgres(folder) as dsn:
        await write(dsn, "CREATE TABLE kept_3 AS SELECT 7 AS number")
        postmaster = cluster.recorded_pid()
        assert postmaster is not None
        os.kill(postmaster, signal.SIGKILL)
    assert cluster.pid_file.exists()
    async with embedded_postgres(folder) as dsn:
        assert await value(dsn, "SELECT number FROM kept_3") == 7


async def test_a_pid_file_whose_number_went_to_another_process_is_no_obstacle(folder: Path) -> None:
    """Postgres itself would take that process for a living Postgres and refuse to start."""
    cluster = embedded_cluster.locate(folder)
    async with embedded_postgres(folder):
        living = cluster.pid_file.read_text()
    with subprocess.Popen(["sleep", "1000"], **cluster.as_owner()) as stranger:  # noqa: ASYNC220 - quick
        try:
            cluster.pid_file.write_text(
                living.replace(living.split("\n", 1)[0], str(stranger.pid), 1)
            )
            async with embedded_postgres(folder) as dsn:
                assert await value(dsn, "SELECT 1") == 1
            assert stranger.poll() is None
        finally:
            stranger.kill()


async def test_a_half_made_data_folder_is_made_again(fresh: Path) -> None:
    """What a killed initdb left is thrown away, never started."""
    cluster = embedded_cluster.locate(fresh)
    half = cluster.home / "initdb-4711"
    cluster.home.mkdir(mode=0o700)
    half.mkdir()
    (half / "PG_VERSION").write_text("18\n")
    async with embedded_postgres(fresh) as dsn:
        assert await value(dsn, "SELECT 1") == 1
    assert not half.exists()


async def test_data_of_another_version_are_refused(fresh: Path) -> None:
    """They are named and left as they are."""
    async with embedded_postgres(fresh):
        pass
    version = embedded_cluster.locate(fresh).data / "PG_VERSION"
    version.write_text("16\n")
    with pytest.raises(EmbeddedPostgresError, match="Postgres 16, this is 18"):
        async with embedded_postgres(fresh):
            pass


async def test_a_start_that_fails_says_what_postgres_said(fresh: Path) -> None:
    """The end of its log is in the error."""
    async with embedded_postgres(fresh):
        pass
    (embedded_cluster.locate(fresh).data / "postgresql.conf").write_text("no_such_setting = 1\n")
    with pytest.raises(EmbeddedPostgresError, match="no_such_setting"):
        async with embedded_postgres(fresh):
            pass


@pytest.mark.parametrize("name", ["d" * 90, "a,b"])
async def test_a_path_unfit_for_a_socket_gets_a_short_one(fresh: Path, name: str) -> None:
    """A deep data fresh, or a comma that a DSN would split at, is no obstacle."""
    async with embedded_postgres(fresh / name) as dsn:
        assert await value(dsn, "SELECT 1") == 1
        socket_dir = embedded_cluster.locate(fresh / name).socket_dir
        assert fresh not in socket_dir.parents
    socket_dir.rmdir()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root runs Postgres under another uid")
async def test_a_folder_closed_to_the_uid_is_named_and_stays_closed(fresh: Path) -> None:
    """We open no foreign fresh; the message says which one is in the way."""
    closed = fresh / "closed"
    closed.mkdir(mode=0o700)
    with pytest.raises(EmbeddedPostgresError, match=rf"may not enter {closed};"):
        async with embedded_postgres(closed / "data"):
            pass
    assert closed.stat().st_mode & 0o777 == 0o700


async def test_it_is_started_from_the_main_thread_only(fresh: Path) -> None:
    """Elsewhere the kernel would end Postgres together with the thread."""

    async def enter() -> None:
        async with embedded_postgres(fresh):
            pass

    with pytest.raises(EmbeddedPostgresError, match="main thread"):
        await asyncio.to_thread(asyncio.run, enter())


@pytest.mark.skipif(
    os.geteuid() != 0, reason="only root can become another user; the other tests run as one"
)
async def test_an_ordinary_user_runs_it_as_himself(fresh: Path) -> None:
    """Without root nothing changes its uid, and it dies with its owner all the same."""
    cluster = embedded_cluster.locate(fresh / "elsewhere")
    readable = subprocess.run(["test", "-x", cluster.wheel], check=False, **cluster.as_owner())  # noqa: ASYNC221 - quick
    if readable.returncode != 0:
        pytest.skip("the project lies where only root can read")
    private = fresh / "private"
    private.mkdir(mode=0o700)
    os.chown(private, cluster.uid, cluster.gid)
    owner, dsn = start_owner(private, str(cluster.uid), str(cluster.gid))
    try:
        assert await value(dsn, "SELECT 1") == 1
        own = embedded_cluster.locate(private)
        assert own.data.stat().st_uid == cluster.uid
        assert not list(private.glob("postgres-programs-*"))
    finally:
        kill(owner)
    await until(lambda: own.processes() == [], "Postgres to die with its owner")


async def test_an_operators_command_finds_the_running_postgres(fresh: Path) -> None:
    """Beside a server its Postgres may be used; without one there is none to use."""
    assert running_postgres(fresh) is None
    async with embedded_postgres(fresh) as dsn:
        assert running_postgres(fresh) == dsn
    assert running_postgres(fresh) is None
