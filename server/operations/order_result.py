"""An order's result: what a fresh page of the ERP shows, beside what was asked."""

from archibald.v1 import bot_pb2 as pb
from server.erp import order_prices
from server.erp.formats import dotted_id, money
from server.erp.order_view import FoundOrder
from server.operation import Intent, Notebook
from server.operations.order_verification import verify


async def order_result(
    intent: Intent,
    notes: Notebook,
    found: FoundOrder,
    *,
    text: str,
    description: str,
    customer: str,
) -> pb.SubmitOrderResult:
    """The result of an order that stands in the ERP; what only the ERP can know is noted first.

    ``text`` and ``description`` are what the texts and DESCRIZIONE should hold, ``customer`` is how the
    ERP shows the customer that was asked for.
    """
    await notes.seen(**facts_of(found))
    return pb.SubmitOrderResult(
        order_id=found.order_id,
        order_record_id=dotted_id(found.order_id),
        marker=intent.marker,
        verification=verify(
            intent.request, text=text, description=description, customer=customer, found=found
        ),
        warnings=warnings_of(found),
    )


def facts_of(found: FoundOrder) -> dict[str, str]:
    """Evidence: the order's number, status and amount are of the ERP's making."""
    return {
        "order_id": found.order_id,
        "transfer_status": found.transfer_status,
        "total": money(found.total),
        "lines": str(len(found.lines)),
    }


def warnings_of(found: FoundOrder) -> list[str]:
    """What stands otherwise than an agent may think, although nothing else was asked."""
    warnings = []
    if found.line_discount not in order_prices.NONE:
        warnings.append(f"the customer's line discount stands: {found.line_discount}")
    if automatic := [line for line in found.lines if line.discount != line.applied]:
        numbers = ", ".join(str(line.number) for line in automatic)
        warnings.append(f"lines {numbers} still carry a discount that the ERP gives by itself")
    return warnings
