"""create-customer's read-back: what has become of a customer whose entering was interrupted (design §4.4).

It only reads: a VAT number is its customer's alone, our marker in the notes says whose hand entered it.
Name and street never land.
"""

from archibald.v1 import bot_pb2 as pb
from server.erp import customer_form, customer_view, customers_list, editors, list_page
from server.erp.absence import EMPTY, Proved, Seen, Unproved, prove_absent
from server.erp.customer_addresses import missing
from server.erp.customer_view import FoundCustomer
from server.erp.grid import Row
from server.erp.list_page import CUSTOMERS
from server.erp.session import ErpSession
from server.errors import ErpRejectedError, UiDriftError
from server.operation import Intent, Notebook
from server.operations.customer_asked import addresses_of
from server.operations.customer_result import customer_result
from server.operations.markers import markers_of
from server.verdicts import Absent, Inconclusive, Landed, Partial, Traces, Verdict

STEP = "verify"


async def probe(session: ErpSession, intent: Intent, traces: Traces, notebook: Notebook) -> Verdict:
    """Read the ERP back and say what it shows of the customer; writes nothing.

    Raises:
        ErpUnavailableError: the ERP or the browser was lost; nothing is known.
        UiDriftError: the gate has stopped something, or the page is gone.
    """
    try:
        if traces.named:
            # It may be older than our mark, and the VAT number is its alone: its own page says it all.
            return await _compared(session, intent, traces, notebook, traces.draft_id)
        return await _verdict(session, intent, traces, notebook)
    except UiDriftError as drift:
        # A hidden column, a filter changed meanwhile: a reading that proves nothing, not an accident.
        if session.gate.broken or session.page.is_closed():
            raise
        return Inconclusive(drift.message)


async def nothing_of(session: ErpSession, intent: Intent, mark: str) -> bool:
    """Whether the ERP was seen to hold no customer that this request made; after a refused save."""
    listed = await _listed(session, intent.request, mark)
    if isinstance(listed, Seen):
        # The number may be somebody else's: that is what the save was refused for.
        shown = [await customer_view.read_customer(session, row.key) for row in listed.rows]
        return not any(is_marked(intent, one) for one in shown)
    return isinstance(listed, Proved)


async def _verdict(
    session: ErpSession, intent: Intent, traces: Traces, notebook: Notebook
) -> Verdict:
    request: pb.CreateCustomerRequest = intent.request
    mark = traces.high_water_mark if traces.written or traces.draft_id else ""
    listed = await _listed(session, request, mark, traces.draft_id)
    if isinstance(listed, Unproved):
        return Inconclusive(listed.reason)
    if isinstance(listed, Seen):
        if len(listed.rows) > 1:
            ids = ", ".join(row.key for row in listed.rows)
            return Inconclusive(f"several customers are this one by VAT number or id: {ids}")
        return await _compared(session, intent, traces, notebook, listed.rows[0].key)
    if traces.draft_id:
        return Inconclusive(f"our customer {traces.draft_id} vanished: the list does not show it")
    return await _free(session, request, listed.shown) if mark else Absent(listed.shown)


async def _free(session: ErpSession, request: pb.CreateCustomerRequest, shown: str) -> Verdict:
    """Not in our list; but the number is unique over all customers, also those that it does not show."""
    try:
        await _check_vat(session, request.vat_number)
    except ErpRejectedError as refused:
        return Inconclusive(f"the list does not show it, but {refused.message}")
    return Absent(f"{shown}; and the ERP's own check calls the VAT number free")


async def _listed(
    session: ErpSession, request: pb.CreateCustomerRequest, mark: str, draft_id: str = ""
) -> Seen | Proved | Unproved:
    """The customers that have the VAT number or the id, of those that are newer than the mark."""
    vat = request.vat_number

    def ours(row: Row) -> bool:
        return row.key == draft_id or customers_list.has(row, vat)

    if mark:
        return await prove_absent(
            session,
            STEP,
            CUSTOMERS,
            ours=ours,
            control=EMPTY if mark == "empty" else mark,
            fields=("VATNUM",),
        )
    # Nothing has left; for the mark is kept before anything may be written. The journal is the proof, and
    # the first page is only looked at in case it knows better.
    await list_page.open_all(session, STEP, CUSTOMERS)
    page = await list_page.newest_page(session, STEP, CUSTOMERS, ["ID", "VATNUM"])
    if own := tuple(filter(ours, page.rows)):
        return Seen(own)
    return Proved("no request had left, and the list of customers shows none of ours")


async def _compared(
    session: ErpSession, intent: Intent, traces: Traces, notebook: Notebook, customer_id: str
) -> Verdict:
    """The one customer that has the VAT number or the id, opened by its id."""
    if traces.draft_id not in {"", customer_id}:
        return Inconclusive(
            f"our customer {traces.draft_id} vanished, {customer_id} has the VAT number"
        )
    found = await customer_view.read_customer(session, customer_id)
    if found.vat_number != intent.request.vat_number:
        return Inconclusive(f"our customer {customer_id} has another VAT number by now")
    marked = is_marked(intent, found)
    if not marked and not traces.draft_id:
        if not traces.written:
            # Somebody else's, and nothing of ours had left: entering it will be refused by that name.
            return Absent(f"no request had left; customer {customer_id} has the VAT number")
        return Inconclusive(f"customer {customer_id} has the VAT number, without our marker")
    absent = tuple(one.path for one in missing(addresses_of(intent.request), found.addresses))
    if absent and not marked:
        return Inconclusive(
            f"customer {customer_id}, without our marker, lacks {', '.join(absent)}"
        )
    if not traces.draft_id:
        await notebook.draft(customer_id)
    result = await customer_result(intent, notebook, found)
    return Partial(customer_id, absent) if absent else Landed(result)


def is_marked(intent: Intent, found: FoundCustomer) -> bool:
    """Whether the notes begin with the marker of any revision, as a word."""
    first = found.info.split(maxsplit=1)[:1]
    return bool(first) and first[0] in markers_of(intent)


async def _check_vat(session: ErpSession, vat_number: str) -> None:
    """Let the new form say whether the number is free; the form is left as it came.

    Raises:
        ErpRejectedError: it is used, or refused.
    """
    await customers_list.open_all(session)
    await customer_form.open_new(session)
    baseline = await editors.all_fields(session.screen, STEP)
    with session.gate.late_posts(customer_form.POSTED_LATE, baseline):
        await customer_form.check_vat(session, vat_number)
        await customers_list.open_all(session)
