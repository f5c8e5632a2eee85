"""The operations by the names of their rpcs; a fifth is a module and a line here."""

from server.operation import Operation
from server.operations import create_customer, delete_order, send_to_verona, submit_order

OPERATIONS: dict[str, Operation] = {
    "SubmitOrder": submit_order,
    "SendToVerona": send_to_verona,
    "CreateCustomer": create_customer,
    "DeleteOrder": delete_order,
}
