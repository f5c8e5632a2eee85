"""What may come in: bad input stops at the edge, strange text arrives as text, unknown things change nothing."""

import re
from collections.abc import Callable
from dataclasses import replace

import pytest

from archibald.v1.bot_pb2 import SubmitOrderRequest
from archibald_client import ErpRejectedError, InvalidRequestError
from server.config import Config
from tests.end_to_end.parts import Bot, erp_requests, order, started
from tests.erp_simulator.running import Simulator
from tests.pairwise import sampled

BAD: dict[str, tuple[str, Callable[[SubmitOrderRequest], object]]] = {
    "no items": ("items", lambda request: request.ClearField("items")),
    "quantity 0": ("items[0].quantity", lambda request: setattr(request.items[0], "quantity", "0")),
    "quantity 1.5": (
        "items[1].quantity",
        lambda request: setattr(request.items[1], "quantity", "1.5"),
    ),
    "negative price": ("items[0].price", lambda request: setattr(request.items[0], "price", "-1")),
    "discount 101": (
        "items[0].discount",
        lambda request: setattr(request.items[0], "discount", "101"),
    ),
    "order discount 101": (
        "discount_percent",
        lambda request: setattr(request, "discount_percent", "101"),
    ),
    "10 kB of notes": ("notes", lambda request: setattr(request, "notes", "x" * 10_000)),
    "control characters": ("notes", lambda request: setattr(request, "notes", "a\x08b")),
    "no agent": ("user_id", lambda request: setattr(request, "user_id", "")),
    "an address without a street": (
        "delivery_address.street",
        lambda request: setattr(request.delivery_address, "city", "Porto Finto"),
    ),
}


async def test_bad_input_never_reaches_a_browser(bot: Bot, sim: Simulator) -> None:
    """INVALID_ARGUMENT with the field's path and what is allowed; no row, no request to the ERP."""
    for name, (path, spoil) in BAD.items():
        request = order()
        spoil(request)
        with pytest.raises(InvalidRequestError) as refused:
            await bot.client.submit_order(request)
        assert [one.field for one in refused.value.violations] == [path], name
        assert all(one.description for one in refused.value.violations)
    assert await erp_requests(sim) == []
    assert await bot.rows("operations") == []


STRANGE = (
    "\"virgolette\" 'apici' `accenti` \\ % $ {{7*7}} ${x}",
    "riga uno\nriga due\n\nriga quattro",
    "\U0001f600 caff\u00e8 \u4e2d\u6587 \u202etxet",
    "<script>alert(1)</script> <b>grassetto</b> &amp; &#39;",
    "'; DROP TABLE agents.operations; --",
    "UPDATEEDIT;GB|13;10|UPDATEEDIT; c0:::XafCallback",
)


@pytest.mark.parametrize(
    "notes", sampled(STRANGE, lambda notes: notes == STRANGE[0]), ids=range(len(STRANGE))
)
async def test_strange_text_arrives_as_text(bot: Bot, sim: Simulator, notes: str) -> None:
    """Quotes, line breaks, emoji, markup, SQL and the ERP's own words are data on the whole way."""
    result = await bot.client.submit_order(order(notes=notes))
    stored = await sim.order(result.order_id)
    assert stored["textinternal"] == notes
    assert stored["textexternal"] == notes
    assert list(result.verification.differences) == []


async def test_markup_is_refused_where_the_erp_would_refuse_it(
    config: Config, database: str, sim: Simulator
) -> None:
    """With the setting on, the edge says so; nothing is sent that the ERP would answer with an error page."""
    await sim.config(request_validation=True)
    async with started(replace(config, erp_request_validation=True), database) as bot:
        with pytest.raises(InvalidRequestError) as refused:
            await bot.client.submit_order(order(notes="<script>"))
        assert [one.field for one in refused.value.violations] == ["notes"]
        assert await erp_requests(sim) == []
        await bot.client.submit_order(order(notes="3 < 4 & 'altro'"))


UNKNOWN: dict[str, tuple[str, Callable[[SubmitOrderRequest], object]]] = {
    "customer": (
        "customer",
        lambda request: request.MergeFrom(
            SubmitOrderRequest(
                customer_id="99999", customer_account="9999999", customer_name="Nessuno Cosi"
            )
        ),
    ),
    "article": (
        r"items\[1\].*NONESISTE\.000",
        lambda request: setattr(request.items[1], "article_code", "NONESISTE.000"),
    ),
}


@pytest.mark.parametrize("what", UNKNOWN)
async def test_what_the_erp_does_not_know_is_refused_before_anything_is_written(
    bot: Bot, sim: Simulator, what: str
) -> None:
    """ERP_REJECTED naming what was not found; the ledger is untouched and the key is free."""
    named, spoil = UNKNOWN[what]
    request = order()
    spoil(request)
    with pytest.raises(ErpRejectedError) as refused:
        await bot.client.submit_order(request)
    assert re.search(named, refused.value.message)
    assert refused.value.draft_id is None
    assert await sim.effects() == []
    await bot.client.submit_order(order())
    assert len(await sim.effects("order_created")) == 1
