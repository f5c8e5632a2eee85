"""The container's files, as far as they can be proved without a container."""

import re
import subprocess
import sys
from pathlib import Path

from server.config import Config

ROOT = Path(__file__).resolve().parents[1]
DOCKERFILE = (ROOT / "Dockerfile").read_text()


def test_hadolint_finds_nothing() -> None:
    """What it is told to overlook is overlooked in the file, with the reason."""
    hadolint = Path(sys.executable).with_name("hadolint")
    told = subprocess.run(
        [hadolint, ROOT / "Dockerfile"], capture_output=True, text=True, check=False
    )
    assert (told.returncode, told.stdout + told.stderr) == (0, "")


def test_what_is_copied_is_there_and_let_in() -> None:
    """.dockerignore keeps everything out but what the Dockerfile names."""
    sources = [
        source
        for line in re.findall(r"^COPY (?!--from)(.+)$", DOCKERFILE, re.MULTILINE)
        for source in line.split()[:-1]
    ]
    let_in = {
        line[1:]
        for line in (ROOT / ".dockerignore").read_text().splitlines()
        if line.startswith("!")
    }
    assert set(sources) == let_in
    assert all((ROOT / source).exists() for source in sources)


def test_it_does_not_run_as_root() -> None:
    """The last user is a number that is not root's, as Kubernetes' runAsNonRoot wants it."""
    assert re.findall(r"^USER (.+)$", DOCKERFILE, re.MULTILINE) == ["10001"]


def test_the_time_to_drain_is_given() -> None:
    """SIGKILL comes only after a drain may have ended."""
    compose = (ROOT / "deploy" / "compose.yml").read_text()
    match = re.search(r"stop_grace_period: (\d+)s", compose)
    assert match
    assert int(match[1]) > Config.drain_timeout


def test_the_settings_of_compose_are_settings() -> None:
    """A misspelt one would stop the server at its start."""
    names = re.findall(
        r"^ +ARCHIBALD_(\w+):", (ROOT / "deploy" / "compose.yml").read_text(), re.MULTILINE
    )
    assert names
    assert {name.lower() for name in names} <= Config.__dataclass_fields__.keys()
