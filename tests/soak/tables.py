"""Reads our own tables for the reconciliation."""

from collections import Counter

from tests.soak.house import Postgres
from tests.soak.reconcile import UNSETTLED, Tables


async def read_tables(postgres: Postgres) -> Tables:
    """All rows that an operation can have written."""
    operations = await postgres.rows("SELECT * FROM agents.operations")
    lines = await postgres.rows("SELECT order_id, user_id FROM agents.order_articles")
    return Tables(
        operations={
            (row["user_id"], row["operation_type"], row["operation_key"]): row for row in operations
        },
        order_records={
            (row["id"], row["user_id"]): row
            for row in await postgres.rows("SELECT * FROM agents.order_records")
        },
        order_lines=Counter((row["order_id"], row["user_id"]) for row in lines),
        customers={
            (row["customer_profile"], row["user_id"]): row
            for row in await postgres.rows("SELECT * FROM agents.customers")
        },
        pending_orders={
            row["id"]: row for row in await postgres.rows("SELECT * FROM agents.pending_orders")
        },
        bot_results=await postgres.rows("SELECT * FROM agents.bot_results"),
    )


async def unsettled(postgres: Postgres) -> list[str]:
    """The operations that have no end yet, and are not held for a person."""
    states = ", ".join(f"'{state}'" for state in sorted(UNSETTLED))
    rows = await postgres.rows(
        f"SELECT operation_key, state FROM agents.operations WHERE state IN ({states})"
    )
    return [f"{row['operation_key']} {row['state']}" for row in rows]
