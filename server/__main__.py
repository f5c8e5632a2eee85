"""`python -m server`: serves until SIGTERM or Ctrl-C; `credentials put` stores an agent's ERP login.

`--check` looks at everything that the server needs, and says what to do about what it misses.
`token` makes a token for a caller.
"""

import argparse
import asyncio
import getpass
import os
import signal
import sys

from server import logs, tracing
from server.app import running, stored_credentials
from server.callers import hashed, new_token
from server.check.run import report
from server.config import Config, ConfigError
from server.rotation import rotate


def main() -> int:
    """Run what the arguments say; 2 for a wrong configuration."""
    parser = argparse.ArgumentParser(prog="python -m server", description=__doc__)
    parser.add_argument(
        "--check", action="store_true", help="look at all that the server needs; 0 or 1"
    )
    parser.add_argument("--json", action="store_true", help="of the check: for a program")
    parser.add_argument(
        "--insecure",
        action="store_true",
        help="serve whoever can connect, without TLS and callers, also beyond loopback",
    )
    commands = parser.add_subparsers(dest="command")
    commands.add_parser("serve", help="serve (the default)")
    commands.add_parser("token", help="make a token for the file of callers, and show its hash")
    credentials = commands.add_parser("credentials", help="an agent's ERP login").add_subparsers(
        required=True
    )
    put = credentials.add_parser(
        "put", help="store a login; the password is read from standard input"
    )
    put.add_argument("user_id", help="the agent, as in our tables: A001")
    put.add_argument("username", help="the agent's name in the ERP: ikiA0001")
    credentials.add_parser(
        "rotate", help="encrypt all logins and sessions with the first of several keys"
    ).set_defaults(rotate=True)
    arguments = parser.parse_args()
    if arguments.command == "token":
        return _token()
    logs.configure()
    if arguments.check:
        return report(json=arguments.json)
    try:
        insecure = {"ARCHIBALD_INSECURE": "true"} if arguments.insecure else {}
        config = Config.from_env(os.environ | insecure)
        if arguments.command == "credentials" and "rotate" in arguments:
            return asyncio.run(_rotate(config))
        if arguments.command == "credentials":
            asyncio.run(_put(config, arguments.user_id, arguments.username))
        else:
            asyncio.run(_serve(config))
    except ConfigError as error:
        print(f"archibald-bot: {error}", file=sys.stderr)  # noqa: T201  # the message is for a person
        return 2
    return 0


def _token() -> int:
    token = new_token()
    print(f"for the caller:       {token}")  # noqa: T201  # a person asked for it
    print(f'for the callers file: tokens = ["{hashed(token)}"]')  # noqa: T201
    return 0


async def _serve(config: Config) -> None:
    stopped = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stopped.set)
    async with tracing.exported(), running(config):
        await stopped.wait()


async def _put(config: Config, user_id: str, username: str) -> None:
    password = getpass.getpass() if sys.stdin.isatty() else sys.stdin.readline().rstrip("\n")
    if not password:
        raise ConfigError("no password on standard input")
    async with stored_credentials(config) as (credentials, conn):
        await credentials.put(conn, user_id, username, password)


async def _rotate(config: Config) -> int:
    async with stored_credentials(config) as (credentials, conn):
        rotation = await rotate(credentials, conn)
    print(rotation)  # noqa: T201  # the message is for a person
    return 1 if rotation.unreadable else 0


if __name__ == "__main__":
    sys.exit(main())
