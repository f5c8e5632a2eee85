"""submit-order in the simulated ERP: one save, every field read back, or nothing saved."""

from typing import Any

import pytest

from archibald.v1 import bot_pb2 as pb
from server.errors import (
    BotError,
    CustomerAmbiguousError,
    ErpRejectedError,
    ErpUnavailableError,
    FencedError,
)
from tests.erp_agents import Agent, SignIn
from tests.erp_simulator.running import Simulator
from tests.operations.entering import MARKER, Notes, burs, disc, entered, order, saved
from tests.pairwise import sampled, sampled_rows


async def test_an_order_is_entered_saved_once_and_read_back(agent: Agent, erp: Simulator) -> None:
    """What was asked stands in the ERP once, and the result says so from a fresh look."""
    before = max(int(one["id"]) for one in await erp.orders("ikiA0001"))
    request = order(burs(discount="12.5"), disc(), notes="consegna\nal piano", no_shipping=True)
    ran = await entered(agent, request)
    assert agent.records.kinds == ["customer", "line", "line", "save"]
    assert agent.records.tickets[0].target == "55202"
    assert {ticket.target for ticket in agent.records.tickets[1:]} == {ran.result.order_id}
    assert ran.notes.marks == [str(before)]
    assert ran.notes.drafts == [ran.result.order_id]
    kinds = [effect["kind"] for effect in await erp.effects()]
    assert (
        kinds.count("order_created"),
        kinds.count("line_added"),
        kinds.count("order_saved"),
    ) == (1, 2, 1)
    stored = await erp.order(ran.result.order_id)
    text = "NO SPESE DI SPEDIZIONE\nconsegna\nal piano"
    assert stored["purchorderformnum"] == f"{MARKER} NO SPESE DI SPEDIZIONE consegna al piano"
    assert (stored["textinternal"], stored["textexternal"]) == (text, text)
    assert (stored["customer_id"], stored["saved"]) == ("55202", True)
    assert [
        (line["article_id"], line["quantity"], line["price"], line["manualdiscount"])
        for line in stored["lines"]
    ] == [("88002", "5", "32.46", "12.5"), ("88003", "2", "179.63", "0")]
    assert list(ran.result.verification.differences) == []
    assert ran.result.verification.total == "501.27"
    assert ran.result.order_record_id == f"{ran.result.order_id[:2]}.{ran.result.order_id[2:]}"
    assert ran.steps == [
        "navigation.articoli", "navigation.ordini", "form.nuovo", "form.customer", "form.notes", "form.articles.start 0/2",
        "form.articles.progress 1/2", "form.articles.progress 2/2", "form.articles.complete 2/2",
        "form.discount", "form.submit.start", "form.submit.complete", "verify",
    ]  # fmt: skip


async def test_the_english_site_is_the_same_site(agent_of: SignIn, erp: Simulator) -> None:
    """Decimals, ids and words of the other language change nothing."""
    agent = await agent_of("ikiA0010")
    ran = await entered(agent, order(burs(discount="12.5"), disc(), notes="note"))
    assert list(ran.result.verification.differences) == []
    stored = await erp.order(ran.result.order_id)
    assert [line["manualdiscount"] for line in stored["lines"]] == ["12.5", "0"]


@pytest.mark.parametrize(
    "switches",
    sampled(
        [
            # When an order exists is asked in pairs, in test_full_orders.py.
            {"save_form": "name", "save_and_close_lands": "view", "save_root": "default"},
            {"renew_ids_after_post": True, "lookup_choice_sends_apply": True},
            {"immediate": "CUSTTABLE line.INVENTTABLE"},
        ],
        lambda switches: "save_form" in switches,
    ),
    ids=str,
)
async def test_the_open_questions_about_the_site_do_not_matter(
    agent: Agent, erp: Simulator, switches: dict[str, Any]
) -> None:
    """However the site answers them, the order is entered once and as asked."""
    await erp.config(**switches)
    ran = await entered(agent, order(burs(discount="10"), notes="nota"))
    assert list(ran.result.verification.differences) == []
    kinds = [effect["kind"] for effect in await erp.effects()]
    assert (
        kinds.count("order_created"),
        kinds.count("line_added"),
        kinds.count("order_saved"),
    ) == (1, 1, 1)


@pytest.mark.matrix
async def test_an_order_longer_than_a_page_of_lines_is_read_whole(agent: Agent) -> None:
    """The twenty-first line stands on the second page of the grid (incident 31)."""
    ran = await entered(agent, order(*(disc(str(n)) for n in range(1, 22))))
    assert [line.quantity for line in ran.result.verification.lines] == [
        str(n) for n in range(1, 22)
    ]
    assert list(ran.result.verification.differences) == []


async def test_an_unknown_article_is_refused_with_nothing_saved(
    agent: Agent, erp: Simulator
) -> None:
    """The agent hears which item's article; nothing at all has reached the ERP, not even a draft."""
    item = pb.OrderItem(article_code="NIENTE.1", quantity="1", price="1")
    with pytest.raises(ErpRejectedError, match=r"items\[1\]: .*NIENTE\.1"):
        await entered(agent, order(burs(), item))
    assert await erp.effects() == []
    assert agent.records.kinds == []


async def test_a_code_inside_another_code_is_not_that_article(agent: Agent, erp: Simulator) -> None:
    """The list finds what contains the code: 379 is not H379 (incident 23)."""
    codes = {article["code"] for article in await erp.articles()}
    inner = next(code for code in sorted(codes) if f"H{code}" in codes)
    found = next(article for article in await erp.articles() if article["code"] == inner)
    item = pb.OrderItem(
        article_code=inner,
        article_id=str(found["id"]),
        quantity=str(found["multiple"]),
        price=str(found["price"]),
    )
    ran = await entered(agent, order(item))
    stored = await erp.order(ran.result.order_id)
    assert [line["article_code"] for line in stored["lines"]] == [inner]


async def test_several_fitting_variants_are_not_guessed(agent: Agent, erp: Simulator) -> None:
    """Five pieces fit the single package and the one of five; both are listed."""
    with pytest.raises(ErpRejectedError, match=r"88001.*88002"):
        await entered(agent, order(burs(package_content="")))
    assert await erp.effects() == []


async def test_the_erps_own_refusal_of_a_line_is_told(agent: Agent, erp: Simulator) -> None:
    """Seven pieces of a package of five: the ERP says no, nothing is saved."""
    with pytest.raises(ErpRejectedError, match="multipl"):
        await entered(agent, order(burs("7")))
    assert await saved(erp) == []


@pytest.mark.parametrize(
    "customer",
    [
        {"customer_id": "55203"},
        {"customer_account": "9999999"},
        {"customer_account": "", "customer_name": "Nessuno Srl"},
    ],
)
async def test_no_such_customer_is_refused_before_any_write(
    agent: Agent, erp: Simulator, customer: dict[str, str]
) -> None:
    """Account, name and id must be one customer's; else nothing at all has happened."""
    with pytest.raises(ErpRejectedError):
        await entered(agent, order(**customer))
    assert agent.records.tickets == []
    assert await erp.effects() == []


async def test_homonyms_are_told_apart_by_their_id_only(agent: Agent, erp: Simulator) -> None:
    """Two customers of one name: ambiguous without the id, the right one with it (incident 29)."""
    customers = await erp.customers()
    names = [one["name"] for one in customers]
    twin = next(one for one in reversed(customers) if names.count(one["name"]) > 1)
    asked = {"customer_account": "", "customer_name": twin["name"]}
    with pytest.raises(CustomerAmbiguousError):
        await entered(agent, order(customer_id="", **asked))
    assert agent.records.tickets == []
    ran = await entered(agent, order(customer_id=str(twin["id"]), **asked))
    assert (await erp.order(ran.result.order_id))["customer_id"] == str(twin["id"])


async def test_a_customer_without_account_is_found_by_name(agent: Agent, erp: Simulator) -> None:
    """Verona has not numbered it yet; its name and id are enough."""
    new = next(one for one in await erp.customers() if not one["account"])
    ran = await entered(
        agent, order(customer_id=str(new["id"]), customer_account="", customer_name=new["name"])
    )
    assert (await erp.order(ran.result.order_id))["customer_id"] == str(new["id"])


async def test_texts_from_outside_are_data(agent: Agent, erp: Simulator) -> None:
    """Quotes, brackets and markup are typed as they are, and come back as they were."""
    notes = 'l\'"ora"; </textarea>]) {{7*7}} \\n %s &amp; perché 😀'
    ran = await entered(agent, order(notes=notes))
    assert (await erp.order(ran.result.order_id))["textinternal"] == notes
    assert list(ran.result.verification.differences) == []


async def test_a_price_that_differs_is_reported_or_rejected(agent: Agent, erp: Simulator) -> None:
    """REJECT ends before the save; REPORT saves and names the difference."""
    request = order(burs(price="30.00"), on_price_difference=pb.ON_PRICE_DIFFERENCE_REJECT)
    with pytest.raises(ErpRejectedError, match=r"32\.46"):
        await entered(agent, request)
    assert await saved(erp) == []
    request.on_price_difference = pb.ON_PRICE_DIFFERENCE_REPORT
    ran = await entered(agent, request)
    told = [(one.field, one.asked, one.found) for one in ran.result.verification.differences]
    assert told == [("items[0].price", "30.00", "32.46")]


async def test_a_fenced_worker_changes_nothing(agent: Agent, erp: Simulator) -> None:
    """Where the journal says no, no request leaves."""
    agent.records.allow = False
    with pytest.raises(FencedError):
        await entered(agent, order())
    assert await erp.effects() == []


@pytest.mark.parametrize("on", sampled(["add_line", "article"], lambda on: on == "article"))
async def test_a_session_that_ends_midway_ends_the_attempt(
    agent: Agent, erp: Simulator, on: str
) -> None:
    """The ERP leads to its login page: no second try on a page that is gone."""
    notes = Notes()
    await erp.fault("F5", on, once=True)
    with pytest.raises(ErpUnavailableError, match="ended the session"):
        await entered(agent, order(), notes)
    assert await saved(erp) == []
    assert len(notes.drafts) == 1


@pytest.mark.parametrize(
    ("fault", "on"),
    sampled_rows(
        [("F13", "list"), ("F1", "action"), ("e_answer", "lookup"), ("F13", "article")],
        lambda row: row == ("F13", "list"),
    ),
)
async def test_a_failing_erp_is_not_drift(
    agent: Agent, erp: Simulator, fault: str, on: str
) -> None:
    """Server errors, cut answers and failed callbacks are the ERP being away, known within seconds."""
    await erp.fault(fault, on)
    with pytest.raises(ErpUnavailableError):
        await entered(agent, order())
    assert await saved(erp) == []


async def test_a_refused_save_is_told_with_the_erps_words(agent: Agent, erp: Simulator) -> None:
    """An error banner in place of the save: nothing saved, and no claim that it was."""
    await erp.fault("F3", "save_and_close", once=True)
    with pytest.raises(ErpRejectedError, match="archivio dati"):
        await entered(agent, order())
    assert await erp.effects("order_saved") == []


@pytest.mark.parametrize("page", sampled([4, 5], lambda page: page == 5))
async def test_a_page_that_fails_after_the_save_is_read_again(
    agent: Agent, erp: Simulator, page: int
) -> None:
    """The list behind the save, or the order itself, answers 503 once: the order is done all the same."""
    await erp.fault("F13", "page", nth=page)
    ran = await entered(agent, order())
    assert list(ran.result.verification.differences) == []
    assert len(await erp.effects("order_saved")) == 1


async def test_a_lost_answer_to_the_save_is_an_open_question(agent: Agent, erp: Simulator) -> None:
    """The ERP has saved, the answer was cut: neither success nor a second save."""
    await erp.fault("F1", "save_and_close", once=True)
    with pytest.raises(BotError) as raised:
        await entered(agent, order())
    assert raised.value.reason == "OUTCOME_UNKNOWN"
    assert len(await erp.effects("order_saved")) == 1
