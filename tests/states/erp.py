"""A model of the ERP: what it was sent, what it did of it and when, kept apart from what anybody knows.

It serialises a session and promises nothing else: a request may be late, and its answer may be lost.
"""

from collections import Counter, defaultdict
from dataclasses import dataclass, field

Key = tuple[str, str]  # agent, operation key


@dataclass
class Request:
    """One irreversible request on its way; ``answer`` is None until the ERP has done with it."""

    kind: str  # create, line, delete
    key: Key
    target: str
    writes: int
    session: str
    sent_at: float
    order: "Order | None"
    answer: str | None = None


@dataclass
class Order:
    """What a create has made; it is complete with the last of its writes."""

    number: str
    key: Key
    target: str
    writes: int
    done: int = 1
    deleted: bool = False

    @property
    def complete(self) -> bool:
        return self.done == self.writes


@dataclass
class Erp:
    """The ledger, and the requests between browser and ledger."""

    orders: list[Order] = field(default_factory=list)
    in_flight: list[Request] = field(default_factory=list)
    sessions: set[str] = field(default_factory=set)  # those that are still signed in
    # How often a key was entered since it last was accepted with nothing left of it.
    entered: Counter[Key] = field(default_factory=Counter)
    history: dict[Key, list[str]] = field(default_factory=lambda: defaultdict(list))

    def standing(self, key: Key) -> Order | None:
        """The key's order, if there is one."""
        return next((one for one in self.orders if one.key == key and not one.deleted), None)

    def on_its_way(self, key: Key) -> list[Request]:
        """The key's requests that the ERP has not done with."""
        return [one for one in self.in_flight if one.key == key]

    def send(self, request: Request) -> None:
        """A request leaves a browser."""
        self.in_flight.append(request)

    def barrier(self, session: str) -> None:
        """A page of this session answers: all that it sent before is done with."""
        while any(one.session == session for one in self.in_flight):
            self.process(next(one for one in self.in_flight if one.session == session))

    def by_now(self, sent_by: float) -> None:
        """No request takes longer than the quiet time: at its very end it is done, as servers take it."""
        for one in [one for one in self.in_flight if one.sent_at <= sent_by]:
            self.barrier(one.session)

    def process(self, request: Request, *, refuse: bool = False) -> None:
        """Do what the oldest request of its session asks; a request that cannot be done is refused."""
        request = next(one for one in self.in_flight if one.session == request.session)
        self.in_flight.remove(request)
        order = request.order
        if refuse or (request.kind != "create" and (order is None or order.deleted)):
            request.answer = "refused"
        elif request.kind == "create":
            order = request.order = self._create(request)
        elif request.kind == "line":
            assert order is not None
            order.done += 1
            assert order.done <= order.writes, f"LAW at most one effect: {request.key} line twice"
        else:
            assert order is not None
            order.deleted = True
        request.answer = request.answer or "done"
        self.history[request.key].append(f"{request.kind} {request.answer}")

    def _create(self, request: Request) -> Order:
        self.entered[request.key] += 1
        assert self.entered[request.key] == 1, (
            f"LAW at most one effect: {request.key} entered twice"
        )
        others = [
            one
            for one in self.orders
            if one.target == request.target and one.key[0] == request.key[0] and not one.deleted
        ]
        assert not others, f"LAW at most one effect: {request.target} under {others[0].key} too"
        order = Order(str(70_000 + len(self.orders)), request.key, request.target, request.writes)
        self.orders.append(order)
        return order
