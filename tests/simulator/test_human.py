"""Another client of the same user, the head office, a restart: what happens beside the browser."""

import pytest

from tests.erp_simulator.running import Simulator
from tests.simulator.orders_list import GRID, MENU, ROWS, choose_view, search, select, send
from tests.simulator.site import DETAIL, LIST, Site

AGENT = "ikiA0001"
REFUSED = "#Vertical_UPEI .ErrorLabel"


async def test_a_human_edits_sends_and_deletes(sim: Simulator) -> None:
    """Each does what the site would have done, and is refused where the site would refuse."""
    await sim.human(AGENT, "edit", order="71723", line=1, quantity="15")
    assert (await sim.order("71723"))["lines"][0]["quantity"] == "15"
    await sim.human(AGENT, "send", order=7172)
    assert (await sim.order(7172))["transferstatus"] == "Approvel_regionalmanager"
    for do in ("send", "delete"):
        with pytest.raises(ValueError, match="not_a_draft"):
            await sim.human(AGENT, do, order=7172)
    await sim.human(AGENT, "delete", order="71723")
    with pytest.raises(ValueError, match="no such order"):
        await sim.order("71723")
    effects = await sim.effects()
    assert [effect["kind"] for effect in effects] == [
        "line_changed", "order_saved", "order_sent", "order_deleted",
    ]  # fmt: skip
    assert {(effect["user"], effect["session"]) for effect in effects} == {(AGENT, "human")}
    for user, do in [("nobody", "send"), (AGENT, "dance"), (AGENT, "send")]:
        with pytest.raises(ValueError):  # noqa: PT011 - the message is the API's
            await sim.human(user, do)


async def test_a_human_clones_an_order(sim: Simulator) -> None:
    """A new draft of its own number, saved, with the lines of the other."""
    before = {each["id"] for each in await sim.orders(AGENT)}
    await sim.human(AGENT, "clone", order="71723")
    [new] = {each["id"] for each in await sim.orders(AGENT)} - before
    assert {effect["id"] for effect in await sim.effects()} == {new}
    clone, model = await sim.order(new), await sim.order("71723")
    assert (clone["saved"], clone["transferstatus"]) == (True, "Edit")
    assert clone["total"] == model["total"]


async def test_verona_approves_refuses_invoices(sim: Simulator) -> None:
    """Approval numbers the order and stamps it anew; an error and an invoice show in the state."""
    with pytest.raises(ValueError, match="was not sent"):
        await sim.verona("71723")
    before = (await sim.order("71723"))["created"]
    await sim.human(AGENT, "send", order="71723")
    await sim.verona("71723")
    approved = await sim.order("71723")
    assert approved["salesid"] == "ORD/26071723"
    assert (approved["salestype"], approved["transferstatus"]) == ("Sales order", "Transferred")
    assert approved["created"] > before
    await sim.human(AGENT, "send", order=7172)
    await sim.verona(7172, "error")
    assert (await sim.order(7172))["transferstatus"] == "Transfer error"
    await sim.verona("71723", "invoice")
    assert [e["kind"] for e in await sim.effects() if e["user"] == "verona"] == [
        "order_approved", "order_failed", "order_invoiced",
    ]  # fmt: skip


async def test_a_human_changes_the_view(sim: Simulator, site: Site) -> None:
    """Filter, columns, sorting and page are the user's: an open list follows, unless told not to."""
    await site.open(LIST)
    await choose_view(site, "OrdersAll")
    await sim.human(AGENT, "filter", view_filter="OrdersEntered")
    await sim.human(AGENT, "columns", columns=["SALESNAME", "TRANSFERSTATUS", "ID"])
    await sim.human(AGENT, "sort", column="ID")
    await sim.human(AGENT, "page", size=10, index=1)
    await site.page.click(f"{MENU}5_T")
    await site.quiet()
    assert await site.grid(GRID, "columns.filter((c) => c.visible).length") == 5
    assert await site.grid(GRID, "GetColumnByField('ID').visibleIndex") == 4
    assert (await site.grid(GRID, "GetPageIndex()"), await site.page.locator(ROWS).count()) == (
        1,
        10,
    )
    statuses = await site.page.locator(f"{ROWS} td:nth-child(4)").all_text_contents()
    assert set(statuses) == {"Modifica"}
    keys = await site.grid(GRID, "keys")
    assert isinstance(keys, list)
    assert keys == sorted(keys, key=int)
    await sim.config(views_are_live=False)
    await sim.human(AGENT, "filter", view_filter="OrdersTransferred")
    await site.page.click(f"{MENU}5_T")
    await site.quiet()
    assert await site.grid(GRID, "GetPageIndex()") == 1  # another page of the same view
    await site.open(LIST)
    assert await site.grid(GRID, "GetPageIndex()") == 0
    await sim.human(AGENT, "search", text="71723")
    await site.open(LIST)
    assert await site.page.is_visible("tr[id$=_DXEmptyRow]")  # it is no transferred one


async def test_a_human_selects(sim: Simulator, site: Site) -> None:
    """Rows selected elsewhere are selected here; those of other pages only count, and are sent."""
    await site.open(LIST)
    await choose_view(site, "OrdersAll")
    await sim.human(AGENT, "select", keys=["71723", "7172"])
    await site.page.click(f"{MENU}5_T")
    await site.quiet()
    assert await site.grid(GRID, "GetSelectedKeysOnPage()") == ["71723"]
    assert await site.grid(GRID, "selectedWithoutPageRowCount") == 1
    await send(site)
    assert {effect["id"] for effect in await sim.effects("order_sent")} == {"71723", "7172"}


async def test_a_restart_loses_all_sessions(sim: Simulator, site: Site) -> None:
    """The open page leads to the login with its next post; the site may be away for a while."""
    await site.open(LIST)
    await sim.restart()
    async with site.page.expect_navigation(url="**/Login.aspx?ReturnUrl=*"):
        await site.page.click(f"{MENU}5_T")
    await sim.restart(seconds=60)
    response = await site.page.goto(f"{site.base_url}{LIST}")
    assert response is not None
    assert response.status == 503
    await sim.restart()
    await site.log_in(AGENT)


@pytest.mark.parametrize("kept", [False, True])
async def test_search_kept(sim: Simulator, site: Site, kept: bool) -> None:  # noqa: FBT001
    """Switch `search_kept`: a list opened again is still narrowed by the search, or is not."""
    await sim.config(search_kept=kept)
    await site.open(LIST)
    await choose_view(site, "OrdersAll")
    assert await search(site, "71723") == 1
    await site.open(LIST)
    assert await site.page.locator(ROWS).count() == (1 if kept else 20)


@pytest.mark.parametrize("kept", ["session", "page"])
async def test_selection_kept(sim: Simulator, site: Site, kept: str) -> None:
    """Switch `selection_kept`: the selection outlives the page within the session, or does not."""
    await sim.config(selection_kept=kept)
    await select(site, "71723")
    await site.page.click(f"{MENU}5_T")  # the server learns of it with a body
    await site.quiet()
    await site.open(LIST)
    assert await site.grid(GRID, "GetSelectedRowCount()") == (1 if kept == "session" else 0)
    await site.grid(GRID, "UnselectRows()")
    await site.quiet()
    assert await site.grid(GRID, "GetSelectedRowCount()") == 0


@pytest.mark.parametrize(
    ("number", "words"),
    [("7211", "incompleti"), ("7212", "bloccato"), ("7213", "non contiene linee")],
)
async def test_what_cannot_be_sent(sim: Simulator, site: Site, number: str, words: str) -> None:
    """A customer without fiscal data or blocked, an order without lines: an error, no effect."""
    await select(site, number)
    await send(site)
    assert words in (await site.page.text_content(REFUSED) or "")
    assert await sim.effects() == []


async def test_second_send(sim: Simulator, site: Site) -> None:
    """Switch `second_send`: a send of what was sent may pass without a word, and counts."""
    await sim.config(second_send="accepted")
    for _ in range(2):
        await select(site, "71723")
        await send(site)
        assert await site.page.locator(REFUSED).count() == 0
    assert len(await sim.effects("order_sent")) == 2


async def test_the_state_lags_behind_a_send(sim: Simulator, site: Site) -> None:
    """Switch `send_lag_ms`: list and page show `Modifica` for a while, the ledger knows at once."""
    await sim.config(send_lag_ms=60_000, scale=1)
    await sim.human(AGENT, "send", order="71723")
    assert len(await sim.effects("order_sent")) == 1
    await sim.config(scale=0.002)  # the lag was measured when it was sent
    await site.open(LIST)
    await choose_view(site, "OrdersEntered")
    assert await search(site, "71723") == 1
    await site.open(f"{DETAIL}71723/?mode=View")
    assert "Modifica" in await site.shown("TRANSFERSTATUS")
    await sim.config(send_lag_ms=0)
    await sim.human(AGENT, "send", order=7172)
    await site.open(f"{DETAIL}7172/?mode=View")
    assert "In attesa" in await site.shown("TRANSFERSTATUS")


async def test_send_confirm_in_a_window(sim: Simulator, site: Site) -> None:
    """Switch `send_confirm`: a window of the page asks; its buttons send, or do nothing."""
    await sim.config(send_confirm="popup")
    await select(site, "71723")
    for button, sent in (("_btnCancel", 0), ("_btnOk", 1)):
        await site.page.click(f"{MENU}4_T")
        popup = site.page.locator("div[id$=_ConfirmPopup_PW-1]")
        assert "Are you sure to send the order (s) ?" in (await popup.text_content() or "")
        await popup.locator(f"a[id$=_ConfirmPopup{button}]").click()
        await site.quiet()
        assert not await popup.is_visible()
        assert len(await sim.effects("order_sent")) == sent
    assert site.dialogs == []


@pytest.mark.parametrize(
    ("columns", "finds"), [("visible", (1, 0)), ("all", (1, 1)), ("TEXTINTERNAL", (0, 1))]
)
async def test_search_columns(
    sim: Simulator, site: Site, columns: str, finds: tuple[int, int]
) -> None:
    """Switch `search_columns`: hidden columns are searched or not, and the shown string counts."""
    await site.open(f"{DETAIL}71723/?mode=Edit")
    await site.editor("TEXTINTERNAL").fill("rosso fuoco")
    await site.editor("PURCHORDERFORMNUM").fill("verde prato")
    await site.save()
    await sim.config(search_columns=columns)
    await site.open(LIST)
    await choose_view(site, "OrdersAll")
    assert (await search(site, "verde"), await search(site, "rosso")) == finds
    if columns == "visible":
        assert await search(site, "7172") > 1  # whatever holds it
        keys = await site.grid(GRID, "keys")
        assert isinstance(keys, list)
        assert {"7172", "71723"} <= set(keys)
        await sim.human(AGENT, "columns", columns=["ID"])
        await site.open(LIST)
        assert await search(site, "verde") == 0  # the column is not visible any more
