"""Contexts that are being closed: each to its end, whoever waits for it, and by agent, so that one can wait."""

import asyncio

import structlog
from playwright.async_api import BrowserContext

from server.browser_fleet import BrowserFleet
from server.chromium import GuardedBrowser
from server.kill_ladder import close_context
from server.shelf import Kept

log = structlog.get_logger(__name__)


class Closings:
    """Closes contexts within their time, or by force; the fleet hears of each."""

    def __init__(self, fleet: BrowserFleet, *, within: float) -> None:
        self._fleet = fleet
        self._within = within
        self._of_agents: dict[str, set[asyncio.Future[None]]] = {}

    async def close(self, context: BrowserContext, behind: GuardedBrowser) -> None:
        """Close it now; returns when nothing of it is sent any more."""
        await close_context(context, behind, within=self._within)
        self._fleet.moved_out(behind)

    def begin(self, kept: Kept) -> None:
        """Close an idle one beside everything else."""
        self._begin(kept.context, kept.behind, kept.user_id)

    def orphan(self, behind: GuardedBrowser, opening: "asyncio.Future[BrowserContext]") -> None:
        """Close a context that was opened for somebody who has gone meanwhile."""
        if not opening.cancelled() and opening.exception() is None:
            self._fleet.moved_in(behind)
            self._begin(opening.result(), behind, "")

    def _begin(self, context: BrowserContext, behind: GuardedBrowser, user_id: str) -> None:
        closing = asyncio.ensure_future(self.close(context, behind))
        of_agent = self._of_agents.setdefault(user_id, set())
        of_agent.add(closing)

        def over(done: "asyncio.Future[None]") -> None:
            of_agent.discard(done)
            if not of_agent and self._of_agents.get(user_id) is of_agent:
                del self._of_agents[user_id]
            if not done.cancelled() and (error := done.exception()) is not None:
                log.error("context_not_closed", user=user_id, error=str(error))

        closing.add_done_callback(over)

    async def over(self, user_id: str | None = None) -> None:
        """Wait for what was begun, for one agent or for all."""
        users = list(self._of_agents) if user_id is None else [user_id]
        pending = [one for user in users for one in self._of_agents.get(user, ())]
        if pending:
            await asyncio.wait(pending)
