"""One order's trace: from the caller's span through steps, gate, journal and probe to the local commit."""

import asyncio
from itertools import pairwise

import pytest

from server.config import Config
from tests.end_to_end.parts import ERP_USER, NOTES, Bot, order, store_login
from tests.erp_simulator.running import Simulator
from tests.one_trace import traced_order
from tests.spans import attribute, path_of, recorder, spans_of, tree


@pytest.fixture(autouse=True, scope="module")
def recorded() -> None:
    """From the first of these tests on every span is kept."""
    recorder()


RUN = ["the caller", "SubmitOrder", "submit-order"]


async def test_an_order_is_one_trace(bot: Bot, sim: Simulator) -> None:
    """Each write is below its step and its gate: stored first, then sent; the commit comes last."""
    _, trace_id = await traced_order(bot.address, order())
    spans = spans_of(trace_id)
    paths = [path_of(spans, span) for span in spans]
    assert paths[:4] == [RUN[:1], RUN[:2], [*RUN[:2], "journal accept"], RUN]
    assert [*RUN, "step login"] in paths
    assert [*RUN, "step commit", "journal succeed"] in paths

    requests = [span for span in spans if span.name == "erp request"]
    effects = [one["kind"] for one in await sim.effects()]
    kinds = [attribute(span, "kind") for span in requests]
    assert kinds.count("line") >= effects.count("line_added") == 2
    for span in requests:
        kind = attribute(span, "kind")
        [step, gate, _] = path_of(spans, span)[len(RUN) :]
        assert step.startswith("step form.")
        assert gate == f"gate {kind}"
    stored = [span for span in spans if span.name == "journal record_write"]
    assert [attribute(one, "kind") for one in stored] == kinds
    for recording, sending in zip(stored, requests, strict=True):
        assert (recording.end_time or 0) <= (sending.start_time or 0)

    steps = [span for span in spans if span.name.startswith("step ")]
    assert all((one.end_time or 0) <= (two.start_time or 0) for one, two in pairwise(steps))
    assert all(span.end_time for span in spans)


@pytest.mark.matrix
async def test_a_lost_answer_is_read_back_in_the_same_trace(bot: Bot, sim: Simulator) -> None:
    """The write's span tells that its answer was lost, the probe's what it found."""
    await sim.fault("F1", "save", once=True)
    _, trace_id = await traced_order(bot.address, order())
    spans = spans_of(trace_id)
    lost = [span for span in spans if attribute(span, "lost") == "True"]
    assert [attribute(span, "kind") for span in lost] == ["save"]
    [probe] = [span for span in spans if span.name == "probe"]
    assert attribute(probe, "verdict") == "Landed"
    assert path_of(spans, probe) == [*RUN, "step recovery", "probe"]
    assert {"journal lose", "journal confirm", "journal succeed"} <= {span.name for span in spans}


@pytest.mark.matrix
async def test_two_agents_share_no_span(bot: Bot, config: Config, sim: Simulator) -> None:
    """The gate's handler runs in the context of whoever started the driver: its spans must not stay there."""
    await store_login(config, sim, "A002", "ikiA0002")
    (_, one), (_, two) = await asyncio.gather(
        traced_order(bot.address, order()),
        traced_order(bot.address, order(user_id="A002", pending_order_id="p-2")),
    )
    for trace_id in (one, two):
        names = [span.name for span in spans_of(trace_id)]
        assert names.count("SubmitOrder") == names.count("submit-order") == 1
        assert names.count("gate save") == names.count("gate customer") == 1


async def test_a_span_holds_no_secret_and_no_customer(bot: Bot, sim: Simulator) -> None:
    """Names, ids and numbers of ours; never what was typed, nor who for."""
    [login] = [agent for agent in await sim.agents() if agent["user"] == ERP_USER]
    await sim.fault("F1", "save", once=True)
    _, trace_id = await traced_order(bot.address, order())
    spans = spans_of(trace_id)
    text = "\n".join([*tree(spans), *(span.to_json() for span in spans)])
    cookies = {entry["session"] for entry in await sim.requests() if entry["session"]}
    assert cookies
    for secret in (login["password"], ERP_USER, "Laboratorio", "H129FSQ", NOTES[:20], *cookies):
        assert secret not in text
    known = {"operation_id", "kind", "lost", "status", "verdict", "error.type"}
    assert {name for span in spans for name in span.attributes or {}} <= known
