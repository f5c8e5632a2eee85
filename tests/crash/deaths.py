"""How each death happens while an operation is held at its boundary, and what is alive again after it."""

import asyncio
import os
import signal
from collections.abc import Awaitable, Callable, Mapping

from tests.crash.boundaries import AT_POSTGRES
from tests.crash.rig import Rig
from tests.crash.table import Cell, Death

DOWN = 5.0  # seconds that Postgres is away

Caller = asyncio.Task[object]


class NotReachedError(AssertionError):
    """The cell did not come about: that is never a pass."""


async def server(rig: Rig, _cell: Cell, _caller: Caller) -> None:
    """The server's process is killed; what was on its way arrives; a new one starts."""
    await rig.server.kill()
    rig.stops.let_go()
    await rig.server.start()


async def browser(rig: Rig, _cell: Cell, _caller: Caller) -> None:
    """The browser is killed from outside; the server lives."""
    _kill(rig.server.browsers(), "no browser runs")
    rig.stops.let_go()


async def page(rig: Rig, _cell: Cell, _caller: Caller) -> None:
    """The process in which the page lives is killed: what Chromium calls a crash."""
    _kill(rig.server.pages(), "no page is open")
    rig.stops.let_go()


def _kill(pids: list[int], otherwise: str) -> None:
    if not pids:
        raise NotReachedError(otherwise)
    for pid in pids:
        os.kill(pid, signal.SIGKILL)


async def postgres_restart(rig: Rig, _cell: Cell, _caller: Caller) -> None:
    """Postgres is killed, and is there again at once."""
    await rig.postgres.kill()
    rig.stops.let_go()
    await rig.postgres.start()


async def postgres_down(rig: Rig, _cell: Cell, _caller: Caller) -> None:
    """Postgres is away for five seconds; meanwhile what was held goes on."""
    await rig.postgres.stop()
    rig.stops.let_go()
    await asyncio.sleep(DOWN)  # the death itself
    await rig.postgres.start()


async def closed(rig: Rig, cell: Cell, caller: Caller) -> None:
    """A connection ends without a byte: the held request's, else the next one's."""
    if cell.boundary not in AT_POSTGRES:
        rig.stops.erp.drop()
        return
    rig.stops.erp.drop_next(lambda _: True)
    rig.stops.postgres.let_go()
    dropped = asyncio.ensure_future(rig.stops.erp.reached.wait())
    await asyncio.wait({dropped, caller}, return_when=asyncio.FIRST_COMPLETED)
    if not dropped.done():
        dropped.cancel()
        raise NotReachedError("no request to the ERP followed: no connection was closed")


async def hangs(rig: Rig, _cell: Cell, caller: Caller) -> None:
    """The ERP answers nothing until somebody has given up, or has ended without it."""
    rig.stops.erp.hang()
    rig.stops.postgres.let_go()
    given_up = asyncio.ensure_future(rig.stops.erp.given_up.wait())
    await asyncio.wait({given_up, caller}, return_when=asyncio.FIRST_COMPLETED)
    given_up.cancel()
    rig.stops.erp.mend()


async def session(rig: Rig, _cell: Cell, _caller: Caller) -> None:
    """The ERP forgets who is signed in."""
    await rig.sim.restart()
    rig.stops.let_go()


async def caller(rig: Rig, _cell: Cell, caller: Caller) -> None:
    """Whoever asked is gone."""
    caller.cancel()
    await asyncio.wait({caller})
    rig.stops.let_go()


HAPPEN: Mapping[Death, Callable[[Rig, Cell, Caller], Awaitable[None]]] = {
    Death.SERVER: server,
    Death.BROWSER: browser,
    Death.PAGE: page,
    Death.POSTGRES_RESTART: postgres_restart,
    Death.POSTGRES_DOWN: postgres_down,
    Death.CLOSED: closed,
    Death.HANGS: hangs,
    Death.SESSION: session,
    Death.CALLER: caller,
}
