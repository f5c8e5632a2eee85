"""A short run of what `make fuzz` does at length, and that its own measures measure."""

import asyncio
from itertools import pairwise
from pathlib import Path

import pytest

from archibald.v1 import bot_pb2
from tests.fuzz.caller import Caller
from tests.fuzz.desk import opened
from tests.fuzz.laws import is_path
from tests.fuzz.play import Plan, passed, play


# The server's own jitter draws from `random` while hypothesis watches it, in the same process.
@pytest.mark.filterwarnings("ignore:Do not use the `random` module")
async def test_no_message_does_what_it_must_not(database: str, tmp_path: Path) -> None:
    """Whatever is sent: a refusal that says why, without effect, or an operation that was accepted."""
    async with opened(database, tmp_path / "server") as desk:
        tally = await asyncio.to_thread(play, desk, Plan(16, 8, absurd=False, seed=7))
    assert tally.total() >= 300
    assert passed(tally) >= 0.3


async def test_an_effect_would_be_seen(database: str, tmp_path: Path) -> None:
    """The note of changes sees a row that is added, changed or taken away, in any table."""
    async with opened(database, tmp_path / "server") as desk:
        caller = Caller(desk)
        try:
            seen = [caller.changes()]
            for statement in (
                "UPDATE agents.operations SET target = target WHERE state = 'FAILED'",
                "UPDATE agents.operations SET target = target || '!' WHERE state = 'FAILED'",
                "UPDATE agents.operations SET waits = '{1}' WHERE state = 'FAILED'",
                "DELETE FROM agents.operations WHERE state = 'CANCELLED'",
            ):
                caller.execute(statement)
                seen.append(caller.changes())
        finally:
            caller.close()
    assert [after > before for before, after in pairwise(seen)] == [
        False,
        True,
        False,
        True,
    ]


@pytest.mark.parametrize(
    ("path", "is_one"),
    [
        ("", True), ("items[2].quantity", True), ("items", True), ("delivery_address.street", True),
        ("items[2].warehouse_sources[0].box_name", True), ("quantity", False), ("items[x]", False),
        ("user_id[0]", False), ("user_id.x", False), ("items.", False), ("pendingOrderId", False),
    ],
)  # fmt: skip
def test_a_path_is_spelt_as_the_proto_spells_it(path: str, is_one: bool) -> None:  # noqa: FBT001 - a parameter
    """The judge of paths knows a wrong one."""
    assert is_path(path, bot_pb2.SubmitOrderRequest.DESCRIPTOR) is is_one
