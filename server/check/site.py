"""Checks the browser, and in it the ERP: it is reached, and its login page is the one that we know.

No login is tried: nothing but the login page is asked for, and a gate that lets no write through stands
around it.
"""

import asyncio
import ssl
from collections.abc import AsyncIterator
from dataclasses import replace
from urllib.parse import urlsplit

from playwright.async_api import Browser, Error

from server.check.finding import Finding, fault, fine, skipped
from server.chromium import ChromiumMissingError, guarded_driver
from server.config import PREFIX, Config
from server.erp import editors
from server.erp.playwright_errors import our_errors
from server.erp.rules import Rules
from server.erp.screen import Screen
from server.erp.session import (
    LOGIN_BUTTON,
    LOGIN_FIELDS,
    ErpSession,
    open_context,
    still_signed_in,
)
from server.erp.timeouts import Timeouts
from server.erp.write_gate import WriteGate
from server.errors import BotError, UiDriftError
from server.operation import Answer, Ticket
from server.processes import GuardianError

REACH_TIMEOUT = 10.0  # seconds for a connection
PAGE_TIMEOUT = 30.0  # seconds for the login page; an operation waits longer for it
PAGE = "<span id=text>Archibald</span>"
ERP_URL = f"{PREFIX}ERP_URL"


async def site(config: Config) -> AsyncIterator[Finding]:
    """One line each for the browser, the way to the ERP, and its login page."""
    reached = await _reach(config)
    try:
        async with guarded_driver(
            config.chromium, config.data_dir / "browsers", images=config.images
        ) as driver:
            launched = await driver.launch()
            try:
                yield await _browser(launched.browser)
                yield reached
                if reached.verdict == "ok":
                    yield await _login_page(launched.browser, config)
                else:
                    yield skipped("login page", "the ERP is not reached")
            finally:
                await launched.close()
    except (ChromiumMissingError, GuardianError, OSError, TimeoutError, Error) as error:
        yield _no_browser(error)
        yield reached
        yield skipped("login page", "there is no browser to look with")


async def _browser(browser: Browser) -> Finding:
    """A page without a font has nothing to click on."""
    context = await browser.new_context()
    try:
        page = await context.new_page()
        await page.set_content(PAGE)
        width = await page.evaluate("document.getElementById('text').offsetWidth")
    finally:
        await context.close()
    if not width:
        return fault(
            "browser", "it shows no text", "install a font: apt-get install fonts-liberation"
        )
    return fine("browser", f"Chromium {browser.version} runs and shows text")


def _no_browser(error: Exception) -> Finding:
    text = next(iter(str(error).splitlines()), "") or type(error).__name__
    if isinstance(error, ChromiumMissingError):
        text, _, remedy = text.partition(": ")
        remedy = (
            remedy or f"correct {PREFIX}CHROMIUM, or leave it out to take the one that is installed"
        )
    elif isinstance(error, GuardianError):
        remedy = "install util-linux (setpriv, setsid), and let the data folder be one that allows programs"
    else:
        text = f"it does not start: {text}"
        remedy = (
            "install what it misses (make setup as root: chromium-headless-shell, libatomic1), "
            f"or let {PREFIX}CHROMIUM name a Chromium that runs"
        )
    return fault("browser", text, remedy)


async def _reach(config: Config) -> Finding:
    """A connection, with the certificate looked at: the browser does not tell what was wrong with it."""
    part, url = "erp", urlsplit(config.erp_url)
    host, secure = url.hostname or "", url.scheme == "https"
    port = url.port or (443 if secure else 80)
    context = ssl.create_default_context() if secure else None
    if context is not None and config.erp_insecure_tls:
        context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    try:
        async with asyncio.timeout(REACH_TIMEOUT):
            _, writer = await asyncio.open_connection(host, port, ssl=context)
    except ssl.SSLCertVerificationError as error:
        return fault(
            part,
            f"the certificate of {host}:{port} is not good: {error.verify_message}",
            "install the authority that signed it, or, for the ERP's own unsigned one, "
            f"set {PREFIX}ERP_INSECURE_TLS=true",
        )
    except ssl.SSLError as error:
        return fault(
            part,
            f"{host}:{port} does not speak TLS ({error.reason})",
            f"correct {ERP_URL}: http or https?",
        )
    except TimeoutError:
        return fault(
            part,
            f"{host}:{port} does not answer within {REACH_TIMEOUT:g} s",
            f"let this machine through the firewall, or correct {ERP_URL}",
        )
    except OSError as error:
        return fault(
            part,
            f"{host}:{port} is not reached: {error.strerror or error}",
            f"see that the ERP runs and that its name is known here, or correct {ERP_URL}",
        )
    writer.close()
    return fine(part, f"{host}:{port} answers")


async def _login_page(browser: Browser, config: Config) -> Finding:
    part = "login page"
    timeouts = Timeouts().scaled(config.time_scale)
    timeouts, rules = replace(timeouts, page=min(timeouts.page, PAGE_TIMEOUT)), Rules.load()
    gate = WriteGate(
        rules, _refuse, _ignore, base_url=config.erp_url,
        answer_timeout=timeouts.login, gesture_timeout=timeouts.element,
    )  # fmt: skip
    context = await open_context(browser, ignore_https_errors=config.erp_insecure_tls)
    try:
        await gate.install(context)
        [page] = context.pages
        screen = Screen(page, timeouts)
        await _must_be_known(ErpSession("", config.erp_url, context, page, gate, timeouts, screen))
    except UiDriftError as error:
        return fault(
            part,
            f"it is not the one that we know: {error.message}",
            f"correct {ERP_URL} if that is another site; if the ERP was changed, record it anew (make record)",
        )
    except BotError as error:
        return fault(
            part,
            error.message,
            f"see in a browser whether the ERP itself is well, or correct {ERP_URL}",
        )
    finally:
        await context.close()
    return fine(part, f"{config.erp_url} shows the one that we know")


async def _must_be_known(session: ErpSession) -> None:
    """Raise UiDriftError, saying what was seen instead of the login page, and whatever looking raises."""
    screen = session.screen
    with our_errors("login.page"):
        # First without waiting for anything that only the ERP's pages have.
        address, within = f"{session.base_url}/Default.aspx", session.timeouts.page * 1000
        await session.page.goto(address, wait_until="domcontentloaded", timeout=within)
    path = screen.path.partition("?")[0]
    if not path.lower().endswith("/login.aspx") or await still_signed_in(session):
        raise UiDriftError(f"{session.base_url} leads to {path} and not to a login page")
    for step, pattern in LOGIN_FIELDS:
        await editors.find(screen, step, pattern)
    buttons = await screen.look("login.button", LOGIN_BUTTON)
    if len(buttons) != 1:
        raise UiDriftError(f"login.button: {len(buttons)} buttons where one was expected")


async def _refuse(ticket: Ticket) -> bool:  # noqa: ARG001 - the gate's signature
    """A check writes nothing: no ticket is ever good."""
    return False


async def _ignore(ticket: Ticket, answer: Answer) -> None:
    """There is no write, so there is no answer to keep."""
