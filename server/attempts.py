"""The attempts at an operation, one row a claim: when, how it ended, and all the evidence it left.

Evidence is only ever added, also by an attempt that has been taken over: an ERP id is never thrown away.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from psycopg import AsyncConnection
from psycopg.sql import SQL
from psycopg.types.json import Jsonb

from server.journal_row import Row
from server.operation import Claim
from server.verdicts import Traces

# Facts, each stamped with the database's time, to be appended to an attempt's evidence.
FACTS = SQL("""COALESCE(
    (SELECT jsonb_agg(jsonb_build_object('at', now()) || fact)
       FROM jsonb_array_elements(%(facts)s::jsonb) AS fact), '[]')
""")


@dataclass
class Learned:
    """What an attempt has learned, and what may wait for its next statement: nothing depends on it before."""

    high_water_mark: str | None = None
    """The newest order id before the first write: it means something only together with that write."""
    facts: list[Mapping[str, object]] = field(default_factory=list)

    def values(self) -> dict[str, object]:
        """As a statement with `FACTS` takes it."""
        return {"high_water_mark": self.high_water_mark, "facts": Jsonb(self.facts)}


async def add_evidence(
    conn: AsyncConnection[Any], claim: Claim, *facts: Mapping[str, object]
) -> None:
    """Append facts to the claim's attempt."""
    await conn.execute(
        SQL(
            """
            UPDATE agents.operation_attempts SET evidence = evidence || {facts}
             WHERE operation_id = %(operation_id)s AND generation = %(generation)s
            """
        ).format(facts=FACTS),
        asdict(claim) | Learned(facts=list(facts)).values(),
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


async def unclear_for(conn: AsyncConnection[Any], claim: Claim) -> float:
    """Seconds since the first read-back that settled nothing; 0 if this is the first."""
    cursor = await conn.execute(
        """
        SELECT COALESCE(EXTRACT(EPOCH FROM now() - unclear_since), 0)::FLOAT8
          FROM agents.operations
         WHERE id = %(operation_id)s
        """,
        asdict(claim),
    )
    row = await cursor.fetchone()
    return float(row[0]) if row else 0.0


async def traces(conn: AsyncConnection[Any], row: Row) -> Traces:
    """What is known of a key's earlier attempts, for whoever reads the ERP back.

    Its object stood if a page has shown it, or if its save may have arrived: should it be gone then,
    somebody has taken it away.
    """
    cursor = await conn.execute(
        """
        SELECT EXISTS (SELECT 1 FROM agents.operation_attempts
                        WHERE operation_id = %(id)s
                          AND (jsonb_path_exists(evidence, '$[*].seen.order_id')
                               OR jsonb_path_exists(evidence, '$[*] ? (@.kind == "save")'))),
               EXISTS (SELECT 1 FROM agents.operation_resolutions
                        WHERE operation_id = %(id)s
                          AND decision = 'landed' AND erp_id = %(draft_id)s)
        """,
        {"id": row.id, "draft_id": row.draft_id},
    )
    known = await cursor.fetchone()
    stood, named = known or (True, False)
    written = row.write_seq > 0
    return Traces(
        draft_id=row.draft_id or "",
        # Before the first write nothing can be there: one look is enough, and needs no control.
        high_water_mark=(row.high_water_mark or "") if written else "",
        written=written,
        stood=stood,
        named=named,
    )
