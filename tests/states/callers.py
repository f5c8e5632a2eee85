"""The words of the plays: who asks for what, and what happens by which name."""

from dataclasses import dataclass

from tests.states.servers import CONFIG

COMMANDS = {"drift", "away", "timeout", "unclear", "login"}
CALLERS = {"submitted", "again", "corrected", "cancelled"}
FAULTS = {"no connection", "rolled back", "answer lost", "halted"}
PAUSES = {
    "half a lease": CONFIG.lease / 2,
    "a lease": CONFIG.lease * 1.1,
    "a lease and its margin": CONFIG.lease * 1.1 + CONFIG.guardian_margin,
    "the quiet time": (CONFIG.quiet_time + CONFIG.send_within) * 1.1,
}
SETTLED = {"SUCCEEDED", "FAILED", "CANCELLED", "NEEDS_REVIEW", "ABANDONED"}


@dataclass(frozen=True)
class Asked:
    """What a caller asks for."""

    agent: int
    kind: str
    key: str
    target: str
    start_within: float = CONFIG.start_by


def asked(number: int) -> Asked:
    """The callers' requests in their order: orders, customers, another key for an order, two agents."""
    agent, name = number % 2, f"p-{number}"
    if number % 5 == 4:
        return Asked(agent, "submit-order", name, f"p-{number - 2}")
    kind = "create-customer" if number % 5 == 3 else "submit-order"
    return Asked(agent, kind, name, name, CONFIG.start_by / (10 if number % 7 == 6 else 1))
