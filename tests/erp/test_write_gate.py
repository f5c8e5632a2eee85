"""What leaves a browser behind the gate, counted on the server; real Chromium, real sockets."""

import asyncio

import pytest
import structlog
from playwright.async_api import Browser

from server.errors import FencedError, UiDriftError
from server.operation import Answer
from tests.erp.gate_rig import (
    CLAIM,
    COMMIT,
    LINE,
    QUANTITY,
    XAF,
    Rig,
    answers,
    change,
    choose_customer,
    commit_line,
    fire,
    gated,
    put,
    read_fields,
)
from tests.erp.gate_site import (
    FORM_PATH,
    LINES,
    GateSite,
    Reply,
)


async def test_a_ticket_sends_its_request_once(rig: Rig, site: GateSite) -> None:
    """A line's commit with everything as asked leaves once, after the row, and its answer is kept."""
    site.reply = lambda _: Reply(body="0|/*DX*/({'id':0,'result':{'html':'x'},'cp':{}})")
    answer = await commit_line(rig)
    assert answer.status == 200
    assert answer.shape["kind"] == "payload"
    assert len(site.posts) == 1
    assert [ticket.kind for ticket in rig.journal.writes] == ["line"]
    assert rig.journal.answers == [(rig.journal.writes[0], answer)]
    assert rig.gate.written == 1
    assert (await answers(rig.page))[0][0] == 200
    rig.gate.check()


async def test_log_lines_of_the_gate_are_about_its_claim(browser: Browser, site: GateSite) -> None:
    """Whoever started the driver, or last bound a name: a log line names the operation that it is of."""
    structlog.contextvars.bind_contextvars(operation="another", step="theirs")
    async with gated(browser, site.base_url) as rig:
        await rig.page.goto(site.url(FORM_PATH))
        site.reply = lambda _: Reply(body="0|/*DX*/({'id':0,'result':{'html':'x'},'cp':{}})")
        structlog.contextvars.bind_contextvars(step="form.articles.progress")
        with rig.gate.claimed(CLAIM):
            await commit_line(rig)
    assert rig.journal.about == {
        "step": "form.articles.progress",  # of the gesture, which is the operation's own
        "operation": CLAIM.operation_type,
        "operation_id": str(CLAIM.operation_id),
        "user": CLAIM.user_id,
        "generation": CLAIM.generation,
    }


async def test_the_answers_cookie_reaches_the_context(rig: Rig, site: GateSite) -> None:
    """A cookie set by the answer to a gated request is the context's, as if the page had fetched it."""
    site.reply = lambda _: Reply(headers={"Set-Cookie": "chained=1; Path=/"})
    await commit_line(rig)
    assert [cookie.get("name") for cookie in await rig.context.cookies()] == ["chained"]


async def test_a_compressed_answer_reaches_the_page_readable(rig: Rig, site: GateSite) -> None:
    """What the gate fetched is handed on as the page would have read it."""
    text = "0|/*DX*/({'id':0,'result':'città','cp':{}})"
    headers = {"Content-Encoding": "gzip", "Content-Type": "text/plain; charset=utf-8"}
    site.reply = lambda _: Reply(body=text, headers=headers)
    await commit_line(rig)
    assert await answers(rig.page) == [[200, text]]


async def test_an_immediate_post_that_chooses_the_customer_is_a_write(
    rig: Rig, site: GateSite
) -> None:
    """The customer's choice needs a ticket of its own and leaves once with the right key."""
    await choose_customer(rig, "55261", "1002328")
    assert len(site.posts) == 1
    assert [(ticket.kind, ticket.target) for ticket in rig.journal.writes] == [
        ("customer", "55261")
    ]


async def test_a_gesture_that_sends_nothing_changes_nothing(
    browser: Browser, site: GateSite
) -> None:
    """A ticket whose gesture fires nothing is UiDrift; no row is written and a late request is stopped."""
    async with gated(browser, site.base_url, gesture_timeout=0.2) as rig:
        await rig.page.goto(site.url(FORM_PATH))
        with rig.gate.claimed(CLAIM):
            with pytest.raises(UiDriftError, match="sent no request"):
                async with rig.gate.write(
                    "line", "71723", baseline=await read_fields(rig.page), **LINE
                ):
                    pass
            assert rig.journal.writes == []
            assert not rig.gate.broken
            await fire(rig.page, LINES, COMMIT)
            await answers(rig.page)
    assert site.posts == []


async def test_a_harmless_menu_item_passes_once_by_its_literal(rig: Rig, site: GateSite) -> None:
    """A pass for New lets that very request through, and no second one."""
    new = "c0:ACHFCB123456:New:Vertical_mainMenu_Menu:XafCallback"
    async with rig.gate.allow(action="New", parameter=new):
        await fire(rig.page, XAF, new)
        await answers(rig.page)
        await fire(rig.page, XAF, new)
        await answers(rig.page, 2)
    assert len(site.posts) == 1
    with pytest.raises(UiDriftError):
        rig.gate.check()


async def test_an_armed_change_passes_once(rig: Rig, site: GateSite) -> None:
    """An immediate post that changes only the armed property passes; the same again does not."""
    await change(rig, "line.QTYORDERED", {QUANTITY: "7,00 "})
    await fire(rig.page, XAF, "c0:::XafCallback")
    await answers(rig.page, 2)
    assert len(site.posts) == 1


async def test_late_posts_pass_beside_gestures_and_end_with_the_form(
    rig: Rig, site: GateSite
) -> None:
    """What a form posts by itself passes, as often as it comes, uses no ticket and changes nothing else."""
    baseline = await read_fields(rig.page)
    with rig.gate.late_posts({"line.QTYORDERED"}, baseline):
        await put(rig.page, QUANTITY, "6,00 ")
        for count in (1, 2):
            await fire(rig.page, XAF, "c0:::XafCallback")
            await answers(rig.page, count)
        await put(rig.page, QUANTITY, "5,00 ")
        await commit_line(rig)
        rig.gate.check()
        assert len(site.posts) == 3
        assert [ticket.kind for ticket in rig.journal.writes] == ["line"]
    await put(rig.page, QUANTITY, "6,00 ")
    await fire(rig.page, XAF, "c0:::XafCallback")
    await answers(rig.page, 4)
    assert len(site.posts) == 3
    with pytest.raises(UiDriftError):
        rig.gate.check()


async def test_static_and_keep_alive_pass_while_a_write_is_held(rig: Rig, site: GateSite) -> None:
    """While the journal is asked, keep-alive and static GETs go through; the write waits."""
    rig.journal.decided.clear()
    writing = asyncio.create_task(commit_line(rig))
    await rig.journal.asked.wait()
    urls = [
        "/DXX.axd?handlerName=SessionKeepAliveReconnect",
        "/DXR.axd?r=1",
        "/WebResource.axd?d=1",
    ]
    statuses = await rig.page.evaluate(
        "urls => Promise.all(urls.map(url => fetch(url).then(answer => answer.status)))", urls
    )
    assert statuses == [200, 200, 200]
    assert site.posts == []
    rig.journal.decided.set()
    assert (await writing).status == 200
    assert len(site.posts) == 1


async def test_fenced_means_not_sent(rig: Rig, site: GateSite) -> None:
    """The journal says no: the request is aborted and FencedError comes out."""
    rig.journal.allows = False
    with pytest.raises(FencedError):
        await commit_line(rig)
    assert site.posts == []
    assert rig.gate.written == 0
    assert rig.gate.broken


async def test_a_database_that_is_down_means_not_sent(rig: Rig, site: GateSite) -> None:
    """record_write's own exception comes out of the with and nothing was sent."""
    rig.journal.write_failure = ConnectionRefusedError("database")
    with pytest.raises(ConnectionRefusedError):
        await commit_line(rig)
    assert site.posts == []
    assert rig.gate.written == 0


async def test_an_answer_that_cannot_be_stored_is_not_lost(rig: Rig, site: GateSite) -> None:
    """record_answer fails after the write: the caller still gets the answer, the page too."""
    rig.journal.answer_failure = ConnectionRefusedError("database")
    site.reply = lambda _: Reply(body="0|/*DX*/({'redirect':'/SALESTABLE_DetailViewAgent/71723/'})")
    answer = await commit_line(rig)
    assert answer.ids == ("71723",)
    assert answer.shape["redirect"] == "/SALESTABLE_DetailViewAgent/#/"


async def test_two_contexts_do_not_disturb_one_another(browser: Browser, site: GateSite) -> None:
    """One agent's stopped request leaves another agent's gate as it was."""
    async with gated(browser, site.base_url) as one, gated(browser, site.base_url) as two:
        await asyncio.gather(one.page.goto(site.url(FORM_PATH)), two.page.goto(site.url(FORM_PATH)))
        with one.gate.claimed(CLAIM), two.gate.claimed(CLAIM):
            one.journal.write_failure = ValueError("a bug")
            results = await asyncio.gather(
                commit_line(one), commit_line(two), return_exceptions=True
            )
    assert isinstance(results[0], ValueError)
    assert isinstance(results[1], Answer)
    assert len(site.posts) == 1
    assert one.gate.broken
    assert not two.gate.broken


async def test_an_error_of_the_gesture_itself_comes_out(rig: Rig, site: GateSite) -> None:
    """A gesture that fails withdraws its ticket: its error comes out and a late request is stopped."""
    baseline = await read_fields(rig.page)
    with pytest.raises(LookupError):
        async with rig.gate.write("line", "71723", baseline=baseline, **LINE):
            raise LookupError
    await fire(rig.page, LINES, COMMIT)
    await answers(rig.page)
    assert site.posts == []
