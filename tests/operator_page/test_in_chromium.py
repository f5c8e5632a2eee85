"""The operator's page as a person has it: in a real Chromium, on a desk and on a phone."""

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import grpc
import pytest
from playwright.async_api import Browser, Page, expect

from archibald.v1 import operations_pb2, operations_pb2_grpc
from archibald.v1.operations_pb2 import GetOperationRequest, OperationName
from archibald_client import Client, OutcomeUnknownError
from server.app import running
from server.config import Config
from tests.demo import free_port
from tests.doors import bearer
from tests.end_to_end.held import under_review
from tests.end_to_end.parts import USER, order
from tests.erp_simulator.running import Simulator
from tests.journal_rows import accepted
from tests.operator_page.axe import grave_faults
from tests.operator_page.page_desk import CALLERS, OFFICE, PageDesk, attempted
from tests.test_callers import written

expect.set_options(timeout=30_000)

DESK, PHONE = {"width": 1280, "height": 900}, {"width": 390, "height": 844}
AGENT = "<img src=x onerror=window.pwned=1>"
MARKUP = '</textarea><img src=x onerror="window.pwned=1"><script>window.pwned=1</script>\'"{{7*7}}'


@asynccontextmanager
async def looking(browser: Browser, **options: Any) -> AsyncIterator[Page]:
    """A page in a browser context of its own, as an Italian has it."""
    context = await browser.new_context(locale="it-IT", **options)
    try:
        yield await context.new_page()
    finally:
        await context.close()


async def is_sound(page: Page) -> None:
    """Nothing grave for axe, and nothing beside the screen, on a desk and on a phone."""
    for size in (PHONE, DESK):
        await page.set_viewport_size(size)  # type: ignore[arg-type]
        assert await grave_faults(page) == []
        wide = await page.evaluate("document.documentElement.scrollWidth")
        assert wide <= size["width"], page.url


async def operation(address: str, token: str = "") -> operations_pb2.Operation:
    """The order as the contract shows it."""
    name = OperationName(user_id=USER, operation_type="submit-order", operation_key="p-1")
    async with grpc.aio.insecure_channel(address) as channel:
        stub: Any = operations_pb2_grpc.OperationsServiceStub(channel)  # type: ignore[no-untyped-call]
        answer: operations_pb2.GetOperationResponse = await stub.GetOperation(
            GetOperationRequest(name=name), metadata=bearer(token) if token else ()
        )
    return answer.operation


async def test_what_is_under_review_is_looked_at_and_settled(
    config: Config, sim: Simulator, browser: Browser, tmp_path: Path
) -> None:
    """The first write got no answer and left nothing: its operator signs in, looks at all of it, and gives it up."""
    url = f"127.0.0.1:{free_port()}"
    told = replace(
        config,
        operator_page=url,
        callers_file=written(tmp_path, CALLERS),
        rerun_past_gate="never",
        quiet_time=0.5,
    )
    await sim.fault("F13", "customer", nth=1, how="reset")
    async with (
        running(told) as address,
        Client(address, patience=0, token=OFFICE) as client,
        looking(browser, viewport=PHONE) as page,
    ):
        with pytest.raises(OutcomeUnknownError):
            await client.submit_order(order())

        await page.goto(f"http://{url}/")
        await is_sound(page)
        await page.get_by_label("Il tuo token").fill(OFFICE)
        await page.get_by_role("button", name="Entra").click()
        review = page.get_by_role("region", name="Da controllare")
        await expect(review).to_contain_text("is not to be entered again")
        await is_sound(page)
        await page.get_by_role("link", name="Cerca").first.click()
        await expect(page.get_by_role("row")).to_have_count(2)
        await is_sound(page)
        await page.get_by_role("link", name="Inserimento ordine").click()

        story = page.get_by_role("region", name="Cronologia")
        await expect(story).to_contain_text("Nessuna risposta a customer")
        await expect(story).to_contain_text("Scrittura n. 1 verso Archibald")
        picture = story.get_by_role("img").first
        await picture.scroll_into_view_if_needed()
        await expect(picture).to_have_js_property("complete", value=True)
        assert await picture.evaluate("image => image.naturalWidth") > 1000
        async with page.expect_download() as download:
            await story.get_by_role("link", name="Scarica la traccia").first.click()
        assert (await (await download.value).path()).read_bytes()[:2] == b"PK"

        # What the browser itself refuses to send, what the server refuses, and what is taken.
        await page.get_by_label("Perché").fill("cliente avvisato")
        await page.get_by_role("button", name="Registra").click()
        await page.get_by_role("radio", name="È in Archibald").check()
        await page.get_by_label("ID in Archibald").fill("nessuno")
        await page.get_by_role("button", name="Registra").click()
        await expect(page.get_by_text("deve essere un ID di Archibald")).to_be_visible()
        await is_sound(page)
        await page.get_by_role("radio", name="Rinuncia").check()
        await page.get_by_role("button", name="Registra").click()
        await expect(page.get_by_role("status")).to_contain_text("Decisione registrata")
        await expect(page.locator(".summary")).to_contain_text("Abbandonata")
        await expect(story).to_contain_text("cliente avvisato")

        shown = await operation(address, OFFICE)
        assert shown.state == operations_pb2.OPERATION_STATE_ABANDONED


@pytest.mark.matrix
async def test_a_page_goes_on_by_itself_and_is_settled_without_scripts(
    config: Config, database: str, sim: Simulator, browser: Browser
) -> None:
    """One browser without scripts says that nothing was done; another one sees the order run to its end."""
    url = f"127.0.0.1:{free_port()}"
    async with (
        running(replace(config, operator_page=url)) as address,
        looking(browser) as watching,
        looking(browser, java_script_enabled=False, viewport=PHONE) as page,
    ):
        await under_review(database, sim, order())
        await watching.goto(f"http://{url}/")
        review = watching.get_by_role("region", name="Da controllare")
        await expect(review.get_by_role("row")).to_have_count(2)

        await page.goto(f"http://{url}/")
        await page.get_by_role("link", name="Inserimento ordine").click()
        await page.get_by_label("Non è stato fatto").check()
        await page.get_by_label("Perché").fill("non è in lista")
        await page.get_by_role("button", name="Registra").click()
        await expect(page.get_by_role("status")).to_contain_text("Decisione registrata")

        story = await watching.context.new_page()
        await story.goto(page.url)
        summary = story.locator(".summary")
        await expect(summary.get_by_role("progressbar")).to_be_visible()
        await expect(review).to_contain_text("Nulla aspetta una persona")
        await expect(summary).to_contain_text("Riuscita")
        await expect(story.locator("#stale")).to_be_hidden()
        shown = await operation(address)
        assert shown.state == operations_pb2.OPERATION_STATE_SUCCEEDED
        await expect(story.get_by_text(shown.erp_id, exact=True).first).to_be_visible()


async def test_what_others_wrote_is_shown_and_never_done(
    open_desk: PageDesk, browser: Browser
) -> None:
    """Markup in a key, an agent's name, an error, evidence, a note and a search stands there as it was written."""
    one = await accepted(open_desk.pool, MARKUP, AGENT, state="NEEDS_REVIEW")
    evidence = [{"seen": {MARKUP: MARKUP}}, {"late": MARKUP, "value": MARKUP}]
    await attempted(open_desk.pool, one, json.dumps(evidence))
    async with open_desk.pool.connection() as conn:
        await conn.execute(
            "UPDATE agents.operations SET target = %(text)s, draft_id = %(text)s, error = jsonb_build_object("
            "'reason', %(text)s::text, 'message', %(text)s::text, "
            "'metadata', jsonb_build_object(%(text)s::text, %(text)s::text))",
            {"text": MARKUP},
        )
    async with looking(browser) as page:
        await page.goto(f"{open_desk.url}/operations?agent=x")
        await page.get_by_label("Agente").fill(AGENT)
        await page.get_by_role("button", name="Cerca").click()
        await expect(page.get_by_role("row")).to_have_count(2)
        assert await page.get_by_label("Agente").input_value() == AGENT
        await page.get_by_role("link", name="Inserimento ordine").click()
        await page.get_by_role("radio", name="È in Archibald").check()
        await page.get_by_label("ID in Archibald").fill(MARKUP[:20])
        await page.get_by_label("Perché").fill(MARKUP)
        await page.get_by_role("button", name="Registra").click()
        assert await page.get_by_label("Perché").input_value() == MARKUP
        await page.get_by_role("radio", name="Rinuncia").check()
        await page.get_by_role("button", name="Registra").click()
        await expect(page.get_by_role("status")).to_contain_text("Decisione registrata")
        assert (await page.locator("body").inner_text()).count(MARKUP) >= 8
        assert await page.locator("main script, main img").count() == 0
        assert await page.evaluate("window.pwned === undefined")
        # Whatever got in would still not run.
        await page.evaluate(
            """text => {
              const inside = document.createElement("div");
              inside.innerHTML = text;
              const script = document.createElement("script");
              script.textContent = "window.pwned = 1";
              const failed = new Promise((done) =>
                inside.querySelector("img").addEventListener("error", done));
              document.body.append(inside, script);
              return failed.then(() => undefined);
            }""",
            MARKUP,
        )
        assert await page.evaluate("window.pwned === undefined")
        await page.goto(f"{open_desk.url}/")
        await is_sound(page)
