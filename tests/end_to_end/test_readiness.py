"""A server tells by grpc health how its database, its ERP and its browsers are."""

import asyncio
import os
import signal
from typing import Any

import grpc
from grpc_health.v1 import health_pb2, health_pb2_grpc

from server.config import Config
from tests.conditions import until
from tests.end_to_end.parts import Bot
from tests.soak.chaos import processes_of

SERVING = health_pb2.HealthCheckResponse.SERVING


async def test_each_part_is_a_service_of_the_health_check(bot: Bot, config: Config) -> None:
    """All are well; a browser that dies is launched again before anybody needs it."""
    async with grpc.aio.insecure_channel(bot.address) as channel:
        stub: Any = health_pb2_grpc.HealthStub(channel)
        for name in ("", "archibald.v1.BotService", "database", "erp", "pool"):
            answer = await stub.Check(health_pb2.HealthCheckRequest(service=name))
            assert answer.status == SERVING, name

        def browsers() -> set[int]:
            found = processes_of(config.data_dir)
            return {
                pid for pid, command in found if "chromium" in command and "--type=" not in command
            }

        [browser, *_] = before = browsers()
        os.kill(browser, signal.SIGKILL)
        await until(lambda: bool(browsers() - before), "another browser")
        async with asyncio.timeout(10):
            async for answer in stub.Watch(health_pb2.HealthCheckRequest(service="pool")):
                if answer.status == SERVING:
                    break
