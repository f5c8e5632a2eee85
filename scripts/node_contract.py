"""Generates what the Node client has of the contract: the contract to run on, and types to write against.

    python scripts/node_contract.py client/node

writes `src/contract.json` and `types/` into the folder. proto-loader's own generator makes the types of
the messages, with the options under which the client loads them (src/contract.js); its enumerations are
no declarations, so TypeScript makes those of all, and of the client's sources beside them.
"""

import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import google.rpc

ROOT = Path(__file__).parents[1]
PROTOS = ROOT / "protos"
CLIENT = ROOT / "client" / "node"
TOOLS = ROOT / "node_modules" / ".bin"

# What the client reads out of a failed call's status; the package beside this file's interpreter has them.
STATUS = ("google/rpc/status.proto", "google/rpc/error_details.proto")
LIKE_THE_CLIENT = "--keepCase --longs=Number --enums=String --defaults --oneofs --includeComments"


def write_contract(out: Path) -> None:
    """The contract with all that it imports, and the messages of a status."""
    common = Path(next(iter(google.rpc.__path__))).parents[1]
    names = [str(file.relative_to(PROTOS)) for file in contracts()]
    script = ROOT / "scripts" / "contract_json.mjs"
    out.write_text(run("node", script, PROTOS, common, "--", *names, *STATUS))


def write_message_types(out: Path) -> None:
    """One declaration file a message."""
    with tempfile.TemporaryDirectory() as folder:
        sources = Path(folder, "sources")
        Path(folder, "node_modules").symlink_to(ROOT / "node_modules")
        names = [str(file.relative_to(PROTOS)) for file in contracts()]
        run(
            *(TOOLS / "proto-loader-gen-types", *LIKE_THE_CLIENT.split()),
            *("--importFileExtension=.js", "-I", PROTOS, "-O", sources, *names),
        )
        run(
            *(TOOLS / "tsc", "--declaration", "--emitDeclarationOnly", "--module", "nodenext"),
            *("--rootDir", sources, "--outDir", out, *sorted(sources.glob("*/**/*.ts"))),
        )


def write_client_types(out: Path) -> None:
    """The declarations of the client's own sources."""
    run(TOOLS / "tsc", "-p", CLIENT, "--outDir", out)


def contracts() -> list[Path]:
    """The contract's files."""
    return sorted(PROTOS.rglob("*.proto"))


def run(*command: object) -> str:
    """What a command prints that runs in the checkout; it must end well."""
    done = subprocess.run(
        [str(part) for part in command], cwd=ROOT, text=True, stdout=subprocess.PIPE, check=False
    )
    if done.returncode:
        raise SystemExit(done.stdout)
    return done.stdout


def main(out: Path) -> None:
    """Write all, and leave nothing of an older contract."""
    shutil.rmtree(out / "types", ignore_errors=True)
    (out / "src").mkdir(parents=True, exist_ok=True)
    write_contract(out / "src" / "contract.json")
    write_message_types(out / "types" / "contract")
    write_client_types(out / "types")


if __name__ == "__main__":
    main(Path(sys.argv[1]).resolve())
