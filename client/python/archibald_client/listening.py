"""What a caller hears while it listens: which progress is news to it, and how its functions are called."""

import inspect
from collections.abc import Callable
from typing import Any

from google.protobuf.message import Message

from archibald.v1 import bot_pb2

TIMEOUT = 1800.0  # seconds; longer than any operation that need not wait for others of its agent

# What a listener returns is not used, but awaited if it can be.
OnAccepted = Callable[[bot_pb2.Accepted], object]
OnProgress = Callable[[bot_pb2.Progress], object]


def is_news(event: bot_pb2.Progress, latest: bot_pb2.Progress | None) -> bool:
    """Whether the event goes beyond what was heard before.

    A re-attached stream may begin again with what was heard, and a server that was restarted may
    count anew while it does again what had not been written.
    """
    if latest is None:
        return True
    return event.sequence > latest.sequence or event.percent > latest.percent


async def tell(listener: Callable[[Any], object] | None, event: Message) -> None:
    """Let a listener hear an event, and wait for it if it is async."""
    if listener is None:
        return
    answer = listener(event)
    if inspect.isawaitable(answer):
        await answer
