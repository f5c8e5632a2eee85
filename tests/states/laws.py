"""The laws of design §2, each a check by its name on what the database and the model of the ERP hold."""

from dataclasses import dataclass, field
from typing import Any, NamedTuple
from uuid import UUID

from tests.states.puppets import World

IN_TURN = {"RUNNING", "WRITING", "VERIFYING", "UNDOING"}
ENDS = {"SUCCEEDED", "ABANDONED"}
DECISIONS = {"look_again", "landed", "not_done", "give_up"}


class Seen(NamedTuple):
    """What the laws look at of a row."""

    id: UUID
    user_id: str
    operation_key: str
    state: str
    generation: int
    owner_instance: str | None
    write_seq: int
    stuck: bool
    turn: int
    erp_id: str | None
    response: bytes | None
    error: dict[str, Any] | None

    @property
    def key(self) -> tuple[str, str]:
        return self.user_id, self.operation_key

    @property
    def in_turn(self) -> bool:
        return self.state in IN_TURN or (self.state == "CONFIRMED" and not self.stuck)


async def rows(world: World) -> list[Seen]:
    """The operations of the world's agents."""
    found = await world.execute(
        """
        SELECT id, user_id, operation_key, state, generation, owner_instance, write_seq,
               local_commit_stuck, turn, erp_id, response, error
          FROM agents.operations WHERE user_id = ANY(%(agents)s)
        """,
        agents=world.agents,
    )
    return [Seen(*row) for row in found]


@dataclass
class Laws:
    """Compares what is with what must be, and with what was before."""

    world: World
    before: dict[UUID, Seen] = field(default_factory=dict)

    async def check(self, event: str) -> None:
        """All laws; ``event`` is what has just happened."""
        now = await rows(self.world)
        for row in now:
            self._what_the_erp_holds(row)
            if (was := self.before.get(row.id)) is not None:
                self._what_may_follow(was, row, event)
        for agent in self.world.agents:
            self._one_at_a_time([row for row in now if row.user_id == agent])
        self.before = {row.id: row for row in now}

    def _what_the_erp_holds(self, row: Seen) -> None:
        erp = self.world.erp
        standing, on_its_way = erp.standing(row.key), erp.on_its_way(row.key)
        if row.state in {"QUEUED", "RUNNING", "FAILED", "CANCELLED"}:
            assert standing is None, f"LAW {row.state} means nothing is left: {row.key} {standing}"
            assert not on_its_way, f"LAW {row.state} means nothing is on its way: {row.key}"
        if standing is not None or on_its_way:
            assert row.write_seq > 0, "LAW no effect without a durable row before it"
        if row.state in {"CONFIRMED", "SUCCEEDED"}:
            assert standing is not None, "LAW success only with an effect"
            assert standing.complete, "LAW success only with the whole effect"
            assert row.erp_id == standing.number, "LAW the id is the one in the ERP"
        if row.state == "SUCCEEDED":
            assert row.response, "LAW success has an answer"
        if row.state in {"NEEDS_REVIEW", "FAILED"}:
            assert row.error, "LAW whoever has to look is told why"

    def _what_may_follow(self, was: Seen, row: Seen, event: str) -> None:
        assert row.generation >= was.generation, "LAW the generation never falls"
        if was.state in ENDS:
            assert row == was, "LAW an end is an end, its answer never changes"
        if was.state != row.state and was.state == "NEEDS_REVIEW":
            assert event in DECISIONS, "LAW under review nothing runs again by itself"
        if was.state != row.state and was.state in {"FAILED", "CANCELLED"}:
            assert event in {"submitted", "again", "corrected"}, (
                "LAW what has failed runs again only when it is asked for"
            )
        if was.erp_id and event not in DECISIONS:
            assert row.erp_id == was.erp_id, "LAW an ERP id is never thrown away"
        if row.state in {"NEEDS_REVIEW", "FAILED", "CANCELLED", "QUEUED"} and was.in_turn:
            for server in self.world.servers:
                living = [one for one in server.sessions if one.alive and one.operation == row.id]
                ours = [one for one in living if one.generation == row.generation]
                assert not ours, "LAW a turn passes on only when the attempt's browser is closed"

    def _one_at_a_time(self, rows: list[Seen]) -> None:
        assert sum(row.in_turn for row in rows) <= 1, "LAW one operation of an agent at a time"
        by_id = {row.id: row for row in rows}
        can_write = [
            session
            for server in self.world.servers
            for session in server.sessions
            if session.alive and server.holds and (row := by_id.get(session.operation))
            if (session.generation, server.id) == (row.generation, row.owner_instance)
            if row.state in {"RUNNING", "WRITING", "UNDOING"}
        ]
        assert len(can_write) <= 1, "LAW never two browsers of an agent that could write"
        for row in rows:
            was = self.before.get(row.id)
            if was and was.state == "QUEUED" and row.state not in {"QUEUED", "FAILED", "CANCELLED"}:
                ahead = [one for one in rows if one.state == "QUEUED" and one.turn < row.turn]
                assert not ahead, "LAW in the order of acceptance"

    async def check_ids(self) -> None:
        """Every id that the journal ever took is still to be found."""
        found = await self.world.execute(
            """
            SELECT operation.id, concat(operation.erp_id, ' ', operation.draft_id, ' ',
                   string_agg(attempt.evidence::TEXT, ' '))
              FROM agents.operations AS operation
              JOIN agents.operation_attempts AS attempt ON attempt.operation_id = operation.id
             WHERE operation.user_id = ANY(%(agents)s)
             GROUP BY operation.id
            """,
            agents=self.world.agents,
        )
        kept = dict(found)
        for operation_id, ids in self.world.told.items():
            for one in ids:
                assert one in kept[operation_id], "LAW an ERP id is never thrown away"
