"""Never twice, never lost: every operation dies every death at every boundary (design §4)."""

from collections.abc import Callable

import pytest

from tests.crash.play import Play
from tests.crash.rig import Rig
from tests.crash.table import REPRESENTATIVE, Cell, allowed, cells, impossible

POSSIBLE = [cell for cell in cells() if not impossible(cell)]
PARAMETERS = [
    cell if cell in REPRESENTATIVE else pytest.param(cell, marks=pytest.mark.crash)
    for cell in POSSIBLE
]


@pytest.mark.timeout(180)
@pytest.mark.parametrize("cell", PARAMETERS, ids=str)
async def test_cell(
    crash_rig: Rig, cell: Cell, record_property: Callable[[str, object], None]
) -> None:
    """One effect at most, one record, one answer, and an end that was allowed beforehand."""
    play = Play(crash_rig, cell)
    record_property("crash", "cell")
    wrong = ["it did not come to an end"]
    try:
        wrong = await play.run(lambda: record_property("crash", "reached"))
    finally:
        left = await crash_rig.clean(play.agent.user)
        if wrong:
            print("\n".join(crash_rig.server.log))  # noqa: T201 - shown with the failure
        if wrong or left:
            await crash_rig.server.kill()
        crash_rig.server.log.clear()
    assert not wrong, "\n".join(wrong)


def test_the_table_is_whole() -> None:
    """468 cells; each is impossible for a reason or names its ends, and the representative ones exist."""
    every = list(cells())
    assert len(every) == len(set(every)) == 468
    assert all(bool(impossible(cell)) != bool(allowed(cell).ends) for cell in POSSIBLE)
    assert set(REPRESENTATIVE) <= set(POSSIBLE)
