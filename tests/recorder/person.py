"""A person who clicks through the site while it is recorded: the gestures of a whole order."""

from collections.abc import Awaitable

from playwright.async_api import Page

from server.erp import editors, list_search, lookup, menu
from server.erp.lookup import ADDRESS, ARTICLE, CUSTOMER
from server.erp.order_tabs import OVERVIEW, PRICES
from server.erp.screen import Screen
from tests.erp_agents import TIMEOUTS

STEP = "person"
LINES = r"_xaf_dviSALESLINEs_v\d+_\d+_LE_v\d+$"
CODE, ACCOUNT = "H129FSQ.104.023", "1002001"
CANARY = "Vogelscheuche 4711"  # typed into every text; it must stand nowhere afterwards
_COMMAND = """
({pattern, command}) => {
  const lines = controls(pattern);
  return [...document.querySelectorAll('a[data-args]')]
    .filter((link) => lines.length && link.id.startsWith(lines[0].name + '_DXCBtn') && shown(link)
      && link.dataset.args.includes("'" + command + "'"))
    .map((link) => link.id)[0] ?? null;
}
"""


class Person:
    """Drives the recorder's page; ``draft`` is an order whose customer has several addresses."""

    def __init__(self, base_url: str, draft: str) -> None:
        self._base_url = base_url
        self._draft = draft
        self.secrets: set[str] = {CANARY, CODE, ACCOUNT, "Laboratorio"}

    async def __call__(self, page: Page) -> None:
        self.page, self.screen = page, Screen(page, TIMEOUTS)
        self.screen.signed_in = True
        await self._lists()
        await self._customer()
        await self._remember_secrets()
        await self._line()
        await self._prices_and_saves()
        await self._address()

    async def _lists(self) -> None:
        await self._open("/INVENTTABLE_ListView/")
        await list_search.search(self.screen, STEP, CODE)
        await list_search.search(self.screen, STEP, "")
        await self._open("/SALESTABLE_ListView_Agent/")
        for item in ("OrdersThisMonth", "OrdersAll"):
            await self._posts(self._choose(r"_mainMenu_Menu_ITCNT\d+_xaf_a\d+_Cb$", item))
        header = await self.screen.look(STEP, "() => document.querySelector('[id$=_col2]').id")
        await self._posts(self.screen.click(STEP, str(header)))
        await self._posts(self._click("New"))

    async def _customer(self) -> None:
        await self._open_new()
        found = await lookup.search(self.screen, STEP, CUSTOMER, ACCOUNT, ["NAME"])
        await self._posts(self.screen.click(STEP, found[0].row.element))

    async def _line(self) -> None:
        await self._open_draft()
        await editors.fill(self.screen, STEP, r"_xaf_dviPURCHORDERFORMNUM_Edit_I$", CANARY)
        await self._posts(self._command("AddNew"))
        found = await lookup.type_to_filter(self.screen, STEP, ARTICLE, CODE, ["NAME"])
        await self.screen.click(STEP, found[0].row.element)
        await self._posts(self.screen.key(STEP, "Tab"))
        for prop, key in (("QTYORDERED", "Tab"), ("MANUALDISCOUNT", "Enter")):
            await self._posts(self._spin(rf"_edit(?:new|\d+)_\d+_xaf_{prop}_Edit_I$", "7", key))
        await self._posts(self._command("UpdateEdit"))

    async def _prices_and_saves(self) -> None:
        await self._open_new()
        await self._tab(PRICES)
        discount = r"_xaf_dviLINEDISC_Edit(?:_dropdown_DD)?$"
        await self._posts(self._choose(discount, ""))
        eraser = await editors.find(self.screen, STEP, discount.replace("$", "_I$"))
        await self._posts(self.screen.click(STEP, f"{eraser.removesuffix('_I')}_B1"))
        await self._open_new()
        await self._tab(PRICES)
        await self._posts(self._spin(r"_xaf_dviMANUALDISCOUNT_Edit_I$", "5", "Tab"))
        for name in ("Save", "SaveAndClose"):
            await self._open_new()
            await self._posts(self._click(name))

    async def _address(self) -> None:
        await self._open_draft()
        await self._tab(OVERVIEW)
        found = await lookup.search(self.screen, STEP, ADDRESS, "Via", ["NAME"])
        await self._posts(self.screen.click(STEP, found[-1].row.element))

    async def _remember_secrets(self) -> None:
        """What a request of this page carries and a recording must not: cookies, state of the view."""
        self.secrets |= {cookie["value"] for cookie in await self.page.context.cookies()}
        self.secrets.add(await self.page.locator("#__VIEWSTATE").input_value())

    # Gestures ---------------------------------------------------------------------------------

    async def _posts(self, gesture: Awaitable[None]) -> None:
        """A gesture that posts; if that was kept back, the page is usable again afterwards."""
        async with self.page.expect_request(lambda request: request.method == "POST") as coming:
            await gesture
        answer = await (await coming.value).response()
        if answer is not None and answer.status == 204:  # a whole page, kept back: this one stays
            await self.screen.look(STEP, "() => { window.archibaldPosted = false; return true; }")
        await self.screen.quiet(STEP)

    async def _open(self, path: str) -> None:
        await self.screen.open(STEP, f"{self._base_url}{path}")

    async def _open_new(self) -> None:
        await self._open("/SALESTABLE_DetailViewAgent/?NewObject=true")

    async def _open_draft(self) -> None:
        await self._open(f"/SALESTABLE_DetailViewAgent/{self._draft}/?mode=Edit")

    async def _click(self, name: str) -> None:
        action = await menu.find_action(self.screen, STEP, name)
        await menu.click_action(self.screen, STEP, action)

    async def _command(self, command: str) -> None:
        data = {"pattern": LINES, "command": command}
        await self.screen.click(STEP, str(await self.screen.wait(STEP, _COMMAND, data, within=5)))

    async def _spin(self, pattern: str, text: str, key: str) -> None:
        await self.screen.focus(STEP, await editors.find(self.screen, STEP, pattern))
        await self.screen.insert(STEP, text)
        await self.screen.key(STEP, key)

    async def _choose(self, combo: str, ending: str) -> None:
        """Choose an item of a combo box by mouse: one that ends so, or any but the present one."""
        script = """
        ({combo, ending}) => {
          const box = controls(combo)[0];
          for (let i = box.GetItemCount() - 1; i >= 0; i--) {
            const value = String(box.GetItem(i).value ?? '');
            if (value.endsWith(ending) && value !== String(box.GetValue() ?? ''))
              return [`${box.name}_B-1`, `${box.name}_DDD_L_LBI${i}T0`];
          }
        }
        """
        for element in await self.screen.look(STEP, script, {"combo": combo, "ending": ending}):
            await self.screen.click(STEP, str(element))

    async def _tab(self, index: int) -> None:
        """Bring one of the form's upper tabs to the front; a click on the active one would post."""
        script = """
        (index) => {
          const link = document.querySelector(`[id$="_pg_T${index}T"]`);
          return link && shown(link) ? link.id : null;
        }
        """
        if (link := await self.screen.look(STEP, script, index)) is not None:
            await self.screen.click(STEP, str(link))
            await self.screen.quiet(STEP)
