"""What the operator's pages show, and how they tell what is wrong."""

import asyncio
import json
from pathlib import Path

import httpx
from psycopg.types.json import Jsonb

from tests.journal_rows import accepted, change, rows
from tests.operator_page.page_desk import PageDesk, attempted, page_desk
from tests.operator_page.test_door import held, settled, state


async def test_the_overview_tells_what_needs_whom(open_desk: PageDesk) -> None:
    """Under review, live and ended apart; the service's parts with words, not by colour alone."""
    for key, column in (("held", "NEEDS_REVIEW"), ("live", "VERIFYING"), ("ended", "FAILED")):
        await accepted(open_desk.pool, key, f"A-{key}", state=column)
    async with open_desk.visitor() as visitor:
        html = (await visitor.get("/")).text
    review, live, ended = (html.index(f">{key}</td>") for key in ("held", "live", "ended"))
    headings = [html.index(f'<h2 id="{name}">') for name in ("review", "running", "ended")]
    assert headings[0] < review < headings[1] < live < headings[2] < ended
    for words in ("NON risponde", "NOT ready", "<b>3/10</b> al lavoro", "4 da controllare"):
        assert words in html


async def test_operations_are_found_by_what_they_are(open_desk: PageDesk) -> None:
    """By state, agent, type, key and id, in pages; what is wrong is told in Italian."""
    for number in range(51):
        await accepted(open_desk.pool, f"key-{number}", "A001")
    other = await accepted(open_desk.pool, "other", "A002", state="FAILED")
    async with open_desk.visitor() as visitor:
        first = (await visitor.get("/operations?agent=A001")).text
        assert first.count('href="/operations/') == 50
        assert "other" not in first
        older = first.partition('rel="next"')[0].rpartition('href="')[2].partition('"')[0]
        second = (await visitor.get(older.replace("&amp;", "&"))).text
        assert second.count('id="to-') == 1
        failed = (await visitor.get("/operations?state=FAILED")).text
        assert (failed.count('id="to-'), "other" in failed) == (1, True)
        assert "Nessuna operazione" in (await visitor.get("/operations?type=delete-order")).text
        for query in (f"key={str(other).upper()}", "agent=A002&type=submit-order&key=other"):
            assert (await visitor.get(f"/operations?{query}")).url.path == f"/operations/{other}"
        for query, told in (
            ("state=LOST", "Stato: deve essere uno stato"),
            ("type=x", "Operazione: deve essere uno di"),
            ("page=x", "Pagina: deve essere"),
            ("key=other", "Agente: è obbligatorio"),
            ("agent=A002&type=submit-order&key=no", "Nessuna operazione con questo nome"),
        ):
            answer = await visitor.get(f"/operations?{query}")
            assert (answer.status_code, told in answer.text) == (422, True), answer.text


async def test_one_operation_is_told_whole(open_desk: PageDesk) -> None:
    """Facts, error, marker, attempts with evidence, steps and decisions, in Rome's time."""
    error = {"reason": "UNCLEAR", "message": "it vanished", "metadata": {"seen_in": "list"}}
    one = await accepted(
        open_desk.pool,
        state="NEEDS_REVIEW",
        error=Jsonb(error),
        draft_id="71723",
        accepted_at="2026-07-01T22:30:00Z",
        duplicate_suspected=True,
    )
    evidence = [
        {"at": "2026-07-01T22:31:00Z", "write": 1, "kind": "save", "target": "71723"},
        {"at": "2026-07-01T22:31:01Z", "answer_to": "save", "status": None, "error": "Error"},
        {"at": "2026-07-01T22:31:02Z", "answer_to": "line", "status": 200, "shape": {"a": [1]}},
        {"at": "2026-07-01T22:31:03Z", "seen": {"order_id": "71723"}},
        {"at": "2026-07-01T22:31:04Z", "late": "draft_id", "value": "71724"},
        {"newer": "than this page"},
    ]
    await attempted(open_desk.pool, one, json.dumps(evidence))
    async with open_desk.visitor() as visitor:
        html = (await visitor.get(f"/operations/{one}")).text
    for words in (
        "02/07/2026 00:30:00 CEST",
        "00:31:00",
        "it vanished",
        "UNCLEAR",
        "seen_in",
        "Possibile doppione",
        "#1",
        "Scrittura n. 1",
        "Nessuna risposta a save",
        "Archibald mostra",
        "Arrivato tardi: draft_id",
        "than this page",
        "host-1",
        "Prima scrittura",
    ):
        assert words in html, words


async def test_a_faulty_form_is_told_beside_its_fields(open_desk: PageDesk) -> None:
    """What was filled in stays; nothing is decided."""
    one = await held(open_desk.pool)
    async with open_desk.visitor() as visitor:
        answer = await settled(visitor, one, decision="landed", erp_id="12,5", note=" ")
        assert answer.status_code == 422
        for words in (
            'id="erp_id-fault">deve essere un ID di Archibald',
            'value="12,5"',
            'id="note-fault"',
            'value="landed" required checked',
        ):
            assert words in answer.text
        answer = await settled(visitor, one, decision="burn")
        assert 'id="decision-fault"' in answer.text
    assert await state(open_desk.pool) == "NEEDS_REVIEW"


async def test_a_decision_about_older_evidence_is_refused(open_desk: PageDesk) -> None:
    """Another attempt came meanwhile, or somebody was quicker, or the agent's turn is another's."""
    one = await held(open_desk.pool)
    async with open_desk.visitor() as visitor:
        stale = await settled(visitor, one, attempts="7")
        assert (stale.status_code, "un altro tentativo" in stale.text) == (409, True)
        await accepted(open_desk.pool, "p-2", state="RUNNING")
        busy = await settled(visitor, one, decision="look_again")
        assert (busy.status_code, "Un'altra operazione" in busy.text.replace("&#39;", "'")) == (
            409,
            True,
        )
        assert 'value="look_again" required checked' in busy.text
        assert (await settled(visitor, one, note="a\r\nb")).status_code == 200
    [kept] = await rows(open_desk.pool, "operation_resolutions")
    assert kept["note"] == "a\nb"


async def test_a_file_can_only_be_looked_at_or_taken_along(open_desk: PageDesk) -> None:
    one = await accepted(open_desk.pool)
    await attempted(open_desk.pool, one)
    folder = open_desk.files / str(one) / "1"
    folder.mkdir(parents=True)
    picture, trace = b"\x89PNG not quite", b"x" * 200_000
    (folder / "page.png").write_bytes(picture)
    (folder / "trace.zip").write_bytes(trace)
    (folder / "secret.txt").write_bytes(b"secret")
    files = f"/operations/{one}/files/1"
    async with open_desk.visitor() as visitor:
        html = (await visitor.get(f"/operations/{one}")).text
        assert f'<img src="{files}/page.png"' in html
        assert f'<a href="{files}/trace.zip" download>' in html
        for name, data, kind, shown in (
            ("page.png", picture, "image/png", "inline"),
            ("trace.zip", trace, "application/zip", "attachment"),
        ):
            answer = await visitor.get(f"{files}/{name}")
            assert (answer.content, answer.headers["content-type"]) == (data, kind)
            assert answer.headers["content-disposition"] == (f'{shown}; filename="{one}-1-{name}"')
            assert answer.headers["content-security-policy"] == "default-src 'none'; sandbox"
            assert answer.headers["x-content-type-options"] == "nosniff"
        for name in ("secret.txt", "..%2f1%2fpage.png", "%2e%2e/secret.txt"):
            answer = await visitor.get(f"{files}/{name}")
            assert answer.status_code == 404
            assert "secret" not in answer.text


async def test_a_page_that_is_looked_at_is_told_what_changes(open_desk: PageDesk) -> None:
    """Only what has changed is sent; the stream of an operation ends with it."""
    one = await accepted(open_desk.pool, state="VERIFYING")
    async with open_desk.visitor() as visitor:
        html = (await visitor.get(f"/operations/{one}")).text
        live = html.partition('data-live="')[2].partition('"')[0]
        assert '<meta http-equiv="refresh"' in html.partition("<noscript>")[2]
        async with visitor.client.stream("GET", live) as stream:
            lines = stream.aiter_lines()
            await change(open_desk.pool, one, state="NEEDS_REVIEW")
            told = [line async for line in lines]
        assert "event: now" in told
        assert any("Che cosa hai visto?" in line for line in told)
        assert [line for line in told if line.startswith("event")][-1] == "event: end"
        assert "data-live" not in (await visitor.get(f"/operations/{one}")).text
        overview = (await visitor.get("/")).text.partition('data-live="')[2].partition('"')[0]
        async with visitor.client.stream("GET", overview) as stream:
            lines = stream.aiter_lines()
            assert (await anext(lines)).startswith(":")  # as it was
            await change(open_desk.pool, one, state="FAILED")
            async for line in lines:
                if "Nulla aspetta una persona" in line:
                    break


async def test_streams_end_with_the_server(database: str, tmp_path: Path) -> None:
    """At once, and without telling the browser that all is over: it asks the next server."""
    async with httpx.AsyncClient(timeout=20) as client:
        async with page_desk(database, tmp_path) as desk:
            one = await accepted(desk.pool, state="VERIFYING")
            begun = [asyncio.Event(), asyncio.Event()]
            listening = [
                asyncio.create_task(_heard(client, f"{desk.url}{path}", event))
                for path, event in zip(("/live", f"/operations/{one}/live"), begun, strict=True)
            ]
            await asyncio.gather(*(event.wait() for event in begun))
        assert all("event: end" not in lines for lines in await asyncio.gather(*listening))


async def _heard(client: httpx.AsyncClient, url: str, begun: asyncio.Event) -> list[str]:
    async with client.stream("GET", url) as stream:
        begun.set()
        return [line async for line in stream.aiter_lines()]


async def test_a_database_that_is_away_is_told(open_desk: PageDesk) -> None:
    async with open_desk.visitor() as visitor:
        await open_desk.pool.close()
        answer = await visitor.get("/")
    assert (answer.status_code, "DB_DOWN" in answer.text) == (503, True)
