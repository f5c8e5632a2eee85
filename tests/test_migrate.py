"""Laws of the migrations and of the runner that applies them."""

import asyncio
import re
import shutil
from decimal import Decimal
from pathlib import Path
from typing import Any

import psycopg
import pytest

from server.migrate import FOLDER, MigrationError, migrate

ORIGINAL = Path(__file__).parent / "fixtures" / "original_schema.sql"
NAMES = sorted(path.name for path in FOLDER.glob("*.sql"))


async def rows(dsn: str, query: str) -> list[tuple[Any, ...]]:
    async with await psycopg.AsyncConnection.connect(dsn) as conn:
        return await (await conn.execute(query.encode())).fetchall()


async def run(dsn: str, statements: str) -> None:
    async with await psycopg.AsyncConnection.connect(dsn) as conn:
        await conn.execute(statements.encode())


async def schema(dsn: str) -> list[tuple[Any, ...]]:
    return await rows(
        dsn,
        """
        SELECT table_name, column_name, data_type, numeric_precision, numeric_scale, is_generated
        FROM information_schema.columns
        WHERE table_schema = 'agents'
        ORDER BY table_name, column_name
        """,
    )


def folder_with(tmp_path: Path, **files: str) -> Path:
    """A folder of migrations; `_001_first="…"` becomes 001-first.sql."""
    for name, text in files.items():
        (tmp_path / f"{name.removeprefix('_').replace('_', '-')}.sql").write_text(text)
    return tmp_path


async def test_an_empty_database_gets_everything_in_order(empty_database: str) -> None:
    """All files run, are recorded with their hash, and leave the tables."""
    assert await migrate(empty_database) == NAMES
    recorded = await rows(
        empty_database, "SELECT name, sha256 FROM agents.schema_migrations ORDER BY name"
    )
    assert [name for name, _ in recorded] == NAMES
    assert all(re.fullmatch("[0-9a-f]{64}", sha256) for _, sha256 in recorded)


async def test_the_second_run_changes_nothing(database: str) -> None:
    """What is applied is not applied again."""
    before = await schema(database)
    assert await migrate(database) == []
    assert await schema(database) == before


async def test_two_processes_at_once_apply_each_file_once(empty_database: str) -> None:
    """One works while the others wait for it, and between them every file runs once."""
    results = await asyncio.gather(*(migrate(empty_database) for _ in range(5)))
    assert sorted(name for applied in results for name in applied) == NAMES


async def test_the_originals_tables_get_the_same_columns_as_an_empty_database(
    empty_database: str, database: str
) -> None:
    """Both ways lead to one schema, so that the code need not know where it came from."""
    await run(empty_database, ORIGINAL.read_text())
    assert await migrate(empty_database) == NAMES
    assert await schema(empty_database) == await schema(database)


async def test_the_originals_data_survive(empty_database: str) -> None:
    """Rows stay, binary fractions become exact, amounts in words get a figure beside them."""
    await run(empty_database, ORIGINAL.read_text())
    await migrate(empty_database)
    assert await rows(
        empty_database,
        """
        SELECT id, gross_amount, gross_amount_numeric, total_amount, total_amount_numeric,
               total_with_vat_numeric, discount_percent, discount_percent_numeric, shipping_cost
        FROM agents.order_records ORDER BY id
        """,
    ) == [
        (
            "71.723",
            "112.34",
            Decimal("112.34"),
            "101.11",
            Decimal("101.11"),
            None,
            "10",
            Decimal(10),
            Decimal("15.45"),
        ),
        (
            "71.724",
            "1.234,56 €",
            Decimal("1234.56"),
            "82,91",
            Decimal("82.91"),
            None,
            "da definire",
            None,
            None,
        ),
    ]
    assert await rows(
        empty_database,
        """
        SELECT order_id, line_number, article_code, quantity, unit_price, line_amount
        FROM agents.order_articles ORDER BY order_id, line_number
        """,
    ) == [
        ("71.723", 1, "H129FSQ.104.023", Decimal(5), Decimal("11.29"), Decimal("50.8")),
        ("71.723", 2, "9436C.204.045", Decimal(1), Decimal("0.3"), Decimal("0.3")),
        ("71.724", 1, "TD4233.314.", Decimal(2), Decimal("0.1"), Decimal("0.2")),
    ]
    assert await rows(
        empty_database, "SELECT actual_sales, previous_sales_1 FROM agents.customers"
    ) == [(Decimal("1234.1"), Decimal("0.1"))]
    assert await rows(
        empty_database, "SELECT revenue, invoice_amount_numeric FROM agents.fresis_history"
    ) == [(Decimal("99.99"), Decimal(1000))]
    assert await rows(empty_database, "SELECT discount_percent FROM agents.pending_orders") == [
        (Decimal("12.5"),)
    ]
    assert await rows(empty_database, "SELECT result_data FROM agents.bot_results") == [
        ({"orderId": "71.722"},)
    ]


async def test_the_original_can_still_write_its_own_way(empty_database: str) -> None:
    """Its inserts know nothing of our columns, and the figure follows its text."""
    await run(empty_database, ORIGINAL.read_text())
    await migrate(empty_database)
    await run(
        empty_database,
        """
        INSERT INTO agents.order_articles (order_id, user_id, article_code, quantity, created_at)
        VALUES ('71.725', 'agent-1', 'A', 1, now()), ('71.725', 'agent-1', 'A', 1, now());
        UPDATE agents.order_records SET gross_amount = '7,50' WHERE id = '71.723';
        """,
    )
    assert await rows(
        empty_database, "SELECT gross_amount_numeric FROM agents.order_records WHERE id = '71.723'"
    ) == [(Decimal("7.5"),)]


async def test_a_line_of_an_order_exists_once(database: str) -> None:
    """A second run of the local transaction cannot double the lines."""
    line = """
        INSERT INTO agents.order_articles (order_id, user_id, article_code, quantity, created_at, line_number)
        VALUES ('71.725', 'agent-1', 'A', 1, now(), 1)
    """
    await run(database, line)
    with pytest.raises(psycopg.errors.UniqueViolation):
        await run(database, line)


@pytest.mark.parametrize(
    ("spelling", "amount"),
    [
        ("12.34", "12.34"),
        ("12,34", "12.34"),
        ("1.234,56 €", "1234.56"),
        ("€ 1.234.567,8", "1234567.8"),
        ("-0,5", "-0.5"),
        ("10,00 %", "10"),
        ("0.125", "0.125"),
        ("1234.567", "1234.567"),
        ("1.234.567", "1234567"),
        ("1.234", None),
        ("1,234.56", None),
        ("12,34,56", None),
        ("da definire", None),
        ("", None),
        (None, None),
        ("99999999999,99", None),
        ("9999999999.99999", None),
        ("1" * 50, None),
    ],
)
async def test_an_amount_is_read_surely_or_not_at_all(
    database: str, spelling: str | None, amount: str | None
) -> None:
    """Both spellings are read; what may be two numbers, or none, is NULL and refuses no row."""
    async with await psycopg.AsyncConnection.connect(database) as conn:
        cursor = await conn.execute(
            "SELECT agents.amount_from_text(%(spelling)s)", {"spelling": spelling}
        )
        assert await cursor.fetchone() == (None if amount is None else Decimal(amount),)


@pytest.mark.parametrize(
    "rename",
    [
        "ALTER TABLE agents.customers RENAME customer_profile TO erp_id",
        "ALTER TABLE agents.order_records RENAME remaining_sales_financial TO order_description",
    ],
)
async def test_a_schema_newer_than_we_know_is_refused_untouched(
    empty_database: str, rename: str
) -> None:
    """After the original's migration 040 the message says so and nothing is changed."""
    await run(empty_database, ORIGINAL.read_text())
    await run(empty_database, rename)
    before = await schema(empty_database)
    with pytest.raises(MigrationError, match="migration 040"):
        await migrate(empty_database)
    assert await schema(empty_database) == before


async def test_an_edited_migration_is_refused(empty_database: str, tmp_path: Path) -> None:
    """History is not rewritten: another database has the old text."""
    folder = folder_with(tmp_path, _001_first="CREATE SCHEMA agents")
    await migrate(empty_database, folder)
    folder_with(
        tmp_path,
        _001_first="CREATE SCHEMA agents; SELECT 1",
        _002_second="CREATE TABLE agents.b ()",
    )
    with pytest.raises(MigrationError, match=r"001-first\.sql was edited"):
        await migrate(empty_database, folder)
    assert await rows(empty_database, "SELECT to_regclass('agents.b')") == [(None,)]


async def test_other_line_ends_are_no_edit(empty_database: str, tmp_path: Path) -> None:
    """A checkout may turn LF into CRLF."""
    folder = folder_with(tmp_path, _001_first="CREATE SCHEMA agents;\nSELECT 1;\n")
    await migrate(empty_database, folder)
    (folder / "001-first.sql").write_bytes(b"CREATE SCHEMA agents;\r\nSELECT 1;\r\n")
    assert await migrate(empty_database, folder) == []


async def test_a_gap_or_a_stray_name_is_refused(empty_database: str, tmp_path: Path) -> None:
    """A file lost in a merge is noticed before anything runs."""
    folder = folder_with(tmp_path, _001_first="SELECT 1", _003_third="SELECT 1")
    with pytest.raises(MigrationError, match="number 002 belongs"):
        await migrate(empty_database, folder)
    (folder / "003-third.sql").rename(folder / "2_second.sql")
    with pytest.raises(MigrationError, match="not named like"):
        await migrate(empty_database, folder)
    assert await schema(empty_database) == []


async def test_older_code_is_refused_on_a_newer_database(database: str, tmp_path: Path) -> None:
    """What is recorded but unknown here, or missing in the middle, means other code."""
    shutil.copytree(FOLDER, tmp_path, dirs_exist_ok=True)
    (tmp_path / NAMES[-1]).unlink()
    with pytest.raises(MigrationError, match="it is older"):
        await migrate(database, tmp_path)
    await run(database, f"DELETE FROM agents.schema_migrations WHERE name = '{NAMES[1]}'")
    with pytest.raises(MigrationError, match=f"but not {NAMES[1]}"):
        await migrate(database)


async def test_a_failing_migration_leaves_nothing(empty_database: str, tmp_path: Path) -> None:
    """The files before it stay applied, its own beginning does not, and the next try starts there."""
    folder = folder_with(
        tmp_path,
        _001_first="CREATE SCHEMA agents",
        _002_second="CREATE TABLE agents.b (); SELECT 1 / 0",
    )
    with pytest.raises(MigrationError, match=r"002-second\.sql: division by zero"):
        await migrate(empty_database, folder)
    assert await rows(empty_database, "SELECT name FROM agents.schema_migrations") == [
        ("001-first.sql",)
    ]
    assert await rows(empty_database, "SELECT to_regclass('agents.b')") == [(None,)]
    folder_with(tmp_path, _002_second="CREATE TABLE agents.b ()")
    assert await migrate(empty_database, folder) == ["002-second.sql"]


async def test_a_migration_that_commits_by_itself_is_refused(
    empty_database: str, tmp_path: Path
) -> None:
    """One file, one transaction: otherwise a crash leaves a half step that nothing records."""
    folder = folder_with(tmp_path, _001_first="CREATE SCHEMA agents; COMMIT")
    with pytest.raises(MigrationError, match="ends the transaction itself"):
        await migrate(empty_database, folder)


async def test_one_agent_has_one_turn_and_one_target_one_key(database: str) -> None:
    """Two processes that both believe it is their turn are told by the index; a stuck commit gave it up."""
    insert = """
        INSERT INTO agents.operations
            (user_id, operation_type, operation_key, target, fingerprint, state, local_commit_stuck)
        VALUES ('{user}', 'submit-order', '{key}', '{target}', 'f', '{state}', {stuck})
    """

    async def row(
        key: str, state: str, *, user: str = "agent-1", target: str = "", stuck: bool = False
    ) -> None:
        await run(
            database,
            insert.format(user=user, key=key, target=target or key, state=state, stuck=stuck),
        )

    await row("a", "WRITING")
    await row("b", "QUEUED")
    await row("c", "CONFIRMED", stuck=True)
    await row("d", "NEEDS_REVIEW")
    await row("e", "SUCCEEDED")
    await row("f", "RUNNING", user="agent-2")
    for state in ("RUNNING", "VERIFYING", "UNDOING", "CONFIRMED"):
        with pytest.raises(psycopg.errors.UniqueViolation, match="one_turn_per_user"):
            await row("g", state)
    for target in "abcd":
        with pytest.raises(psycopg.errors.UniqueViolation, match="one_unfinished_per_target"):
            await row("h", "QUEUED", target=target)
    await row("h", "QUEUED", target="e")
