"""Must show 5 of issue 8: a sound set-up passes, and each broken one is named with its remedy."""

import os
import re
import shutil
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import psycopg
import pytest
from cryptography.fernet import Fernet

from server.credentials import Credentials
from server.embedded_cluster import locate
from tests.check.house import SECRET, House, parts
from tests.check.other_sites import certified_by_nobody, foreign_site
from tests.databases import temporary_folder

Break = Callable[[House], Awaitable[None]]

broken: dict[str, tuple[Break, str, str, str]] = {}


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


async def test_a_sound_set_up_passes(house: House) -> None:
    """Every part is looked at and well, also the login that its key opens; the lines are for a person."""
    await store_login(house, house.key_file.read_bytes())
    code, out, _ = await house.checked()
    assert code == 0, out
    lines = [line.split(maxsplit=1) for line in out.splitlines()]
    assert {verdict for verdict, _ in lines} == {"ok"}
    assert len(lines) == 12
    assert "the key opens 1 login" in out
    assert not (house.data / "secret.key").exists()


@pytest.mark.parametrize("name", broken)
async def test_a_broken_set_up_is_named_with_its_remedy(house: House, name: str) -> None:
    """That part alone is at fault."""
    breaking, part, seen, remedy = broken[name]
    await breaking(house)
    if house.wrap[:1] == ["unshare"] and (os.geteuid() != 0 or shutil.which("unshare") is None):
        pytest.skip("only root can mount a folder")
    [fault] = await house.faults()
    assert fault["part"] == part
    assert re.search(seen, fault["seen"]), fault
    assert re.search(remedy, fault["remedy"]), fault


async def test_a_postgres_without_fsync_is_refused(house: House, database: str) -> None:
    """Design §4.2. The tests' own Postgres is such a one."""
    house.environ["ARCHIBALD_DATABASE_URL"] = database
    [fault] = await house.faults()
    assert fault["part"] == "durability"
    assert "fsync off" in fault["seen"]
    assert "fsync = on and full_page_writes = on" in fault["remedy"]


async def test_another_site_is_not_the_erp(house: House) -> None:
    """It answers, and its page has nothing of the login page."""
    async with foreign_site() as url:
        house.environ["ARCHIBALD_ERP_URL"] = url
        [fault] = await house.faults()
    assert fault["part"] == "login page"
    assert "leads to /Archibald/Default.aspx and not to a login page" in fault["seen"]


async def test_a_certificate_that_nobody_signed_is_told(house: House, tmp_path: Path) -> None:
    """With the setting that accepts it; with that, the next fault is told: it is another site."""
    async with certified_by_nobody(tmp_path) as url:
        house.environ["ARCHIBALD_ERP_URL"] = url
        [fault] = await house.faults()
        assert fault["part"] == "erp"
        assert "certificate" in fault["seen"]
        assert "ARCHIBALD_ERP_INSECURE_TLS=true" in fault["remedy"]
        house.environ["ARCHIBALD_ERP_INSECURE_TLS"] = "true"
        assert parts(await house.faults()) == ["login page"]


@asynccontextmanager
async def own_folder() -> AsyncIterator[Path]:
    """A data folder that the embedded Postgres may enter."""
    with temporary_folder() as folder:
        yield folder


async def test_without_a_database_the_embedded_one_is_proved(house: House) -> None:
    """It starts, keeps what it is told, and is stopped again; the schema comes with the first start."""
    async with own_folder() as folder:
        del house.environ["ARCHIBALD_DATABASE_URL"]
        house.environ["ARCHIBALD_DATA_DIR"] = str(folder)
        code, out, _ = await house.checked()
        assert code == 0, out
        assert re.search(r"\d+ to be applied at the next start", out)
        assert not locate(folder).processes()
