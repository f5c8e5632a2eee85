"""Who is let in to the operator's page, what each of them sees, and whose forms are taken."""

from uuid import uuid4

import httpx
import pytest

from server.callers import new_token
from tests.doors import audited
from tests.journal_rows import Pool, accepted, rows
from tests.operator_page.page_desk import (
    CALLERS,
    OFFICE,
    SHOP,
    PageDesk,
    Visitor,
    hidden,
)
from tests.test_callers import written


async def held(pool: Pool, key: str = "p-1", user_id: str = "A001") -> str:
    """An operation under review; its address."""
    return f"/operations/{await accepted(pool, key, user_id, state='NEEDS_REVIEW')}"


async def settled(visitor: Visitor, one: str, **changes: str) -> httpx.Response:
    """The form sent, with a decision that changes at once what the database has."""
    fields = {"decision": "give_up", "note": "ordered by phone"} | changes
    return await visitor.send(one, f"{one}/resolve", **fields)


async def state(pool: Pool) -> str:
    [row] = await rows(pool, "operations")
    return str(row["state"])


async def test_without_a_token_nothing_is_shown(desk: PageDesk) -> None:
    """Pages lead to the sign-in and from there to where one wanted to go; streams and forms are refused."""
    one = await held(desk.pool)
    async with desk.visitor() as visitor:
        for path in ("/", "/operations", one, "/nothing"):
            answer = await visitor.get(path)
            assert answer.url.path == "/sign-in"
            assert "p-1" not in answer.text
        for path in ("/live", f"{one}/live"):
            assert (await visitor.get(path)).status_code == 401
        assert (await visitor.client.post(f"{one}/resolve")).status_code == 401
        refused = await visitor.sign_in(new_token())
        assert (refused.status_code, "di nessuno" in refused.text) == (401, True)
        answer = await visitor.send(f"/sign-in?then={one}", "/sign-in", token=f" {SHOP} ")
        assert (answer.status_code, answer.url.path) == (200, one)
    async with desk.visitor() as visitor:
        answer = await visitor.send("/sign-in?then=//evil.example/", "/sign-in", token=SHOP)
        assert (answer.url.host, answer.url.path) == ("127.0.0.1", "/")


async def test_another_agents_operation_is_as_if_there_were_none(desk: PageDesk) -> None:
    """The same answer to the last byte, for the page, its stream, its files and its form."""
    own, foreign = await held(desk.pool), await held(desk.pool, "p-2", "A002")
    absent = f"/operations/{uuid4()}"
    async with desk.visitor(SHOP) as shop, desk.visitor(OFFICE) as office:
        assert "p-2" in (await office.get("/")).text
        assert "su tutti" in (await office.get("/")).text.lower()
        for path in ("/", "/operations", "/operations?agent=A002"):
            listed = (await shop.get(path)).text
            assert "p-2" not in listed
            assert foreign not in listed
            assert "su tutti" not in listed.lower()
        for rest in ("", "/live", "/files/1/page.png", "/files/1/trace.zip", "/files/1/passwd"):
            there, not_there = [await shop.get(f"{one}{rest}") for one in (foreign, absent)]
            assert there.status_code == 404
            assert there.text == not_there.text
        by_key = "/operations?agent=A002&type=submit-order&key="
        there, not_there = [await shop.get(f"{by_key}{key}") for key in ("p-2", "p-3")]
        assert there.text == not_there.text.replace("p-3", "p-2")
        # A form of its own, sent elsewhere, does not even get that far.
        form = hidden((await shop.get(own)).text, f"{own}/resolve")
        answer = await shop.client.post(f"{foreign}/resolve", data=form | {"decision": "give_up"})
        assert answer.status_code == 403
    states = {row["user_id"]: row["state"] for row in await rows(desk.pool, "operations")}
    assert states == {"A001": "NEEDS_REVIEW", "A002": "NEEDS_REVIEW"}


async def test_a_form_is_taken_from_the_browser_that_got_it_alone(desk: PageDesk) -> None:
    """Without a seal, with another browser's, with that of another form, or with too much: refused."""
    one = await held(desk.pool)
    action = f"{one}/resolve"
    async with desk.visitor(SHOP) as visitor, desk.visitor(SHOP) as other:
        mine, theirs = [hidden((await each.get(one)).text, action) for each in (visitor, other)]
        leaving = hidden((await visitor.get(one)).text, "/sign-out")
        rest = {"decision": "give_up", "note": "n", "attempts": mine["attempts"]}
        for seal in ({}, {"seal": theirs["seal"]}, {"seal": leaving["seal"]}, {"seal": "è"}):
            answer = await visitor.client.post(action, data=rest | seal)
            assert answer.status_code == 403
            assert "ricarica la pagina" in answer.text
        long = rest | {"seal": mine["seal"], "note": "x" * 20_000}
        assert (await visitor.client.post(action, data=long)).status_code == 403
        assert (await visitor.client.get(action)).status_code == 405
        assert await state(desk.pool) == "NEEDS_REVIEW"
        assert (await visitor.client.post(action, data=rest | mine)).status_code == 200
    assert await state(desk.pool) == "ABANDONED"


async def test_a_decision_is_kept_with_its_callers_name_and_audited(desk: PageDesk) -> None:
    one = await held(desk.pool)
    async with desk.visitor(OFFICE) as visitor:
        answer = await settled(visitor, one)
    assert "Decisione registrata" in answer.text
    [kept] = await rows(desk.pool, "operation_resolutions")
    assert (kept["decided_by"], kept["decision"], kept["note"]) == (
        "office",
        "give_up",
        "ordered by phone",
    )
    # The overview after the sign-in, the form, what it led to, and the operation after it.
    asked = {row["method"]: row for row in await audited(desk.pool, 4)}
    row = asked["POST /operations/{id:uuid}/resolve"]
    assert (row["caller"], row["agent"], f"/operations/{row['operation']}") == (
        "office",
        "A001",
        one,
    )
    assert row["address"].startswith("http:127.0.0.1:")


async def test_a_sign_in_ends_with_its_token_and_by_signing_out(desk: PageDesk) -> None:
    """Also for the cookie that somebody kept; it can be read by no script and goes to no other site."""
    await held(desk.pool)
    assert desk.callers
    async with desk.visitor() as visitor, desk.visitor(OFFICE) as office:
        before = (await visitor.get("/sign-in")).headers["set-cookie"]
        answer = await visitor.client.post(
            "/sign-in",
            data=hidden((await visitor.get("/sign-in")).text, "/sign-in") | {"token": SHOP},
            follow_redirects=False,
        )
        cookie = answer.headers["set-cookie"]
        assert cookie.partition(";")[0] != before.partition(";")[0]
        assert {"HttpOnly", "SameSite=strict", "Path=/"} <= set(cookie.split("; "))
        kept = dict(visitor.client.cookies)
        assert SHOP not in str(kept)
        await visitor.send("/", "/sign-out")
        visitor.client.cookies.update(kept)
        assert (await visitor.get("/")).url.path == "/sign-in"

        assert (await office.get("/")).url.path == "/"
        written(desk.callers.parent, CALLERS.partition("[office]")[0])
        assert (await office.get("/")).url.path == "/sign-in"


async def test_without_callers_it_is_open_to_this_machine(open_desk: PageDesk) -> None:
    """Decisions are kept with the address; a name that is not this machine's is a foreign page's trick."""
    one = await held(open_desk.pool)
    async with open_desk.visitor() as visitor:
        for name in ("rebound.example", "127.0.0.1.rebound.example:80", ""):
            answer = await visitor.client.get("/", headers={"host": name})
            assert answer.status_code in {400, 421}
            assert "p-1" not in answer.text
        assert (await visitor.client.get("/", headers={"host": "[::1]:80"})).status_code == 200
        assert (await visitor.get("/sign-in")).url.path == "/"
        assert (await visitor.client.post(f"{one}/resolve")).status_code == 403
        await settled(visitor, one)
    [kept] = await rows(open_desk.pool, "operation_resolutions")
    assert kept["decided_by"].startswith("http:127.0.0.1:")


@pytest.mark.parametrize("path", ["/", "/sign-in", "/static/page.css", "/nothing"])
async def test_every_answer_forbids_what_is_not_ours(open_desk: PageDesk, path: str) -> None:
    async with open_desk.visitor() as visitor:
        headers = (await visitor.get(path)).headers
    policy = headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert (headers["x-content-type-options"], headers["referrer-policy"]) == (
        "nosniff",
        "no-referrer",
    )
    assert headers["cache-control"] == "no-store"
    assert "server" not in headers
