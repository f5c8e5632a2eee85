"""A customer's result: what a fresh page of the ERP shows, beside what was asked."""

from archibald.v1 import bot_pb2 as pb
from server.erp import customer_view
from server.erp.customer_view import FoundCustomer
from server.erp.formats import dotted_id
from server.erp.rereading import read_again
from server.erp.session import ErpSession
from server.errors import UiDriftError
from server.operation import Intent, Notebook
from server.operations.customer_asked import differences


async def read_back(session: ErpSession, customer_id: str) -> FoundCustomer:
    """The customer from a fresh page, asked for more than once if need be."""
    return await read_again(session, lambda: customer_view.read_customer(session, customer_id))


async def customer_result(
    intent: Intent, notes: Notebook, found: FoundCustomer
) -> pb.CreateCustomerResult:
    """The result of a customer that stands in the ERP; what only the ERP can know is noted first.

    Raises:
        UiDriftError: the customer of that id has another VAT number: it is not the one asked for.
    """
    if found.vat_number != intent.request.vat_number:
        raise UiDriftError(f"customer {found.customer_id} has another VAT number than asked")
    await notes.seen(customer_id=found.customer_id, vat_checked=found.values["VATLASTCHECKEDDATE"])
    return pb.CreateCustomerResult(
        customer_id=found.customer_id,
        customer_profile=dotted_id(found.customer_id),
        marker=intent.marker,
        differences=differences(intent.request, intent.marker, found),
    )
