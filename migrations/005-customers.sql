-- Customers as the ERP has them, one row for each agent who sees them.
--
-- create-customer writes the row under the id that the ERP gave, never under a temporary one: a
-- temporary id had to be renamed later, which failed when the real one had been read meanwhile.

CREATE TABLE IF NOT EXISTS agents.customers (
    customer_profile TEXT NOT NULL, -- the ERP's id, dotted: 55.261
    user_id TEXT NOT NULL,
    name TEXT NOT NULL,
    hash TEXT NOT NULL,
    last_sync BIGINT NOT NULL, -- seconds
    PRIMARY KEY (customer_profile, user_id)
);

ALTER TABLE agents.customers
    ADD COLUMN IF NOT EXISTS internal_id TEXT,
    ADD COLUMN IF NOT EXISTS vat_number TEXT,
    ADD COLUMN IF NOT EXISTS fiscal_code TEXT,
    ADD COLUMN IF NOT EXISTS sdi TEXT,
    ADD COLUMN IF NOT EXISTS pec TEXT,
    ADD COLUMN IF NOT EXISTS phone TEXT,
    ADD COLUMN IF NOT EXISTS mobile TEXT,
    ADD COLUMN IF NOT EXISTS email TEXT,
    ADD COLUMN IF NOT EXISTS url TEXT,
    ADD COLUMN IF NOT EXISTS attention_to TEXT,
    ADD COLUMN IF NOT EXISTS street TEXT,
    ADD COLUMN IF NOT EXISTS logistics_address TEXT,
    ADD COLUMN IF NOT EXISTS postal_code TEXT,
    ADD COLUMN IF NOT EXISTS city TEXT,
    ADD COLUMN IF NOT EXISTS customer_type TEXT,
    ADD COLUMN IF NOT EXISTS type TEXT,
    ADD COLUMN IF NOT EXISTS delivery_terms TEXT,
    ADD COLUMN IF NOT EXISTS description TEXT,
    ADD COLUMN IF NOT EXISTS last_order_date TEXT,
    ADD COLUMN IF NOT EXISTS actual_order_count INTEGER DEFAULT 0,
    ADD COLUMN IF NOT EXISTS actual_sales NUMERIC(14,4) DEFAULT 0,
    ADD COLUMN IF NOT EXISTS previous_order_count_1 INTEGER DEFAULT 0,
    ADD COLUMN IF NOT EXISTS previous_sales_1 NUMERIC(14,4) DEFAULT 0,
    ADD COLUMN IF NOT EXISTS previous_order_count_2 INTEGER DEFAULT 0,
    ADD COLUMN IF NOT EXISTS previous_sales_2 NUMERIC(14,4) DEFAULT 0,
    ADD COLUMN IF NOT EXISTS external_account_number TEXT,
    ADD COLUMN IF NOT EXISTS our_account_number TEXT,
    ADD COLUMN IF NOT EXISTS created_at TIMESTAMPTZ DEFAULT now(),
    ADD COLUMN IF NOT EXISTS updated_at TIMESTAMPTZ DEFAULT now(),
    ADD COLUMN IF NOT EXISTS bot_status TEXT DEFAULT 'placed',
    ADD COLUMN IF NOT EXISTS archibald_name TEXT,
    ADD COLUMN IF NOT EXISTS photo TEXT;

SELECT agents.make_numeric(
    'customers',
    ARRAY ['actual_sales', 'previous_sales_1', 'previous_sales_2']
);

CREATE INDEX IF NOT EXISTS idx_agents_customers_user ON agents.customers (user_id);
CREATE INDEX IF NOT EXISTS idx_agents_customers_name ON agents.customers (name);
CREATE INDEX IF NOT EXISTS idx_agents_customers_vat ON agents.customers (vat_number);

DROP FUNCTION agents.make_numeric(TEXT, TEXT[]);
