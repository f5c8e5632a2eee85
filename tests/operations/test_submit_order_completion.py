"""An order that was interrupted is completed where it stands: one order, every line once."""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

import pytest

from archibald.v1 import bot_pb2 as pb
from server.verdicts import Absent, Landed
from tests.erp_agents import SignIn
from tests.erp_simulator.running import Simulator
from tests.operations.entering import MARKER, Notes, burs, disc, order
from tests.operations.recovering import recovered, stopped
from tests.pairwise import covering, sampled

BETA: dict[str, Any] = {
    "customer_id": "55207", "customer_account": "1002006", "customer_name": "Laboratorio Beta",
}  # fmt: skip
# All that an order can have: a customer whose group costs two saves, another address, texts, discounts.
FULL = order(
    burs("10", discount="12.5"),
    burs("2", article_id="88001", package_content=""),
    disc("3"),
    notes="secondo piano",
    no_shipping=True,
    discount_percent="5",
    delivery_address=pb.DeliveryAddress(
        street=" viale  PROVA 7", postal_code="00070", city="Colle Finto"
    ),
    **BETA,
)
# Where an order stops: fault, on which request, the how manieth of its kind.
POINTS: Mapping[str, tuple[str, str, int]] = {
    "after the customer": ("F13", "add_line", 1),
    "in the first line's editor": ("F13", "line", 1),
    "after the first line": ("F13", "add_line", 2),
    "in the second line's editor": ("F13", "line", 2),
    "last line's answer lost": ("F1", "line", 3),
    "before the first save": ("F13", "save", 1),
    "first save's answer lost": ("F1", "save", 1),
    "between the rounds of LINEDISC": ("F13", "save", 2),
    "before the last save": ("F13", "save", 3),
    "last save's answer lost": ("F1", "save", 3),
}
QUESTIONS: Mapping[str, Sequence[str]] = {
    "point": tuple(POINTS),
    "persist_on": ("customer", "article", "first_line", "save"),
    "header_persists_on": ("first_line", "save"),
    "postback": ("callback", "full"),
}
CASES = list(covering(QUESTIONS))
EVERYDAY = [
    {"point": "after the customer", "persist_on": "customer"},
    {"point": "in the second line's editor", "persist_on": "first_line"},
    {"point": "between the rounds of LINEDISC", "persist_on": "save"},
]


def everyday(case: Mapping[str, str]) -> bool:
    """The first of the cases that answer so."""
    first = [next(c for c in CASES if wanted.items() <= c.items()) for wanted in EVERYDAY]
    return case in first


@pytest.mark.parametrize(
    "case", sampled(CASES, everyday), ids=lambda case: "-".join(case.values()).replace(" ", "_")
)
@pytest.mark.timeout(240)
async def test_an_interrupted_order_is_completed_where_it_stands(
    agent_of: SignIn, erp: Simulator, case: dict[str, str]
) -> None:
    """Wherever it stopped and whenever the ERP keeps what: one order, its lines once, as asked."""
    await erp.config(**{name: value for name, value in case.items() if name != "point"})
    notes = Notes()
    fault, on, nth = POINTS[case["point"]]
    assert await stopped(agent_of, erp, FULL, notes, fault, on, nth=nth) is not None
    done = await recovered(agent_of, FULL, notes)
    await one_order_as_asked(erp, done.result.order_id)
    assert list(done.result.verification.differences) == []
    assert list(done.result.warnings) == []
    assert isinstance(done.verdicts[-1], Landed)
    if not isinstance(done.verdicts[0], Absent):
        assert done.result.order_id == notes.drafts[0]
        assert "customer" not in done.writes


async def one_order_as_asked(erp: Simulator, order_id: str) -> None:
    """The ledger shows one order, in which each line was added once and none ever went."""
    kinds = Counter(effect["kind"] for effect in await erp.effects())
    assert kinds["order_created"] == 1, kinds
    assert kinds["order_deleted"] == kinds["line_removed"] == 0, kinds
    added = await erp.effects("line_added")
    assert {effect["id"] for effect in added} == {order_id}
    lines = [("88002", "10", "12.5"), ("88001", "2", "0"), ("88003", "3", "0")]
    assert Counter(
        (one["fields"]["article_id"], one["fields"]["quantity"], one["fields"]["manualdiscount"])
        for one in added
    ) == Counter(lines)
    stored = await erp.order(order_id)
    assert Counter(
        (line["article_id"], line["quantity"], line["lineperc"]) for line in stored["lines"]
    ) == Counter(lines)
    text = "NO SPESE DI SPEDIZIONE\nsecondo piano"
    assert (stored["textinternal"], stored["textexternal"]) == (text, text)
    assert stored["purchorderformnum"] == f"{MARKER} NO SPESE DI SPEDIZIONE secondo piano"
    assert (stored["linedisc"], stored["manualdiscount"]) == (0, "5")
    assert (stored["customer_id"], stored["address_id"]) == ("55207", 552072)
    assert stored["saved"] is True
