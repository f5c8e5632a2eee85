"""The tab *Prezzi e sconti* of the order form, in Chromium."""

import pytest

from tests.erp_simulator.running import Simulator
from tests.simulator.site import ARTICLE, DETAIL, LINES, LIST, Site, kinds

LINEDISC = "[id$=_xaf_dviLINEDISC_Edit_dropdown_DD"
STREET_PRICE = "xafkidemovb.Module.CRMKI.LINEDISC(223)"


async def _percents(sim: Simulator, number: str) -> list[str]:
    return [line["lineperc"] for line in (await sim.order(number))["lines"]]


async def _shown_percents(site: Site) -> list[str]:
    rows = site.page.locator(f"tr[id*={LINES}][id*=DXDataRow]")
    return [(await row.locator("td").all_text_contents())[7] for row in await rows.all()]


async def _order_of_three(site: Site) -> str:
    number = await site.order()
    for _ in range(3):
        await site.add_line(ARTICLE, "5")
    return number


async def _set_order_discount(site: Site, percent: str) -> None:
    await site.page.click("[id$=xaf_l37_pg_T2T]")
    await site.editor("MANUALDISCOUNT").fill(percent)
    await site.page.keyboard.press("Tab")
    await site.quiet()


async def test_na_frees_the_first_line_only_until_it_is_set_again_after_a_save(
    sim: Simulator, site: Site
) -> None:
    """Switch `linedisc_bug`, on: N/A, *Salvare* and N/A once more; only the last frees all lines."""
    number = await _order_of_three(site)
    await site.clear_line_discount()
    assert await _shown_percents(site) == ["0,00 %", "63,00 %", "63,00 %"]
    await site.clear_line_discount()
    assert await _shown_percents(site) == ["0,00 %", "63,00 %", "63,00 %"]
    await site.save("1i0")
    assert await site.editor("PURCHORDERFORMNUM").is_visible()  # back on the first tab
    assert await _percents(sim, number) == ["0", "63", "63"]
    await site.clear_line_discount()
    assert await _shown_percents(site) == ["0,00 %"] * 3
    assert await _percents(sim, number) == ["0", "63", "63"]
    await site.save()
    assert await _percents(sim, number) == ["0", "0", "0"]
    assert (await kinds(sim))[4:] == [
        "line_changed", "header_saved", "order_saved",
        "line_changed", "line_changed", "order_saved",
    ]  # fmt: skip


async def test_na_before_the_lines_is_forgotten_from_the_second_on(
    sim: Simulator, site: Site
) -> None:
    """With the bug, lines entered after N/A get the automatic discount again, but for the first."""
    number = await site.order()
    await site.clear_line_discount()
    await site.page.click("[id$=xaf_l37_pg_T0T]")
    await site.add_line(ARTICLE)
    await site.add_line(ARTICLE)
    await site.save()
    assert (await sim.order(number))["linedisc"] == 0
    assert await _percents(sim, number) == ["0", "63"]


async def test_without_the_bug_na_frees_all_lines(sim: Simulator, site: Site) -> None:
    """Switch `linedisc_bug`, off: LINEDISC = N/A sets the automatic discount of all lines to 0."""
    await sim.config(linedisc_bug=False)
    number = await _order_of_three(site)
    await site.clear_line_discount()
    assert await _shown_percents(site) == ["0,00 %"] * 3
    await site.save()
    assert (await sim.order(number))["total"] == "486.9"


async def test_what_the_line_discount_posts(site: Site) -> None:
    """Its value is the group's object; N/A has none; the eraser posts an empty one, every time."""
    bodies = site.bodies()
    await site.order()
    value = site.page.locator(f"{LINEDISC}_VI]")
    assert await value.input_value() == STREET_PRICE
    await site.clear_line_discount()
    await site.clear_line_discount()
    for body in (dict(body) for body in bodies[-2:]):
        name = next(name for name in body if name.endswith("_xaf_dviLINEDISC_Edit_dropdown_DD_VI"))
        assert body[name] == ""
        assert body["__CALLBACKPARAM"] == "c0:::XafCallback"
    assert await value.input_value() == "N/A"
    assert await site.page.locator(f"{LINEDISC}_I]").input_value() == "N/A"
    await site.page.click(f"{LINEDISC}_B-1]")
    await site.page.click(f"{LINEDISC}_DDD_L_LBI1T0]")
    await site.quiet()
    assert await value.input_value() == STREET_PRICE


async def test_customers_differ_in_their_line_discount(site: Site) -> None:
    """Some customers have N/A and no discount, some 20 %, one 63 %."""
    found = {}
    for account in ("1002001", "1002002", "1002006"):
        await site.new_order()
        await site.choose_customer(account)
        await site.command("AddNew")
        assert await site.line_editor("LINEPERCENT").input_value() == "0,00 %"
        await site.choose_article(ARTICLE)
        found[account] = (
            await site.page.locator(f"{LINEDISC}_I]").input_value(),
            await site.line_editor("LINEPERCENT").input_value(),
        )
    assert found == {
        "1002001": ("N/A", "0,00 %"),
        "1002002": ("Discount to get street price", "20,00 %"),
        "1002006": ("Discount to get street price", "63,00 %"),
    }


async def test_an_order_discount_lowers_the_total(sim: Simulator, site: Site) -> None:
    """It is taken off the lines' sum, rounded half up; list and view show the total."""
    number = await site.order()
    await site.add_line(ARTICLE, "5")
    await _set_order_discount(site, "10")
    assert await site.editor("MANUALDISCOUNT").input_value() == "10,00 %"
    await site.save()
    assert (await sim.order(number))["total"] == "54.05"  # 54.045
    await site.open(LIST)
    row = site.page.locator("tr[id*=LE_v6_DXDataRow]", has_text="71.724")
    cells = await row.locator("td").all_text_contents()
    assert cells[20:23] == ["10,00 %", "54,05 €", "54,05 €"]
    await site.open(f"{DETAIL}{number}/?mode=View")
    for prop in ("GROSSAMOUNT", "AmountTotal"):
        assert await site.shown(prop) == "54,05 €"


@pytest.mark.parametrize("loses", [False, True])
async def test_order_discount_loses_lines(sim: Simulator, site: Site, loses: bool) -> None:  # noqa: FBT001
    """Switch `order_discount_loses_lines`: it spares only lines that were saved before."""
    await sim.config(order_discount_loses_lines=loses)
    number = await site.order()
    await site.add_line(ARTICLE, "5")
    await _set_order_discount(site, "10")
    lines = site.page.locator(f"tr[id*={LINES}][id*=DXDataRow]")
    assert await lines.count() == (0 if loses else 1)
    assert ("line_removed" in await kinds(sim)) is loses
    await site.add_line(ARTICLE, "5")
    await site.save("1i0")
    await _set_order_discount(site, "20")
    await site.save()
    assert len((await sim.order(number))["lines"]) == (1 if loses else 2)
