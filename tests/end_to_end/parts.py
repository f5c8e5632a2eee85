"""A server with its client and its database, and orders to send to it."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import psycopg
from psycopg.rows import dict_row

from archibald.v1 import bot_pb2
from archibald_client import Client
from server.app import running, stored_credentials
from server.config import Config
from tests.erp_simulator.running import Simulator

USER = "A001"
ERP_USER = "ikiA0001"
SILENT = {"static", "keepalive"}
NOTES = "Consegnare al mattino\nSuonare due volte"


@dataclass(frozen=True)
class Bot:
    """A running server as a test sees it."""

    address: str
    client: Client
    database: str

    async def rows(self, table: str) -> list[dict[str, Any]]:
        """All rows of one of our tables."""
        async with (
            await psycopg.AsyncConnection.connect(self.database, row_factory=dict_row) as conn,
            conn.cursor() as cursor,
        ):
            await cursor.execute(f"SELECT * FROM agents.{table}".encode())
            return await cursor.fetchall()


@asynccontextmanager
async def started(config: Config, database: str) -> AsyncIterator[Bot]:
    """A server of these settings, and a client that hears the first failure."""
    async with running(config) as address, Client(address, patience=0) as client:
        yield Bot(address, client, database)


async def erp_requests(sim: Simulator) -> list[str]:
    """What the ERP was asked for, static files and keep-alives apart."""
    return [entry["path"] for entry in await sim.requests() if entry["class"] not in SILENT]


async def store_login(
    config: Config, sim: Simulator, user: str = USER, erp_user: str = ERP_USER
) -> None:
    """Store an agent's ERP login in the settings' database."""
    [login] = [agent for agent in await sim.agents() if agent["user"] == erp_user]
    async with stored_credentials(config) as (credentials, conn):
        await credentials.put(conn, user, login["user"], login["password"])


def order(**changes: Any) -> bot_pb2.SubmitOrderRequest:
    """A small real-looking order: two lines for one customer whose line discount is N/A."""
    request = bot_pb2.SubmitOrderRequest(
        user_id=USER,
        pending_order_id="p-1",
        customer_id="55.202",
        customer_account="1002001",
        customer_name="Laboratorio Alfa",
        items=[
            bot_pb2.OrderItem(
                article_code="H129FSQ.104.023", quantity="5", price="32.46", package_content="5"
            ),
            bot_pb2.OrderItem(
                article_code="TD1272.314.", quantity="2", price="179.63", discount="12.5"
            ),
        ],
        notes=NOTES,
    )
    for name, value in changes.items():
        field = request.DESCRIPTOR.fields_by_name[name]
        request.ClearField(name)
        request.MergeFrom(bot_pb2.SubmitOrderRequest(**{field.name: value}))
    return request


def refused_late() -> bot_pb2.SubmitOrderRequest:
    """An order that the ERP's form alone can refuse: its price is seen when the line is open."""
    request = order(on_price_difference=bot_pb2.ON_PRICE_DIFFERENCE_REJECT)
    request.items[1].price = "1.00"
    return request
