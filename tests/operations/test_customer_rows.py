"""A customer in our own tables: waiting, failed, and under the ERP's id, whatever else stands there."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any
from uuid import uuid4

import pytest
from psycopg import AsyncConnection
from psycopg.rows import dict_row

from archibald.v1 import bot_pb2 as pb
from server.operations import customer_rows
from tests.operations.customers import customer, full

ID = uuid4()
PROFILE = "57.405"
Conn = AsyncConnection[Any]


@pytest.fixture
async def conn(database: str) -> AsyncIterator[Conn]:
    async with await AsyncConnection.connect(database, autocommit=True) as conn:
        yield conn


async def rows(conn: Conn) -> dict[str, dict[str, Any]]:
    """All customers, by their key."""
    async with conn.cursor(row_factory=dict_row) as cursor:
        await cursor.execute("SELECT * FROM agents.customers")
        return {row["customer_profile"]: row for row in await cursor.fetchall()}


async def synced(conn: Conn, profile: str, **more: Any) -> None:
    """A row as a sync writes it."""
    values = {"vat": None, "city": None, "user": "A001", "orders": 3} | more
    await conn.execute(
        """
        INSERT INTO agents.customers
               (customer_profile, user_id, name, vat_number, city, internal_id, actual_order_count,
                hash, last_sync)
        VALUES (%(profile)s, %(user)s, 'Dalla lista', %(vat)s, %(city)s, '1002328', %(orders)s, 'h', 1)
        """,
        values | {"profile": profile},
    )


async def written(
    conn: Conn, request: pb.CreateCustomerRequest, profile: str = PROFILE
) -> list[str]:
    async with conn.transaction():
        return await customer_rows.write_customer(conn, request, ID, profile)


async def test_a_customer_waits_and_then_stands_under_its_id(conn: Conn) -> None:
    """All that was asked is in the one row; entered twice or committed twice changes nothing."""
    request = full()
    for _ in range(2):
        await customer_rows.write_waiting(conn, request, ID)
        [[name, row]] = (await rows(conn)).items()
        assert (name, row["bot_status"]) == (f"TEMP-{ID}", "pending")
    for _ in range(2):
        assert await written(conn, request) == []
        [[name, row]] = (await rows(conn)).items()
        assert (name, row["bot_status"]) == (PROFILE, "placed")
    assert row["name"] == "Studio Dentistico Nuovo"
    assert (row["vat_number"], row["fiscal_code"]) == (request.vat_number, "RSSMRA85T10A562S")
    assert (row["pec"], row["sdi"]) == ("studio@pec.example.it", "M5UXCR1")
    assert (row["phone"], row["mobile"]) == ("+390612345678", "+393331234567")
    assert (row["street"], row["postal_code"], row["city"]) == (
        "Via Nuova 12",
        "00010",
        "Borgo Finto",
    )
    assert (row["email"], row["url"]) == ("info@studio.example", "www.studio.example")
    assert (row["country"], row["sector"]) == ("IT", "Spett. Studio Dentistico")
    assert (row["delivery_terms"], row["payment_terms"]) == ("UPS Italia", "201")
    assert row["line_discount"] == "Discount to get street price"
    assert (row["attention_to"], row["notes"]) == (
        "Dott.ssa Prova", "Chiamare prima\ndi consegnare",
    )  # fmt: skip
    assert [one["type"] for one in row["alternate_addresses"]] == [
        "ADDRESS_TYPE_DELIVERY", "ADDRESS_TYPE_INVOICE",
    ]  # fmt: skip


async def test_a_row_that_a_sync_wrote_is_filled(conn: Conn) -> None:
    """The real row is there before us (D4): it keeps what only the ERP knows, the waiting one goes."""
    request = customer()
    await customer_rows.write_waiting(conn, request, ID)
    await synced(conn, PROFILE, city="Borgo Finto", vat=request.vat_number)
    assert await written(conn, request) == []
    [[name, row]] = (await rows(conn)).items()
    assert (name, row["name"], row["city"]) == (PROFILE, "Studio Dentistico Nuovo", "Borgo Finto")
    assert (row["internal_id"], row["actual_order_count"]) == ("1002328", 3)
    assert (row["hash"], row["bot_status"], row["pec"]) == ("", "placed", request.pec)


async def test_a_sync_that_writes_the_row_just_then_is_waited_for(
    conn: Conn, database: str
) -> None:
    """Its row is not to be seen yet, and stands in the way all the same: it is filled when it has come."""
    request = customer()
    await customer_rows.write_waiting(conn, request, ID)
    async with await AsyncConnection.connect(database) as sync:  # a transaction of its own
        await synced(sync, PROFILE, vat=request.vat_number)
        writing = asyncio.create_task(written(conn, request))
        await until_blocked(sync, conn.info.backend_pid)
        await sync.commit()
        assert await writing == []
    [[name, row]] = (await rows(conn)).items()
    assert (name, row["name"], row["actual_order_count"]) == (PROFILE, "Studio Dentistico Nuovo", 3)


async def until_blocked(conn: Conn, pid: int) -> None:
    """Wait until another connection waits for what this one holds."""
    while True:
        cursor = await conn.execute("SELECT pg_blocking_pids(%(pid)s)", {"pid": pid})
        row = await cursor.fetchone()
        if row and row[0]:
            return
        await asyncio.sleep(0.01)


async def test_the_requests_own_waiting_row_is_promoted(conn: Conn) -> None:
    """What else it holds goes with it; another agent's row of that name is left alone."""
    await synced(conn, "TEMP-1764", orders=7)
    await synced(conn, "TEMP-1764", user="A002")
    request = customer(pending_customer_profile="TEMP-1764")
    await customer_rows.write_waiting(conn, request, ID)
    assert await written(conn, request) == []
    found = await rows(conn)
    assert set(found) == {PROFILE, "TEMP-1764"}
    assert (found[PROFILE]["user_id"], found[PROFILE]["actual_order_count"]) == ("A001", 7)
    assert found["TEMP-1764"]["user_id"] == "A002"


async def test_waiting_rows_of_earlier_attempts_go(conn: Conn) -> None:
    """Those of this operation and of this VAT number; other waiting customers stay (D3)."""
    await customer_rows.write_waiting(conn, customer(vat_number="00743110157"), ID)
    await synced(conn, "TEMP-1", vat=customer().vat_number)
    await synced(conn, "TEMP-2", vat="00000000001")
    request = customer(pending_customer_profile="TEMP-3")
    await customer_rows.write_waiting(conn, request, ID)
    assert len(await rows(conn)) == 4
    assert await written(conn, request) == []
    assert set(await rows(conn)) == {PROFILE, "TEMP-2"}


async def test_a_waiting_row_that_is_gone_is_warned_of(conn: Conn) -> None:
    """Zero rows changed is told; the customer is written all the same."""
    [warning] = await written(conn, customer())
    assert f"TEMP-{ID}" in warning
    assert list(await rows(conn)) == [PROFILE]


async def test_a_failure_is_marked_and_loses_nothing(conn: Conn) -> None:
    """Only the waiting row changes, by whichever name it waits; the next attempt takes it again."""
    await synced(conn, "55.261", vat="00000000001")
    for request in (customer(), customer(pending_customer_profile="TEMP-9")):
        await customer_rows.write_waiting(conn, request, ID)
        await customer_rows.mark_failed(conn, request)
    found = {name: row["bot_status"] for name, row in (await rows(conn)).items()}
    assert found == {"55.261": "placed", f"TEMP-{ID}": "failed", "TEMP-9": "failed"}
    await customer_rows.write_waiting(conn, customer(), ID)
    assert (await rows(conn))[f"TEMP-{ID}"]["bot_status"] == "pending"
