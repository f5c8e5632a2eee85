"""The operations by the names of their rpcs; a fifth is a module and a line here."""

from server.operation import Operation
from server.operations import submit_order

OPERATIONS: dict[str, Operation] = {"SubmitOrder": submit_order}
