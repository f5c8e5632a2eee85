"""A person's gestures on the site, independent of the bot's own page objects."""

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from urllib.parse import parse_qsl

from playwright.async_api import Browser, Locator, Page, Request

from tests.erp_simulator.running import Simulator

CHROMIUM = "/usr/bin/chromium-headless-shell"
LIST = "/SALESTABLE_ListView_Agent/"
DETAIL = "/SALESTABLE_DetailViewAgent/"
PRODUCTS = "/INVENTTABLE_ListView/"
LINES = "SALESLINEs"
ACCOUNT = "1002006"  # a customer with 63 % on its lines
ARTICLE = "H129FSQ.104.023"
FIELD = re.compile(r'<input[^>]*?name="([^"]+)"[^>]*?value="([^"]*)"')
QUIET = """() => {
  if (document.readyState !== "complete" || typeof ASPxClientControl === "undefined") return false;
  let busy = [...document.querySelectorAll("[id*=LPV]")].some((panel) => panel.offsetWidth > 0);
  ASPxClientControl.GetControlCollection().ForEachControl((control) => {
    busy = busy || control.InCallback() || control.leaving;
  });
  return !busy;
}"""
GRID = """(pattern) => ASPxClientControl.GetControlCollection()
  .GetControlsByPredicate((c) => c.GetColumnCount && new RegExp(pattern).test(c.name))[0].name"""


def login_form(page: str, user: str) -> dict[str, str]:
    """What the login page would post for an agent."""
    fields: dict[str, str] = dict(FIELD.findall(page))
    for name in fields:
        if name.endswith("UserName_Edit"):
            fields[name] = user
        if name.endswith("Password_Edit"):
            fields[name] = f"pw-{user}"
    return fields | {
        "__CALLBACKID": "globalCallbackControl",
        "__CALLBACKPARAM": "c0:Logon$PopupActions:0:XafCallback",
    }


class Site:
    """One page of one context."""

    def __init__(self, page: Page, base_url: str) -> None:
        self.page = page
        self.base_url = base_url
        self.dialogs: list[str] = []
        self.accept_dialogs = True

        async def answer(dialog: object) -> None:
            self.dialogs.append(dialog.message)  # type: ignore[attr-defined]
            await (dialog.accept() if self.accept_dialogs else dialog.dismiss())  # type: ignore[attr-defined]

        page.on("dialog", answer)

    @classmethod
    @asynccontextmanager
    async def visiting(
        cls, browser: Browser, base_url: str, locale: str = "it-IT", width: int = 1720
    ) -> AsyncIterator["Site"]:
        """Open a context with one page."""
        context = await browser.new_context(
            locale=locale, viewport={"width": width, "height": 1000}
        )
        context.set_default_timeout(10_000)
        try:
            yield cls(await context.new_page(), base_url)
        finally:
            await context.close()

    async def quiet(self) -> None:
        """Wait until nothing runs: a control is in its callback from the gesture on."""
        await self.page.wait_for_function(QUIET)

    async def click_below(self, selector: str) -> None:
        """Click what may lie below the window's edge, once the page has heard that it was scrolled.

        Its head changes its height then, a frame after the scrolling: a click at once may miss.
        """
        target = self.page.locator(selector)
        await target.scroll_into_view_if_needed()
        await self.page.wait_for_function(
            "() => document.body.classList.contains('scrolled') === (scrollY > 71)"
        )
        await target.click()

    async def open(self, path: str) -> None:
        """Go to a path below the base."""
        await self.page.goto(self.base_url + path)

    async def log_in(self, user: str) -> None:
        """Log in as an agent."""
        await self.open("/Default.aspx")
        await self.page.fill("[id*=UserName][id$=_I]", user)
        await self.page.fill("[id*=Password][id$=_I]", f"pw-{user}")
        await self.page.click("#Logon_PopupActions_Menu_DXI0_T")
        await self.page.wait_for_url("**/Announcements_ListView/")

    async def sign_in(self, user: str) -> None:
        """Log in as an agent over the wire, in a tenth of the page's time; the window stays blank."""
        path = f"{self.base_url}/Login.aspx?ReturnUrl=%2fArchibald%2fDefault.aspx"
        ask = self.page.context.request
        form = login_form(await (await ask.get(path)).text(), user)
        answer = await ask.post(path, form=dict(form))
        assert "redirect" in await answer.text()

    def editor(self, prop: str) -> Locator:
        """The input of a property on the form."""
        return self.page.locator(f"[id$=_xaf_dvi{prop}_Edit_I]")

    def line_editor(self, prop: str) -> Locator:
        """The input of a property in the line's editor."""
        return self.page.locator(f"[id$=_xaf_{prop}_Edit_I]")

    async def grid(self, pattern: str, call: str) -> object:
        """Call the grid whose name fits: `GetPageCount()`."""
        name = await self.page.evaluate(GRID, pattern)
        return await self.page.evaluate(f"window['{name}'].{call}")

    async def new_order(self) -> None:
        """Open the form by the list's button."""
        await self.open(LIST)
        await self.page.click("#Vertical_mainMenu_Menu_DXI0_T")
        await self.page.wait_for_url("**NewObject=true")

    async def search_customer(self, text: str) -> Locator:
        """Open the customer lookup and search; returns the rows."""
        await self.page.click("[id$=dviCUSTTABLE_Edit_B-1]")
        await self.page.fill("[id$=dviCUSTTABLE_Edit_DDD_gv_DXSE_I]", text)
        await self.page.press("[id$=dviCUSTTABLE_Edit_DDD_gv_DXSE_I]", "Enter")
        await self.quiet()
        return self.page.locator("tr[id*=dviCUSTTABLE_Edit_DDD_gv_DXDataRow]")

    async def choose_customer(self, account: str) -> str:
        """Choose a customer; returns the number that the order then shows."""
        rows = await self.search_customer(account)
        await rows.first.click()
        await self.quiet()
        return await self.editor("ID").input_value()

    async def command(self, word: str) -> None:
        """Click a command of the lines grid."""
        await self.page.locator(f"a[data-args*={word}][id*={LINES}]").first.click()
        await self.quiet()

    async def type_article(self, code: str) -> Locator:
        """Type a code as a person does; returns the rows that drop down."""
        await self.line_editor("INVENTTABLE").click()
        await self.page.keyboard.insert_text(code[:-1])
        async with self.page.expect_event(
            "requestfinished", lambda request: "GLP_F" in (request.post_data or "")
        ):
            await self.page.keyboard.type(code[-1])
        await self.quiet()
        return self.page.locator("tr[id*=INVENTTABLE_Edit_DDD_gv_DXDataRow]")

    async def choose_article(self, code: str, row: int = 0) -> None:
        """Choose a variant with the mouse and leave the editor."""
        rows = await self.type_article(code)
        await rows.nth(row).click()
        await self.page.keyboard.press("Tab")
        await self.quiet()

    async def set_line(self, prop: str, text: str) -> None:
        """Type into an editor of the line and leave it."""
        await self.line_editor(prop).click()
        await self.page.keyboard.press("Control+A")
        await self.page.keyboard.type(text)
        await self.page.keyboard.press("Tab")
        await self.quiet()

    async def add_line(self, code: str, quantity: str = "", row: int = 0) -> None:
        """Enter and commit a line."""
        await self.command("AddNew")
        await self.choose_article(code, row)
        if quantity:
            await self.set_line("QTYORDERED", quantity)
        await self.command("UpdateEdit")
        await self.page.wait_for_function(
            "(p) => ASPxClientControl.GetControlCollection().GetControlsByPredicate("
            "(c) => c.IsEditing && c.name.includes(p) && c.IsEditing()).length === 0",
            arg=LINES,
        )

    async def clear_line_discount(self) -> None:
        """Press the eraser of LINEDISC, on its tab."""
        tab = self.page.locator("[id$=xaf_l37_pg_T2T]")
        if await tab.is_visible():
            await tab.click()
        await self.page.click("[id$=_xaf_dviLINEDISC_Edit_dropdown_DD_B1]")
        await self.quiet()

    async def save(self, path: str = "1i1") -> None:
        """Choose from the save menu: `1i0` Salvare, `1i1` Salva e chiudi."""
        await self.page.click("#Vertical_mainMenu_Menu_DXI1_P")
        await self.page.click(f"#Vertical_mainMenu_Menu_DXI{path}_T")
        await self.quiet()

    async def shown(self, prop: str) -> str:
        """What view mode shows for a property."""
        text = await self.page.locator(f"[id$=_xaf_dvi{prop}_View]").text_content()
        return (text or "").strip()

    def bodies(self) -> list[list[tuple[str, str]]]:
        """A list that fills with the bodies posted from now on."""
        posted: list[list[tuple[str, str]]] = []

        def note(request: Request) -> None:
            if request.method == "POST":
                posted.append(parse_qsl(request.post_data or "", keep_blank_values=True))

        self.page.on("request", note)
        return posted

    async def order(self, *, note: str = "") -> str:
        """A new order with its customer, whose lines have 63 %; returns its number, digits."""
        await self.new_order()
        if note:
            await self.editor("PURCHORDERFORMNUM").fill(note)
        shown = await self.choose_customer(ACCOUNT)
        return shown.replace(".", "")


async def kinds(sim: Simulator) -> list[str]:
    """The kinds in the ledger, in order."""
    return [effect["kind"] for effect in await sim.effects()]
