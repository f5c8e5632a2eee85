"""The test API beside the site: switches, faults, ledger, access log, stored objects."""

import json
from collections.abc import Awaitable, Callable
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

from tests.erp_simulator import verona
from tests.erp_simulator.human import Human
from tests.erp_simulator.store import as_json
from tests.erp_simulator.world import World

Handler = Callable[[Request], Awaitable[JSONResponse]]


class SimApi:
    """The handlers, over a world."""

    def __init__(self, world: World) -> None:
        self._world = world

    async def reset(self, request: Request) -> JSONResponse:
        """Begin again, with the given switches."""
        self._world.reset(await _object(request))
        return JSONResponse(self._world.switches.as_dict())

    async def config(self, request: Request) -> JSONResponse:
        """Show the switches, or set some."""
        if request.method == "POST":
            self._world.switches.change(await _object(request))
        return JSONResponse(self._world.switches.as_dict())

    async def faults(self, request: Request) -> JSONResponse:
        """Show the ordered faults, order one, or take all back."""
        faults = self._world.faults
        if request.method == "POST":
            faults.order(await _object(request))
        elif request.method == "DELETE":
            faults.ordered.clear()
        return JSONResponse([vars(fault) for fault in faults.ordered])

    async def human(self, request: Request) -> JSONResponse:
        """Let another client of a user do something."""
        values = await _object(request)
        Human(self._world, str(values.get("user"))).act(str(values.get("do")), values)
        return JSONResponse({})

    async def verona(self, request: Request) -> JSONResponse:
        """Let the head office treat an order."""
        values = await _object(request)
        verona.act(self._world, values.get("order", 0), str(values.get("do", "approve")))
        return JSONResponse({})

    async def restart(self, request: Request) -> JSONResponse:
        """Lose all sessions."""
        self._world.restart(float((await _object(request)).get("seconds", 0)))
        return JSONResponse({})

    async def orders(self, _: Request) -> JSONResponse:
        """All stored orders."""
        store = self._world.store
        return JSONResponse([store.order_json(order) for order in store.orders.values()])

    async def order(self, request: Request) -> JSONResponse:
        """One stored order."""
        stored = self._world.store.orders.get(int(request.path_params["id"]))
        if stored is None:
            return JSONResponse({"error": "no such order"}, 404)
        return JSONResponse(self._world.store.order_json(stored))

    async def customers(self, _: Request) -> JSONResponse:
        """All customers with their addresses."""
        store = self._world.store
        return JSONResponse([store.customer_json(one) for one in store.customers.values()])

    async def customer(self, request: Request) -> JSONResponse:
        """One customer with its addresses."""
        stored = self._world.store.customers.get(int(request.path_params["id"]))
        if stored is None:
            return JSONResponse({"error": "no such customer"}, 404)
        return JSONResponse(self._world.store.customer_json(stored))

    async def articles(self, _: Request) -> JSONResponse:
        """All variants of all articles."""
        return JSONResponse([
            {name: as_json(value) for name, value in vars(article).items()} | {"id": str(article.id)}
            for article in self._world.store.articles.values()
        ])  # fmt: skip

    async def agents(self, _: Request) -> JSONResponse:
        """The logins."""
        return JSONResponse([
            {"user": agent.user, "password": agent.password, "language": agent.language}
            for agent in self._world.store.agents.values()
        ])  # fmt: skip

    async def effects(self, _: Request) -> JSONResponse:
        """The ledger."""
        return JSONResponse(self._world.store.effects)

    async def requests(self, request: Request) -> JSONResponse:
        """The access log, or forget it."""
        if request.method == "POST":
            self._world.log.clear()
        return JSONResponse([entry.as_json() for entry in self._world.log.entries])


def sim_routes(world: World) -> list[Route]:
    """The routes below `/sim`."""
    api = SimApi(world)
    table: list[tuple[str, Handler, list[str]]] = [
        ("/reset", api.reset, ["POST"]),
        ("/config", api.config, ["GET", "POST"]),
        ("/faults", api.faults, ["GET", "POST", "DELETE"]),
        ("/human", api.human, ["POST"]),
        ("/verona", api.verona, ["POST"]),
        ("/restart", api.restart, ["POST"]),
        ("/orders", api.orders, ["GET"]),
        ("/orders/{id:int}", api.order, ["GET"]),
        ("/customers", api.customers, ["GET"]),
        ("/customers/{id:int}", api.customer, ["GET"]),
        ("/articles", api.articles, ["GET"]),
        ("/agents", api.agents, ["GET"]),
        ("/effects", api.effects, ["GET"]),
        ("/requests", api.requests, ["GET"]),
        ("/requests/clear", api.requests, ["POST"]),
    ]
    return [Route(path, _guarded(handler), methods=methods) for path, handler, methods in table]


def _guarded(handler: Handler) -> Handler:
    async def guarded(request: Request) -> JSONResponse:
        try:
            return await handler(request)
        except (ValueError, TypeError) as error:
            return JSONResponse({"error": str(error)}, 400)

    return guarded


async def _object(request: Request) -> dict[str, Any]:
    body = await request.body()
    values = json.loads(body) if body else {}
    if not isinstance(values, dict):
        raise TypeError("a JSON object is wanted")
    return values
