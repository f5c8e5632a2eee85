"""The operations that are there before the first message, one of an agent's in each state of rest."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid5

from psycopg import Connection
from psycopg.types.json import Jsonb

from archibald.v1 import bot_pb2

AGENTS = ("A001", "A002", "A003", "A004")
_STATES = ("VERIFYING", "SUCCEEDED", "FAILED", "CANCELLED", "NEEDS_REVIEW", "ABANDONED")
_NAMESPACE = UUID("6ba7b810-9dad-11d1-80b4-00c04fd430c8")


@dataclass(frozen=True)
class Kept:
    """One operation of the journal: its key is its state."""

    agent: str
    state: str

    @property
    def key(self) -> str:
        """What it is named by, besides its agent."""
        return f"is {self.state}"

    @property
    def id(self) -> UUID:
        """The same in every run, so that a message that failed can be sent again."""
        return uuid5(_NAMESPACE, f"{self.agent} {self.key}")


ROWS: Sequence[Kept] = [Kept(agent, state) for agent in AGENTS for state in _STATES]


def store(conn: Connection[Any]) -> None:
    """Write them. The one that is being verified has the agent's turn, and is not due for a day.

    So whatever is accepted for these agents waits behind it, and nothing touches a browser or the ERP.
    """
    error = Jsonb({"reason": "UI_DRIFT", "message": "the site has changed", "metadata": {}})
    result = bot_pb2.SubmitOrderResult(order_id="71723").SerializeToString()
    for row in ROWS:
        request = bot_pb2.SubmitOrderRequest(user_id=row.agent, pending_order_id=row.key)
        conn.execute(
            """
            INSERT INTO agents.operations
                   (id, user_id, operation_type, operation_key, target, request, fingerprint, marker, state,
                    generation, write_seq, error, response, start_by, not_before)
            VALUES (%(id)s, %(agent)s, 'submit-order', %(key)s, %(key)s, %(request)s, 'f', '#1', %(state)s,
                    1, 1, %(error)s, %(response)s, now(), now() + interval '1 day')
            """,
            {
                "id": row.id,
                "agent": row.agent,
                "key": row.key,
                "state": row.state,
                "request": request.SerializeToString(),
                "error": None if row.state == "SUCCEEDED" else error,
                "response": result if row.state == "SUCCEEDED" else None,
            },
        )
