"""Connections that end without an answer, seen from a plain socket."""

import asyncio
import re
from typing import Self
from urllib.parse import urlencode, urlsplit

import pytest

from tests.erp_simulator.running import Simulator
from tests.simulator.site import login_form


class Wire:
    """One keep-alive connection."""

    def __init__(self, base_url: str) -> None:
        self.address = urlsplit(base_url)
        self.cookie = ""

    async def __aenter__(self) -> Self:
        assert self.address.hostname is not None
        self.reader, self.writer = await asyncio.open_connection(
            self.address.hostname, self.address.port
        )
        return self

    async def __aexit__(self, *_: object) -> None:
        self.writer.close()

    async def ask(self, method: str, path: str, body: str = "") -> tuple[int, str]:
        """Send a request; returns status and body, or (0, "") for a connection that just ends."""
        lines = [
            f"{method} {path} HTTP/1.1", f"Host: {self.address.netloc}", f"Cookie: {self.cookie}",
            f"Content-Length: {len(body)}", "Accept-Language: it-IT",
            "Content-Type: application/x-www-form-urlencoded",
        ]  # fmt: skip
        self.writer.write(("\r\n".join(lines) + "\r\n\r\n" + body).encode())
        head = b""
        while not head.endswith(b"\r\n\r\n"):
            byte = await self.reader.read(1)
            if not byte:
                assert not head, "the answer broke off after it had begun"
                return 0, ""
            head += byte
        text = head.decode()
        for cookie in re.findall(r"(?i)set-cookie: (ASP\.NET_SessionId=\w+|Login=\w+)", text):
            name = cookie.split("=")[0]
            kept = [c for c in self.cookie.split("; ") if c and not c.startswith(f"{name}=")]
            self.cookie = "; ".join([*kept, cookie])
        length = int(re.search(r"(?i)content-length: (\d+)", text)[1])  # type: ignore[index]
        content = await self.reader.readexactly(length)
        return int(text.split()[1]), content.decode()

    async def log_in(self, user: str = "ikiA0001") -> tuple[int, str]:
        """Log in by a hand-made body."""
        path = "/Archibald/Login.aspx?ReturnUrl=%2fArchibald%2fDefault.aspx"
        _, page = await self.ask("GET", path)
        return await self.ask("POST", path, urlencode(login_form(page, user)))

    async def is_logged_in(self) -> bool:
        """Whether the site knows the session now."""
        status, _ = await self.ask("GET", "/Archibald/SALESTABLE_ListView_Agent/")
        return status == 200


async def test_login_over_the_wire(sim: Simulator) -> None:
    """A body as the scripts write it is answered by a redirect payload with HTTP 200."""
    async with Wire(sim.base_url) as wire:
        status, text = await wire.log_in()
        assert (status, text) == (200, "0|/*DX*/({'id':0,'redirect':'/Archibald/Default.aspx'})")
        assert await wire.is_logged_in()


async def test_f1_resets_after_processing(sim: Simulator) -> None:
    """F1: the peer sees a reset, and what was asked has been done."""
    await sim.fault("F1", on="login", once=True)
    async with Wire(sim.base_url) as wire:
        with pytest.raises(ConnectionResetError):
            await wire.log_in()
    entry = (await sim.requests("login"))[0]
    assert (entry["closed_without_answer"], entry["status"]) == (True, 0)


async def test_f19_closes_a_reused_connection_without_a_byte(sim: Simulator) -> None:
    """F19: done, then an orderly end with no byte of an answer, on a connection used before."""
    await sim.fault("F19", on="login", once=True)
    async with Wire(sim.base_url) as wire:
        assert await wire.log_in() == (0, "")
        cookie = wire.cookie
    entry = (await sim.requests("login"))[0]
    assert entry["closed_without_answer"]
    assert entry["on_connection"] == 2
    # The ticket was in the answer that never came: only a new login proves nothing broke.
    async with Wire(sim.base_url) as wire:
        wire.cookie = cookie
        assert (await wire.log_in())[0] == 200
        assert await wire.is_logged_in()


async def test_f19_spares_a_fresh_connection(sim: Simulator) -> None:
    """F19 waits for a re-used connection: on a fresh one no browser would send again."""
    await sim.fault("F19", on="page", once=True)
    async with Wire(sim.base_url) as wire:
        assert (await wire.ask("GET", "/Archibald/Login.aspx"))[0] == 200
        assert (await wire.ask("GET", "/Archibald/Login.aspx")) == (0, "")


@pytest.mark.parametrize(
    ("fault", "options", "status", "begins"),
    [
        ("F3", {}, 200, "0|/*DX*/({'id':0,'result':'','cp'"),
        ("F5", {}, 200, "0|/*DX*/({'id':0,'redirect':'/Archibald/Login.aspx"),
        ("F13", {}, 503, ""),
        ("F13", {"status": 500}, 200, "0|/*DX*/({'id':0,'generalError'"),
        ("redirect", {"status": 307, "location": "/elsewhere"}, 307, ""),
        ("e_answer", {}, 200, "e"),
        ("html", {}, 200, "<!DOCTYPE html>"),
    ],
)
async def test_refusing_faults_process_nothing(
    sim: Simulator, fault: str, options: dict[str, object], status: int, begins: str
) -> None:
    """F3, F5, F13, redirect and the strange answers: answered so, and nothing done."""
    await sim.fault(fault, on="login", once=True, **options)
    async with Wire(sim.base_url) as wire:
        seen, text = await wire.log_in()
        assert seen == status
        assert text.lstrip().startswith(begins)
        assert not await wire.is_logged_in()


async def test_a_truncated_answer_was_processed(sim: Simulator) -> None:
    """`truncated`: half of the text, but the whole effect."""
    await sim.fault("truncated", on="login", once=True)
    async with Wire(sim.base_url) as wire:
        status, text = await wire.log_in()
        assert (status, text.endswith("})")) == (200, False)
        assert await wire.is_logged_in()


async def test_f2_answers_late(sim: Simulator) -> None:
    """F2: done at once, told only after `seconds`."""
    await sim.fault("F2", on="login", once=True, seconds=0.3)
    loop = asyncio.get_running_loop()
    async with Wire(sim.base_url) as wire:
        began = loop.time()
        assert (await wire.log_in())[0] == 200
        assert loop.time() - began >= 0.3


async def test_nth_and_probability(sim: Simulator) -> None:
    """A fault can wait for the nth request, or hit by chance."""
    await sim.fault("F13", on="page", nth=2)
    await sim.fault("F13", on="login", probability=0.0)
    async with Wire(sim.base_url) as wire:
        seen = [(await wire.ask("GET", "/Archibald/Login.aspx"))[0] for _ in range(3)]
        assert seen == [200, 503, 200]
        assert (await wire.log_in())[0] == 200


async def test_scale(sim: Simulator) -> None:
    """Switch `scale`: one factor on every latency; 0 = none."""
    async with Wire(sim.base_url) as wire:
        await wire.log_in()
        for scale in (0.4, 0):
            await sim.config(scale=scale)
            await sim.clear_requests()
            await wire.is_logged_in()
            took = (await sim.requests("page"))[0]["duration_ms"]
            assert (took >= 1000) is (scale > 0)


async def test_requests_of_a_session_wait_for_each_other(sim: Simulator) -> None:
    """A session's requests run one by one; another session does not wait."""
    await sim.config(scale=0.1)
    async with (
        Wire(sim.base_url) as first,
        Wire(sim.base_url) as second,
        Wire(sim.base_url) as other,
    ):
        await first.log_in()
        second.cookie = first.cookie
        await other.log_in("ikiA0002")
        await sim.clear_requests()
        path = "/Archibald/SALESTABLE_ListView_Agent/"
        await asyncio.gather(*(wire.ask("GET", path) for wire in (first, second, other)))
    entries = await sim.requests("page")
    times = sorted(e["duration_ms"] for e in entries if e["user"] == "ikiA0001")
    alone = next(e["duration_ms"] for e in entries if e["user"] == "ikiA0002")
    assert times[1] >= 2 * 250
    assert alone < times[1]


async def test_a_malformed_callback_leads_to_the_error_page(sim: Simulator) -> None:
    """What no script of the site sends is answered by a redirect payload to Error.aspx."""
    async with Wire(sim.base_url) as wire:
        await wire.log_in()
        body = urlencode({"__CALLBACKID": "globalCallbackControl", "__CALLBACKPARAM": "c0:x"})
        status, text = await wire.ask("POST", "/Archibald/SALESTABLE_ListView_Agent/", body)
        assert status == 200
        assert re.fullmatch(
            r"0\|/\*DX\*/\(\{'id':0,'redirect':'/Archibald/Error\.aspx\?e=[0-9a-f-]{36}'\}\)", text
        )
