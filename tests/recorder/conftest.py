"""The simulated ERP and its agents, for the tests in this folder."""

from tests.erp_agents import agent, agent_of, chromium, erp, running_erp

__all__ = ["agent", "agent_of", "chromium", "erp", "running_erp"]
