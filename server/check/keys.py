"""Checks the key of the stored ERP logins: it is there, nobody else may read it, and it opens every one of them."""

from server.check.database import Connection
from server.check.finding import Finding, fault, fine
from server.config import PREFIX, Config
from server.credentials import KEY_FILE, Credentials, SecretKeyError, load_or_create_key

RESTORE = (
    f"restore the key that stored them ({PREFIX}SECRET_KEY, {PREFIX}SECRET_KEY_FILE or {KEY_FILE} in the data "
    "folder) from its backup, or store each login again: python -m server credentials put AGENT LOGIN"
)


async def keys(conn: Connection | None, config: Config) -> Finding:
    """The key against the logins in the database; without a connection the key alone."""
    part = "keys"
    agents = [] if conn is None else await _agents(conn)
    own = config.data_dir / KEY_FILE
    if not (config.secret_key or config.secret_key_file or own.exists()):
        # The server makes one, and a check makes nothing.
        if not agents:
            return fine(part, f"none yet, and no login is stored; {own} is made at the first start")
        return fault(part, f"there is no {own}, and {_logins(len(agents))} are stored", RESTORE)
    try:
        credentials = Credentials(
            load_or_create_key(config.secret_key, config.secret_key_file, config.data_dir)
        )
    except (SecretKeyError, OSError) as error:
        return fault(
            part, str(error), f"give {PREFIX}SECRET_KEY_FILE a key of mode 0600 that you back up"
        )
    if conn is None:
        return fine(part, "the key is there; whether it opens the logins was not looked at")
    closed = []
    for agent in agents:
        try:
            await credentials.get(conn, agent)
            await credentials.kept_session(conn, agent)
        except SecretKeyError:
            closed.append(agent)
    if closed:
        seen = f"the key does not open {_logins(len(closed))} of {len(agents)}: {', '.join(closed[:5])}"
        return fault(part, f"{seen}{', …' if len(closed) > 5 else ''}", RESTORE)
    return fine(part, f"the key opens {_logins(len(agents))}")


async def _agents(conn: Connection) -> list[str]:
    cursor = await conn.execute("SELECT to_regclass('agents.erp_credentials') IS NOT NULL")
    if await cursor.fetchone() != (True,):
        return []
    cursor = await conn.execute("SELECT user_id FROM agents.erp_credentials ORDER BY user_id")
    return [str(user_id) for (user_id,) in await cursor.fetchall()]


def _logins(number: int) -> str:
    return "1 login" if number == 1 else f"{number} logins"
