-- The schema that holds everything about the agents, and what the next migrations need in it.
--
-- The same files run on an empty database and over the tables of the original system (the web
-- application that owned this schema first), so each looks at what is there and adds what is missing.
-- Nothing is dropped. Columns that the original only got later are left to its own migrations.
--
-- The original's migration 040 renamed columns that we write (customers.customer_profile to erp_id and
-- others). Adding ours beside the renamed ones would split every customer over two columns, so such a
-- schema is refused before anything is touched.

DO $$
DECLARE
    renamed TEXT;
BEGIN
    SELECT string_agg(table_name || '.' || column_name, ', ' ORDER BY table_name, column_name)
    INTO renamed
    FROM information_schema.columns
    WHERE table_schema = 'agents'
      AND (table_name, column_name) IN (
          ('customers', 'erp_id'),
          ('customers', 'account_num'),
          ('order_records', 'order_description'),
          ('order_records', 'customer_account_num')
      );
    IF renamed IS NOT NULL THEN
        RAISE EXCEPTION 'the schema "agents" is newer than this service can use: % (renamed by the original''s migration 040)', renamed
            USING HINT = 'Give the service a database of its own, or one from before that migration.';
    END IF;
END
$$;

CREATE SCHEMA IF NOT EXISTS agents;

-- Reads an amount as the original and the ERP spell it: 12.34 · 12,34 · 1.234,56 € · 10,00 %.
-- A comma is always the decimal mark. 1.234 alone may be either number, so like every other text that
-- is not surely an amount it is NULL: a report may miss a figure, but must not show a wrong one.
-- Amounts that NUMERIC(14,4) cannot hold are NULL too, or a bad text would refuse the whole row.
CREATE OR REPLACE FUNCTION agents.amount_from_text(spelling TEXT) RETURNS NUMERIC
LANGUAGE sql IMMUTABLE PARALLEL SAFE
AS $$
    SELECT CASE WHEN abs(round(amount, 4)) < 10000000000 THEN round(amount, 4) END
    FROM (
        SELECT CASE
            WHEN length(bare) > 30 THEN NULL
            WHEN bare ~ '^[+-]?([0-9]+|[0-9]{1,3}([.][0-9]{3})+),[0-9]+$'
                THEN replace(replace(bare, '.', ''), ',', '.')::NUMERIC
            WHEN bare ~ '^[+-]?[1-9][0-9]{0,2}[.][0-9]{3}$' THEN NULL
            WHEN bare ~ '^[+-]?[1-9][0-9]{0,2}([.][0-9]{3}){2,}$'
                THEN replace(bare, '.', '')::NUMERIC
            WHEN bare ~ '^[+-]?[0-9]+([.][0-9]+)?$' THEN bare::NUMERIC
        END AS amount
        FROM (SELECT translate(spelling, E' \t\n\u00A0\u202F€%', '') AS bare) AS stripped
    ) AS parsed
$$;

-- Turns columns of binary fractions into NUMERIC(14,4): 0.1 + 0.2 is not 0.3 in them, and money is.
-- Columns that are missing or already NUMERIC are left alone. Dropped after its last use, in 005.
CREATE OR REPLACE FUNCTION agents.make_numeric(of_table TEXT, of_columns TEXT[]) RETURNS VOID
LANGUAGE plpgsql
AS $$
DECLARE
    changes TEXT;
BEGIN
    SELECT string_agg(
        format('ALTER COLUMN %1$I TYPE NUMERIC(14,4) USING round(%1$I::NUMERIC, 4)', column_name), ', '
    )
    INTO changes
    FROM information_schema.columns
    WHERE table_schema = 'agents'
      AND table_name = of_table
      AND column_name = ANY (of_columns)
      AND data_type IN ('double precision', 'real');
    IF changes IS NOT NULL THEN
        EXECUTE format('ALTER TABLE agents.%I %s', of_table, changes);
    END IF;
END
$$;
