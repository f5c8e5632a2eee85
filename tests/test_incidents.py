"""The incidents of the system before us: each is caught by a test that is named, or is not ours to catch."""

import ast
import re
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[1]
TABLE = ROOT / "tests" / "incidents.md"
INCIDENTS = 44  # erp-reference §7.2
_ROW = re.compile(
    r"^\| (?P<number>\d+) \| (?P<incident>[^|]+) \| (?P<caught>[^|]+) \|$", re.MULTILINE
)


@cache
def _tests_of(file: str) -> frozenset[str]:
    tree = ast.parse((ROOT / file).read_text())
    functions = (ast.FunctionDef, ast.AsyncFunctionDef)
    return frozenset(node.name for node in tree.body if isinstance(node, functions))


def test_each_incident_has_a_test_that_exists_or_a_reason() -> None:
    """All of them stand in the table, and what it names is there."""
    rows = {int(row["number"]): row["caught"].strip() for row in _ROW.finditer(TABLE.read_text())}
    assert sorted(rows) == list(range(1, INCIDENTS + 1))
    for number, caught in rows.items():
        if caught.startswith("out of scope: "):
            continue
        tests = re.findall(r"`([^`]+)`", caught)
        assert tests, f"incident {number} names no test and no reason"
        for test in tests:
            file, _, name = test.partition("::")
            assert name in _tests_of(f"tests/{file}"), f"incident {number}: there is no {test}"
