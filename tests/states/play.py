"""What can happen to servers, callers, the ERP and the clock, one method each; `Play.mend` ends it all well."""

from uuid import UUID

from psycopg import OperationalError

from archibald.v1 import bot_pb2
from server import decisions
from server.errors import BotError
from server.intake import accept
from tests.states.laws import Seen, rows
from tests.states.puppets import World
from tests.states.rows import Pool, submission
from tests.states.servers import CONFIG, Server

# Agent, operation type, key, target: two keys for one object, orders, customers, two agents.
KEYS = (
    (0, "submit-order", "p-1", "p-1"),
    (1, "submit-order", "p-1", "p-1"),
    (0, "submit-order", "another", "p-1"),
    (0, "create-customer", "c-1", "c-1"),
    (1, "create-customer", "c-1", "c-1"),
    *((index % 2, "submit-order", f"p-{index}", f"p-{index}") for index in range(2, 10)),
)
SETTLED = {"SUCCEEDED", "FAILED", "CANCELLED", "NEEDS_REVIEW", "ABANDONED"}


class Play:
    """One world with two servers; a server that died is followed by another in its slot."""

    def __init__(self, pool: Pool, number: int) -> None:
        self.world = World(pool, [f"A{number}.{index}" for index in (0, 1)])
        self.hosts = ["here", "here"]

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

    async def seen(self, key: int) -> Seen | None:
        """What the key has come to."""
        agent, _, name, _ = KEYS[key]
        wanted = self.world.agents[agent], name
        return next((row for row in await rows(self.world) if row.key == wanted), None)

    # -- callers and operators -----------------------------------------------------------------------

    async def submit(self, server: Server, key: int, *, corrected: bool) -> None:
        agent, kind, name, target = KEYS[key]
        user = self.world.agents[agent]
        request = bot_pb2.SubmitOrderRequest(pending_order_id=name, notes="new" * corrected)
        before = await self.seen(key)
        try:
            row = await accept(
                server.line,  # type: ignore[arg-type]  # a pool, for what it uses
                submission(
                    name,
                    user,
                    operation_type=kind,
                    target=target,
                    request=request.SerializeToString(),
                    fingerprint=f"f{corrected}",
                    start_within=CONFIG.start_by / (1 if key % 5 else 10),
                    also_guards=f"customer {agent}" if kind == "submit-order" else None,
                ),
                server.id,
            )
        except (BotError, OperationalError):
            row = None
        after = await self.seen(key)
        if before and after and before.state in {"FAILED", "CANCELLED"} and after.state == "QUEUED":
            self.world.erp.entered[after.key] = 0  # nothing of it was left: the laws have looked
        if row is not None:
            server.enter(row.id)
            await server.arrive()

    async def cancel(self, key: int) -> None:
        if (row := await self.seen(key)) is not None:
            try:
                await decisions.cancel(self.world.pool, {}, row.id)
            except BotError:
                return

    async def resolve(self, pick: int, decision: decisions.Decision) -> None:
        """An operator who has looked into the ERP says what is true there."""
        held = [row for row in await rows(self.world) if row.state == "NEEDS_REVIEW"]
        if not held:
            return
        row = sorted(held, key=lambda one: one.key)[pick % len(held)]
        erp = self.world.erp
        order = erp.standing(row.key)
        if decision == "not_done" and (order or erp.on_its_way(row.key)):
            return
        if decision == "landed" and order is None:
            return
        resolution = decisions.Resolution(decision, "n", "me", order.number if order else None)
        try:
            await decisions.resolve(
                self.world.pool, {}, row.id, resolution, start_within=CONFIG.start_by
            )
        except BotError:
            return
        if order is None and not erp.on_its_way(row.key):
            erp.entered[row.key] = 0

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

    async def step(self, pick: int, command: str) -> None:
        """One of those in hand goes on to its next point."""
        if picked := self._picked(pick):
            server, operation_id = picked
            await server.step(operation_id, command)

    async def progress(self, pick: int, point: str) -> None:
        """It goes well up to a point, as far as it does."""
        if (picked := self._picked(pick)) is None:
            return
        server, operation_id = picked
        for _ in range(30):
            if (puppet := server.puppets.get(operation_id)) is None or puppet.at == point:
                return
            waited = puppet.at == "turn"
            if puppet.at == "sent":
                self.world.erp.barrier(puppet.session)
            await server.step(operation_id, "go")
            if waited and puppet.at == "turn":
                return

    async def processed(self, pick: int, *, refuse: bool) -> None:
        """The ERP does the oldest request of one session."""
        in_flight = self.world.erp.in_flight
        if in_flight:
            self.world.erp.process(in_flight[pick % len(in_flight)], refuse=refuse)

    async def fault(self, slot: int, fault: str) -> None:
        """Something breaks, or works again."""
        server, world = self.server(slot), self.world
        match fault:
            case "kill":
                await server.kill()
                await self.new_server(slot)
                await self.server(slot).look()
            case "stop":
                server.process = "stopped"
            case "guardian":
                server.guardian_stopped = True
            case "cut":
                server.line.cut = True
            case "beat":
                await server.beat()
            case "drain":
                server.drain()
            case "tables":
                world.commit_fails = not world.commit_fails
            case _:
                world.erp.sessions.discard(world.kept.get(world.agents[slot], ""))

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
