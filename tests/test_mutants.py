"""The guards that `make mutants` takes out are where its table says, and so are the tests."""

import ast
from pathlib import Path

import pytest

from tests.mutants import MUTANTS, ROOT, Mutant, mutated


@pytest.mark.parametrize("mutant", MUTANTS, ids=lambda mutant: mutant.guard)
def test_a_guard_and_its_test_are_there(mutant: Mutant) -> None:
    """The guard stands there once, the mutant still is Python, and the named test exists."""
    text = (ROOT / mutant.file).read_text()
    changed = mutated(text, mutant)
    assert changed != text
    if mutant.file.endswith(".py"):
        ast.parse(changed)
    file, _, name = mutant.test.partition("::")
    assert f"def {name.partition('[')[0]}(" in Path(ROOT, file).read_text()


def test_there_are_enough() -> None:
    """Ten at least, of the gate and of the probes."""
    assert len(MUTANTS) >= 10
