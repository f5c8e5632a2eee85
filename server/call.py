"""The call that is being served: who asks, for which agent, about which operation.

The doorkeeper begins it, before anything of the request is read; whoever learns more writes it here, for
the audit. Without a doorkeeper there is no call, and whatever asks for it fails: nothing is open by mistake.
"""

from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import UTC, datetime
from uuid import UUID, uuid4

from server.callers import Caller
from server.errors import PermissionDeniedError


@dataclass(eq=False)
class Call:
    """One call; never anything of its request but the names of what it is about."""

    caller: Caller
    address: str
    method: str
    id: UUID = field(default_factory=uuid4)
    asked_at: datetime = field(default_factory=lambda: datetime.now(UTC))
    agent: str | None = None
    operation: str | None = None
    ended_at: datetime | None = None
    outcome: str | None = None

    def about(self, agent: str = "", operation: str = "") -> None:
        """Note what it is about, as far as it is known by now."""
        self.agent = agent or self.agent
        self.operation = operation or self.operation

    def ended(self, outcome: str) -> None:
        """Note what came of it."""
        self.outcome, self.ended_at = outcome, datetime.now(UTC)


CURRENT: ContextVar[Call] = ContextVar("call")


def current() -> Call:
    """The call that this task serves."""
    return CURRENT.get()


def permitted(user_id: str) -> str:
    """The agent, if the caller may act for it.

    Raises:
        PermissionDeniedError: it may not; nothing was looked at.
    """
    call = current()
    call.about(user_id)
    if not call.caller.may_act_for(user_id):
        raise PermissionDeniedError(
            f"{call.caller.name} may not act for agent {user_id}; "
            "an operator adds the agent in the file of callers",
        )
    return user_id
