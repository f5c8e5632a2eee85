"""Who was at work when, read from the journal and from the ERP's access log."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any

from tests.soak.house import Postgres

UNASKED = {"static", "keepalive"}
# What the site's own scripts wait, before a lookup is asked, after a line was answered, and before each of
# the late posts of a VAT number's check: seconds at scale 1.
SCRIPTS = {"callback:lookup": 0.3, "write:line": 0.8, "callback:late": 1.5}
Span = tuple[float, float]


async def attempts(postgres: Postgres) -> list[dict[str, Any]]:
    """Every attempt: its agent, kind, acceptance and claim, and the span in which it had a browser.

    A slot is lent a moment before "login" is reported, and given back a moment before "commit" is.
    """
    return await postgres.rows(
        """
        SELECT o.user_id, o.operation_type, o.operation_key, o.state, a.generation,
               extract(epoch FROM o.accepted_at)::float8 AS accepted,
               extract(epoch FROM a.started_at)::float8 AS claimed,
               extract(epoch FROM (SELECT min(e.at) FROM agents.operation_events e
                                    WHERE e.operation_id = o.id AND e.step = 'login'
                                      AND e.at >= a.started_at))::float8 AS began,
               extract(epoch FROM COALESCE(
                   (SELECT min(e.at) FROM agents.operation_events e
                     WHERE e.operation_id = o.id AND e.step = 'commit' AND e.at >= a.started_at),
                   a.ended_at))::float8 AS ended
          FROM agents.operations o JOIN agents.operation_attempts a ON a.operation_id = o.id
         ORDER BY a.started_at
        """
    )


def most_at_once(spans: Iterable[Span]) -> int:
    """How many spans overlap where most of them do."""
    edges = sorted(
        edge for began, ended in spans for edge in ((began, 1), (ended, -1)) if began < ended
    )
    most = now = 0
    for _, step in edges:
        now += step
        most = max(most, now)
    return most


def out_of_order(rows: Iterable[Mapping[str, Any]]) -> list[str]:
    """Operations that were claimed before one of the same agent that was accepted earlier."""
    last: dict[str, float] = defaultdict(float)
    found = []
    for row in rows:
        if row["accepted"] < last[row["user_id"]]:
            found.append(f"{row['user_id']} {row['operation_key']}")
        last[row["user_id"]] = max(last[row["user_id"]], row["accepted"])
    return found


def erp_seconds(requests: Iterable[Mapping[str, Any]], scale: float) -> float:
    """The ERP's own time, by its latencies: it serves one request of a session after the other."""
    asked = [entry for entry in requests if entry["class"] not in UNASKED]
    served = sum(float(entry["erp_seconds"]) for entry in asked)
    return served + scale * sum(SCRIPTS.get(entry["class"], 0.0) for entry in asked)
