"""The committed stubs are what the contract says."""

import importlib.resources
from pathlib import Path

from grpc_tools import protoc

PROTOS = Path(__file__).parents[1] / "protos"


def test_the_committed_stubs_are_the_contracts(tmp_path: Path) -> None:
    """Generating anew from the protos gives exactly the stubs that are committed: none differs, none is old."""
    contracts = sorted(PROTOS.rglob("*.proto"))
    assert contracts
    includes = (PROTOS, importlib.resources.files("grpc_tools") / "_proto")
    outputs = ("--python_out", "--pyi_out", "--grpc_python_out")
    failed = protoc.main(
        [
            "protoc",
            *(f"-I{folder}" for folder in includes),
            *(f"{output}={tmp_path}" for output in outputs),
            *map(str, contracts),
        ]
    )
    assert not failed
    assert stubs(PROTOS) == stubs(tmp_path)


def stubs(folder: Path) -> dict[str, bytes]:
    """Every stub below a folder with its bytes."""
    return {
        str(file.relative_to(folder)): file.read_bytes()
        for file in sorted(folder.rglob("*_pb2*.py*"))
        if file.suffix in {".py", ".pyi"}
    }
