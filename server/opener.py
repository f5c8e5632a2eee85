"""What the browser pool is handed in: how a session comes about in a context, and whether it is of use still."""

from contextlib import AbstractAsyncContextManager
from typing import Any, Protocol

from playwright.async_api import Browser, BrowserContext

from server.operation import Access, Intent


class Opener(Protocol):
    """How a session comes about, in steps, so that the context can be closed during each of them."""

    async def may_sign_in(self, user_id: str) -> None:
        """Raise what an agent whom nobody can sign in is told, before a browser is asked for him."""

    async def context(self, browser: Browser) -> BrowserContext:
        """An empty context for one agent."""

    async def sign_in(self, context: BrowserContext, intent: Intent, access: Access) -> Any:
        """A session in the new context, signed in as the intent's agent."""

    async def renew(self, session: Any, intent: Intent) -> Any:
        """The session as it is usable now, signed in once more if the ERP has ended it.

        None: it is not to be used any more, and the context must be closed.
        """

    def attempt(self, session: Any, intent: Intent) -> AbstractAsyncContextManager[Any]:
        """The session bound to the intent's claim; a failure leaves artifacts."""

    def reusable(self, session: Any) -> bool:
        """Whether nothing has happened on the page after which it cannot be trusted."""
