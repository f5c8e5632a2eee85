"""create-customer in the ERP, as the clerk would tell it: every step proves its effect or stops."""

from collections.abc import Sequence

from archibald.v1 import bot_pb2 as pb
from server.erp import (
    customer_addresses,
    customer_form,
    customer_save,
    customer_view,
    customers_list,
    editors,
)
from server.erp.customer_addresses import WantedAddress
from server.erp.customer_save import Refused, Saved
from server.erp.session import ErpSession
from server.errors import ErpRejectedError, UiDriftError
from server.operation import Intent, Notebook, ReportProgress
from server.operations.create_customer_probe import is_marked, nothing_of
from server.operations.customer_asked import addresses_of, wanted_of
from server.operations.customer_result import customer_result, read_back


async def run(
    session: ErpSession, intent: Intent, notes: Notebook, report: ReportProgress
) -> pb.CreateCustomerResult:
    """Enter the customer, save it once, then its other addresses; return it as a fresh page shows it.

    The session's gate must be under the intent's claim.

    Raises:
        ErpRejectedError: another customer has the VAT number (``customer_id`` names it), the ERP has no
            such postal code, terms or name of a list, or refuses the save and holds nothing of it.
        ErpUnavailableError: the ERP or the browser was lost.
        UiDriftError: the site is not as we know it, or does not keep what is typed.
        OutcomeUnknownError: the save was sent, and what became of it does not show.
    """
    request: pb.CreateCustomerRequest = intent.request
    report("customer.navigation")
    await customers_list.open_all(session)
    mark = await customers_list.newest_id(session)
    await notes.high_water_mark(mark or "empty")
    if used_by := await customers_list.ids_with(session, request.vat_number):
        # Never adopted: whose customer it is, only a person can say.
        raise ErpRejectedError(
            f"the VAT number is already that of the ERP's customer {used_by[0]}",
            customer_id=used_by[0],
        )
    saved = await _enter(session, intent, notes, report)
    if isinstance(saved, Refused):
        raise await _refusal(session, intent, saved, mark or "empty")
    await notes.draft(saved.customer_id)
    if mark is not None and int(saved.customer_id) <= int(mark):
        # Ids rise: an id not above the newest one is not a new customer's.
        raise UiDriftError("customer.save: the new customer's id is not above the newest one")
    warnings = [f"the ERP's warning was acknowledged: {words}" for words in saved.ignored]
    warnings += await _add_addresses(
        session, intent, saved.customer_id, addresses_of(request), report
    )
    result = await _verified(session, intent, saved.customer_id, notes, report)
    result.warnings.extend(warnings)
    return result


async def complete(
    session: ErpSession, intent: Intent, erp_id: str, notes: Notebook, report: ReportProgress
) -> pb.CreateCustomerResult:
    """Add the addresses that our own saved customer still lacks; nothing else of it is touched.

    Raises:
        As `run`; UiDriftError also when the customer is not ours, or cannot be opened for edit.
    """
    report("customer.edit_loaded")
    found = await read_back(session, erp_id)
    left = customer_addresses.missing(addresses_of(intent.request), found.addresses)
    warnings: list[str] = []
    if left:
        if found.vat_number != intent.request.vat_number:
            raise UiDriftError(f"customer {erp_id} has another VAT number than asked")
        if not is_marked(intent, found):
            raise UiDriftError(f"customer {erp_id} has lost our marker: it is not edited")
        await customer_view.open_for_edit(session, erp_id)
        warnings = await _add_addresses(session, intent, erp_id, left, report)
    result = await _verified(session, intent, erp_id, notes, report)
    result.warnings.extend(warnings)
    return result


async def _enter(
    session: ErpSession, intent: Intent, notes: Notebook, report: ReportProgress
) -> Saved | Refused:
    wanted = wanted_of(intent.request, intent.marker)
    report("customer.edit_loaded")
    await customer_form.open_new(session)
    await customer_form.must_fit(session, wanted)
    baseline = await editors.all_fields(session.screen, "customer.edit_loaded")
    with session.gate.late_posts(customer_form.POSTED_LATE, baseline):
        report("customer.tab.principale")
        check = await customer_form.check_vat(session, wanted.vat_number)
        await notes.seen(vat_free_at=check.date)
        report("customer.lookup")
        # The other addresses' codes too, before anything is saved: one that the ERP lacks ends it here.
        places = [one.place for one in addresses_of(intent.request)]
        held = await customer_form.choose_references(session, wanted, places)
        report("customer.tab.prezzi")
        held |= await customer_form.choose_line_discount(session, wanted)
        report("customer.field")
        await customer_form.type_texts(session, wanted)
        report("customer.save")
        return await customer_save.save_new(session, wanted, held)


async def _refusal(
    session: ErpSession, intent: Intent, refused: Refused, mark: str
) -> ErpRejectedError:
    """The ERP's refusal, after a look whether it really left nothing."""
    nothing_left = await nothing_of(session, intent, mark)
    used_by = customer_form.used_by_of(refused.words)
    return ErpRejectedError(
        f"the ERP refused to save the customer: {refused.words}",
        nothing_left=nothing_left,
        **({"customer_id": used_by} if used_by else {}),
    )


async def _add_addresses(
    session: ErpSession,
    intent: Intent,
    customer_id: str,
    wanted: Sequence[WantedAddress],
    report: ReportProgress,
) -> list[str]:
    """Enter the addresses, each row a write, then save; what the ERP refuses is warned of.

    The customer stands already, and cannot be deleted: an address less is a difference, no failure.
    """
    warnings = []
    for count, address in enumerate(wanted, start=1):
        report("customer.tab.indirizzo", count, len(wanted))
        try:
            refused = await customer_addresses.add(session, customer_id, address)
            words = refused.words if refused else ""
        except ErpRejectedError as error:
            words = error.message
        if words:
            warnings.append(f"{address.path} was refused by the ERP: {words}")
            await customer_addresses.give_up(session)
    if len(warnings) < len(wanted):
        outcome = await customer_save.save_again(session, customer_id, intent.marker)
        if isinstance(outcome, Refused):
            warnings.append(f"the ERP refused to save the addresses: {outcome.words}")
    return warnings


async def _verified(
    session: ErpSession,
    intent: Intent,
    customer_id: str,
    notes: Notebook,
    report: ReportProgress,
) -> pb.CreateCustomerResult:
    report("verify")
    found = await read_back(session, customer_id)
    result = await customer_result(intent, notes, found)
    report("customer.complete")
    return result
