"""What can happen to servers, callers, the ERP and the clock, one method each; `Play.mend` ends it all well."""

from typing import cast, get_args
from uuid import UUID

from psycopg import OperationalError

from archibald.v1 import bot_pb2
from server import decisions
from server.errors import BotError
from server.intake import accept
from tests.states.callers import CALLERS, COMMANDS, FAULTS, PAUSES, SETTLED, Asked, asked
from tests.states.laws import Seen, rows
from tests.states.puppets import World
from tests.states.rows import Pool, submission
from tests.states.servers import CONFIG, Server


class Play:
    """One world with two servers; a server that died is followed by another in its slot."""

    def __init__(self, pool: Pool, number: int) -> None:
        self.world = World(pool, [f"A{number}.{index}" for index in (0, 1)])
        self.hosts = ["here", "here"]
        self.asked: list[Asked] = []

    async def begin(self, *, same_host: bool) -> None:
        self.hosts[1] = "here" if same_host else "there"
        for slot in (0, 1):
            await self.new_server(slot)

    async def new_server(self, slot: int) -> None:
        server = Server(self.world, slot, self.hosts[slot])
        self.world.servers.append(server)
        await server.take_lease()

    def server(self, slot: int) -> Server:
        return [one for one in self.world.servers if one.slot == slot][-1]

    async def seen(self, one: Asked) -> Seen | None:
        """What the key has come to."""
        wanted = self.world.agents[one.agent], one.key
        return next((row for row in await rows(self.world) if row.key == wanted), None)

    # -- callers and operators -----------------------------------------------------------------------

    async def submit_new(self, server: Server) -> None:
        """The next caller comes with a key of its own."""
        self.asked.append(asked(len(self.asked)))
        await self.submit(server, self.asked[-1], corrected=False)

    async def submit(self, server: Server, one: Asked, *, corrected: bool) -> None:
        """The first caller, a second one, or one with a corrected request."""
        request = bot_pb2.SubmitOrderRequest(pending_order_id=one.key, notes="new" * corrected)
        before = await self.seen(one)
        try:
            row = await accept(
                server.line,  # type: ignore[arg-type]  # a pool, for what it uses
                submission(
                    one.key,
                    self.world.agents[one.agent],
                    operation_type=one.kind,
                    target=one.target,
                    request=request.SerializeToString(),
                    fingerprint=f"f{corrected}",
                    start_within=one.start_within,
                    also_guards="customer 1" if one.kind == "submit-order" else None,
                ),
                server.id,
            )
        except (BotError, OperationalError):
            row = None
        after = await self.seen(one)
        if before and after and before.state in {"FAILED", "CANCELLED"} and after.state == "QUEUED":
            self.world.erp.entered[after.key] = 0  # nothing of it was left: the laws have looked
        if row is not None:
            server.enter(row.id)
            await server.arrive()

    async def cancel(self, one: Asked) -> None:
        if (row := await self.seen(one)) is not None:
            try:
                await decisions.cancel(self.world.pool, {}, row.id)
            except BotError:
                return

    async def resolve(self, pick: int, decision: decisions.Decision) -> bool:
        """An operator who has looked into the ERP says what is true there."""
        if not (held := [row for row in await rows(self.world) if row.state == "NEEDS_REVIEW"]):
            return False
        row = sorted(held, key=lambda one: one.key)[pick % len(held)]
        erp = self.world.erp
        order = erp.standing(row.key)
        wrong = order or erp.on_its_way(row.key) if decision == "not_done" else not order
        if decision in {"not_done", "landed"} and wrong:
            return False
        resolution = decisions.Resolution(decision, "n", "me", order.number if order else None)
        try:
            await decisions.resolve(
                self.world.pool, {}, row.id, resolution, start_within=CONFIG.start_by
            )
        except BotError:
            return False
        if order is None and not erp.on_its_way(row.key):
            erp.entered[row.key] = 0
        return True

    # -- servers and the ERP -------------------------------------------------------------------------

    def _picked(self, pick: int) -> tuple[Server, UUID] | None:
        """One of those at work, or one that waits for its turn."""
        at_work: list[tuple[Server, UUID]] = []
        waiting: list[tuple[Server, UUID]] = []
        for server in (self.server(slot) for slot in (0, 1)):
            for operation_id, puppet in server.puppets.items() if server.works else ():
                some = waiting if puppet.at == "turn" else at_work
                some.append((server, operation_id))
        found = at_work + waiting[: 1 + (not at_work)]
        return found[pick % len(found)] if found else None

    async def step(self, pick: int, command: str) -> bool:
        """One of those in hand goes on to its next point; False: there is none."""
        if picked := self._picked(pick):
            server, operation_id = picked
            await server.step(operation_id, command)
        return picked is not None

    async def progress(self, pick: int, point: str) -> bool:
        """It goes well up to a point, as far as it does; False: it is there already."""
        if (picked := self._picked(pick)) is None:
            return False
        server, operation_id = picked
        if server.puppets[operation_id].at == point:
            return False
        for _ in range(30):
            if (puppet := server.puppets.get(operation_id)) is None or puppet.at == point:
                break
            waited = puppet.at == "turn"
            if puppet.at == "sent":
                self.world.erp.barrier(puppet.session)
            await server.step(operation_id, "go")
            if waited and puppet.at == "turn":
                break
        return True

    def processed(self, pick: int, *, refuse: bool) -> bool:
        """The ERP does the oldest request of one session."""
        in_flight = self.world.erp.in_flight
        if in_flight:
            self.world.erp.process(in_flight[pick % len(in_flight)], refuse=refuse)
        return bool(in_flight)

    async def happens(self, what: str, slot: int, pick: int) -> None:
        """Something happens; where it cannot, work goes on by a step; where none is, there is more."""
        if await self._happened(what, slot, pick):
            return
        server = self.server(slot)
        if self._picked(pick) is not None:
            await self.step(pick, "go")
        elif server.works:
            await self.submit_new(server)

    async def _happened(self, what: str, slot: int, pick: int) -> bool:
        if what.startswith("to "):
            return await self.progress(pick, what.removeprefix("to "))
        if what in COMMANDS:
            return await self.step(pick, what)
        if what in get_args(decisions.Decision):
            return await self.resolve(pick, cast("decisions.Decision", what))
        if what.endswith("by the ERP"):
            return self.processed(pick, refuse=what.startswith("refused"))
        if what in CALLERS:
            await self._called(what, self.server(slot), self.asked[-1 - pick % len(self.asked)])
        elif what in PAUSES:
            await self.advance(PAUSES[what])
        elif what in FAULTS:
            self.server(slot).line.fault = what
        else:
            await self._broken(what, slot, self.server(slot))
        return True

    async def _called(self, what: str, server: Server, one: Asked) -> None:
        if what == "cancelled":
            await self.cancel(one)
        elif server.works and what == "submitted":
            await self.submit_new(server)
        elif server.works:
            await self.submit(server, one, corrected=what == "corrected")

    async def _broken(self, what: str, slot: int, server: Server) -> None:
        match what:
            case "killed":
                await server.kill()
                await self.new_server(slot)
                await self.server(1 - slot).look()
            case "hung":
                server.process = "stopped"
                await self.advance(PAUSES["a lease and its margin"])
                await self.server(1 - slot).look()
            case "stopped":
                server.process = "stopped"
            case "drained":
                server.drain()
            case "a beat":
                await server.beat()
            case "a look":
                await server.look()
            case "repaired":
                await self.repair(slot)
            case _:
                self._switched(what, slot, server)

    def _switched(self, what: str, slot: int, server: Server) -> None:
        world = self.world
        match what:
            case "guardian stopped":
                server.guardian_stopped = True
            case "database cut":
                server.line.cut = True
            case "our tables refuse":
                world.commit_fails = not world.commit_fails
            case "signed out":
                world.erp.sessions.discard(world.kept.get(world.agents[slot], ""))
            case _:
                raise AssertionError(what)

    async def advance(self, seconds: float) -> None:
        """Time passes: leases are renewed where they can be, guardians act, late requests are done."""
        world = self.world
        healthy = [one for one in world.servers if one.works and not one.line.cut and one.holds]
        world.erp.by_now(world.clock + seconds - CONFIG.quiet_time)
        world.clock += seconds
        await world.execute(
            """
            WITH aged AS (
                UPDATE agents.server_instances SET lease_until = lease_until - s.pause
                  FROM (SELECT make_interval(secs => %(seconds)s) AS pause) AS s
                 WHERE id = ANY(%(servers)s))
            UPDATE agents.operations
               SET start_by = start_by - s.pause, not_before = not_before - s.pause,
                   last_write_at = last_write_at - s.pause, unclear_since = unclear_since - s.pause
              FROM (SELECT make_interval(secs => %(seconds)s) AS pause) AS s
             WHERE user_id = ANY(%(agents)s)
            """,
            seconds=seconds,
            agents=world.agents,
            servers=[one.id for one in world.servers],
        )
        for one in healthy:
            one.deadline = world.clock + CONFIG.lease
            await one.beat()
        for one in world.servers:
            one.guard()

    # -- the end -------------------------------------------------------------------------------------

    async def repair(self, slot: int) -> None:
        """SIGCONT to all, the database is back, and what was shut down is started again."""
        server = self.server(slot)
        server.line.cut, server.guardian_stopped = False, False
        server.process = "running"
        if server.locks.stopped:
            await server.kill()
            await self.new_server(slot)

    async def mend(self) -> list[Seen]:
        """Repair everything, and let everything go well; what is unsettled even then."""
        world = self.world
        world.commit_fails = False
        for slot in (0, 1):
            self.server(slot).line.fault = ""
            await self.repair(slot)
        for one in world.servers:
            one.guardian_stopped = False
            one.guard()
        unsettled: list[Seen] = []
        for _ in range(60):
            unsettled = [row for row in await rows(world) if row.state not in SETTLED]
            if not unsettled:
                break
            for slot in (0, 1):
                await self._go_well(self.server(slot))
            await self.advance(400.0)
        return unsettled

    async def _go_well(self, server: Server) -> None:
        await server.beat()
        await server.look()
        for operation_id in list(server.puppets):
            for _ in range(40):
                puppet = server.puppets.get(operation_id)
                if puppet is None:
                    break
                if puppet.at == "sent":
                    self.world.erp.barrier(puppet.session)
                waited = puppet.at == "turn"
                await server.step(operation_id, "go")
                if waited and puppet.at == "turn":
                    break
