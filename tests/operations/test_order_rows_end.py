"""A sent and a deleted order in our own tables, on a real Postgres, in both spellings of its id."""

from collections.abc import AsyncIterator
from typing import Any

import pytest
from psycopg import AsyncConnection

from archibald.v1 import bot_pb2 as pb
from server.operations.delete_order_rows import delete_rows
from server.operations.send_to_verona_rows import write_sent

Conn = AsyncConnection[Any]


@pytest.fixture
async def conn(database: str) -> AsyncIterator[Conn]:
    async with await AsyncConnection.connect(database, autocommit=True) as conn:
        yield conn


def result(status: str = "In attesa di approvazione") -> pb.SendToVeronaResult:
    told = pb.SendToVeronaResult(order_id="71723", order_record_id="71.723", transfer_status=status)
    told.seen_at.FromJsonString("2026-11-24T15:00:00Z")
    return told


async def recorded(conn: Conn, order_id: str, state: str | None, user: str = "A001") -> None:
    await conn.execute(
        """
        INSERT INTO agents.order_records
               (id, user_id, order_number, customer_name, creation_date, hash, last_sync, created_at,
                current_state, transfer_status)
        VALUES (%s, %s, 'PENDING', 'Bianchi', '2026-11-24', '', 1, now(), %s, 'Modifica')
        """,
        (order_id, user, state),
    )
    await conn.execute(
        """
        INSERT INTO agents.order_articles (order_id, user_id, article_code, quantity, line_number, created_at)
        VALUES (%s, %s, 'TD1272.314.', 2, 1, now())
        """,
        (order_id, user),
    )


async def all_of(conn: Conn, what: str) -> list[Any]:
    cursor = await conn.execute(what)
    return [*await cursor.fetchall()]


RECORDS = """SELECT id, user_id, current_state, transfer_status, sent_to_verona_at
               FROM agents.order_records ORDER BY user_id"""
HISTORY = "SELECT order_id, old_state, new_state, actor, source FROM agents.order_state_history"


@pytest.mark.parametrize("spelling", ["71.723", "71723"])
async def test_a_sent_order_is_marked_once(conn: Conn, spelling: str) -> None:
    """Head, one row of history, sub-customers' orders; a second run changes nothing; not another's."""
    await recorded(conn, spelling, "piazzato")
    await recorded(conn, spelling, "piazzato", user="A002")
    await conn.execute(
        """
        INSERT INTO agents.fresis_history
               (id, user_id, sub_client_codice, sub_client_name, customer_id, customer_name, items,
                created_at, updated_at, archibald_order_id, current_state)
        VALUES ('f1', 'A001', 'C1', 'Uno', '55261', 'Bianchi', '[]', now(), now(), '71.723', 'piazzato'),
               ('f2', 'A001', 'C2', 'Due', '55261', 'Bianchi', '[]', now(), now(), '71.724', 'piazzato')
        """
    )
    for _ in range(2):
        async with conn.transaction():
            assert await write_sent(conn, "A001", result()) == []
    sent, other = await all_of(conn, RECORDS)
    told = (
        spelling,
        "A001",
        "inviato_verona",
        "In attesa di approvazione",
        "2026-11-24T15:00:00.000Z",
    )
    assert sent == told
    assert other[2:4] == ("piazzato", "Modifica")
    history = (spelling, "piazzato", "inviato_verona", "system", "send-to-verona")
    assert await all_of(conn, HISTORY) == [history]
    states = await all_of(conn, "SELECT id, current_state FROM agents.fresis_history ORDER BY id")
    assert states == [("f1", "inviato_verona"), ("f2", "piazzato")]


async def test_a_later_state_is_not_put_back_and_a_missing_row_is_told(conn: Conn) -> None:
    """An order that a sync has seen invoiced stays invoiced; one that we never had is a warning."""
    assert await write_sent(conn, "A001", result()) == [
        "there was no row 71.723 in order_records to mark as sent"
    ]
    await recorded(conn, "71.723", "fatturato")
    assert await write_sent(conn, "A001", result("Trasferito")) == []
    [row] = await all_of(conn, RECORDS)
    assert row[2:4] == ("fatturato", "Trasferito")
    assert await all_of(conn, HISTORY) == []


@pytest.mark.parametrize("spelling", ["71.723", "71723"])
async def test_a_deleted_order_leaves_no_row(conn: Conn, spelling: str) -> None:
    """Head, lines and history of this agent; what was not there is a warning, also the second time."""
    await recorded(conn, spelling, None)
    await recorded(conn, spelling, None, user="A002")
    async with conn.transaction():
        assert await write_sent(conn, "A001", result()) == []
        assert await delete_rows(conn, "A001", "71723") == []
    assert await all_of(conn, HISTORY) == []
    for table in ("order_records", "order_articles"):
        assert await all_of(conn, f"SELECT user_id FROM agents.{table}") == [("A002",)]
    told = ["there was no row 71.723 in order_records to delete"]
    assert await delete_rows(conn, "A001", "71723") == told
