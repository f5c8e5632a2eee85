"""What is shipped to Node's users: the contract as it is today, all that it needs, and types that hold."""

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
CLIENT = ROOT / "client" / "node"
PROGRAM = Path(__file__).parent / "program.ts.txt"


def run(*command: object, folder: Path = ROOT) -> str:
    """Run a command; its standard output."""
    done = subprocess.run(
        [str(part) for part in command], cwd=folder, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def generated(folder: Path) -> dict[str, bytes]:
    """Everything that is generated below a folder, with its bytes."""
    files = [folder / "src" / "contract.json", *sorted((folder / "types").rglob("*.d.ts"))]
    return {str(file.relative_to(folder)): file.read_bytes() for file in files}


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A user's project with the package installed as npm would: what is packed, and what that depends on."""
    folder = tmp_path_factory.mktemp("user")
    packed = run("npm", "pack", "--json", "--pack-destination", folder, folder=CLIENT)
    [tarball] = json.loads(packed)
    installed = folder / "node_modules" / "@archibald" / "bot-client"
    installed.parent.mkdir(parents=True)
    shutil.unpack_archive(folder / tarball["filename"], folder, format="gztar")
    (folder / "package").rename(installed)
    for name in (each for each in (ROOT / "node_modules").iterdir() if each.name != "@archibald"):
        (folder / "node_modules" / name.name).symlink_to(name)
    (folder / "package.json").write_text('{"type": "module"}')
    return folder


def test_what_is_committed_is_generated_from_the_contract(tmp_path: Path) -> None:
    """Generating anew gives exactly what is committed: nothing differs, nothing is old."""
    run(sys.executable, ROOT / "scripts" / "node_contract.py", tmp_path)
    assert generated(CLIENT) == generated(tmp_path)


def test_the_package_holds_what_it_needs_and_nothing_else(project: Path) -> None:
    """Sources, descriptors, types, readme and licence; it runs outside of the checkout."""
    installed = project / "node_modules" / "@archibald" / "bot-client"
    files = {str(file.relative_to(installed)) for file in installed.rglob("*") if file.is_file()}
    assert {name for name in files if not name.startswith(("src/", "types/"))} == {
        "package.json",
        "README.md",
        "LICENSE",
    }
    assert files - {"package.json", "README.md", "LICENSE"} == {
        str(file.relative_to(CLIENT))
        for folder in ("src", "types")
        for file in (CLIENT / folder).rglob("*")
        if file.is_file()
    }
    script = 'import { Client } from "@archibald/bot-client"; console.log(typeof Client)'
    said = run("node", "--input-type=module", "-e", script, folder=project)
    assert said == "function\n"


def test_a_program_is_checked_against_the_contract(project: Path) -> None:
    """A TypeScript program that uses every verb compiles strictly, and what is wrong in it does not.

    Its `@ts-expect-error` lines are errors themselves where TypeScript finds nothing to complain of.
    """
    (project / "program.ts").write_text(PROGRAM.read_text())
    compiler = ROOT / "node_modules" / ".bin" / "tsc"
    strict = ("--noEmit", "--strict", "--exactOptionalPropertyTypes", "--skipLibCheck", "false")
    modules = ("--module", "nodenext", "--target", "es2022", "--types", "node")
    run(compiler, *strict, *modules, "program.ts", folder=project)
