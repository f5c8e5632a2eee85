"""The ERP proxy: what is held, lost, withheld or hangs, and what the ERP has heard of it by then."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass

import httpx
import pytest

from tests.proxies.erp import ErpProxy, erp_proxy
from tests.proxies.http import Asked, read_message

FORM = {"__CALLBACKPARAM": "c0:save"}


@dataclass
class Rig:
    """A site that answers everything and remembers it, behind the proxy, and a client."""

    proxy: ErpProxy
    client: httpx.AsyncClient
    heard: list[str]

    def save(self) -> "asyncio.Task[httpx.Response]":
        """Post what the tests stop at."""
        return asyncio.create_task(self.client.post("Order", data=FORM))


@pytest.fixture
async def rig() -> AsyncIterator[Rig]:
    """All three, on loopback."""
    heard: list[str] = []

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while True:
                request = await read_message(reader)
                heard.append(request.first.rpartition(" ")[0])
                writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 4\r\nX-Odd:  kept \r\n\r\ndone")
        except asyncio.IncompleteReadError:
            writer.close()

    site = await asyncio.start_server(answer, "127.0.0.1", 0)
    port = site.sockets[0].getsockname()[1]
    async with (
        site,
        erp_proxy(f"http://127.0.0.1:{port}/Archibald") as proxy,
        httpx.AsyncClient(base_url=f"{proxy.base_url}/", headers={"cookie": "ASP.NET_SessionId=s1"}) as client,
    ):  # fmt: skip
        yield Rig(proxy, client, heard)


def is_save(asked: Asked) -> bool:
    return asked.field("__CALLBACKPARAM") == "c0:save"


async def test_it_passes_on_and_counts(rig: Rig) -> None:
    """Static files are passed on too, and neither counted nor stopped at."""
    rig.proxy.stop_before(lambda asked: asked.path.endswith("never"))
    await rig.client.get("DXR.axd")
    assert (await rig.client.get("List?page=2")).headers["x-odd"] == "kept"
    assert rig.heard == ["GET /Archibald/DXR.axd", "GET /Archibald/List?page=2"]
    [passed] = rig.proxy.requests
    assert (passed.asked.path, passed.asked.query, passed.asked.session) == (
        "/Archibald/List",
        "page=2",
        "s1",
    )


async def test_held_before_it_the_erp_hears_only_when_it_is_let_go(rig: Rig) -> None:
    """Also when whoever asked is gone by then: it was on its way."""
    rig.proxy.stop_before(is_save)
    asking = rig.save()
    await rig.proxy.reached.wait()
    await rig.client.get("List")
    assert rig.heard == ["GET /Archibald/List"]
    asking.cancel()
    await asyncio.wait({asking})
    rig.proxy.let_go()
    async with asyncio.timeout(5):
        while len(rig.heard) < 2:  # noqa: ASYNC110 - the site announces nothing
            await asyncio.sleep(0.01)


@pytest.mark.parametrize("after", [False, True])
async def test_dropped_its_connection_ends_without_a_byte(rig: Rig, *, after: bool) -> None:
    """Lost on its way, or done and its answer lost: the client cannot tell."""
    (rig.proxy.stop_after if after else rig.proxy.stop_before)(is_save)
    asking = rig.save()
    await rig.proxy.reached.wait()
    rig.proxy.drop()
    with pytest.raises(httpx.RemoteProtocolError):
        await asking
    assert rig.heard == ["POST /Archibald/Order"] * after
    await rig.save()


async def test_the_next_one_dropped_is_lost_alone(rig: Rig) -> None:
    """A drop that waits for its request takes one."""
    rig.proxy.drop_next(is_save)
    await rig.client.get("List")
    with pytest.raises(httpx.RemoteProtocolError):
        await rig.save()
    assert (await rig.save()).text == "done"
    assert rig.heard == ["GET /Archibald/List", "POST /Archibald/Order"]


async def test_it_hangs_until_somebody_gives_up(rig: Rig) -> None:
    """What is held never goes on, what comes is lost; mended, it answers again."""
    rig.proxy.stop_after(is_save)
    asking = rig.save()
    await rig.proxy.reached.wait()
    rig.proxy.hang()
    with pytest.raises(httpx.ReadTimeout):
        await rig.client.get("List", timeout=0.2)
    await rig.proxy.given_up.wait()
    rig.proxy.mend()
    with pytest.raises(httpx.HTTPError):
        await asking
    assert (await rig.client.get("List")).text == "done"
    assert rig.heard == ["POST /Archibald/Order", "GET /Archibald/List"]
