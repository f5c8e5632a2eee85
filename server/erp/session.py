"""A browser context signed in as one agent: how it is opened, signed in, and told to be still so."""

from contextlib import AbstractAsyncContextManager, nullcontext
from dataclasses import dataclass, field, replace
from urllib.parse import urljoin, urlsplit
from uuid import uuid4

from playwright.async_api import Browser, BrowserContext, Page

from server import measures
from server.erp import editors, idle
from server.erp.playwright_errors import our_errors
from server.erp.screen import Screen
from server.erp.timeouts import Timeouts
from server.erp.write_gate import WriteGate
from server.errors import (
    BrowserLostError,
    ErpLoginRejectedError,
    ErpUnavailableError,
    UiDriftError,
)

# Where the login page has what a login needs.
LOGIN_FIELDS = (
    ("login.user", r"_xaf_dviUserName_Edit_I$"),
    ("login.password", r"_xaf_dviPassword_Edit_I$"),
)
LOGIN_BUTTON = "() => [...document.querySelectorAll('[id$=\"_PopupActions_Menu_DXI0_T\"]')].map((item) => item.id)"
# The page that a login leads to is known by its URL alone: the form's end may come before any
# event that one could wait for (incident 41, erp-reference §7.2).
_LEFT_OR_REFUSED = """
() => {
  if (!onLoginPage()) return 'left';
  const errors = '[id$="_ErrorInfo"], .ErrorLabel, .dxeErrorCell, .validation-summary-errors';
  const told = [...document.querySelectorAll(errors)].some((item) => shown(item) && item.textContent.trim());
  return told && !busy() ? 'refused' : null;
}
"""


@dataclass(frozen=True)
class Login:
    """An agent's name and password in the ERP."""

    user_name: str
    password: str = field(repr=False)


@dataclass(frozen=True)
class ErpSession:
    """One agent signed in, on one page: two pages of a session break each other (incident 39).

    ``id`` is ours, kept with the session's cookies: whoever continues a session knows by it that this
    is the very one that somebody else wrote in.
    """

    user_id: str
    base_url: str
    context: BrowserContext
    page: Page
    gate: WriteGate
    timeouts: Timeouts
    screen: Screen
    description_length: int = 60  # characters of DESCRIZIONE, where its input names no limit
    id: str = field(default_factory=lambda: uuid4().hex)


async def open_context(browser: Browser, *, ignore_https_errors: bool = False) -> BrowserContext:
    """The context for one agent, with its one page: wide enough that no toolbar item hides, in Italian.

    Service workers are blocked because their requests would pass the gate unseen (design §4.3). The page
    is opened here, before anybody can close the context: Playwright's `new_page` never returns when its
    context is closed meanwhile (measured), and the attempt would hang for ever.
    """
    with our_errors("context"):
        context = await browser.new_context(
            viewport={"width": 1720, "height": 1000},
            locale="it-IT",
            service_workers="block",
            ignore_https_errors=ignore_https_errors,
        )
        await context.new_page()
        return context


async def sign_in(
    context: BrowserContext,
    gate: WriteGate,
    login: Login,
    *,
    user_id: str,
    base_url: str,
    timeouts: Timeouts,
    description_length: int = 60,
    session_id: str | None = None,
) -> ErpSession:
    """Sign in on the one page of `open_context`, trying once; a session still signed in is kept.

    The gate must already be installed in the context. ``base_url`` ends in ``/Archibald``;
    ``session_id`` names the session whose cookies the context holds already, if it does.

    Raises:
        ErpLoginRejectedError: the ERP did not take the login; a second try could lock the account.
        ErpUnavailableError: the ERP cannot be reached or does not answer.
        UiDriftError: the login page is not as we know it.
    """
    with our_errors("login.page"):
        if not context.pages:
            raise BrowserLostError("login.page: the context was closed", step="login.page")
        [page] = context.pages
        await page.add_init_script(idle.TELL_PLANS)
    screen = Screen(page, timeouts)
    session = ErpSession(
        user_id=user_id,
        base_url=base_url,
        context=context,
        page=page,
        gate=gate,
        timeouts=timeouts,
        screen=screen,
        description_length=description_length,
        id=session_id or uuid4().hex,
    )
    return await sign_in_again(session, nullcontext(login))


async def sign_in_again(
    session: ErpSession, trial: AbstractAsyncContextManager[Login]
) -> ErpSession:
    """The session as it is, if the ERP still knows it; else the one of a new login on the same page.

    ``trial`` gives the login, and is entered only if it is needed.

    Raises:
        ErpLoginRejectedError, ErpUnavailableError, UiDriftError: as `sign_in`.
    """
    with session.gate.signing_in(), measures.login():
        if await _led_on(session) or await still_signed_in(session):
            return session
        # Led back without a word, as an ERP that has just restarted does, is no refusal; but it is
        # tried again only once, for a second refusal could lock the account.
        async with trial as login:
            if not await _submit(session, login) and not (
                await still_signed_in(session) or await _submit(session, login)
            ):
                raise ErpLoginRejectedError(
                    "the ERP led back to the login page, twice; check the stored password"
                )
    return replace(session, id=uuid4().hex)


async def _led_on(session: ErpSession) -> bool:
    """Whether the ERP leads on from its home page, and not to the login; False: a page must show it.

    Asked in the session, without following and without a page: the start view takes seconds, and nobody
    looks at it. For a page that has been signed in only; a continued session needs the barrier of a page.
    """
    if not session.screen.signed_in:
        return False
    home = f"{session.base_url}/Default.aspx"
    within = session.timeouts.look
    asking = session.context.request.get(home, max_redirects=0, timeout=within * 1000)
    try:
        with our_errors("login.page"):
            answer = await session.screen.bounded("login.page", asking, within)
    except (ErpUnavailableError, UiDriftError):
        return False  # the page says what it is, in our words
    location = answer.headers.get("location", "")
    path = urlsplit(urljoin(home, location)).path.lower()
    return answer.status in {302, 303} and bool(location) and not path.endswith("/login.aspx")


async def still_signed_in(session: ErpSession) -> bool:
    """Whether the ERP still knows the session, asked by a cheap page and seen in its URL.

    Cookies prove nothing: a session that the server has ended still has them (erp-reference §1.4).
    """
    screen = session.screen
    screen.signed_in = False
    await screen.open("login.page", f"{session.base_url}/Default.aspx")
    screen.signed_in = not _on_login_page(screen)
    return screen.signed_in


def _on_login_page(screen: Screen) -> bool:
    return screen.path.split("?")[0].lower().endswith("/login.aspx")


async def _submit(session: ErpSession, login: Login) -> bool:
    """Type and send the login; False: the ERP led back to the login page without a word.

    Raises:
        ErpLoginRejectedError: the ERP says that it does not accept it.
    """
    screen = session.screen
    # Typed as a person does: a value set by script is submitted as empty (erp-reference §1.3).
    texts = login.user_name, login.password
    for (step, pattern), text in zip(LOGIN_FIELDS, texts, strict=True):
        await screen.focus_one(step, pattern)
        await screen.insert(step, text)
        await screen.key(step, "Tab")
        if await editors.text(screen, step, pattern) != text:
            raise UiDriftError(f"{step}: the field does not keep what is typed", step=step)
    buttons = await screen.look("login.button", LOGIN_BUTTON)
    if len(buttons) != 1:
        raise UiDriftError(f"login.button: {len(buttons)} buttons where one was expected")
    status = await screen.answer_of_click(
        "login.submit", buttons[0], within=session.timeouts.element
    )
    if status >= 500:
        raise ErpUnavailableError(f"login.submit: the ERP answered {status}", step="login.submit")
    try:
        outcome = await screen.wait("login.answer", _LEFT_OR_REFUSED, within=session.timeouts.login)
    except UiDriftError:
        # Answered, idle, and still on the login page.
        return False
    if outcome == "refused":
        raise ErpLoginRejectedError(
            "the ERP did not accept the agent's login; check the stored password"
        )
    await screen.quiet("login.start_page", within=session.timeouts.page)
    screen.signed_in = not _on_login_page(screen)
    return screen.signed_in
