"""A scripted server and an order to send; real servers with the simulated ERP are end_to_end's."""

from tests.client.conftest import bot, order
from tests.end_to_end.conftest import config, erp, sim

__all__ = ["bot", "config", "erp", "order", "sim"]
