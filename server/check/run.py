"""Runs all looks of the check, one after the other, and prints what they came to."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack

import psycopg

from server.check.database import Connection, connected, database, unreachable
from server.check.finding import Finding, as_json, fault, fine, skipped
from server.check.keys import keys
from server.check.machine import data_folder, machine
from server.check.site import site
from server.config import PREFIX, Config, ConfigError
from server.embedded_postgres import EmbeddedPostgresError
from server.erp.rules import Rules


def report(*, json: bool) -> int:
    """Check the settings of the environment and print the findings; 0 if all is well, else 1."""
    findings = asyncio.run(_collected(show=not json))
    if json:
        print(as_json(findings))  # noqa: T201  # what was asked for
    return int(any(one.verdict != "ok" for one in findings))


async def _collected(*, show: bool) -> list[Finding]:
    findings = []
    async for finding in _of_environment():
        findings.append(finding)
        if show:
            print(finding, flush=True)  # noqa: T201  # as they come: some looks take their time
    return findings


async def _of_environment() -> AsyncIterator[Finding]:
    try:
        config = Config.from_env()
    except ConfigError as error:
        yield fault("settings", str(error), "correct it; server/config.py lists every setting")
        return
    async for finding in check(config):
        yield finding


async def check(config: Config) -> AsyncIterator[Finding]:
    """Everything that the server needs, each with its remedy if it is not there."""
    yield _settings(config)
    for finding in machine(config):
        yield finding
    async for finding in _stored(config):
        yield finding
    if data_folder(config).verdict == "ok":
        async for finding in site(config):
            yield finding
    else:
        for part in ("browser", "erp", "login page"):
            yield skipped(part, "a browser needs the data folder")


def _settings(config: Config) -> Finding:
    unconfirmed = len(Rules.load().unconfirmed)
    if not unconfirmed:
        return fine("settings", "complete, and requests.toml is confirmed by a recording")
    seen = (
        f"{unconfirmed} entries of requests.toml are not confirmed by a recording of the real site"
    )
    if config.allow_unconfirmed:
        return fine("settings", f"complete; {seen}, which {PREFIX}ALLOW_UNCONFIRMED allows")
    return fault(
        "settings",
        seen,
        f"record the site (make record), or set {PREFIX}ALLOW_UNCONFIRMED=true only if you know why",
    )


async def _stored(config: Config) -> AsyncIterator[Finding]:
    """What concerns the database; without one still the key."""
    conn: Connection | None = None
    async with AsyncExitStack() as stack:
        try:
            conn = await stack.enter_async_context(connected(config))
        except psycopg.Error as error:
            yield unreachable(error)
        except EmbeddedPostgresError as error:
            yield fault(
                "database", str(error), f"or set {PREFIX}DATABASE_URL to a Postgres of your own"
            )
        except OSError as error:
            yield fault(
                "database",
                f"the embedded Postgres cannot run: {error.strerror}",
                f"mend the data folder, or set {PREFIX}DATABASE_URL to a Postgres of your own",
            )
        if conn is not None:
            async for finding in database(conn, config):
                yield finding
        else:
            for part in ("durability", "migrations", "connections"):
                yield skipped(part, "the database is not reached")
        try:
            yield await keys(conn, config)
        except psycopg.errors.InsufficientPrivilege:
            yield skipped("keys", "the logins may not be read, as the migrations say")
