"""Pages with and without their pictures: the order is the same, and only the setting brings them."""

from dataclasses import replace

import pytest

from server.config import Config
from tests.end_to_end.parts import order, started
from tests.erp_simulator.running import Simulator
from tests.pairwise import sampled

PICTURES = "handlerName=ImageResource"


@pytest.mark.parametrize("images", sampled([True, False], lambda images: images))
async def test_an_order_arrives_with_pictures_and_without(
    config: Config, database: str, sim: Simulator, *, images: bool
) -> None:
    """As whoever sets ARCHIBALD_IMAGES sees it: the ERP is asked for pictures, and else for none."""
    async with started(replace(config, images=images), database) as bot:
        result = await bot.client.submit_order(order())
    assert len((await sim.order(result.order_id))["lines"]) == 2
    assert any(PICTURES in str(request) for request in await sim.requests()) == images
