"""The test API beside the site: switches, faults, ledger, access log, stored objects."""

import json
from collections.abc import Awaitable, Callable
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

from tests.erp_simulator.formats import plain
from tests.erp_simulator.store import as_json
from tests.erp_simulator.world import World

Handler = Callable[[Request], Awaitable[JSONResponse]]


def sim_routes(world: World) -> list[Route]:
    """The routes below `/sim`."""

    async def reset(request: Request) -> JSONResponse:
        world.reset(await _object(request))
        return JSONResponse(world.switches.as_dict())

    async def config(request: Request) -> JSONResponse:
        if request.method == "POST":
            world.switches.change(await _object(request))
        return JSONResponse(world.switches.as_dict())

    async def faults(request: Request) -> JSONResponse:
        if request.method == "POST":
            world.faults.order(await _object(request))
        elif request.method == "DELETE":
            world.faults.ordered.clear()
        return JSONResponse([vars(fault) for fault in world.faults.ordered])

    async def orders(_: Request) -> JSONResponse:
        store = world.store
        return JSONResponse([store.order_json(order) for order in store.orders.values()])

    async def order(request: Request) -> JSONResponse:
        stored = world.store.orders.get(int(request.path_params["id"]))
        if stored is None:
            return JSONResponse({"error": "no such order"}, 404)
        return JSONResponse(world.store.order_json(stored))

    async def customers(_: Request) -> JSONResponse:
        return JSONResponse([
            {
                "id": str(customer.id), "account": customer.account, "name": customer.name,
                "vat": customer.vat, "email": customer.email,
                "line_percent": plain(customer.line_percent), "street_price": customer.street_price,
                "addresses": [vars(address) for address in customer.addresses],
            }
            for customer in world.store.customers.values()
        ])  # fmt: skip

    async def articles(_: Request) -> JSONResponse:
        return JSONResponse([
            {name: as_json(value) for name, value in vars(article).items()} | {"id": str(article.id)}
            for article in world.store.articles.values()
        ])  # fmt: skip

    async def agents(_: Request) -> JSONResponse:
        return JSONResponse([
            {"user": agent.user, "password": agent.password, "language": agent.language}
            for agent in world.store.agents.values()
        ])  # fmt: skip

    async def effects(_: Request) -> JSONResponse:
        return JSONResponse(world.store.effects)

    async def requests(_: Request) -> JSONResponse:
        return JSONResponse([entry.as_json() for entry in world.log.entries])

    async def clear(_: Request) -> JSONResponse:
        world.log.clear()
        return JSONResponse([])

    table: list[tuple[str, Handler, list[str]]] = [
        ("/reset", reset, ["POST"]),
        ("/config", config, ["GET", "POST"]),
        ("/faults", faults, ["GET", "POST", "DELETE"]),
        ("/orders", orders, ["GET"]),
        ("/orders/{id:int}", order, ["GET"]),
        ("/customers", customers, ["GET"]),
        ("/articles", articles, ["GET"]),
        ("/agents", agents, ["GET"]),
        ("/effects", effects, ["GET"]),
        ("/requests", requests, ["GET"]),
        ("/requests/clear", clear, ["POST"]),
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
