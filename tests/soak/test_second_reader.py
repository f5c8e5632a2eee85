"""The second reader on the simulator's real pages: it sees what a person sees, and no more."""

from collections.abc import AsyncIterator

import pytest

from archibald.v1 import bot_pb2 as pb
from tests.erp_simulator.running import Simulator, simulator
from tests.soak.second_reader import Reader, read_send, read_submit, undecided

LOGIN, ORDER = "ikiA0001", "71723"
OF_ANOTHER = "ikiA0002"


@pytest.fixture
async def sim() -> AsyncIterator[Simulator]:
    """A simulator without latencies, whose menus and ids are numbered otherwise."""
    async with simulator(scale=0, renumber=7) as running_simulator:
        yield running_simulator


@pytest.fixture
async def reader(sim: Simulator) -> AsyncIterator[Reader]:
    """The first agent, signed in without a browser."""
    async with Reader(sim.base_url) as signed_in:
        await signed_in.sign_in(LOGIN, f"pw-{LOGIN}")
        yield signed_in


async def test_a_draft_is_undecided_until_it_shows_as_sent(sim: Simulator, reader: Reader) -> None:
    """First as a draft, then sent, then with Verona's number."""
    assert read_send(await reader.order(ORDER)).undecided
    await sim.human(LOGIN, "send", order=ORDER)
    assert not read_send(await reader.order(ORDER)).undecided
    await sim.verona(ORDER)
    told = read_send(await reader.order(ORDER)).told
    assert "ORD/" in told
    request = pb.SendToVeronaRequest(order_id="71.723")
    reading = await undecided(sim.base_url, LOGIN, "send-to-verona", request, int(ORDER))
    assert not reading.undecided


async def test_an_order_is_known_by_its_note_and_lines(sim: Simulator, reader: Reader) -> None:
    """Whole, begun, or only an unmarked draft of the same customer."""
    stored = await sim.order(ORDER)
    order = await reader.order(ORDER)
    assert order is not None
    [line] = stored["lines"]
    request = pb.SubmitOrderRequest(
        customer_name=stored["customer_name"],
        items=[pb.OrderItem(article_code=line["article_code"], quantity=line["quantity"])],
    )
    bare = read_submit([order], request, "soak 0001")
    assert (bare.undecided, ORDER in bare.told) == (True, True)
    marked = type(order)(ORDER, {**order.fields, "TEXTINTERNAL": "soak 0001"}, order.cells)
    assert "is the asked one" in read_submit([marked], request, "soak 0001").told
    request.items[0].quantity = "7"
    assert read_submit([marked], request, "soak 0001").told.endswith("begun")


async def test_another_agents_order_does_not_open(sim: Simulator, reader: Reader) -> None:
    """Nor one that never was."""
    [foreign, *_] = await sim.orders(OF_ANOTHER)
    assert await reader.order(foreign["id"]) is None
    assert await reader.order("99999") is None
