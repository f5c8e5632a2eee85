"""The attempts at an operation, one row a claim: when, how it ended, and all the evidence it left.

Evidence is only ever added, also by an attempt that has been taken over: an ERP id is never thrown away.
"""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from psycopg import AsyncConnection
from psycopg.types.json import Jsonb

from server.operation import Claim


async def begin(conn: AsyncConnection[Any], claim: Claim) -> None:
    """Open the claim's row."""
    await conn.execute(
        """
        INSERT INTO agents.operation_attempts (operation_id, generation, instance, started_at)
        VALUES (%(operation_id)s, %(generation)s, %(instance)s, now())
        """,
        asdict(claim),
    )


async def add_evidence(
    conn: AsyncConnection[Any], claim: Claim, fact: Mapping[str, object]
) -> None:
    """Append one fact, stamped with the database's time."""
    await conn.execute(
        """
        UPDATE agents.operation_attempts
           SET evidence = evidence
                       || jsonb_build_array(jsonb_build_object('at', now()) || %(fact)s::jsonb)
         WHERE operation_id = %(operation_id)s AND generation = %(generation)s
        """,
        asdict(claim) | {"fact": Jsonb(dict(fact))},
    )


async def end(conn: AsyncConnection[Any], claim: Claim, outcome: str) -> None:
    """Close the claim's row with a reason of the contract, SUCCEEDED, or an error's type."""
    await conn.execute(
        """
        UPDATE agents.operation_attempts
           SET ended_at = now(), outcome = %(outcome)s
         WHERE operation_id = %(operation_id)s AND generation = %(generation)s
        """,
        asdict(claim) | {"outcome": outcome},
    )
