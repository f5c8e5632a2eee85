"""Checks what the machine gives: a data folder that can be written, memory, open files.

Shared memory is not among it: Playwright starts Chromium with ``--disable-dev-shm-usage``.
"""

import os
import resource
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from server.check.finding import Finding, fault, fine
from server.config import PREFIX, Config

# For logs, keys and what browsers keep on disk while they run; the artifacts come on top.
ROOM = 200_000_000
PROBE = b"archibald" * 100_000  # bytes: more than a file system keeps for root alone on a tiny disk
# Measured: Chromium's largest process opens 51 files and 4 more for each context, and raises its own limit
# to the hard one; ourselves need 12, and one for each connection.
FILES, FILES_PER_CONTEXT = 256, 8
SERVER_MEMORY = 500_000_000  # of Python, Playwright's driver and the guardian
_LIMITS = ("/sys/fs/cgroup/memory.max", "/sys/fs/cgroup/memory/memory.limit_in_bytes")


def machine(config: Config) -> Iterator[Finding]:
    """One line each."""
    yield data_folder(config)
    yield _memory(config)
    yield _files(config)


def data_folder(config: Config) -> Finding:
    """Whether files can be made there, synced, and have room."""
    part, folder = "data folder", config.data_dir
    remedy = (
        f"let {PREFIX}DATA_DIR name a folder on a disk with room that uid {os.geteuid()} may write"
    )
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=folder, prefix="check-") as probe:
            probe.write(PROBE)
            probe.flush()
            os.fsync(probe.fileno())
        free = shutil.disk_usage(folder).free
    except OSError as error:
        return fault(part, f"{folder} cannot be written: {error.strerror}", remedy)
    needed = config.artifacts_bytes + ROOM
    if free < needed:
        return fault(
            part,
            f"{folder} has {_size(free)} of room, artifacts may take {_size(config.artifacts_bytes)}",
            f"free {_size(needed - free)}, or set {PREFIX}ARTIFACTS_BYTES to less",
        )
    return fine(part, f"{folder} can be written and has {_size(free)} of room")


def _memory(config: Config) -> Finding:
    there, needed = _available_memory(), config.browser_memory + SERVER_MEMORY
    seen = f"{_size(there)} in all, browsers may take {_size(config.browser_memory)}"
    if there >= needed:
        return fine("memory", seen)
    remedy = f"give it {_size(needed)}, or set {PREFIX}BROWSER_MEMORY to less (bytes)"
    return fault("memory", seen, remedy)


def _available_memory() -> int:
    """Of the machine, or of the container if that is less."""
    limits = [os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")]
    for name in _LIMITS:
        with suppress(OSError, ValueError):  # no such limit, or "max"
            limits.append(int(Path(name).read_text()))
    return min(limits)


def _files(config: Config) -> Finding:
    limit, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    contexts = config.pool_size + config.idle_contexts
    needed = FILES + FILES_PER_CONTEXT * contexts
    seen = f"{limit} allowed, at most {most}; {contexts} contexts need {needed} of that"
    if limit >= FILES and most >= needed:
        return fine("open files", seen)
    return fault(
        "open files",
        seen,
        f"raise the limit (ulimit -n {needed}, or LimitNOFILE= of systemd), "
        f"or set {PREFIX}POOL_SIZE and {PREFIX}IDLE_CONTEXTS to less",
    )


def _size(number: int) -> str:
    return f"{number / 1e9:.1f} GB" if number >= 1e8 else f"{number / 1e6:.1f} MB"
