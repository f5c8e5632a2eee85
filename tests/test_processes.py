"""Which program is run, and that nothing runs unguarded."""

import os
from pathlib import Path

import pytest

from server import chromium
from server.chromium import ChromiumMissingError, find_chromium
from server.processes import Family, GuardianError, run_folder


def test_chromium_is_the_setting_or_the_best_that_is_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Headless shell before Chromium before Playwright's own; a setting is never replaced by a guess."""
    own, shell, full = (tmp_path / name for name in ("own", "chromium-headless-shell", "chromium"))
    monkeypatch.setattr(chromium, "PROGRAMS", tmp_path / "none")
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(ChromiumMissingError, match="make setup"):
        find_chromium(None, own)
    for better in (own, full, shell):
        better.write_text("#!/bin/sh\n")
        better.chmod(0o755)
        assert find_chromium(None, own) == better
    assert find_chromium(str(full)) == full
    with pytest.raises(ChromiumMissingError, match="ARCHIBALD_CHROMIUM names /no/such"):
        find_chromium("/no/such")


def test_the_program_behind_a_script_is_guarded(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The death signal would end Debian's script and not the browser that it waits for."""
    script, program = tmp_path / "chromium", tmp_path / "programs" / "chromium"
    program.parent.mkdir()
    for path in (script, program):
        path.write_text("#!/bin/sh\n")
        path.chmod(0o755)
    monkeypatch.setattr(chromium, "PROGRAMS", program.parent)
    assert find_chromium(str(script)) == program


def test_without_its_tools_nothing_runs_unguarded(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The error names what to install."""
    monkeypatch.setenv("PATH", str(tmp_path))
    with (
        run_folder(tmp_path / "run") as folder,
        pytest.raises(GuardianError, match="apt-get install util-linux"),
    ):
        folder.wrapper("chromium", Path("/bin/true"), session=False)


def test_a_number_that_went_to_another_process_is_not_our_family() -> None:
    """A kill that comes late hits nobody else."""
    family = Family.of(os.getsid(0)) or Family.of(os.getpid())
    assert family is not None
    stranger = Family(family.pid, family.started - 1)
    assert stranger.members() == []
    assert not stranger.is_led()
