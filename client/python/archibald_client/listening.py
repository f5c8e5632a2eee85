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


def news(event: bot_pb2.Progress, latest: bot_pb2.Progress | None) -> bot_pb2.Progress | None:
    """What a caller is told of an event; None when it has heard that much before.

    A re-attached stream may begin again with what was heard. A server that took the operation over goes on
    from what had been stored, which is a little less than what was told: its percentages are lower for
    a while, and are told as the highest heard.
    """
    if latest is None:
        return event
    if event.sequence <= latest.sequence and event.percent <= latest.percent:
        return None
    told = bot_pb2.Progress()
    told.CopyFrom(event)
    told.percent = max(event.percent, latest.percent)
    return told


async def tell(listener: Callable[[Any], object] | None, event: Message) -> None:
    """Let a listener hear an event, and wait for it if it is async."""
    if listener is None:
        return
    answer = listener(event)
    if inspect.isawaitable(answer):
        await answer
