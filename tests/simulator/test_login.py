"""The login page, in Chromium."""

from playwright.async_api import Browser

from tests.erp_simulator.running import Simulator
from tests.simulator.site import LIST, Site

USER = "[id*=UserName][id$=_I]"
PASSWORD = "[id*=Password][id$=_I]"
BUTTON = "#Logon_PopupActions_Menu_DXI0_T"


async def test_a_login_leads_to_the_start_view(visitor: Site) -> None:
    """Typed credentials lead away from Login.aspx, and the cookies are the documented ones."""
    await visitor.log_in("ikiA0001")
    cookies = {c["name"]: c for c in await visitor.page.context.cookies()}
    assert len(cookies["ASP.NET_SessionId"]["value"]) == 24
    assert len(cookies["Login"]["value"]) == 352
    assert cookies["xafkidemovbUserName"]["value"] == "ikiA0001"
    assert cookies["Login"]["httpOnly"]


async def test_a_login_leads_on_to_what_was_asked_for(visitor: Site) -> None:
    """A page asked for without a login comes after it."""
    await visitor.open(LIST)
    assert visitor.page.url.endswith(
        "/Login.aspx?ReturnUrl=%2fArchibald%2fSALESTABLE_ListView_Agent%2f"
    )
    await visitor.page.fill(USER, "ikiA0001")
    await visitor.page.fill(PASSWORD, "pw-ikiA0001")
    await visitor.page.click(BUTTON)
    await visitor.page.wait_for_url(f"**/Archibald{LIST}")


async def test_a_native_setter_with_events_logs_in(visitor: Site) -> None:
    """A value set by script counts when `input` and `change` follow it."""
    await visitor.open("/Default.aspx")
    for selector, text in ((USER, "ikiA0001"), (PASSWORD, "pw-ikiA0001")):
        await visitor.page.eval_on_selector(
            selector,
            """(input, text) => {
              input.value = text;
              input.dispatchEvent(new Event("input", {bubbles: true}));
              input.dispatchEvent(new Event("change", {bubbles: true}));
            }""",
            text,
        )
    await visitor.page.click(BUTTON)
    await visitor.page.wait_for_url("**/Announcements_ListView/")


async def test_a_bare_value_is_no_login(visitor: Site) -> None:
    """A plain `.value =` submits empty credentials; the page stays, with an error."""
    await visitor.open("/Default.aspx")
    for selector, text in ((USER, "ikiA0001"), (PASSWORD, "pw-ikiA0001")):
        await visitor.page.eval_on_selector(
            selector, "(input, text) => { input.value = text; }", text
        )
    await visitor.page.click(BUTTON)
    await visitor.quiet()
    assert "Login.aspx" in visitor.page.url
    assert await visitor.page.is_visible("#Logon_ErrorInfo .dxeErrorCell")


async def test_a_wrong_password_stays_on_the_page(visitor: Site) -> None:
    """Wrong credentials: an error, and the site stays closed."""
    await visitor.open("/Default.aspx")
    await visitor.page.fill(USER, "ikiA0001")
    await visitor.page.fill(PASSWORD, "wrong")
    await visitor.page.press(PASSWORD, "Enter")
    await visitor.page.wait_for_selector(".ErrorLabel")
    await visitor.open(LIST)
    assert "Login.aspx" in visitor.page.url


async def test_the_language_is_the_browsers(sim: Simulator, browser: Browser) -> None:
    """Italian for a browser that asks for it, else English; the same site otherwise."""
    for locale, button, new in (("it-IT", "Accedi", "Nuovo"), ("de-DE", "Log In", "New")):
        async with Site.visiting(browser, sim.base_url, locale) as site:
            await site.open("/Default.aspx")
            assert await site.page.text_content(BUTTON) == button * 2
            await site.log_in("ikiA0001")
            await site.open(LIST)
            assert await site.page.text_content("#Vertical_mainMenu_Menu_DXI0_T") == new * 2


async def test_no_control_fails_on_any_page(site: Site) -> None:
    """No page raises a script error."""
    failures: list[str] = []
    site.page.on("pageerror", lambda error: failures.append(str(error)))
    site.page.on("console", lambda m: failures.append(m.text) if m.type == "error" else None)
    for path in (LIST, "/SALESTABLE_DetailViewAgent/?NewObject=true", "/CUSTTABLE_ListView_Agent/",
                 "/SALESTABLE_DetailViewAgent/71722/?mode=View",
                 "/SALESTABLE_DetailViewAgent/71722/?mode=Edit", "/Error.aspx"):  # fmt: skip
        await site.open(path)
        await site.quiet()
    assert failures == []
