"""The reckoning of a load run itself: whoever overlaps, or goes before his turn, is counted."""

from tests.load.attempts import erp_seconds, most_at_once, out_of_order
from tests.load.plan import AGENTS, rounds


def test_spans_that_touch_do_not_overlap() -> None:
    """The most of any moment counts, not the number of all."""
    assert most_at_once([(0, 1), (1, 2), (2, 3)]) == 1
    assert most_at_once([(0, 5), (1, 2), (1.5, 3), (4, 6)]) == 3
    assert most_at_once([]) == 0


def test_a_claim_before_its_turn_is_found() -> None:
    """Only within one agent: agents do not wait for each other."""
    row = {"user_id": "A001", "operation_key": "late", "accepted": 1.0}
    later = row | {"operation_key": "early", "accepted": 2.0}
    assert out_of_order([row, later]) == []
    assert out_of_order([later, row | {"user_id": "A002"}]) == []
    assert out_of_order([later, row]) == ["A001 late"]


def test_what_nobody_waits_for_is_not_the_erps_time() -> None:
    """Static files and keep-alives are beside the work."""
    entry = {"class": "write:save", "erp_seconds": 2.5}
    line = entry | {"class": "write:line"}
    assert erp_seconds([entry, entry | {"class": "keepalive"}], scale=0.5) == 2.5
    assert erp_seconds([line], scale=0.5) == 2.9


def test_every_agent_asks_the_same_in_turns() -> None:
    """Three operations each, no key twice."""
    planned = rounds(3, lines=2)
    assert [one.kind for one in planned if one.user == AGENTS[-1]] == [
        "submit-order", "create-customer", "submit-order",
    ]  # fmt: skip
    assert len({one.number for one in planned}) == len(planned) == 180
