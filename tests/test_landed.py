"""The contract breaks nothing that has landed, and what has landed is not renewed on the way.

The last landed contract is an image in the repository, so that a checkout without history can compare.
"""

import hashlib
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
BUF = ROOT / "node_modules" / ".bin" / "buf"
IMAGE = Path("protos") / "landed.binpb"


def breaking(folder: Path) -> subprocess.CompletedProcess[str]:
    """What `make lint` runs."""
    command = [str(BUF), "breaking", "--against", str(IMAGE)]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """The contract alone, without history, as a shallow checkout has it."""
    shutil.copytree(ROOT / "protos", tmp_path / "protos")
    shutil.copy(ROOT / "buf.yaml", tmp_path)
    return tmp_path


def test_todays_contract_breaks_nothing() -> None:
    """Callers of the last release need not change a line."""
    compared = breaking(ROOT)
    assert (compared.returncode, compared.stdout) == (0, "")


@pytest.mark.parametrize(
    ("file", "old", "new", "told"),
    [
        ("bot", "  string customer_account = 12;\n", "", 'field "12"'),
        ("bot", "string customer_name = 13;", "string client_name = 13;", "customer_name"),
        ("bot", "string quantity = 4;", "double quantity = 4;", "double"),
        ("bot", "  WAIT_NONE = 2;\n", "", 'enum "Wait"'),
        ("operations", "rpc CancelOperation(", "rpc StopOperation(", "CancelOperation"),
        ("operations", "returns (stream WatchOper", "returns (WatchOper", "stream"),
    ],
    ids=["field gone", "field renamed", "type changed", "value gone", "rpc gone", "no stream"],
)
def test_a_breaking_change_is_caught(copy: Path, file: str, old: str, new: str, told: str) -> None:
    """Whatever would break a caller's code or its bytes is named, and the check fails."""
    contract = copy / "protos" / "archibald" / "v1" / f"{file}.proto"
    before = contract.read_text()
    assert old in before
    contract.write_text(before.replace(old, new, 1))
    compared = breaking(copy)
    assert compared.returncode != 0
    assert told in compared.stdout


def test_an_addition_is_welcome(copy: Path) -> None:
    """A new field breaks nobody."""
    contract = copy / "protos" / "archibald" / "v1" / "bot.proto"
    old = "message WarehouseSource {\n"
    contract.write_text(
        contract.read_text().replace(old, f"{old}  // New.\n  string colour = 99;\n")
    )
    assert breaking(copy).returncode == 0


def test_the_image_is_the_one_that_was_landed() -> None:
    """Whoever renews it does so by `make landed`, and it shows in the change as a line of text."""
    digest, name = (ROOT / "protos" / "landed.sha256").read_text().split()
    assert name == str(IMAGE)
    assert hashlib.sha256((ROOT / IMAGE).read_bytes()).hexdigest() == digest


@pytest.mark.parametrize("target", ["setup", "lint", "test", "protos", "format"])
def test_no_other_command_renews_it(target: str) -> None:
    """Checking compares with the image and never writes it; only `make landed` does, after comparing."""
    assert "buf build" not in recipe(target)
    landing = recipe("landed")
    assert landing.index("buf breaking") < landing.index("buf build")
    script = (ROOT / ".ci" / "run").read_text()
    assert "make lint" in script
    assert "landed" not in script


def recipe(target: str) -> str:
    """What make would run."""
    command = ["make", "--dry-run", "--no-print-directory", target]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout
