"""A simulator in a process of its own, for tests."""

import asyncio
import ctypes
import json
import os
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import httpx

PR_SET_PDEATHSIG = 1
ROOT = Path(__file__).parents[2]


class Simulator:
    """A running simulator: where the site is, and its test API."""

    def __init__(self, base_url: str, api: httpx.AsyncClient) -> None:
        self.base_url = base_url
        self.api = api

    async def _json(self, method: str, path: str, body: Any = None) -> Any:
        response = await self.api.request(method, path, json=body)
        if response.is_error:
            raise ValueError(response.text)
        return response.json()

    async def reset(self, **switches: Any) -> None:
        """Begin again with the seed data."""
        await self._json("POST", "reset", switches)

    async def config(self, **switches: Any) -> dict[str, Any]:
        """Set switches, and say how all of them stand."""
        answer: dict[str, Any] = await self._json("POST", "config", switches)
        return answer

    async def fault(self, fault: str, on: str = "*", **options: Any) -> None:
        """Order a fault."""
        await self._json("POST", "faults", {"fault": fault, "on": on, **options})

    async def clear_faults(self) -> None:
        """Take all faults back."""
        await self._json("DELETE", "faults")

    async def human(self, user: str, do: str, **values: Any) -> None:
        """Let another client of the user do something now; ValueError when it is refused."""
        await self._json("POST", "human", {"user": user, "do": do, **values})

    async def verona(self, order: str | int, do: str = "approve") -> None:
        """Let the head office approve, refuse (`error`) or invoice a sent order."""
        await self._json("POST", "verona", {"order": order, "do": do})

    async def restart(self, seconds: float = 0) -> None:
        """Lose all sessions, and be away for so many seconds."""
        await self._json("POST", "restart", {"seconds": seconds})

    async def effects(self, kind: str | None = None) -> list[dict[str, Any]]:
        """The ledger, or only the effects of a kind."""
        return [e for e in await self._json("GET", "effects") if kind in {None, e["kind"]}]

    async def requests(self, kind: str = "") -> list[dict[str, Any]]:
        """The access log, or only the requests whose class begins so."""
        return [e for e in await self._json("GET", "requests") if e["class"].startswith(kind)]

    async def clear_requests(self) -> None:
        """Forget the requests so far."""
        await self._json("POST", "requests/clear")

    async def orders(self, user: str | None = None) -> list[dict[str, Any]]:
        """What is durably stored."""
        return [o for o in await self._json("GET", "orders") if user in {None, o["createdby"]}]

    async def order(self, number: str | int) -> dict[str, Any]:
        """One stored order; ValueError when there is none."""
        answer: dict[str, Any] = await self._json("GET", f"orders/{number}")
        return answer

    async def customers(self) -> list[dict[str, Any]]:
        """All customers."""
        answer: list[dict[str, Any]] = await self._json("GET", "customers")
        return answer

    async def customer(self, number: str | int) -> dict[str, Any]:
        """One customer; ValueError when there is none."""
        answer: dict[str, Any] = await self._json("GET", f"customers/{number}")
        return answer

    async def articles(self) -> list[dict[str, Any]]:
        """All variants of all articles."""
        answer: list[dict[str, Any]] = await self._json("GET", "articles")
        return answer

    async def agents(self) -> list[dict[str, str]]:
        """The logins."""
        answer: list[dict[str, str]] = await self._json("GET", "agents")
        return answer


def _die_with_parent() -> None:
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)


@asynccontextmanager
async def simulator(scale: float = 0.02, **switches: Any) -> AsyncIterator[Simulator]:
    """Run a simulator on a free port until the block ends, or this process dies."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tests.erp_simulator", "--port", "0", "--scale", str(scale),
        "--switches", json.dumps(switches), cwd=ROOT, stdout=asyncio.subprocess.PIPE,
        env=os.environ | {"PYTHONPATH": str(ROOT)}, preexec_fn=_die_with_parent,
    )  # fmt: skip
    assert process.stdout is not None
    try:
        base_url = (await process.stdout.readline()).decode().strip()
        if not base_url:
            raise RuntimeError("the simulator did not start")
        api = httpx.AsyncClient(base_url=base_url.removesuffix("Archibald") + "sim/", timeout=30)
        async with api:
            yield Simulator(base_url, api)
    finally:
        process.kill()
        await process.wait()
