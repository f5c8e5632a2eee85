"""A Node process that uses the package as a backend does, steered and heard by a test."""

import asyncio
import itertools
import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from google.protobuf.json_format import MessageToDict
from google.protobuf.message import Message

ROOT = Path(__file__).parents[2]
CALLER = Path(__file__).parent / "caller.mjs"
LIMIT = 2**24  # bytes of a line: artifacts travel in one


class NodeError(Exception):
    """What the client threw, as the backend saw it."""

    def __init__(self, facts: dict[str, Any]) -> None:
        super().__init__(f"{facts['class']}: {facts['message']}")
        self.facts = facts

    def __getattr__(self, name: str) -> Any:
        return self.facts[name]


class NodeCall:
    """One call: what was heard so far, and how it ends."""

    def __init__(self) -> None:
        self.heard: list[tuple[str, Any]] = []
        self._changed = asyncio.Condition()

    async def tell(self, event: str, value: Any) -> None:
        async with self._changed:
            self.heard.append((event, value))
            self._changed.notify_all()

    def told(self, event: str) -> list[Any]:
        """The values of all events of a kind, so far."""
        return [value for name, value in self.heard if name == event]

    async def until(self, reached: Callable[["NodeCall"], bool]) -> None:
        """Wait until what was heard is enough; a call that ends before that is an error."""
        async with self._changed:
            await self._changed.wait_for(lambda: reached(self) or self.ended)
        if not reached(self):
            raise AssertionError(f"the call has ended: {self.heard[-1]}")

    async def step(self, name: str) -> None:
        """Wait until a step of the operation is told."""
        await self.until(lambda call: any(each["step"] == name for each in call.told("progress")))

    @property
    def ended(self) -> bool:
        """Whether its promise has come to something."""
        return bool(self.heard) and self.heard[-1][0] in {"result", "error"}

    async def result(self) -> Any:
        """What the call's promise has come to; `NodeError` when it was rejected."""
        async with self._changed:
            await self._changed.wait_for(lambda: self.ended)
        event, value = self.heard[-1]
        if event == "error":
            raise NodeError(value)
        return value

    async def error(self) -> NodeError:
        """What the call was rejected with."""
        try:
            result = await self.result()
        except NodeError as error:
            return error
        raise AssertionError(f"no error but {result}")


class Backend:
    """The process: `call` begins something, `ask` waits for its end."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self._process = process
        self._ids = itertools.count(1)
        self._calls: dict[int, NodeCall] = {}
        self._numbers: dict[NodeCall, int] = {}

    def call(self, do: str, **order: Any) -> NodeCall:
        """Begin a call; a message among the values is told as Node has it."""
        number, call = next(self._ids), NodeCall()
        self._calls[number], self._numbers[call] = call, number
        line = {"id": number, "do": do, **{name: as_node(value) for name, value in order.items()}}
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps(line).encode() + b"\n")
        return call

    async def ask(self, do: str, **order: Any) -> Any:
        """A call's result."""
        return await self.call(do, **order).result()

    async def abort(self, call: NodeCall) -> None:
        """Let the signal of a call that is `abortable` fall."""
        await self.ask("abort", of=self._numbers[call])

    async def listen(self) -> None:
        """Hear what the process tells, to its end."""
        assert self._process.stdout is not None
        async for line in self._process.stdout:
            told = json.loads(line)
            await self._calls[told["id"]].tell(told["event"], told["value"])
        for call in self._calls.values():
            if not call.ended:
                await call.tell("error", {"class": "the process", "message": "has ended"})


def as_node(value: Any) -> Any:
    """A message as an object with the contract's names."""
    if isinstance(value, Message):
        return MessageToDict(value, preserving_proto_field_name=True)
    return value


@asynccontextmanager
async def backend(server: str, **options: Any) -> AsyncIterator[Backend]:
    """A backend with one client of ``server``; whatever it complains of fails the test."""
    process = await asyncio.create_subprocess_exec(
        *("node", "--throw-deprecation", CALLER, server, json.dumps(options)),
        cwd=ROOT,
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
        limit=LIMIT,
    )
    assert process.stderr is not None
    complaints = asyncio.create_task(process.stderr.read())
    backend = Backend(process)
    ears = asyncio.create_task(backend.listen())
    try:
        yield backend
    finally:
        process.kill()
        await process.wait()
        await ears
        complained = (await complaints).decode()
    assert complained == ""


async def evaluated(script: str) -> Any:
    """What a module prints as JSON that runs in the checkout."""
    process = await asyncio.create_subprocess_exec(
        *("node", "--input-type=module", "-e", script), cwd=ROOT, stdout=asyncio.subprocess.PIPE
    )
    out, _ = await process.communicate()
    assert process.returncode == 0
    return json.loads(out)
