"""A database of the original's becomes ours: its rows, its amounts in words, its own way of writing."""

from decimal import Decimal
from pathlib import Path

import psycopg
import pytest

from server.migrate import FOLDER, MigrationError, migrate
from tests.schemas import rows, run, schema

ORIGINAL = Path(__file__).parent / "fixtures" / "original_schema.sql"
NAMES = sorted(path.name for path in FOLDER.glob("*.sql"))


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
