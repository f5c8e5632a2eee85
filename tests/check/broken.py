"""Some thirty ways to break a set-up, each with what the check must say of it."""

from collections.abc import Awaitable, Callable

import psycopg
from cryptography.fernet import Fernet

from server.credentials import Credentials
from server.embedded_cluster import locate
from tests.check.house import SECRET, House

Break = Callable[[House], Awaitable[None]]

broken: dict[str, tuple[Break, str, str, str]] = {}

# One of each part, for `make test`; `make matrix` breaks the others as well.
EVERY_DAY = {
    "misspelt_setting",
    "data_folder_is_a_file",
    "few_open_files",
    "wrong_password",
    "commits_not_waited_for",
    "may_not_migrate",
    "few_connections",
    "another_key",
    "no_browser_there",
    "erp_is_away",
}


def breaks(part: str, seen: str, remedy: str) -> Callable[[Break], Break]:
    """A set-up that is broken by the function; what the check must say of it, as patterns."""

    def keep(function: Break) -> Break:
        broken[function.__name__] = function, part, seen, remedy
        return function

    return keep


# -- settings and machine ----------------------------------------------------------------------------


@breaks("settings", "ARCHIBALD_POOLSIZE is not a setting", "correct it")
async def misspelt_setting(house: House) -> None:
    house.environ["ARCHIBALD_POOLSIZE"] = "3"


@breaks("settings", r"\d+ entries of requests.toml are not confirmed", "make record")
async def unconfirmed_rules(house: House) -> None:
    del house.environ["ARCHIBALD_ALLOW_UNCONFIRMED"]


@breaks("data folder", "data cannot be written: File exists", "ARCHIBALD_DATA_DIR")
async def data_folder_is_a_file(house: House) -> None:
    house.data.write_text("no folder")


def mounted(house: House, options: str) -> None:
    """Let the data folder be a file system of its own, seen by the command alone."""
    folder = house.data
    script = f'mkdir -p {folder} && mount -t tmpfs -o {options} none {folder} && exec "$@"'
    house.wrap = ["unshare", "--mount", "sh", "-c", script, "sh"]


@breaks("data folder", "data cannot be written: Read-only file system", "uid 0 may write")
async def data_folder_read_only(house: House) -> None:
    mounted(house, "ro")


@breaks("data folder", "data cannot be written: No space left on device", "a disk with room")
async def data_folder_full(house: House) -> None:
    mounted(house, "size=64k")


@breaks("data folder", "has 64.0 MB of room", "ARCHIBALD_ARTIFACTS_BYTES to less")
async def data_folder_small(house: House) -> None:
    mounted(house, "size=64000000")


@breaks("memory", "browsers may take 9000.0 GB", "ARCHIBALD_BROWSER_MEMORY to less")
async def more_memory_than_there_is(house: House) -> None:
    house.environ["ARCHIBALD_BROWSER_MEMORY"] = str(9 * 10**12)


@breaks("open files", "200 allowed, at most 200; 70 contexts need 816", "ulimit -n 816")
async def few_open_files(house: House) -> None:
    house.wrap = ["prlimit", "--nofile=200:200"]


# -- database ----------------------------------------------------------------------------------------


@breaks(
    "database", 'password authentication failed for user "bob"', "correct the user or the password"
)
async def wrong_password(house: House) -> None:
    await house.sql("DROP ROLE IF EXISTS bob", "CREATE ROLE bob LOGIN PASSWORD 'right'")
    rules = locate(house.cluster).data / "pg_hba.conf"
    rules.write_text(f"local all bob scram-sha-256\n{rules.read_text()}")
    await house.sql("SELECT pg_reload_conf()")
    house.connect_as(user="bob", password=SECRET)


@breaks("database", "Connection refused", "start Postgres, or correct host and port")
async def no_postgres_there(house: House) -> None:
    house.environ["ARCHIBALD_DATABASE_URL"] = f"postgresql://bot:{SECRET}@127.0.0.1:1/bot"


@breaks("database", "is no connection string", "postgresql://user@host/name")
async def malformed_url(house: House) -> None:
    house.environ["ARCHIBALD_DATABASE_URL"] = f"{SECRET} postgresql"


@breaks("database", 'database "nowhere" does not exist', "CREATE DATABASE")
async def missing_database(house: House) -> None:
    house.connect_as(dbname="nowhere")


@breaks("database", "opens transactions that cannot write", "default_transaction_read_only off")
async def read_only_database(house: House) -> None:
    name = psycopg.conninfo.conninfo_to_dict(house.database)["dbname"]
    await house.sql(f"ALTER DATABASE {name} SET default_transaction_read_only = on")


@breaks("durability", "synchronous_commit off: a crash could forget", "synchronous_commit = on")
async def commits_not_waited_for(house: House) -> None:
    name = psycopg.conninfo.conninfo_to_dict(house.database)["dbname"]
    await house.sql(f"ALTER DATABASE {name} SET synchronous_commit = off")


@breaks("migrations", "999-foreign.sql applied, which this code does not know", "deploy the code")
async def migrated_by_newer_code(house: House) -> None:
    await house.sql(
        "INSERT INTO agents.schema_migrations (name, sha256) VALUES ('999-foreign.sql', '')"
    )


@breaks("migrations", "007-operations.sql was edited after it was applied", "unchanged")
async def edited_migration(house: House) -> None:
    await house.sql("UPDATE agents.schema_migrations SET sha256 = 'x' WHERE name LIKE '007%'")


@breaks(
    "migrations",
    r"\d+ to be applied .*, and newcomer may not make a schema",
    "GRANT CREATE ON DATABASE",
)
async def may_not_migrate(house: House) -> None:
    await house.sql(
        "DROP SCHEMA agents CASCADE", "DROP ROLE IF EXISTS newcomer", "CREATE ROLE newcomer LOGIN"
    )
    house.connect_as(user="newcomer")


@breaks("migrations", "stranger may not read the schema agents", "GRANT it the schema")
async def may_not_read(house: House) -> None:
    await house.sql("DROP ROLE IF EXISTS stranger", "CREATE ROLE stranger LOGIN")
    house.connect_as(user="stranger")


@breaks("connections", "3 allowed, one server uses up to 12", "CONNECTION LIMIT")
async def few_connections(house: House) -> None:
    await house.sql(
        "DROP ROLE IF EXISTS narrow", "CREATE ROLE narrow LOGIN SUPERUSER CONNECTION LIMIT 3"
    )
    house.connect_as(user="narrow")


# -- keys --------------------------------------------------------------------------------------------


async def store_login(house: House, key: bytes) -> None:
    async with await psycopg.AsyncConnection.connect(house.database) as conn:
        await Credentials(key).put(conn, "A001", "ikiA0001", SECRET)


@breaks("keys", "does not open 1 login of 1: A001", "restore the key that stored them")
async def another_key(house: House) -> None:
    await store_login(house, Fernet.generate_key())


@breaks("keys", "there is no .*secret.key, and 1 login", "restore the key")
async def lost_key(house: House) -> None:
    await store_login(house, house.key_file.read_bytes())
    del house.environ["ARCHIBALD_SECRET_KEY_FILE"]


@breaks("keys", "others may read the secret key in", "mode 0600")
async def exposed_key(house: House) -> None:
    house.key_file.chmod(0o644)


@breaks("keys", "the secret key is malformed", "SECRET_KEY_FILE")
async def malformed_key(house: House) -> None:
    house.key_file.write_text(SECRET)


# -- browser and ERP ---------------------------------------------------------------------------------


@breaks(
    "browser",
    "ARCHIBALD_CHROMIUM names /nowhere/chromium, which cannot be run",
    "ARCHIBALD_CHROMIUM",
)
async def no_browser_there(house: House) -> None:
    house.environ["ARCHIBALD_CHROMIUM"] = "/nowhere/chromium"


@breaks("browser", "it does not start", "make setup")
async def no_browser_at_all(house: House) -> None:
    house.environ["ARCHIBALD_CHROMIUM"] = "/bin/false"


@breaks("erp", "127.0.0.1:1 is not reached", "see that the ERP runs")
async def erp_is_away(house: House) -> None:
    house.environ["ARCHIBALD_ERP_URL"] = "http://127.0.0.1:1/Archibald"


@breaks("erp", "does not speak TLS", "http or https")
async def erp_without_tls(house: House) -> None:
    house.environ["ARCHIBALD_ERP_URL"] = house.environ["ARCHIBALD_ERP_URL"].replace(
        "http:", "https:"
    )
