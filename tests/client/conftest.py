"""A scripted server, a client of it, an order to send, and a file with that order."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from google.protobuf.json_format import MessageToJson

from archibald.v1 import bot_pb2
from archibald_client import Client
from tests.client.scripted_bot import ScriptedBot


@pytest.fixture
async def bot() -> AsyncIterator[ScriptedBot]:
    async with ScriptedBot() as bot:
        yield bot


@pytest.fixture
async def client(bot: ScriptedBot) -> AsyncIterator[Client]:
    async with Client(bot.address, patience=5) as client:
        yield client


@pytest.fixture
def order() -> bot_pb2.SubmitOrderRequest:
    return bot_pb2.SubmitOrderRequest(
        user_id="A001",
        pending_order_id="po-1",
        customer_id="55261",
        customer_name="Rossi",
        items=[bot_pb2.OrderItem(article_code="H129FSQ.104.023", quantity="5", price="12.50")],
    )


@pytest.fixture
def order_file(tmp_path: Path, order: bot_pb2.SubmitOrderRequest) -> str:
    file = tmp_path / "order.json"
    file.write_text(MessageToJson(order))
    return str(file)
