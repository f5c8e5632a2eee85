"""What a whole server tells Prometheus."""

import re

import pytest

from archibald_client import ErpRejectedError, InvalidRequestError
from tests.end_to_end.parts import Bot, order, refused_late
from tests.erp_simulator.running import Simulator
from tests.scrape import samples


def grown(before: dict[str, float], after: dict[str, float]) -> dict[str, float]:
    """By how much each series has grown."""
    return {name: value - before.get(name, 0.0) for name, value in after.items()}


async def test_what_happens_is_counted(watched: tuple[Bot, str], sim: Simulator) -> None:
    """Two orders, of which the ERP refuses one, a replay and a bad request, by outcome, step, gate and probe."""
    bot, address = watched
    before = await samples(address)
    result = await bot.client.submit_order(order())
    await bot.client.submit_order(order())
    with pytest.raises(InvalidRequestError):
        await bot.client.submit_order(order(items=[]))
    refused = refused_late()
    refused.pending_order_id = "refused"
    with pytest.raises(ErpRejectedError):
        await bot.client.submit_order(refused)
    after = await samples(address)
    told = grown(before, after)

    kind = 'type="submit-order"'
    assert told[f'archibald_operations_accepted_total{{how="new", {kind}}}'] == 2
    assert told[f'archibald_operations_accepted_total{{how="replayed", {kind}}}'] == 1
    assert told[f'archibald_operations_ended_total{{reason="OK", state="SUCCEEDED", {kind}}}'] == 1
    failed = f'archibald_operations_ended_total{{reason="ERP_REJECTED", state="FAILED", {kind}}}'
    assert told[failed] == 1
    assert told['archibald_calls_total{reason="OK", rpc="SubmitOrder"}'] == 2
    assert told['archibald_calls_total{reason="INVALID_REQUEST", rpc="SubmitOrder"}'] == 1
    assert told['archibald_calls_total{reason="ERP_REJECTED", rpc="SubmitOrder"}'] == 1

    writes = {
        name: told[f'archibald_gate_requests_total{{kind="{name}", verdict="write"}}']
        for name in ("customer", "line", "save")
    }
    effects = [effect["kind"] for effect in await sim.effects()]
    assert writes["line"] >= effects.count("line_added")
    assert writes["save"] >= 1
    assert writes["customer"] == 2
    assert told['archibald_gate_requests_total{kind="GET", verdict="pass"}'] > 10
    assert told['archibald_erp_write_seconds_count{kind="line"}'] == writes["line"]
    assert sum(value for name, value in told.items() if "archibald_probes_total" in name) >= 1
    assert told['archibald_erp_logins_total{reason="OK"}'] >= 1
    for step in ("login", "form.customer", "verify", "commit"):
        assert told[f'archibald_step_seconds_count{{step="{step}", {kind}}}'] >= 1
    assert all(
        after[f'archibald_ready{{part="{part}"}}'] == 1 for part in ("database", "erp", "pool")
    )
    assert after["archibald_journal_readable"] == 1

    # Nothing of an agent, a customer or an order is a label.
    [*operations] = await bot.rows("operations")
    secret = {result.order_id, "A001", "ikiA0001", *(str(row["id"]) for row in operations)}
    labels = {text for name in after for text in re.findall(r'"([^"]*)"', name)}
    assert not labels & secret
    assert not [text for text in labels if re.search(r"\d{4}", text)]
    assert len(after) < 2_000
